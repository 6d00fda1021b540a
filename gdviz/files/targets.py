"""Writing so that the target's name always stands for a whole file, or a whole folder: the old one or the new one.

All is written under a name of its own beside the target and takes the target's place in one step of the file system.
So neither an error, nor a full disk, nor a kill can spoil what was there. What is promised besides:

- A target that is there keeps its mode and, as far as the system lets us, owner and group; a new one gets what the
  umask says.
- A symbolic link stays a link: what it leads to is replaced.
- A pipe, a device or a socket is refused, and a file that is protected against writing.
- What a killed process left beside the target is removed by the next write there (:mod:`gdviz.files.leftovers`).

Other hard links of the old file keep the old content, and its extended attributes are not taken over.
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
        The file name endings there is a writer for, such as ``.csv``.

    Raises
    ------
    ValueError
        For another ending, for what is no file or may not be written to, for a folder that is missing: a sentence.
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
        Where it is there already and not empty or cannot be replaced, or its parent is missing or cannot be written to:
        a sentence.
    """
    path = Path(path)
    try:
        target = _destination(path)
        is_taken = target.exists() and (not target.is_dir() or any(target.iterdir()))
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror}") from None
    if is_taken:
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
    """Return what is to be replaced: where a symbolic link leads, even if nothing is there yet."""
    if not path.is_symlink() and path.name not in ("", ".."):
        return path
    end = Path(os.path.realpath(path))
    if end.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return end


@contextmanager
def replacing(path: Path, is_folder: bool = False) -> Iterator[Path]:
    """Give a new file or folder beside `path` to write to, and put it in its place when all of it is written.

    Where the block raises, it is removed and what was there before stays as it was. A folder can only take the place of
    one that is empty.

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
                target.rmdir()  # elsewhere a folder takes an empty one's place in one step
            os.replace(part, target)
        finally:
            remove(part)
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror or error}") from error


def _make(part: Path, is_folder: bool, is_new: bool) -> None:
    """Make a part: as the umask says, or for the user alone where it takes over a mode once it is whole."""
    if is_folder:
        part.mkdir(0o777 if is_new else 0o700)
    else:
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666 if is_new else 0o600))


def _take_over(old: os.stat_result, part: Path) -> None:
    """Give a part the owner, the group and the mode of what it replaces, as far as the system lets us."""
    mode, new = stat.S_IMODE(old.st_mode), part.stat()
    if sys.platform != "win32" and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        for owner in (-1, old.st_uid):  # the group of one's own file can be changed, its owner only by root
            with suppress(OSError):
                os.chown(part, owner, old.st_gid)
        if part.stat().st_gid != old.st_gid:
            mode = mode & ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3  # another group may do what everybody may
    with suppress(OSError):  # not every file system has modes
        part.chmod(mode)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
