"""Text from files and messages, made safe to show: every character is visible, every message is one short line."""

from __future__ import annotations

import unicodedata

__all__ = ["plain", "sentence", "visible"]

LONGEST = 300
"""Maximum number of characters of a sentence."""
JOINERS = "\u200c\u200d"
"""Characters that shape letters and emoji; they may stay, because they hide nothing."""
CUT = " … "


def visible(text: str) -> str:
    r"""Return `text` with Python's escape for every invisible character.

    Invisible are control characters, line ends, marks that reverse the direction of writing, and code points without a
    character. A name with such characters could look like another name.

    >>> visible("run\x1b[31m\u202e")
    'run\\x1b[31m\\u202e'
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(letter: str) -> str:
    if letter.isprintable() or letter in JOINERS:
        return letter
    return " " if unicodedata.category(letter) == "Zs" else letter.encode("unicode_escape").decode("ascii")


def sentence(message: object) -> str:
    """Return a message as one visible line of at most :data:`LONGEST` characters; a longer one loses its middle."""
    line = visible(" ".join(str(message).splitlines()))
    if len(line) <= LONGEST:
        return line
    half = (LONGEST - len(CUT)) // 2
    return line[:half] + CUT + line[-half:]


def plain(value: object) -> str:
    """Return `value` as an error message shows it: short, on one line, numbers without trailing zeros."""
    if isinstance(value, float):
        return f"{value:g}"
    text = value if isinstance(value, str) else str(value)
    text = text if text.isprintable() else ascii(text)
    return repr(text[:40] + ("..." if len(text) > 40 else "")) if isinstance(value, str) else text[:60]
