"""Sessions in the window: files to open and to save; the lessons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.app.controls.exercise import ExerciseDialog
from gdviz.files import ENDING, open_session, save_session
from gdviz.files.carriers import CARRIERS
from gdviz.files.kinds import SAMPLES, can_be_opened, kind_of_file
from gdviz.files.lessons import lessons, number_of
from gdviz.objectives import SigmoidNeuron, load_data
from gdviz.scene.session import Session
from gdviz.training import lecture_race

if TYPE_CHECKING:
    from gdviz.app.model.document import Document

__all__ = ["Sessions", "dropped_file", "usual_session"]

KINDS = f"Sessions (*{ENDING})"
PATTERNS = [f"*{ending}" for ending in (ENDING, *CARRIERS, *SAMPLES)]
OPENED = (
    f"All that can be opened ({' '.join(PATTERNS)} *-ubyte *-ubyte.gz);;Sessions (*{ENDING});;"
    f"Pictures and films that carry one ({' '.join(f'*{ending}' for ending in CARRIERS)});;"
    f"Samples and runs ({' '.join(f'*{ending}' for ending in SAMPLES)} *-ubyte *-ubyte.gz);;All (*)"
)


def dropped_file(data: QMimeData) -> Path | None:
    """Return the file that is dragged, where it is one that can be opened."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and can_be_opened(paths[0]) else None


def usual_session() -> Session:
    """Return what the program begins with: the lecture's race."""
    return Session(lecture_race(SigmoidNeuron.on(load_data("lecture"))))


class Sessions(QObject):
    """Opens sessions and saves the document.

    Signals
    -------
    news(str)
        What was done, or why it cannot be: a sentence; empty: what was said before is over.
    named(str)
        The file that the session on the screen is known by now.
    log_opened(object), samples_opened(str)
        The path of a run's log or of samples that somebody opened.
    """

    news = Signal(str)
    named = Signal(str)
    log_opened = Signal(object)
    samples_opened = Signal(str)

    def __init__(self, document: Document, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._parent = document, parent

    @property
    def path(self) -> Path | None:
        """The file that the session on the screen was opened from or saved to."""
        return self._document.path

    def name(self, path: Path) -> None:
        """Take note of the file of the session on the screen."""
        self._document.name(path)
        self.named.emit(str(path.absolute()))

    def current(self) -> Session:
        """Return what is on the screen, as a file keeps it: without a plane where there are only two params."""
        session = self._document.session
        is_planar = session.experiment.objective.is_planar
        return replace(session, views=replace(session.views, plane=None)) if is_planar else session

    def show(self, session: Session) -> None:
        """Show a session; undo leads back to what was there before."""
        self._document.open(session)
        self.news.emit("")

    def show_lesson(self, index: int) -> None:
        """Show one of the lessons that ship with the program, where there is one of that number."""
        if 0 <= index < len(lessons()):
            self.show(lessons()[index])

    def go_on(self, by: int) -> None:
        """Show the lesson that is `by` places after the current one; the first one where none is shown."""
        at = number_of(self._document.session.lesson)
        self.show_lesson(0 if at is None else at + by)

    # -- files

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        path, _ = QFileDialog.getOpenFileName(self._parent, "Open", str(self.path or ""), OPENED)
        if path:
            self.take(Path(path))

    def open(self, path: str | Path) -> None:
        """Show the session of a file, or say why that cannot be."""
        try:
            session = open_session(path)
        except ValueError as error:
            self.news.emit(f"{error}.")
        else:
            self.show(session)
            if Path(path).suffix.lower() == ENDING:
                self.name(Path(path))
            self.news.emit(f"Opened {path}")

    def take(self, path: Path) -> None:
        """Open a session, check a run's log, or take samples, whichever the file holds."""
        try:
            kind = kind_of_file(path)
        except ValueError as error:
            self.news.emit(f"{error}.")
            return
        if kind == "session":
            self.open(path)
        elif kind == "log":
            self.log_opened.emit(path)
        else:
            self.samples_opened.emit(str(path))

    def save(self) -> None:
        """Save to the file that the session came from; ask for one where there is none."""
        if self.path is None:
            self.ask_save()
        else:
            self.save_to(self.path)

    def ask_save(self) -> None:
        """Ask for a file and save to it."""
        name = str(self.path or f"race{ENDING}")
        path, _ = QFileDialog.getSaveFileName(self._parent, "Save session", name, KINDS)
        if path:
            self.save_to(path if Path(path).suffix else path + ENDING)

    def ask_exercise(self) -> None:
        """Ask what an exercise leaves open and where it is to be, and save it."""
        dialog = ExerciseDialog(self._parent, self._document.experiment)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._save_exercise)
        dialog.open()

    def _save_exercise(self, left_open: tuple[str, ...]) -> None:
        path, _ = QFileDialog.getSaveFileName(self._parent, "Save exercise", f"exercise{ENDING}", KINDS)
        if path:
            exercise = replace(self.current(), open_controls=left_open)
            self._attempt(exercise, path if Path(path).suffix else path + ENDING)

    def _attempt(self, session: Session, path: str | Path) -> bool:
        """Save a session, or say why that cannot be."""
        try:
            save_session(session, path)
        except ValueError as error:
            self.news.emit(f"{error}.")
            return False
        self.news.emit(f"Saved {path}")
        return True

    def save_to(self, path: str | Path) -> None:
        """Save to a file, or say why that cannot be."""
        if self._attempt(self.current(), path):
            self.name(Path(path))
