"""Sessions in the window: what is on the screen as a value, and back; files to open and to save; the lessons."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject, Qt
from PySide6.QtWidgets import QFileDialog

from gdviz.app.controls.exercise import ExerciseDialog
from gdviz.files import ENDING, open_session, save_session
from gdviz.files.carriers import CARRIERS
from gdviz.files.kinds import SAMPLES, can_be_opened, kind_of_file
from gdviz.files.lessons import lessons, number_of
from gdviz.objectives import SigmoidNeuron, load_data
from gdviz.scene.planes import Principal
from gdviz.scene.session import Session, Views
from gdviz.training import lecture_race
from gdviz.views.camera import Camera
from gdviz.wording import visible

if TYPE_CHECKING:
    from gdviz.app.window import MainWindow

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
    """Turns what is on the screen into a session, and shows one."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._paths: list[tuple[Views, Path]] = []
        """The files that sessions came from or went to, by the views that all their edits share."""

    @property
    def path(self) -> Path | None:
        """The file that the session on the screen was opened from or saved to."""
        shown = self._window.controller.history.current.views
        return next((path for views, path in reversed(self._paths) if views is shown), None)

    def keep_path(self, path: Path) -> None:
        """Take note of the file of the session on the screen."""
        self._paths.append((self._window.controller.history.current.views, path))
        if self._window.memory is not None:
            self._window.memory.add_recent(str(path.absolute()))
        self._show_path()

    def _show_path(self) -> None:
        name = "" if self.path is None else visible(self.path.name).replace("[*]", "[*][*]")
        self._window.setWindowTitle(f"{name} – gdviz" if name else "gdviz")

    def current(self) -> Session:
        """Return what is on the screen."""
        window, controller = self._window, self._window.controller
        camera = window.board.surface.camera
        is_planar = controller.experiment.objective.is_planar
        views = Views(
            window.board.contour.box() if is_planar or controller.viewport.is_chosen else None,
            (camera.azimuth, camera.elevation, camera.distance),
            window.board.has_arrows,
            window.board.has_fan,
            controller.playback.speed,
            None if is_planar else controller.viewport.rule,
        )
        cursor = min(controller.heading_for, controller.experiment.total)
        return replace(controller.history.current, cursor=cursor, views=views)

    def show(self, session: Session) -> None:
        """Show a session; undo leads back to what was there before."""
        here, history, path = self.current(), self._window.controller.history, self.path
        history.note_opened(views=here.views)
        history.note(cursor=here.cursor)
        if path is not None:
            self._paths.append((here.views, path))
        self._window.controller.open(session)
        self._window.say("")

    def look(self, session: Session) -> None:
        """Look at what the controller shows as its session does."""
        window, views = self._window, session.views
        window.show_lesson(session.lesson)
        self._show_path()
        window.panel.common.set_for_all(not window.controller.experiment.differing)
        rule = views.plane or Principal()
        window.controller.choose_plane(rule)
        window.panel.plane.show_rule(rule)
        if views.box is not None:
            window.controller.viewport.go_to(views.box)
        window.board.surface.set_camera(Camera(*views.camera) if views.camera else Camera())
        window.board.show_arrows(views.arrows is not False)
        window.board.show_fan(views.fan)
        if views.speed is not None:
            window.controller.set_speed(views.speed)
            window.timeline.show_speed(views.speed)

    def show_lesson(self, index: int) -> None:
        """Show one of the lessons that ship with the program, where there is one of that number."""
        if 0 <= index < len(lessons()):
            self.show(lessons()[index])

    def go_on(self, by: int) -> None:
        """Show the lesson that comes so many after the one that is shown; the first one where none is."""
        at = number_of(self._window.controller.history.current.lesson)
        self.show_lesson(0 if at is None else at + by)

    # -- files

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        path, _ = QFileDialog.getOpenFileName(self._window, "Open", str(self.path or ""), OPENED)
        if path:
            self.take(Path(path))

    def open(self, path: str | Path) -> None:
        """Show the session of a file, or say why that cannot be."""
        try:
            session = open_session(path)
        except ValueError as error:
            self._window.say(f"{error}.")
        else:
            self.show(session)
            if Path(path).suffix.lower() == ENDING:
                self.keep_path(Path(path))
            self._window.say(f"Opened {path}")

    def take(self, path: Path) -> None:
        """Open a session, check a run's log, or take samples, whichever the file holds."""
        try:
            kind = kind_of_file(path)
        except ValueError as error:
            self._window.say(f"{error}.")
            return
        if kind == "session":
            self.open(path)
        elif kind == "log":
            self._window.checking.check(path)
        else:
            self._take_samples(str(path))

    def _take_samples(self, path: str) -> None:
        """Take samples for what is minimised; for the neuron where that has none."""
        if self._window.controller.experiment.objective.data is None:
            self._window.intents.choose_objective("neuron")
        self._window.intents.choose_data(path, False)

    def save(self) -> None:
        """Save to the file that the session came from; ask for one where there is none."""
        if self.path is None:
            self.ask_save()
        else:
            self.save_to(self.path)

    def ask_save(self) -> None:
        """Ask for a file and save to it."""
        suggested = str(self.path or f"race{ENDING}")
        path, _ = QFileDialog.getSaveFileName(self._window, "Save session", suggested, KINDS)
        if path:
            self.save_to(path if Path(path).suffix else path + ENDING)

    def ask_exercise(self) -> None:
        """Ask what an exercise leaves open and where it is to be, and save it."""
        dialog = ExerciseDialog(self._window, self._window.controller.experiment)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.chosen.connect(self._save_exercise)
        dialog.open()

    def _save_exercise(self, left_open: tuple[str, ...]) -> None:
        path, _ = QFileDialog.getSaveFileName(self._window, "Save exercise", f"exercise{ENDING}", KINDS)
        if path:
            exercise = replace(self.current(), open_controls=left_open)
            self._attempt(exercise, path if Path(path).suffix else path + ENDING)

    def _attempt(self, session: Session, path: str | Path) -> bool:
        """Save a session, or say why that cannot be."""
        try:
            save_session(session, path)
        except ValueError as error:
            self._window.say(f"{error}.")
            return False
        self._window.say(f"Saved {path}")
        return True

    def save_to(self, path: str | Path) -> None:
        """Save to a file, or say why that cannot be."""
        if self._attempt(self.current(), path):
            self.keep_path(Path(path))
