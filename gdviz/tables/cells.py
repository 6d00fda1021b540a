"""The meaning of a cell: a number in any usual spelling, a word for yes or no, nothing, or text."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Kind", "as_value", "decimal_mark", "is_missing", "is_number", "kind_of", "spelled"]

SIGN, EXPONENT = r"[+-]?", r"(?:[eE][+-]?[0-9]+)?"
WHOLE = re.compile(rf"{SIGN}[0-9]+{EXPONENT}")
POINT = re.compile(rf"{SIGN}(?:[0-9]+\.[0-9]*|\.[0-9]+){EXPONENT}")
COMMA = re.compile(rf"{SIGN}(?:[0-9]+,[0-9]*|,[0-9]+){EXPONENT}")
GROUPS = re.compile(rf"{SIGN}[1-9][0-9]{{0,2}}(?:,[0-9]{{3}})+|{SIGN}[1-9][0-9]{{0,2}}(?:\.[0-9]{{3}})+")
"""Numbers with separated thousands; with a single mark it may also be a number with three decimals."""
GROUPS_AND_DECIMALS = re.compile(
    rf"{SIGN}[1-9][0-9]{{0,2}}(?:(?:,[0-9]{{3}})+\.[0-9]*|(?:\.[0-9]{{3}})+,[0-9]*){EXPONENT}"
)
SPACED = re.compile(rf"({SIGN}[1-9][0-9]{{0,2}}(?:[ '’\u00a0\u202f][0-9]{{3}})+)((?:[.,][0-9]*)?)")
"""Thousands separated by blanks or apostrophes, which are never decimal marks."""
NOT_FINITE = re.compile(rf"{SIGN}(?:inf|infinity)", re.IGNORECASE)
MISSING = frozenset(("", "na", "n/a", "#n/a", "nan", "+nan", "-nan", "null", "?"))
WORDS = {"yes": "1", "no": "0", "true": "1", "false": "0"}
CACHED = 1 << 14


class Kind(Enum):
    """The kinds of cells.

    The mark of POINT and COMMA is certainly a decimal mark; that of MAYBE_POINT and MAYBE_COMMA, such as 1,250, may
    also separate thousands. COMMA_THOUSANDS and POINT_THOUSANDS have several groups, such as 1,250,000.
    """

    WHOLE = "a whole number"
    POINT = "a number with a decimal point"
    COMMA = "a number with a decimal comma"
    MAYBE_POINT = "a number with a point before three digits"
    MAYBE_COMMA = "a number with a comma before three digits"
    COMMA_THOUSANDS = "a number with commas between thousands"
    POINT_THOUSANDS = "a number with points between thousands"
    NOT_FINITE = "infinite"
    WORD = "yes or no"
    MISSING = "nothing"
    TEXT = "text"

    @property
    def is_number(self) -> bool:
        """Whether it is a finite number."""
        return self not in (Kind.NOT_FINITE, Kind.WORD, Kind.MISSING, Kind.TEXT)


def _tidy(cell: str) -> str:
    """Return a cell without blanks around it, with - for a true minus, and without blanks between thousands."""
    cell = cell.strip()
    if cell[:1] in ("−", "–") and len(cell) > 1:
        cell = "-" + cell[1:]
    cell = cell.replace("e−", "e-").replace("E−", "E-")
    groups = SPACED.fullmatch(cell)
    return re.sub(r"[ '’\u00a0\u202f]", "", groups[1]) + groups[2] if groups else cell


@lru_cache(CACHED)
def kind_of(cell: str) -> Kind:
    """Return the kind of a cell."""
    cell = _tidy(cell)
    if WHOLE.fullmatch(cell):
        return Kind.WHOLE
    if GROUPS.fullmatch(cell):
        if cell.count(",") + cell.count(".") > 1:
            return Kind.COMMA_THOUSANDS if "," in cell else Kind.POINT_THOUSANDS
        return Kind.MAYBE_COMMA if "," in cell else Kind.MAYBE_POINT
    if GROUPS_AND_DECIMALS.fullmatch(cell):
        return Kind.POINT if cell.rfind(".") > cell.rfind(",") else Kind.COMMA
    for pattern, kind in ((POINT, Kind.POINT), (COMMA, Kind.COMMA), (NOT_FINITE, Kind.NOT_FINITE)):
        if pattern.fullmatch(cell):
            return kind
    if cell.lower() in WORDS:
        return Kind.WORD
    return Kind.MISSING if cell.lower() in MISSING else Kind.TEXT


def is_number(cell: str) -> bool:
    """Return whether a cell is a finite number in some spelling."""
    return kind_of(cell).is_number


def is_missing(cell: str) -> bool:
    """Return whether a cell holds nothing, or says that something is missing (NaN, NA, null, ?)."""
    return kind_of(cell) is Kind.MISSING


def decimal_mark(kinds: Iterable[Kind], groups_are_plain: bool = False) -> str:
    """Return the decimal mark that some cells share: ``.`` or ``,``.

    Parameters
    ----------
    kinds
        The kinds of the cells.
    groups_are_plain
        Whether 1,250 is 1250 beside cells such as 0.5. So it is where commas separate columns: nobody writes decimal
        commas there.

    Raises
    ------
    ValueError
        Where the cells contradict each other, or are ambiguous: a sentence.
    """
    found_kinds = set(kinds)
    has_point = Kind.POINT in found_kinds or Kind.COMMA_THOUSANDS in found_kinds
    has_comma = Kind.COMMA in found_kinds or Kind.POINT_THOUSANDS in found_kinds
    if has_point and has_comma:
        raise ValueError("some numbers have a decimal point, others a decimal comma; one of them is right")
    if Kind.MAYBE_COMMA in found_kinds and not has_comma and not (has_point and groups_are_plain):
        raise ValueError("decimals or thousands? Write numbers without thousands separators")
    if has_comma and Kind.MAYBE_POINT in found_kinds:
        raise ValueError("decimals or thousands, beside decimal commas? Write numbers without thousands separators")
    return "," if has_comma else "."


def spelled(cell: str, mark: str = ".") -> str:
    """Return a number's cell as Python reads it, with every digit that it has; yes and true are 1, no and false 0.

    Parameters
    ----------
    cell
        The cell's text.
    mark
        The table's decimal mark, see :func:`decimal_mark`.
    """
    text = _tidy(cell)
    text = WORDS.get(text.lower(), text)
    return text.replace(".", "").replace(",", ".") if mark == "," else text.replace(",", "")


def as_value(cell: str, mark: str = ".") -> float:
    """Return a cell's number; a word for yes or no is 1 or 0.

    Raises
    ------
    ValueError
        Where the cell is no finite number: the end of a sentence that begins with the place.
    """
    kind = kind_of(cell)
    if kind.is_number or kind is Kind.WORD:
        number = float(spelled(cell, mark))
        if number - number == 0:  # 1e999 is none either
            return number
        kind = Kind.NOT_FINITE
    if kind is Kind.NOT_FINITE:
        raise ValueError(f"{plain(float(spelled(cell, mark)))} is not a finite number")
    if "nan" in cell.lower():
        raise ValueError("nan is not a finite number")
    raise ValueError(f"{plain(cell)} is not a number")
