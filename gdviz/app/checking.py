"""A student's trajectory beside the selected run: drawn over it, with what is wrong with it in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from gdviz.app.parts import show_text
from gdviz.views.words import escape

if TYPE_CHECKING:
    from pathlib import Path

    from gdviz.app.window import MainWindow

__all__ = ["Checking"]

MOST = 3000
"""Updates that are looked at: more would keep the window from answering for long."""


class Checking(QObject):
    """Asks for a notebook, and shows what is found in it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def ask(self) -> None:
        """Ask for a file and check it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Check a notebook", "", "Trajectories (*.csv);;All (*)")
        if path:
            self.check(path)

    def check(self, path: str | Path) -> None:
        """Draw a notebook's rows over the selected run, and say what is wrong with them."""
        from gdviz.checking import check, read_notebook  # not before it is needed: the start is to be quick

        window, controller = self._window, self._window.controller
        run = controller.experiment.runs[controller.selected]
        try:
            verdict = check(run, read_notebook(path, run.objective.parameters), most=MOST)
        except ValueError as error:
            window.say(f"{error}.")
            return
        window.board.contour.show_notebook(verdict.params, run.objective)
        if verdict.departs_at is not None:
            controller.move_to(verdict.departs_at)
        sentences = [_shown(sentence) for sentence in verdict.sentences]
        window.say(sentences[0])
        title = controller.experiment.titles[controller.selected]
        said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
        show_text(window, "Notebook", f"<p><b>Compared with {escape(title)}</b></p>{said}")


def _shown(sentence: str) -> str:
    """Return a sentence with its numbers as the window writes them."""
    return re.sub(r"-(?=\d)", "−", sentence)
