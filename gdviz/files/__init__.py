"""Reading and writing files: sessions, tables, and the safe replacement of targets."""

from gdviz.files.session import ENDING, open_session, read_session, save_session, write_session
from gdviz.files.tables import TABLES, Extra, write_csv, write_grid, write_table
from gdviz.files.targets import check_folder, check_target, replacing

__all__ = [
    "ENDING",
    "TABLES",
    "Extra",
    "check_folder",
    "check_target",
    "open_session",
    "read_session",
    "replacing",
    "save_session",
    "write_csv",
    "write_grid",
    "write_session",
    "write_table",
]
