"""Files as streams of bytes and of lines of text: bounded in length, and never a device or a pipe."""

from __future__ import annotations

import codecs
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from gdviz.disk import open_regular

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MOST_BYTES", "MOST_LINE", "encoding_of", "lines_of", "open_file"]

MOST_BYTES = 256 << 20
"""Bytes of a table's file: 10⁶ samples with two columns take about 40 MB, MNIST's training pictures as CSV 110 MB."""
MOST_LINE = 1 << 20
"""Maximum number of characters of a line: 4096 numbers of 20 digits take a tenth of it."""
CHUNK = 1 << 20

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16's, with which it begins
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
FALLBACK = "cp1252"


def open_file(path: str | Path) -> BinaryIO:
    """Return an ordinary file of at most `MOST_BYTES`, open for reading.

    Raises
    ------
    ValueError
        Where it cannot be read, is a device, a pipe or a socket, or is too large: a sentence.
    """
    try:
        file = open_regular(Path(path))
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:  # a pipe or a device, or a name that no file can have
        raise ValueError(f"{path}: {error}") from None
    if os.fstat(file.fileno()).st_size > MOST_BYTES:
        file.close()
        raise _too_large(path)
    return file


def _too_large(path: str | Path) -> ValueError:
    return ValueError(f"{path}: larger than {MOST_BYTES >> 20} MB; a table of at most that size is read")


def encoding_of(path: str | Path) -> str:
    """Return the encoding of a file's text: that of its byte order mark, else UTF-8, else Windows-1252.

    Raises
    ------
    ValueError
        Where the file cannot be read, or is not text: a sentence.
    """
    with open_file(path) as file:
        head = file.read(4)
        for mark, encoding in BYTE_ORDER_MARKS:
            if head.startswith(mark):
                return encoding
        file.seek(0)
        return _utf8_or_fallback(path, file)


def _utf8_or_fallback(path: str | Path, file: BinaryIO) -> str:
    decoder, is_utf8, has_nul, size = codecs.getincrementaldecoder("utf-8")(), True, False, 0
    while chunk := file.read(CHUNK):
        size += len(chunk)
        if size > MOST_BYTES:  # the system may report a wrong size
            raise _too_large(path)
        has_nul = has_nul or 0 in chunk
        is_utf8 = is_utf8 and _decodes(decoder, chunk)
    if is_utf8 and _decodes(decoder, b"", True):
        return "utf-8"
    if has_nul:
        raise ValueError(f"{path}: not a text file; a table as text (CSV), a workbook or IDX pictures are right")
    return FALLBACK


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, is_last: bool = False) -> bool:
    try:
        decoder.decode(chunk, is_last)
    except UnicodeDecodeError:
        return False
    return True


def lines_of(path: str | Path, encoding: str) -> Iterator[str]:
    """Yield the lines of a file with their ends, whether Unix's, Windows' or those of old Macs.

    Raises
    ------
    ValueError
        Where the file cannot be read or decoded, or a line is too long: a sentence with its number.
    """
    number, size = 0, 0
    with io.TextIOWrapper(open_file(path), encoding=encoding, newline="") as text:
        try:
            while line := text.readline(MOST_LINE + 1):
                number += 1
                size += len(line)
                if len(line) > MOST_LINE:
                    raise ValueError(f"{path}, line {number}: longer than {MOST_LINE} characters; no row of a table is")
                if size > MOST_BYTES:
                    raise _too_large(path)
                yield line
        except UnicodeDecodeError:
            name = {"cp1252": "UTF-8"}.get(encoding, encoding.removesuffix("-sig").upper())
            where = f"{path}, line {_bad_line(path, encoding)}"
            raise ValueError(f"{where}: not {name} text; save the file as UTF-8") from None
        except OSError as error:
            raise ValueError(f"{path}: cannot be read: {error.strerror or error}") from None


def _bad_line(path: str | Path, encoding: str) -> int:
    """Return the number of the first line that cannot be decoded, which the error about a block does not tell."""
    number = 0
    with io.TextIOWrapper(open_file(path), encoding=encoding, errors="replace", newline="") as text:
        while line := text.readline(MOST_LINE + 1):
            number += 1
            if "\ufffd" in line:
                break
    return number
