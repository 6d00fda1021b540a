"""A student's trajectory beside the selected run: drawn over it, with what is wrong with it in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from gdviz.app.controls.parts import show_text
from gdviz.app.files.check_dialog import CheckDialog, template_of
from gdviz.app.model.background import TaskWorker
from gdviz.files import check_target, replacing
from gdviz.views.words import escape

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gdviz.app.model.document import Document
    from gdviz.checking import Notebook, Verdict
    from gdviz.training import Run
    from gdviz.views.contour import ContourView

__all__ = ["Checking"]

MOST = 3000
"""Updates that are looked at."""
COMPARING = "Comparing the numbers with {title} …"


class CheckWorker(TaskWorker):
    """Compares a notebook with a run, in the background: to try every mistake may take seconds."""

    def do(self, task: tuple[Run, Notebook], is_stale: Callable[[], bool]) -> Verdict:
        """Return the verdict."""
        from gdviz.checking import check  # not before it is needed: the start is to be quick

        run, notebook = task
        return check(run, notebook, most=MOST, cancelled=is_stale)


class Checking(QObject):
    """Asks for a notebook, and shows what is found in it, as long as the run is the one that it was compared with.

    Signals
    -------
    news(str)
        What was found or done, or why it cannot be: a sentence; empty: what was said before is over.
    departed(int)
        The update at which the notebook goes another way than the run.
    """

    news = Signal(str)
    departed = Signal(int)

    def __init__(self, document: Document, contour: ContourView, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._contour, self._parent = document, contour, parent
        self._run: Run | None = None
        self._title = ""
        self._worker = CheckWorker()
        self._worker.done.connect(self._show)
        self._worker.refused.connect(self.news)
        self._worker.failed.connect(self.news)

    @property
    def settled(self) -> bool:
        """Whether no notebook is being compared."""
        return self._worker.is_idle

    def stop(self) -> None:
        """End the worker and wait for it."""
        self._worker.stop()

    def ask(self) -> None:
        """Ask for columns and a file, and check it."""
        run, title = self._selected()
        dialog = CheckDialog(self._parent, run, title)
        dialog.file_wanted.connect(self._ask_file)
        dialog.template_wanted.connect(self._ask_template)
        dialog.open()

    def _selected(self) -> tuple[Run, str]:
        experiment, at = self._document.experiment, self._document.selected
        return experiment.runs[at], experiment.titles[at]

    def _ask_file(self, columns: Sequence[str]) -> None:
        path, _ = QFileDialog.getOpenFileName(self._parent, "Check a notebook", "", "Tables (*.csv *.txt);;All (*)")
        if path:
            self.check(path, columns)

    def _ask_template(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self._parent, "Save a template", "notebook.csv", "Tables (*.csv)")
        if path:
            self.save_template(path)

    def save_template(self, path: str | Path) -> None:
        """Save a table with the right header and the start, or say why that cannot be."""
        try:
            with replacing(check_target(path, [".csv"])) as part:
                part.write_text(template_of(self._selected()[0]), "utf-8")
        except ValueError as error:
            self.news.emit(f"{error}.")
        else:
            self.news.emit(f"Saved {path}")

    def check(self, path: str | Path, columns: Sequence[str] = ()) -> None:
        """Draw a notebook's rows over the selected run, and say what is wrong with them.

        Parameters
        ----------
        path
            The table with the rows.
        columns
            The names of the params' columns and of the error's; by default those of the objective.
        """
        from gdviz.checking import read_notebook  # not before it is needed: the start is to be quick

        run, title = self._selected()
        names, size = list(columns) or list(run.objective.parameters), run.objective.size
        try:
            notebook = read_notebook(path, names[:size], names[size] if len(names) > size else "error")
        except ValueError as error:
            self.news.emit(f"{error}.")
            return
        self.forget()
        self._run, self._title = run, title
        self.news.emit(COMPARING.format(title=title))
        self._worker.ask((run, notebook))

    def _show(self, compared: tuple[Run, Notebook], verdict: Verdict) -> None:
        """Show what was found, if the notebook was not put away meanwhile."""
        run, _ = compared
        if run is not self._run:
            return
        self._contour.show_notebook(verdict.params, run.objective)
        if verdict.departs_at is not None:
            self.departed.emit(verdict.departs_at)
        sentences = [_with_minus(sentence) for sentence in verdict.sentences]
        self.news.emit(sentences[0])
        text = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        show_text(self._parent, "Notebook", f"<p><b>Compared with {escape(self._title)}</b></p>{text}")

    def follow(self) -> None:
        """Forget the notebook where the run that it was compared with is no longer there."""
        if self._run is not None and self._run not in self._document.experiment.runs:
            self.forget()

    def forget(self) -> None:
        """Take the notebook and what was said of it off the screen."""
        if self._run is None:
            return
        self._run = None
        self._worker.cancel()
        self._contour.forget_notebook()
        self.news.emit("")
        for dialog in self._parent.findChildren(QDialog, "notebook"):
            dialog.close()


def _with_minus(sentence: str) -> str:
    """Return a sentence with its numbers as the window writes them."""
    return re.sub(r"-(?=\d)", "−", sentence)
