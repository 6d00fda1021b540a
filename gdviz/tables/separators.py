"""The character that separates the columns of a text: a line ``sep=`` states it, or the first rows suggest it."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from gdviz.tables.cells import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["BLANKS", "SEPARATORS", "guess", "split", "stated_separator", "width_of"]

BLANKS = " "
"""The separator that means any number of blanks and tabs."""
SEPARATORS = ("\t", ";", "|", ",", BLANKS)
"""All separators; where several fit equally well, the first of them wins."""
STATED = re.compile(r'"?sep=([,;|:\t ])"?', re.IGNORECASE)
CLOSED = re.compile(r'" +(?=[,;|:\t\r\n]|$)')
"""A quote that ends a cell, and blanks behind it."""


def stated_separator(line: str) -> str | None:
    """Return the separator of a line such as ``sep=;``, which Excel reads and writes; None: it is another line."""
    match = STATED.fullmatch(line.strip("\r\n\ufeff"))
    return match[1] if match else None


def split(lines: Iterable[str], separator: str, strict: bool = True) -> Iterator[list[str]]:
    """Yield the cells of each row; a row may take several lines, where a quoted cell does."""
    if separator == BLANKS:
        lines = (line.replace("\t", " ").strip() + "\n" for line in lines)
    else:
        lines = (CLOSED.sub('"', line) if '"' in line else line for line in lines)
    return csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=strict)


def width_of(cells: Sequence[str], width: int) -> int:
    """Return the number of a row's cells without the empty ones at its end that exceed `width`."""
    count = len(cells)
    while count > width and not cells[count - 1].strip():
        count -= 1
    return count


def guess(sample: Sequence[str]) -> str:
    """Return the separator that best makes a table of numbers out of a text's first lines."""
    scores = {separator: _score(sample, separator) for separator in SEPARATORS}
    return max(SEPARATORS, key=lambda separator: scores[separator])  # of equals, the first


def _score(sample: Sequence[str], separator: str) -> tuple[bool, bool, float, float]:
    """Return how well a separator fits, to be compared: several columns? equal widths? share of numbers, odd cells."""
    try:
        rows = [cells for cells in split(sample, separator, strict=False) if any(map(str.strip, cells))]
    except csv.Error:
        return False, False, 0, 0
    if not rows:
        return False, False, 0, 0
    width = width_of(rows[0], 1)
    fit = all(width_of(cells, width) in (width, len(rows[0])) for cells in rows)
    has_names = not fit and all(len(cells) == width + 1 for cells in rows[1:])  # rows have names, as R writes them
    cells = [cell for row in rows[1:] or rows for cell in row if cell.strip()]
    numbers = sum((kind_of(cell).is_number or kind_of(cell) is Kind.WORD) and " " not in cell.strip() for cell in cells)
    odd = sum(kind_of(cell) is Kind.TEXT and cell[:1].isdigit() for cell in cells)
    return width > 1, fit or has_names, numbers / len(cells), -odd / len(cells)
