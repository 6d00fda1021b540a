"""How much memory this process can still have, and the sentence where it is too little."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

__all__ = ["TOO_LITTLE", "check_room", "free_memory"]

SMALL = 1 << 28
"""Bytes that are never asked for: every computer has them."""
GROUP = Path("/sys/fs/cgroup")
TOO_LITTLE = "there is too little memory for this; fewer runs, updates, samples or neurons need less"


def free_memory() -> int:
    """Return the number of bytes that this process can still have: of the computer, its group and its own limit."""
    import psutil  # only for what is large: the start is to be quick

    return max(0, min(int(psutil.virtual_memory().available), _left_of_group(), _left_of_limit(psutil.Process())))


def _left_of_group() -> int:
    """Return the bytes that the control groups around this process leave (Linux, version 2)."""
    left = sys.maxsize
    with suppress(OSError, IndexError):  # another system
        own = GROUP / Path("/proc/self/cgroup").read_text().partition("0::/")[2].strip()
        for group in (own, *own.parents):
            with suppress(OSError, ValueError):  # no group, or one without a limit: "max"
                left = min(left, _left_of(group))
    return left


def _left_of(group: Path) -> int:
    """Return what a group's limit leaves; pages of files that were read can be taken back."""
    most, used = (int((group / name).read_text()) for name in ("memory.max", "memory.current"))
    files = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
    return most - used + int(files.get("inactive_file", 0))


def _left_of_limit(process: psutil.Process) -> int:
    """Return the bytes of addresses that ``ulimit -v`` leaves."""
    with suppress(ImportError, AttributeError):  # Windows has no such limit
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY:
            return int(most - process.memory_info().vms)
    return sys.maxsize


def check_room(needed: int) -> None:
    """Refuse what needs more memory than there is.

    Parameters
    ----------
    needed
        Bytes that it takes at least.

    Raises
    ------
    ValueError
        With the sum and the limit.
    """
    if needed > SMALL and needed > (free := free_memory()):
        raise ValueError(
            f"the race needs at least {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free here; "
            "fewer runs, samples or neurons need less"
        )
