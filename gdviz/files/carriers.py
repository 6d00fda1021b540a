"""Sessions embedded in pictures and films, in places that programs which show the file ignore.

A session is one piece of compressed ASCII text near the end of the file: a text chunk of a PNG, a comment of a GIF or
PDF, metadata of an SVG, a box after an MP4, a void element after a WebM. To read it, nothing else in the file is
interpreted.
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
"""Number of bytes at the end of a file in which the pattern of its end is searched."""
LINE = 200
"""Number of bytes in a line of a PDF's comment, and in a part of a GIF's."""
MARK = b"gdviz session \0\0"
"""The user type of our MP4 box: 16 bytes."""


@dataclass(frozen=True)
class Carrier:
    """How a kind of file carries a piece of text.

    Attributes
    ----------
    end
        A pattern in the file's last bytes. The piece is inserted before the text that it matches.
    wrap
        Returns the bytes to insert for a piece.
    join
        Removes the bytes that `wrap` has inserted between the parts of the piece; any bytes may follow the piece.
    """

    end: bytes
    wrap: Callable[[bytes], bytes]
    join: Callable[[bytes], bytes] = bytes


def _png(piece: bytes) -> bytes:
    chunk = b"tEXt" + b"gdviz\0" + piece
    return struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))


def _gif(piece: bytes) -> bytes:
    parts = (piece[i : i + LINE] for i in range(0, len(piece), LINE))
    return b"\x21\xfe" + b"".join(bytes([len(part)]) + part for part in parts) + b"\0"


def _join_gif(piece: bytes) -> bytes:
    parts, at = [piece[:LINE]], LINE
    while at < len(piece) and piece[at]:
        parts.append(piece[at + 1 : at + 1 + piece[at]])
        at += 1 + piece[at]
    return b"".join(parts)


def _svg(piece: bytes) -> bytes:
    return b"<metadata>" + piece + b"</metadata>\n"


def _pdf(piece: bytes) -> bytes:
    return b"".join(b"%" + piece[i : i + LINE] + b"\n" for i in range(0, len(piece), LINE))


def _join_pdf(piece: bytes) -> bytes:
    return piece.replace(b"\n%", b"")


def _mp4(piece: bytes) -> bytes:
    return struct.pack(">I", 24 + len(piece)) + b"uuid" + MARK + piece


def _webm(piece: bytes) -> bytes:
    return b"\xec" + struct.pack(">Q", len(piece) | 1 << 56) + piece


CARRIERS: dict[str, Carrier] = {
    ".png": Carrier(rb"\0\0\0\0IEND....\Z", _png),
    ".gif": Carrier(rb"\x3b\Z", _gif, _join_gif),
    ".svg": Carrier(rb"</svg>\s*\Z", _svg),
    ".pdf": Carrier(rb"startxref\s+\d+\s+%%EOF\s*\Z", _pdf, _join_pdf),
    ".mp4": Carrier(rb"\Z", _mp4),
    ".webm": Carrier(rb"\Z", _webm),
}
"""The kinds of files that can carry a session, by the ending of their names."""


def embed(path: Path, ending: str, text: str) -> None:
    """Insert a session's text into a complete file.

    Parameters
    ----------
    path
        The picture or film.
    text
        The session's text.
    ending
        The key of the file's format in :data:`CARRIERS`.
    """
    carrier = CARRIERS[ending]
    piece = BEGIN + base64.b64encode(zlib.compress(text.encode(), 9)) + END
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL))
        last = file.read()
        match = list(re.finditer(carrier.end, last, re.DOTALL))[-1]
        file.seek(size - len(last) + match.start())
        file.write(carrier.wrap(piece) + match[0])


def extract(path: Path, ending: str, most: int) -> str | None:
    """Return the session's text that a file carries; None where it carries none.

    Parameters
    ----------
    path
        The picture or film.
    ending
        The ending of its name, which tells the format.
    most
        The maximum number of bytes of the text.

    Raises
    ------
    ValueError
        Where the text is damaged or too long, or the file cannot be read to its end: a sentence.
    """
    with open_regular(path) as file:
        if file.seek(0, 2) == 0:
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            begin = data.rfind(BEGIN)
            if begin < 0:
                return None
            piece = bytes(data[begin : begin + 2 * most])
    return _unpack(_between_marks(CARRIERS[ending].join(piece)), most)


def _between_marks(piece: bytes) -> bytes:
    end = piece.find(END)
    if end < 0:
        raise ValueError("the session that it carries is cut off")
    return piece[len(BEGIN) : end]


def _unpack(code: bytes, most: int) -> str:
    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(base64.b64decode(code, validate=True), most + 1)
        if len(data) <= most and not unpacker.eof:
            raise zlib.error
        text = data[: most + 1].decode()
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        raise ValueError("the session that it carries is damaged") from None
    return text
