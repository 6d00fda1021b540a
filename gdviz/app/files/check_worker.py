"""Compares a notebook with a run in the background: to try every mistake may take seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.app.model.background import TaskWorker

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.checking import Notebook, Verdict
    from gdviz.training import Run

__all__ = ["CheckWorker"]

MOST = 3000
"""Updates that are looked at."""


class CheckWorker(TaskWorker):
    """Compares a notebook with a run."""

    def do(self, task: tuple[Run, Notebook], is_stale: Callable[[], bool]) -> Verdict:
        """Return the verdict."""
        from gdviz.checking import check  # not before it is needed: the start is to be quick

        run, notebook = task
        return check(run, notebook, most=MOST, cancelled=is_stale)
