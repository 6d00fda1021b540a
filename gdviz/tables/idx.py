"""IDX files, in which MNIST and Fashion-MNIST come: arrays of bytes with their shape, perhaps compressed by gzip."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from gdviz.tables.files import open_file

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["is_idx", "read_idx"]

GZIP = b"\x1f\x8b"
UNSIGNED_BYTES = b"\x00\x00\x08"
"""The first bytes of an IDX file of unsigned bytes; the number of dimensions follows."""
MOST_DIMENSIONS = 3
MOST_ENTRIES = 1 << 26
"""Maximum number of entries, each a byte here and a float64 later: MNIST's training pictures have 47 million."""


def is_idx(path: str | Path) -> bool:
    """Return whether a file begins as an IDX file of unsigned bytes does, perhaps compressed.

    Raises
    ------
    ValueError
        Where it cannot be read, or is compressed but no IDX file: a sentence.
    """
    with open_file(path) as file:
        head = file.read(4)
        if not head.startswith(GZIP):
            return head.startswith(UNSIGNED_BYTES) and len(head) == 4
    with open_file(path) as file:
        if not _unpack(path, file, 4).startswith(UNSIGNED_BYTES):
            raise ValueError(f"{path}: compressed; of compressed files only IDX pictures are read: unpack it first")
    return True


def read_idx(path: str | Path) -> NDArray[np.uint8]:
    """Return an array of unsigned bytes, shape (N,) for labels and (N, rows, columns) for pictures.

    Raises
    ------
    ValueError
        Where the file cannot be read, or is malformed or too large: a sentence.
    """
    with open_file(path) as file:
        is_packed = file.read(2) == GZIP
        file.seek(0)
        read_bytes = (lambda count: _unpack(path, file, count)) if is_packed else file.read
        data = read_bytes(4 + 4 * MOST_DIMENSIONS)
        dimensions = data[3] if len(data) >= 4 else 0
        begin = 4 + 4 * dimensions
        if not data.startswith(UNSIGNED_BYTES) or not 1 <= dimensions <= MOST_DIMENSIONS or len(data) < begin:
            raise ValueError(f"{path}: not an IDX file of unsigned bytes with one to {MOST_DIMENSIONS} dimensions")
        shape = struct.unpack(f">{dimensions}I", data[4:begin])
        size = math.prod(shape)
        if not 0 < size <= MOST_ENTRIES:
            raise ValueError(f"{path}: {size} entries; from 1 to {MOST_ENTRIES} are read")
        file.seek(0)
        data = read_bytes(begin + size + 1)
    if len(data) != begin + size:
        there = "more" if len(data) > begin + size else f"{max(0, len(data) - begin)}"
        raise ValueError(f"{path}: the file's head says {size} entries, but there are {there}")
    return np.frombuffer(data, np.uint8, offset=begin).reshape(shape)


def _unpack(path: str | Path, file: BinaryIO, count: int) -> bytes:
    """Return the first bytes of a compressed file's content, at most `count`."""
    try:
        with gzip.open(file) as archive:
            return archive.read(count)
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"{path}: damaged: {error}") from None
