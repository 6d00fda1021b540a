"""The rows of a table, as cells of text with line numbers, from a text in any usual dialect or from a workbook."""

from __future__ import annotations

import csv
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from gdviz.tables.cells import Kind, kind_of
from gdviz.tables.files import encoding_of, lines_of
from gdviz.tables.separators import BLANKS, guess, split, stated_separator, width_of
from gdviz.tables.workbook import is_workbook, workbook_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Row", "Rows", "open_rows"]

SAMPLE, SAMPLE_CHARACTERS = 100, 1 << 18
"""Maximum numbers of lines and of characters from which the separator is guessed."""


class Row(NamedTuple):
    """A row's cells, and the number of its last line, from 1."""

    line: int
    cells: list[str]


class Rows:
    """Iterates over the rows of a table. All have the width of the first row; empty rows are left out.

    Attributes
    ----------
    path
        The file's path, as the caller wrote it.
    separator
        The character between columns; empty for a workbook.
    notes
        What readers of the table should know about how it was read, as parts of a sentence; complete after the last
        row.
    comment, comment_line
        The text of the last line that begins with # before the first row, without the #, and its number.
    has_row_names
        Whether each row begins with a quoted name for which the header has no column, as in tables that R writes. The
        first row then gets an empty cell at its beginning.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = str(path)
        self.notes: list[str] = []
        self.comment, self.comment_line = "", 0
        self.has_row_names = False
        self.separator = ""
        self._line, self._raw, self._comments = 0, "", 0
        if is_workbook(path):
            sheet_rows, note = workbook_rows(path)
            self.notes.append(note)
            self._rows: Iterator[Row] = (Row(line, cells) for line, cells in sheet_rows)
        else:
            self._rows = self._of_text()

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows.

        Raises
        ------
        ValueError
            Where the file cannot be read, or a row has another number of cells: a sentence with the line.
        """
        first = next(self._rows, None)
        if first is None:
            return
        header = self._raw
        second = next(self._rows, None)
        if second is not None:
            self.has_row_names = self._names_row(first, header) and self._names_row(second, self._raw, len(first.cells))
        if self.has_row_names:
            first = Row(first.line, ["", *first.cells])
        width, blank_from = len(first.cells), width_of(first.cells, 1)
        yield first
        for row in chain([second] if second is not None else [], self._rows):
            yield row if len(row.cells) == width else self._of_width(row, width, blank_from)
        if self._comments:
            self.notes.append(f"{self._comments} line(s) that begin with # left out")

    def _of_width(self, row: Row, width: int, blank_from: int) -> Row:
        """Return a row with exactly `width` cells, or refuse it; empty cells at its end may be missing or surplus."""
        count = width_of(row.cells, width)
        if count > width or count < blank_from:
            is_doubled = count == 2 * blank_from and self.separator == ","
            hint = "; with decimal commas, separate columns by semicolons" if is_doubled else ""
            raise ValueError(
                f"{self.path}, line {row.line}: {count} column(s), where the first row has {blank_from}{hint}"
            )
        return Row(row.line, row.cells[:width] + [""] * (width - count))

    def _names_row(self, row: Row, raw: str, header: int | None = None) -> bool:
        """Return whether a row's first cell is quoted and, given the header's width, whether that cell names the row.

        Without `header` the row is the header itself. A row below it has a name if it has one cell more. Where all its
        cells are quoted, the first one must also be text or the number 1: otherwise the row may simply be too long.
        """
        is_quoted = raw.lstrip().startswith('"')
        if header is None or not is_quoted or len(row.cells) != header + 1:
            return is_quoted and header is None
        kind = kind_of(row.cells[0])
        return raw.count('"') < 2 * len(row.cells) or kind is Kind.TEXT or row.cells[0].strip() == "1"

    # -- text

    def _of_text(self) -> Iterator[Row]:
        encoding = encoding_of(self.path)
        if encoding == "cp1252":
            self.notes.append("read as Windows-1252 text, for it is not UTF-8")
        lines = self._number_lines(lines_of(self.path, encoding))
        sample, separator = self._begin(lines)
        self.separator = guess([line for _, line in sample]) if separator is None else separator
        reader = split(self._without_numbers(chain(sample, lines)), self.separator)
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise ValueError(f"{self.path}, line {self._line}: not a CSV file: {error}") from None
            if cells is None:
                return
            if any(map(str.strip, cells)):
                yield Row(self._line, cells)

    def _number_lines(self, lines: Iterator[str]) -> Iterator[tuple[int, str]]:
        """Yield the lines that are not comments, with their numbers; keep the last comment above the first row."""
        has_begun = False
        for number, line in enumerate(lines, 1):
            if "#" in line and line.lstrip()[0] == "#":
                if has_begun:
                    self._comments += 1
                else:
                    self.comment, self.comment_line = line.lstrip()[1:].strip("\r\n"), number
            else:
                has_begun = has_begun or not line.isspace()
                yield number, line

    def _begin(self, lines: Iterator[tuple[int, str]]) -> tuple[list[tuple[int, str]], str | None]:
        """Return the first lines, and the separator if a line ``sep=`` states it."""
        sample: list[tuple[int, str]] = []
        separator, size = None, 0
        for number, line in lines:
            if not sample and separator is None and (separator := stated_separator(line)) is not None:
                continue
            if line.strip():
                sample.append((number, line))
                size += len(line)
            if len(sample) >= SAMPLE or size > SAMPLE_CHARACTERS:
                break
        return sample, separator

    def _without_numbers(self, lines: Iterator[tuple[int, str]]) -> Iterator[str]:
        """Yield the lines without their numbers; keep the current line and its number for messages."""
        for self._line, self._raw in lines:
            yield self._raw

    def split(self, text: str) -> list[str]:
        """Return the cells of a line of text in this table's dialect."""
        return next(iter(split([text], self.separator or BLANKS, strict=False)), [])


def open_rows(path: str | Path) -> Rows:
    """Return the rows of a table: text with any usual separator, or the first sheet of an Excel or ODS workbook.

    Raises
    ------
    ValueError
        Where the file cannot be read, or is no table: a sentence. More may follow when the rows are read.
    """
    return Rows(path)
