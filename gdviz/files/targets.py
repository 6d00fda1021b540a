"""Atomic writing: at any time the target's name refers to a complete file or folder, the old one or the new one.

New content is written under a temporary name beside the target, and then replaces the target in one step of the file
system. So neither an error, nor a full disk, nor a kill can damage the old content. Furthermore:

- An existing target keeps its mode and, as far as the system allows, owner and group; a new one follows the umask.
- A symbolic link stays a link: the file to which it leads is replaced.
- Pipes, devices, sockets and write-protected files are refused.
- The next write removes parts that a killed process has left beside the target (:mod:`gdviz.files.leftovers`).

Other hard links of the old file keep the old content, and its extended attributes are lost.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gdviz.files.leftovers import part_name, remove, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["check_folder", "check_target", "replacing"]


def check_target(path: str | Path, endings: Sequence[str]) -> Path:
    """Return the path to write a file to, or refuse before any work is done.

    Parameters
    ----------
    path
        Where a file is to be written.
    endings
        The endings of file names that are allowed, such as ``.csv``.

    Raises
    ------
    ValueError
        For another ending, for a target that is not a file or is write-protected, for a missing folder: a sentence.
    """
    path = Path(path)
    try:
        target = _destination(path)
        mode = path.stat().st_mode if path.exists() else stat.S_IFREG
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror}") from None
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ValueError(f"{path}: is a pipe, a device or a socket; the name of a file is needed")
    if path.suffix.lower() not in endings:
        raise ValueError(f"{path}: the name must end in {' or '.join(endings)}")
    if stat.S_ISDIR(mode):
        raise ValueError(f"{path}: is a folder; the name of a file is needed")
    _check_parent(path, target)
    if target.exists() and not os.access(target, os.W_OK):
        raise ValueError(f"{path}: is protected against writing")
    return path


def check_folder(path: str | Path) -> Path:
    """Return the path to write a folder to, or refuse before any work is done.

    Raises
    ------
    ValueError
        Where the folder exists and is not empty or cannot be replaced, or its parent is missing or write-protected: a
        sentence.
    """
    path = Path(path)
    try:
        target = _destination(path)
        is_occupied = target.exists() and (not target.is_dir() or any(target.iterdir()))
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror}") from None
    if is_occupied:
        raise ValueError(f"{path}: is there already; a pack goes into a folder that is new or empty")
    _check_parent(path, target)
    if target.is_mount() or (target.exists() and target.samefile(Path())):
        raise ValueError(f"{path}: is the current folder, or where a disk begins; the name of a new folder is needed")
    return path


def _check_parent(path: Path, target: Path) -> None:
    if not target.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {target.parent}")
    if not os.access(target.parent, os.W_OK):
        raise ValueError(f"{path}: the folder {target.parent} cannot be written to")


def _destination(path: Path) -> Path:
    """Return the path to replace: the end of a symbolic link, even if nothing exists there yet."""
    if not path.is_symlink() and path.name not in ("", ".."):
        return path
    end = Path(os.path.realpath(path))
    if end.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return end


@contextmanager
def replacing(path: Path, is_folder: bool = False) -> Iterator[Path]:
    """Yield the path of a new file or folder beside `path`, which replaces `path` at the end of the block.

    If the block raises an exception, the new one is removed and the old one stays unchanged. A folder can only replace
    an empty one.

    Raises
    ------
    ValueError
        Where the system refuses to write: a sentence.
    """
    try:
        target = _destination(path)
        sweep(target.parent)
        part = target.with_name(part_name(path.name) if is_folder else part_name(path.stem, path.suffix))
        old = target.stat() if target.exists() else None
        try:
            _make(part, is_folder, is_new=old is None)
            yield part
            if not is_folder:
                _sync(part)
            if old is not None:
                _take_over(old, part)
            if is_folder and old is not None and sys.platform == "win32":
                target.rmdir()  # other systems replace an empty folder in one step
            os.replace(part, target)
        finally:
            remove(part)
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror or error}") from error


def _make(part: Path, is_folder: bool, is_new: bool) -> None:
    """Create a part: by the umask, or for the user alone if it will get the mode of the old target at the end."""
    if is_folder:
        part.mkdir(0o777 if is_new else 0o700)
    else:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666 if is_new else 0o600))


def _take_over(old: os.stat_result, part: Path) -> None:
    """Give a part the owner, the group and the mode of the old target, as far as the system allows."""
    mode, new = stat.S_IMODE(old.st_mode), part.stat()
    if sys.platform != "win32" and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        for owner in (-1, old.st_uid):  # users can change the group of their files, but only root the owner
            with suppress(OSError):
                os.chown(part, owner, old.st_gid)
        if part.stat().st_gid != old.st_gid:
            mode = (
                mode & ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3
            )  # a different group gets only the rights of everybody
    with suppress(OSError):  # not every file system has modes
        part.chmod(mode)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
