"""How much memory this process can still get, and the sentence that refuses what needs more."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

__all__ = ["TOO_LITTLE", "check_room", "free_memory"]

SMALL = 1 << 28
"""Bytes that every computer has: needs up to this size are never checked."""
GROUP = Path("/sys/fs/cgroup")
TOO_LITTLE = "there is too little memory for this; fewer runs, updates, samples or neurons need less"


def free_memory() -> int:
    """Return the number of bytes that this process can still get from the computer, its group and its own limit."""
    import psutil  # imported late, because only large races need it and the start should be quick

    return max(0, min(int(psutil.virtual_memory().available), _left_of_group(), _left_of_limit(psutil.Process())))


def _left_of_group() -> int:
    """Return how many bytes are free within the limits of the control groups of this process (Linux, version 2)."""
    room = sys.maxsize
    with suppress(OSError, IndexError):  # another system
        folder = GROUP / Path("/proc/self/cgroup").read_text().partition("0::/")[2].strip()
        for group in (folder, *folder.parents):
            with suppress(OSError, ValueError):  # no group, or one without a limit: "max"
                room = min(room, _left_of(group))
    return room


def _left_of(group: Path) -> int:
    """Return how many bytes are free within a group's limit; cached pages of files count as free."""
    limit, usage = (int((group / name).read_text()) for name in ("memory.max", "memory.current"))
    files = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    return limit - usage + int(files.get("inactive_file", 0))


def _left_of_limit(process: psutil.Process) -> int:
    """Return how many bytes of addresses are free within the limit of ``ulimit -v``."""
    with suppress(ImportError, AttributeError):  # Windows has no such limit
        import resource

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            return int(limit - process.memory_info().vms)
    return sys.maxsize


def check_room(size: int) -> None:
    """Refuse what needs more memory than there is.

    Parameters
    ----------
    size
        The minimum number of bytes that it needs.

    Raises
    ------
    ValueError
        Where less is free: a sentence with both numbers.
    """
    if size > SMALL and size > (free := free_memory()):
        raise ValueError(
            f"the race needs at least {size / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free here; "
            "fewer runs, samples or neurons need less"
        )
