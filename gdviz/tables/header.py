"""Whether a table's first row is a header, judged by the rows below it; and which columns only count the rows."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from gdviz.tables.cells import Kind, kind_of
from gdviz.wording import visible

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Collection, Sequence

__all__ = ["INDEX", "has_header", "is_commented_header", "tidy_name"]

INDEX = re.compile(r"(row[ _.]?)?(id|index)|unnamed(: ?\d+)?|row[ _.]?(names?|numbers?)", re.IGNORECASE)
"""Names of columns that count or name the rows, and pandas' names for columns without a name."""
LONGEST_NAME = 100


def has_header(first: Sequence[str], below: Sequence[Counter[Kind]], texts: Sequence[Collection[str]]) -> bool:
    """Return whether the first row of a table is its header.

    It is one where text stands above numbers. Whole numbers in the first row are names in two cases: they count the
    columns, as pandas does, and a later row has decimals or text; or they rise, and beside them text stands above
    numbers.

    Parameters
    ----------
    first
        The cells of the first row.
    below
        For each column, the number of cells of each kind in the rows below.
    texts
        For each column, some of the texts in the rows below.
    """
    kinds = [kind_of(cell) for cell in first]
    numbers = [float(cell) for cell, kind in zip(first, kinds, strict=True) if kind is Kind.WHOLE]
    if any((kind.is_number and kind is not Kind.WHOLE) or kind is Kind.NOT_FINITE for kind in kinds):
        return False
    if any(kind is Kind.TEXT and _is_numeric(counts) for kind, counts in zip(kinds, below, strict=True)):
        return all(low < high for low, high in pairwise(numbers))
    if numbers:
        return _counts_columns(first, kinds, numbers, texts) and _has_decimals_or_text(below)
    if any(cell.strip() and kind is Kind.MISSING for cell, kind in zip(first, kinds, strict=True)):
        return False
    return Kind.TEXT in kinds and not any(
        kind is Kind.WORD and Kind.WORD in counts for kind, counts in zip(kinds, below, strict=True)
    )


def _is_numeric(counts: Counter[Kind]) -> bool:
    """Return whether all cells of a column that are not missing are numbers, or words that mean 1 and 0."""
    return Kind.TEXT not in counts and any(kind.is_number or kind is Kind.WORD for kind in counts)


def _counts_columns(
    first: Sequence[str], kinds: Sequence[Kind], numbers: Sequence[float], texts: Sequence[Collection[str]]
) -> bool:
    is_new = all(cell not in below for cell, kind, below in zip(first, kinds, texts, strict=True) if kind is Kind.TEXT)
    return numbers == list(range(len(numbers))) and (len(numbers) > 1 or not first[0].strip()) and is_new


def _has_decimals_or_text(below: Sequence[Counter[Kind]]) -> bool:
    return any(kind not in (Kind.WHOLE, Kind.MISSING) for counts in below for kind in counts)


def is_commented_header(cells: Sequence[str], width: int) -> bool:
    """Return whether a line that begins with # names the columns of the table below it, which has no header."""
    names = cells if cells and cells[0].strip() else cells[1:]
    return len(cells) == width and all(kind_of(cell) is Kind.TEXT for cell in names)


def tidy_name(cell: str) -> str:
    """Return a column's name on one line, every character of it visible."""
    return visible(" ".join(cell.split()))[:LONGEST_NAME]
