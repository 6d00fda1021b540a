"""Tables that people bring: from the bytes of a file to rows of cells, typed columns and a header."""

from __future__ import annotations

from gdviz.tables.cells import as_value, decimal_mark, is_missing, is_number, spelled
from gdviz.tables.column import Column
from gdviz.tables.files import MOST_BYTES
from gdviz.tables.rows import Row, Rows, open_rows
from gdviz.tables.table import Table, read_table

__all__ = [
    "MOST_BYTES",
    "Column",
    "Row",
    "Rows",
    "Table",
    "as_value",
    "decimal_mark",
    "is_missing",
    "is_number",
    "open_rows",
    "read_table",
    "spelled",
]
