"""Text that comes from elsewhere, as it may be shown: no character hides, and no sentence is longer than a line."""

from __future__ import annotations

import unicodedata

__all__ = ["plain", "sentence", "visible"]

LONGEST = 300
"""Characters of a sentence."""
JOINERS = "\u200c\u200d"
"""They shape letters and emoji and hide nothing."""
CUT = " … "


def visible(text: str) -> str:
    r"""Return `text` with every character that cannot be seen written as Python writes it.

    These are control characters, line ends, marks that turn the direction of writing, and code points without a
    character: of a name that has them one could not tell what it is.

    >>> visible("run\x1b[31m\u202e")
    'run\\x1b[31m\\u202e'
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(letter: str) -> str:
    if letter.isprintable() or letter in JOINERS:
        return letter
    return " " if unicodedata.category(letter) == "Zs" else letter.encode("unicode_escape").decode("ascii")


def sentence(message: object) -> str:
    """Return a message as one visible line of at most :data:`LONGEST` characters; what is too long lacks its middle."""
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
