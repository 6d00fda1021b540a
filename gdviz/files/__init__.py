"""What is written to disk, and how."""

from gdviz.files.tables import TABLES, write_csv, write_table
from gdviz.files.targets import check_target, replacing

__all__ = ["TABLES", "check_target", "replacing", "write_csv", "write_table"]
