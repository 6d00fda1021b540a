"""Text for consoles that know few letters, such as cp1252 or ASCII: what they lack is written with what they have."""

from __future__ import annotations

import codecs
import sys
import unicodedata

__all__ = ["speak_plainly"]

SPELLED = {
    **{"−": "-", "\u2013": "-", "←": "<-", "→": "->", "·": "*", "×": "x", "√": "sqrt", "∞": "inf", "…": "..."},
    **{"≈": "~", "≠": "!=", "≤": "<=", "≥": ">=", "∂": "d", "Σ": "sum", "½": "1/2", "°": " degrees"},
    **{"⌊": "floor(", "⌋": ")", "\u0302": "_hat", "\u0304": "_bar", "\u0303": "_tilde", "ε": "eps", "λ": "lambda"},
}
"""A minus sign that became a question mark would make another number of it."""


def speak_plainly() -> None:
    """Let standard output and standard error spell out what their encoding has no letter for, and never fail."""
    codecs.register_error("gdviz", _spell)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="gdviz")


def _spell(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    return "".join(_spelled(letter) for letter in letters), error.end


def _spelled(letter: str) -> str:
    """Return a letter in ASCII: a Greek one by its name, a raised one after ^, others as Python escapes them."""
    name = unicodedata.name(letter, "")
    kind, _, plain = unicodedata.decomposition(letter).partition(" ")
    if letter in SPELLED:
        return SPELLED[letter]
    if name.startswith("GREEK "):
        return name.split()[-1].lower()
    if kind in ("<super>", "<sub>"):
        raised = "^" if kind == "<super>" else ""
        return raised + "".join(SPELLED.get(one, one) for one in (chr(int(code, 16)) for code in plain.split()))
    return letter.encode("ascii", "backslashreplace").decode()
