"""Which character ends the columns of a text: as a line ``sep=`` says, or as the first rows tell."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from gdviz.tables.cells import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["BLANKS", "SEPARATORS", "guessed", "split", "stated", "width_of"]

BLANKS = " "
"""Stands for any number of blanks and tabs."""
SEPARATORS = ("\t", ";", "|", ",", BLANKS)
"""In the order in which they are taken where several are as good."""
STATED = re.compile(r'"?sep=([,;|:\t ])"?', re.IGNORECASE)
CLOSED = re.compile(r'" +(?=[,;|:\t\r\n]|$)')
"""A quote that ends a cell, and blanks behind it."""


def stated(line: str) -> str | None:
    """Return the separator of a line such as ``sep=;``, which Excel reads and writes; None: it is another line."""
    found = STATED.fullmatch(line.strip("\r\n\ufeff"))
    return found[1] if found else None


def split(lines: Iterable[str], separator: str, strict: bool = True) -> Iterator[list[str]]:
    """Yield the cells of each row; a row may take several lines, where a quoted cell does."""
    if separator == BLANKS:
        lines = (line.replace("\t", " ").strip() + "\n" for line in lines)
    else:
        lines = (CLOSED.sub('"', line) if '"' in line else line for line in lines)
    return csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=strict)


def width_of(cells: Sequence[str], width: int) -> int:
    """Return how many cells a row has if empty ones beyond `width` at its end do not count."""
    count = len(cells)
    while count > width and not cells[count - 1].strip():
        count -= 1
    return count


def guessed(sample: Sequence[str]) -> str:
    """Return the separator with which a text's first lines are a table, and their cells numbers."""
    scores = {separator: _score(sample, separator) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: scores[separator])  # of equals, the first


def _score(sample: Sequence[str], separator: str) -> tuple[bool, bool, float, float]:
    """Return how well a separator fits: whether there are columns, whether all rows have them, and of what kind."""
    try:
        rows = [cells for cells in split(sample, separator, strict=False) if any(map(str.strip, cells))]
    except csv.Error:
        return False, False, 0, 0
    if not rows:
        return False, False, 0, 0
    width = width_of(rows[0], 1)
    fit = all(width_of(cells, width) in (width, len(rows[0])) for cells in rows)
    has_names = not fit and all(len(cells) == width + 1 for cells in rows[1:])  # of rows, for which the header has none
    cells = [cell for row in rows[1:] or rows for cell in row if cell.strip()]
    numbers = sum((kind_of(cell).is_number or kind_of(cell) is Kind.WORD) and " " not in cell.strip() for cell in cells)
    odd = sum(kind_of(cell) is Kind.TEXT and cell[:1].isdigit() for cell in cells)
    return width > 1, fit or has_names, numbers / len(cells), -odd / len(cells)
