"""Which files can be read to their end, and which folders belong to the user alone."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["is_guarded", "open_regular", "private_folder"]

OTHERS, OTHERS_WRITE = stat.S_IRWXG | stat.S_IRWXO, stat.S_IWGRP | stat.S_IWOTH
HAS_OWNERS = hasattr(os, "geteuid")
"""Whether folders have an owner whom the system names. On Windows the user's profile keeps others out."""


def open_regular(path: Path) -> BinaryIO:
    """Open a regular file to read its bytes.

    Anything else is not even opened: opening a pipe may wait forever, and a device may never end.

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
    """Create a folder that only the user may enter, and return whether `folder` is one now.

    If the user owns the folder and others may enter it, it is closed to them. If somebody else owns it, or it is a
    link, it stays as it is and must not be used. Missing folders above it are created too, and are private as well.

    Raises
    ------
    OSError
        Where it cannot be created.
    """
    new_folders = [new_folder for new_folder in (folder, *folder.parents) if not new_folder.exists()]
    for new_folder in reversed(new_folders):
        new_folder.mkdir(0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or not _is_ours(status):
        return False
    if HAS_OWNERS and status.st_mode & OTHERS:
        folder.chmod(0o700)
    return True


def is_guarded(folder: Path) -> bool:
    """Return whether only the user, or root, can replace a folder by another one.

    The user or root must own all folders above it, and those to which links among them lead; nobody else may write to
    them. Sticky folders such as /tmp are accepted: everybody may write there, but nobody can move the files of others.
    Always true on Windows.

    Raises
    ------
    OSError
        Where one of these folders does not exist.
    """
    waiting, visits = [folder.absolute().parent], set()
    while HAS_OWNERS and waiting:
        path = waiting.pop()
        if path in visits:
            continue
        visits.add(path)
        status = path.lstat()
        is_link, is_sticky = stat.S_ISLNK(status.st_mode), status.st_mode & stat.S_ISVTX
        if not (_is_ours(status) or status.st_uid == 0):
            return False
        if status.st_mode & OTHERS_WRITE and not (is_link or is_sticky):
            return False
        waiting += [path.parent, path.parent / os.readlink(path)] if is_link else [path.parent]
    return True


def _is_ours(status: os.stat_result) -> bool:
    return not HAS_OWNERS or status.st_uid == os.geteuid()
