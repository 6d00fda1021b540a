"""Unfinished parts that killed processes leave beside their targets, and how they differ from parts still in use.

The name of a part contains the id of the process that writes it, the time when that process started, and a mark of the
computer (or container) that assigns the ids. The id alone is not enough: ids are reused, and a folder may be shared
between computers.
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
    """Return a new name for a part of this process."""
    pid = os.getpid()
    return f".{stem[:40]}-{pid}-{_start_of(pid)}-{_counting_place()}-{secrets.token_hex(4)}.part{suffix}"


def sweep(folder: Path) -> None:
    """Remove this user's parts in a folder whose process has ended; all other parts stay."""
    place = _counting_place()
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = PART.fullmatch(entry.name)
            if match and match[3] == place and _start_of(int(match[1])) != match[2] and _is_ours(entry):
                remove(Path(entry.path))


def remove(part: Path) -> None:
    """Remove a part, a file or a folder with its contents, if it exists."""
    if part.is_dir() and not part.is_symlink():
        shutil.rmtree(part, ignore_errors=True)
    else:
        part.unlink(missing_ok=True)


def _is_ours(entry: os.DirEntry[str]) -> bool:
    return not hasattr(os, "geteuid") or entry.stat(follow_symlinks=False).st_uid == os.geteuid()


def _counting_place() -> str:
    """Return a hash that identifies the computer, and the container on it, that assigns process ids."""
    marks = [platform.node()]
    with suppress(OSError):  # macOS has none of these files
        marks.append(os.readlink(PROC / "self" / "ns" / "pid"))
        marks.append(Path("/etc/machine-id").read_text("utf-8"))
    return hashlib.sha256("\0".join(marks).encode(errors="surrogateescape")).hexdigest()[:8]


def _start_of(pid: int) -> str | None:
    """Return the start of a process: the system's boot id and the tick since then; None for one that has ended.

    Without /proc the result is only "0" for any process with that id. Then a part also stays while another process has
    the same id.
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
