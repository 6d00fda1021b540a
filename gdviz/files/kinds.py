"""The kind of a file that is opened: a session, a run's log, or samples."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from gdviz.files.carriers import CARRIERS
from gdviz.files.session import ENDING
from gdviz.tables import open_rows
from gdviz.tables.idx import is_idx
from gdviz.tables.workbook import WORKBOOKS

__all__ = ["SAMPLES", "can_be_file", "can_be_opened", "kind_of_file"]

Kind = Literal["session", "log", "samples"]
SAMPLES = (".csv", ".tsv", ".txt", ".dat", ".data", ".tab", *WORKBOOKS)
"""Endings of the names of tables."""
COUNTERS = {"update", "updates", "epoch", "epochs", "iteration", "iterations"}
"""Names of a log's columns that count its rows."""


def can_be_opened(path: Path) -> bool:
    """Return whether a file's name looks like that of a file that gdviz can open."""
    return path.suffix.lower() in (ENDING, *CARRIERS, *SAMPLES) or "-ubyte" in path.name


def can_be_file(name: str) -> bool:
    """Return whether a word on the command line looks like a file's name."""
    return bool(os.path.splitext(name)[1]) or os.path.isfile(name)


def kind_of_file(path: str | Path) -> Kind:
    """Return the kind of a file: of sessions and pictures by the name, of a log by its columns w and b or a counter.

    Raises
    ------
    ValueError
        Where it cannot be read: a sentence.
    """
    if Path(path).suffix.lower() in (ENDING, *CARRIERS):
        return "session"
    if is_idx(path):
        return "samples"
    header = next(iter(open_rows(path)), None)
    names = {cell.strip().lower() for cell in header.cells} if header is not None else set()
    return "log" if {"w", "b"} <= names or names & COUNTERS else "samples"
