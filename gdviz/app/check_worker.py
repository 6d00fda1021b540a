"""Compares a notebook with a run in the background: to try every mistake may take seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from gdviz.app.background import Worker

if TYPE_CHECKING:
    from gdviz.checking import Notebook
    from gdviz.training import Run

__all__ = ["CheckWorker"]

MOST = 3000
"""Updates that are looked at."""


class CheckWorker(Worker):
    """Compares one notebook with one run; another one replaces it.

    Signals
    -------
    checked(object, object)
        The run and the verdict on the notebook.
    refused(str)
        Why the rows cannot be those of such a run.
    """

    checked = Signal(object, object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._task: tuple[Run, Notebook] | None = None
        self._is_busy = False

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to compare."""
        with self._changed:
            return self._task is None and not self._is_busy

    def compare(self, run: Run, notebook: Notebook) -> None:
        """Compare a notebook with a run; the thread starts when it is needed first."""
        with self._changed:
            self._task = run, notebook
            self._changed.notify()
        self.start()

    def drop(self) -> None:
        """Forget what was asked for."""
        self._task = None

    def has_work(self) -> bool:
        """Return whether there is a notebook to compare."""
        return self._task is not None

    def work(self) -> None:
        """Compare it, unless another one is asked for or nothing any more."""
        from gdviz.checking import check  # not before it is needed: the start is to be quick

        with self._changed:
            if self._task is None:
                return
            (run, notebook), self._task, self._is_busy = self._task, None, True
        try:
            verdict = check(run, notebook, most=MOST, cancelled=lambda: self._stopping or self._task is not None)
            if not (self._stopping or self.has_work()):
                self.checked.emit(run, verdict)
        except ValueError as error:
            self.refused.emit(f"{error}.")
        finally:
            self._is_busy = False
