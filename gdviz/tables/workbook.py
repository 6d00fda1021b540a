"""The first sheet of an Excel or OpenDocument workbook as rows of text."""

from __future__ import annotations

import datetime
import re
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdviz.tables.files import open_file

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["WORKBOOKS", "is_workbook", "workbook_rows"]

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
"""Endings of the names of workbooks."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_UNPACKED = 256 << 20
"""Maximum number of bytes of a workbook's unpacked content."""
MOST_CELLS = 10_000_000
"""Maximum number of cells in the rectangle that a sheet fills: all are laid out in memory, about 30 bytes each."""
CHUNK = 1 << 20

XLSX_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
ODS_ROW = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
ODS_CELL = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*?)(/?)>")
REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="([0-9]+)"')


def is_workbook(path: str | Path) -> bool:
    """Return whether a file is a workbook, by its first bytes.

    Raises
    ------
    ValueError
        Where it is a workbook or another archive but its name ends otherwise, or where it cannot be read: a sentence.
    """
    with open_file(path) as file:
        head = file.read(8)
    if not head.startswith((ZIP, OLE)):
        return False
    if Path(path).suffix.lower() not in WORKBOOKS:
        raise ValueError(
            f"{path}: this is an Excel or OpenDocument workbook, or another archive, but its name ends otherwise; "
            f"name a workbook {', '.join(WORKBOOKS)}, or save the table as CSV"
        )
    return True


def workbook_rows(path: str | Path) -> tuple[Iterator[tuple[int, list[str]]], str]:
    """Return the rows of the first sheet that is not empty, numbered from 1, and a note that names the sheet.

    Raises
    ------
    ValueError
        Where the workbook cannot be read, is locked by a password or too large: a sentence.
    """
    import python_calamine as calamine  # imported late, so that the start is quick

    _refuse_bomb(path)
    try:
        with calamine.CalamineWorkbook.from_path(str(path)) as book:
            for name in book.sheet_names:
                sheet = book.get_sheet_by_name(name)
                rows = sheet.to_python(skip_empty_area=False)
                if any(map(_has_cells, rows)):
                    note = f"sheet {name!r}" if len(book.sheet_names) > 1 else "a workbook"
                    return _number_rows(rows), note
    except calamine.PasswordError:
        raise ValueError(f"{path}: the workbook is locked by a password; save it without one") from None
    except (calamine.CalamineError, OSError, ValueError) as error:
        raise ValueError(f"{path}: cannot be read as a workbook: {error}") from None
    return iter(()), "a workbook"


def _has_cells(row: list[Any]) -> bool:
    return any(cell != "" for cell in row)


def _number_rows(rows: list[list[Any]]) -> Iterator[tuple[int, list[str]]]:
    first = min(next(i for i, cell in enumerate(row) if cell != "") for row in rows if _has_cells(row))
    last = max(i for row in rows for i, cell in enumerate(row) if cell != "")
    for number, row in enumerate(rows, 1):
        if _has_cells(row):
            yield number, [_text(cell) for cell in row[first : last + 1]]


def _text(cell: Any) -> str:
    """Return a cell's value as text from which the same number is read."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return str(cell)


def _refuse_bomb(path: str | Path) -> None:
    """Refuse a workbook that would fill the memory when unpacked or laid out: calamine does not check that."""
    with open_file(path) as file:
        if file.read(8).startswith(OLE):
            return  # at most 65536 × 256 cells
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_UNPACKED:
                raise _too_large(path)
            cells = max((_cells(archive, part) for part in archive.infolist()), default=0)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise ValueError(f"{path}: this Excel or OpenDocument workbook is damaged: {error}") from None
    if cells > MOST_CELLS:
        raise _too_large(path)


def _too_large(path: str | Path) -> ValueError:
    return ValueError(
        f"{path}: this workbook is too large: at most {MOST_CELLS} cells and {MOST_UNPACKED >> 20} MB unpacked are read"
    )


def _cells(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return the number of cells in the rectangle that a part of a workbook fills; this unpacks the whole part."""
    if part.filename == "content.xml":
        return _ods_cells(archive.read(part))
    rows = columns = 1
    tail = b""
    with archive.open(part) as file:
        while chunk := file.read(CHUNK):
            for letters, number in XLSX_CELL.findall(tail + chunk):
                rows, columns = max(rows, int(number)), max(columns, _column(letters))
            tail = chunk[-200:]
    return rows * columns if part.filename.startswith("xl/worksheets/") else 0


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def _ods_cells(content: bytes) -> int:
    rows = columns = 0
    for attributes, cells in ODS_ROW.findall(content):
        width = last = 0
        for about, end in ODS_CELL.findall(cells):
            width += _repeats(about)
            last = width if not end or b"office:value" in about else last
        if last:
            rows, columns = rows + _repeats(attributes), max(columns, last)
    return rows * columns


def _repeats(attributes: bytes) -> int:
    match = REPEATED.search(attributes)
    return int(match[1]) if match else 1
