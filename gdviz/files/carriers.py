"""Sessions inside pictures and films: put where programs that show the file pass over them.

A session is kept as one piece of ASCII text, compressed, before the end of the file: as a text chunk of a PNG, a
comment of a GIF, SVG or PDF, a box of its own after an MP4, a void element after a WebM. To read it nothing of the file
is interpreted but that piece.
"""

from __future__ import annotations

import base64
import binascii
import mmap
import re
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdviz.disk import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["CARRIERS", "embed", "extract"]

BEGIN, END = b"gdviz-session:", b":end-of-session"
TAIL = 4096
"""The end of a file is found in its last bytes."""
LINE = 200
"""Bytes in a line of a PDF's comment, in a piece of a GIF's."""
MARK = b"gdviz session \0\0"
"""The kind of an MP4's box of our own: 16 bytes."""


@dataclass(frozen=True)
class Carrier:
    """How a kind of file carries a piece of text.

    Attributes
    ----------
    end
        Where the file's end begins, before which the piece is put: a pattern in its last bytes.
    wrapped
        Makes of the piece what is put there.
    joined
        Takes what `wrapped` put between the piece's parts out of it again; what follows the piece does not matter.
    """

    end: bytes
    wrapped: Callable[[bytes], bytes]
    joined: Callable[[bytes], bytes] = bytes


def _png(piece: bytes) -> bytes:
    chunk = b"tEXt" + b"gdviz\0" + piece
    return struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))


def _gif(piece: bytes) -> bytes:
    parts = (piece[i : i + LINE] for i in range(0, len(piece), LINE))
    return b"\x21\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _joined_gif(piece: bytes) -> bytes:
    parts, at = [piece[:LINE]], LINE
    while at < len(piece) and piece[at]:
        parts.append(piece[at + 1 : at + 1 + piece[at]])
        at += 1 + piece[at]
    return b"".join(parts)


def _svg(piece: bytes) -> bytes:
    return b"<metadata>" + piece + b"</metadata>\n"


def _pdf(piece: bytes) -> bytes:
    return b"".join(b"%" + piece[i : i + LINE] + b"\n" for i in range(0, len(piece), LINE))


def _joined_pdf(piece: bytes) -> bytes:
    return piece.replace(b"\n%", b"")


def _mp4(piece: bytes) -> bytes:
    return struct.pack(">I", 24 + len(piece)) + b"uuid" + MARK + piece


def _webm(piece: bytes) -> bytes:
    return b"\xec" + struct.pack(">Q", len(piece) | 1 << 56) + piece


CARRIERS: dict[str, Carrier] = {
    ".png": Carrier(rb"\0\0\0\0IEND....\Z", _png),
    ".gif": Carrier(rb"\x3b\Z", _gif, _joined_gif),
    ".svg": Carrier(rb"</svg>\s*\Z", _svg),
    ".pdf": Carrier(rb"startxref\s+\d+\s+%%EOF\s*\Z", _pdf, _joined_pdf),
    ".mp4": Carrier(rb"\Z", _mp4),
    ".webm": Carrier(rb"\Z", _webm),
}
"""The kinds of files that can carry a session, by the ending of their names."""


def embed(path: Path, ending: str, text: str) -> None:
    """Put a session's text into a file that is whole otherwise.

    Parameters
    ----------
    path
        The picture or film.
    text
        The session's text.
    ending
        Which of the :data:`CARRIERS` the file is.
    """
    carrier = CARRIERS[ending]
    piece = BEGIN + base64.b64encode(zlib.compress(text.encode(), 9)) + END
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        last = file.read()
        found = list(re.finditer(carrier.end, last, re.DOTALL))[-1]
        file.seek(size - len(last) + found.start())
        file.write(carrier.wrapped(piece) + found[0])


def extract(path: Path, ending: str, most: int) -> str | None:
    """Return the session's text that a file carries; None where it carries none.

    Parameters
    ----------
    path
        The picture or film.
    ending
        The ending of its name, which tells the format.
    most
        Bytes that the text may have.

    Raises
    ------
    ValueError
        Where it is damaged or too long, or the file is none that can be read to its end: a sentence.
    """
    with open_regular(path) as file:
        if file.seek(0, 2) == 0:
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            begin = data.rfind(BEGIN)
            if begin < 0:
                return None
            piece = bytes(data[begin : begin + 2 * most])
    return _unpacked(_between_marks(CARRIERS[ending].joined(piece)), most)


def _between_marks(piece: bytes) -> bytes:
    end = piece.find(END)
    if end < 0:
        raise ValueError("the session that it carries is cut off")
    return piece[len(BEGIN) : end]


def _unpacked(code: bytes, most: int) -> str:
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(code, validate=True), most + 1)
        if len(data) <= most and not unpacker.eof:
            raise zlib.error
        text = data[: most + 1].decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        raise ValueError("the session that it carries is damaged") from None
    return text
