"""Standard output and standard error: consoles that know few letters, and outputs that are closed, full or unread.

A console's encoding, such as cp1252 or ASCII, may lack Greek letters or arrows; these are spelled out.
"""

from __future__ import annotations

import codecs
import os
import sys
import unicodedata
from contextlib import suppress

__all__ = ["check_stdout", "drop_output", "speak_plainly"]

SPELLED = {
    **{"−": "-", "\u2013": "-", "←": "<-", "→": "->", "·": "*", "×": "x", "√": "sqrt", "∞": "inf", "…": "..."},
    **{"≈": "~", "≠": "!=", "≤": "<=", "≥": ">=", "∂": "d", "Σ": "sum", "½": "1/2", "°": " degrees"},
    **{"⌊": "floor(", "⌋": ")", "\u0302": "_hat", "\u0304": "_bar", "\u0303": "_tilde", "ε": "eps", "λ": "lambda"},
}
"""Spellings of signs. A minus sign must never become a question mark, which would change the number."""


def speak_plainly() -> None:
    """Let standard output and standard error spell out letters that their encoding lacks; printing never fails."""
    codecs.register_error("gdviz", _spell)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="gdviz")


def _spell(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    letters = error.object[error.start : error.end]
    return "".join(_in_ascii(letter) for letter in letters), error.end


def _in_ascii(letter: str) -> str:
    """Return a letter in ASCII: a Greek one by its name, a raised one after ^, others as Python escapes them."""
    name = unicodedata.name(letter, "")
    kind, _, plain = unicodedata.decomposition(letter).partition(" ")
    if letter in SPELLED:
        return SPELLED[letter]
    if name.startswith("GREEK "):
        return name.split()[-1].lower()
    if kind in ("<super>", "<sub>"):
        caret = "^" if kind == "<super>" else ""
        return caret + "".join(SPELLED.get(one, one) for one in (chr(int(code, 16)) for code in plain.split()))
    return letter.encode("ascii", "backslashreplace").decode()


def check_stdout() -> None:
    """Refuse ``-o -`` where standard output is closed."""
    if sys.stdout is None:
        raise ValueError("-o -: standard output is closed")


def drop_output() -> None:
    """Discard the text that is still buffered for standard output, which nobody reads any more.

    Otherwise Python would try to write it when it ends, fail, and complain. Text that is written later goes to the old
    destination.
    """
    with suppress(OSError, ValueError, AttributeError):  # it is closed, or no file
        output = sys.stdout.fileno()
        before, nowhere = os.dup(output), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, output)
        sys.stdout.flush()
        os.dup2(before, output)
        os.close(before)
        os.close(nowhere)
