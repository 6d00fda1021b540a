"""What a killed process leaves beside the files it was writing, and how it is told from what is being written.

The name of a part says who writes it: the id of the process, when that process began, and the computer (or container)
on which ids are counted. An id alone is given again to another process, and on a shared folder it says nothing.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import shutil
import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["part_name", "remove", "sweep"]

PART = re.compile(r"\..*-(\d{1,10})-(\w+)-([0-9a-f]{8})-[0-9a-f]{8}\.part(\.\w+)?", re.DOTALL)
PROC = Path("/proc")


def part_name(stem: str, suffix: str = "") -> str:
    """Return a new name for a part that this process writes."""
    pid = os.getpid()
    return f".{stem[:40]}-{pid}-{_beginning(pid)}-{_counting_place()}-{secrets.token_hex(4)}.part{suffix}"


def sweep(folder: Path) -> None:
    """Remove the parts in a folder that belong to this user and whose process is gone; others stay."""
    place = _counting_place()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = PART.fullmatch(entry.name)
            if match and match[3] == place and _beginning(int(match[1])) != match[2] and _is_ours(entry):
                remove(Path(entry.path))


def remove(part: Path) -> None:
    """Remove a part, a file or a folder with all that is in it, if it is there."""
    if part.is_dir() and not part.is_symlink():
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)


def _is_ours(entry: os.DirEntry[str]) -> bool:
    return not hasattr(os, "geteuid") or entry.stat(follow_symlinks=False).st_uid == os.geteuid()


def _counting_place() -> str:
    """Return a mark of the computer, and of the container on it, on which process ids are counted."""
    known = [platform.node()]
    with suppress(OSError):  # as on macOS
        known.append(os.readlink(PROC / "self" / "ns" / "pid"))
        known.append(Path("/etc/machine-id").read_text("utf-8"))
    return hashlib.sha256("\0".join(known).encode(errors="surrogateescape")).hexdigest()[:8]


def _beginning(pid: int) -> str | None:
    """Return when a process began: the start of the system and the tick since then; None for one that is gone.

    Where there is no /proc, all that is known is whether there is a process of that id: "0". Then a part stays while
    another process has the id.
    """
    if not (PROC / "self" / "stat").exists():
        return "0" if _is_there(pid) else None
    try:
        fields = (PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
        start_of_system = (PROC / "sys" / "kernel" / "random" / "boot_id").read_text()[:8]
    except OSError:
        return None
    return None if fields[0] in (b"Z", b"X") else f"{start_of_system}{int(fields[19]):x}"


def _is_there(pid: int) -> bool:
    if sys.platform == "win32":
        import ctypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        handle = kernel.OpenProcess(0x1000, False, pid)  # PROCESS_QUERY_LIMITED_INFORMATION
        if handle:
            kernel.CloseHandle(handle)
        return bool(handle) or ctypes.get_last_error() != 87  # ERROR_INVALID_PARAMETER: there is no such process
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True
