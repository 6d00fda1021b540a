"""Writing files so that the target's name always stands for a whole file: the old one or the new one."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["check_target", "replacing"]


def check_target(path: str | Path, endings: Sequence[str]) -> Path:
    """Return the path to write to, or refuse before any work is done.

    Parameters
    ----------
    endings
        The file name endings there is a writer for, such as ``.csv``.

    Raises
    ------
    ValueError
        For another ending, a folder that is missing or cannot be written to: a sentence.
    """
    path = Path(path)
    if path.suffix.lower() not in endings:
        raise ValueError(f"{path}: the name must end in {' or '.join(endings)}")
    try:
        is_folder, has_folder = path.is_dir(), path.parent.is_dir()
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror}") from None
    if is_folder:
        raise ValueError(f"{path}: is a folder; the name of a file is needed")
    if not has_folder:
        raise ValueError(f"{path}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise ValueError(f"{path}: the folder {path.parent} cannot be written to")
    return path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a new name beside `path` to write to, and put the file in its place when all of it is written.

    Where the block raises, the new file is removed and an old one stays as it was.

    Raises
    ------
    ValueError
        Where the system refuses to write: a sentence.
    """
    part = path.with_name(f".{path.stem[:40]}-{secrets.token_hex(4)}.part{path.suffix}")
    try:
        yield part
        _sync(part)
        os.replace(part, path)
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
