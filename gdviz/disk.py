"""Which files can be read to their end, and which folders are the user's alone."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["is_guarded", "open_regular", "private_folder"]

OTHERS, OTHERS_WRITE = stat.S_IRWXG | stat.S_IRWXO, stat.S_IWGRP | stat.S_IWOTH
HAS_OWNERS = hasattr(os, "geteuid")
"""Whether the system tells who a folder belongs to. On Windows it is the user's profile that keeps others out."""


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file to read its bytes.

    What is no regular file is not even opened: a pipe would be waited for, a device may never end.

    Raises
    ------
    ValueError
        For a pipe, a device or a socket: a sentence without the path.
    OSError
        Where it cannot be opened.
    """
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise ValueError("is a pipe, a device or a socket; a file is needed")
    return path.open("rb")


def private_folder(folder: Path) -> bool:
    """Make a folder that nobody but the user may enter, and return whether `folder` is one.

    A folder of the user's that others may enter is closed to them. One that belongs to somebody else, or is a link, is
    left as it is and not to be used. Folders above it that are missing are made, and are private too.

    Raises
    ------
    OSError
        Where it cannot be made.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or not _is_ours(status):
        return False
    if HAS_OWNERS and status.st_mode & OTHERS:
        folder.chmod(0o700)
    return True


def is_guarded(folder: Path) -> bool:
    """Return whether only the user, or root, can put something else in the place of a folder.

    All folders above it, and those to which links among them lead, must belong to the user or to root, and nobody else
    may write to them. Folders such as /tmp are fit: everybody may write there, but not move what belongs to others.
    On Windows nobody is asked.

    Raises
    ------
    OSError
        Where one of them is not there.
    """
    waiting, seen = [folder.absolute().parent], set()
    while HAS_OWNERS and waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        status = one.lstat()
        is_link, is_sticky = stat.S_ISLNK(status.st_mode), status.st_mode & stat.S_ISVTX
        if not (_is_ours(status) or status.st_uid == 0):
            return False
        if status.st_mode & OTHERS_WRITE and not (is_link or is_sticky):
            return False
        waiting += [one.parent, one.parent / os.readlink(one)] if is_link else [one.parent]
    return True


def _is_ours(status: os.stat_result) -> bool:
    return not HAS_OWNERS or status.st_uid == os.geteuid()
