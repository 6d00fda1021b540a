"""The window: it makes the parts and lays them out; :mod:`gdviz.app.wiring` connects them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from gdviz.app.actions import make_actions
from gdviz.app.controls.exercise import show_only
from gdviz.app.controls.hint import Hint
from gdviz.app.controls.icons import transport_icon
from gdviz.app.controls.keys import InputRouter
from gdviz.app.controls.lesson_bar import LessonBar
from gdviz.app.controls.panel import Panel
from gdviz.app.controls.run_strip import RunStrip
from gdviz.app.controls.timeline import Timeline
from gdviz.app.docks import Docks
from gdviz.app.edits import Edits
from gdviz.app.files.checking import Checking
from gdviz.app.files.exporting import Exporting
from gdviz.app.files.importing import Importing
from gdviz.app.files.sessions import Sessions, dropped_file
from gdviz.app.menus import Menus
from gdviz.app.model.controller import Controller
from gdviz.app.model.document import Document
from gdviz.app.model.painting_turns import PaintingTurns
from gdviz.app.predicting import Predicting
from gdviz.app.style import style_sheet
from gdviz.files.lessons import lessons, number_of
from gdviz.views.board import Board
from gdviz.views.theme import DARK, LIGHT, Theme
from gdviz.views.view import VIEWS
from gdviz.wording import visible

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent

    from gdviz.app.files.autosave import Autosave
    from gdviz.app.files.memory import Memory
    from gdviz.app.files.reopening import Reopening
    from gdviz.scene.session import Lesson, Session
    from gdviz.views.view import View

__all__ = ["MainWindow"]

TRANSPORT = ("reset", "back", "play", "step", "end")
"""The actions of the buttons below the views."""


def application() -> QApplication:
    """Return the application, which must be there."""
    existing = QApplication.instance()
    assert isinstance(existing, QApplication)
    return existing


class MainWindow(QMainWindow):
    """The views in the middle, the controls on the left, this step's numbers on the right, time below."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("gdviz")
        self.theme = theme
        self._playing = False
        self._usual_widths: list[int] = []
        self.memory: Memory | None = None
        """Where the layout is kept when the window is closed; None: nowhere."""
        self.autosave: Autosave | None = None
        """Saves what is on the screen for the case of a crash; None: nothing does."""
        self.reopening: Reopening | None = None
        """Saves what is on the screen for the next start when the window is closed; None: nothing does."""
        self.document = Document(session, self)
        self.controller = Controller(self.document, self)
        self._make_parts()
        self._lay_out()
        self.set_theme(theme)
        self._router = InputRouter(self)
        application().installEventFilter(self._router)
        self.setAcceptDrops(True)
        self.board.contour.setFocus()

    def _make_parts(self) -> None:
        theme, document, controller = self.theme, self.document, self.controller
        self.actions_by_name = make_actions(self)
        self.board = Board(theme, [kind.name for kind in VIEWS if kind.dock is None])
        self.strip = RunStrip(theme)
        self.panel = Panel(theme)
        self.lesson = LessonBar([self.action(name) for name in ("previous_lesson", "next_lesson", "close_lesson")])
        self.docks = Docks(self, self.panel, self.lesson, theme, document.experiment.objective)
        self.timeline = Timeline([self.action(name) for name in TRANSPORT], [self.action("fork")])
        self.status = Hint()
        self.hint = self.status.label
        self.painting = PaintingTurns([self.strip, *self.views.values(), self.timeline], self)
        self.edits = Edits(document, self)
        self.predicting = Predicting(controller, self.board.contour, self)
        self.sessions = Sessions(document, self)
        self.exporting = Exporting(self.sessions, controller, self)
        self.checking = Checking(document, self.board.contour, self)
        self.importing = Importing(document, self.edits, self)
        self.menus = Menus(self.menuBar(), self.actions_by_name, self._recent_files)
        self.menus.show_docks(self.docks.actions())

    def _lay_out(self) -> None:
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget, stretch in (
            (self.strip, 0),
            (self.board, 1),
            (self.exporting.bar, 0),
            (self.timeline, 0),
        ):
            layout.addWidget(widget, stretch)
        self.setCentralWidget(middle)
        self.statusBar().addWidget(self.status, 1)
        self.statusBar().setSizeGripEnabled(False)

    def _recent_files(self) -> list[str]:
        return self.memory.recent if self.memory is not None else []

    @property
    def views(self) -> dict[str, View]:
        """The views by their names: those of the board, then those in docks."""
        return {**self.board.views, **self.docks.views}

    def action(self, name: str) -> QAction:
        """Return an action by its name."""
        return self.actions_by_name[name]

    # -- what there is to show

    def show_experiment(self) -> None:
        """Show the document's experiment in the panel, and the views that it has something for."""
        document = self.document
        self.panel.show_experiment(document.experiment, document.selected)
        self.strip.show_experiment(document.experiment, document.selected)
        show_only(self.panel, document.session.open_controls)
        self.board.show_data(document.experiment.objective)
        self.docks.show_data(document.experiment.objective)
        self.action("undo").setEnabled(document.can_undo)
        self.action("redo").setEnabled(document.can_redo)

    def add_views(self) -> dict[str, View]:
        """Make the views that plug-ins brought meanwhile, and return them by their names."""
        before = self.views
        kinds = [kind for kind in VIEWS if kind.name not in before]
        if kinds:
            objective = self.document.experiment.objective
            self.board.add_views([kind for kind in kinds if kind.dock is None], self.theme)
            self.docks.add_views([kind for kind in kinds if kind.dock is not None], self.theme, objective)
            self.menus.show_docks(self.docks.actions())
            if self.memory is not None:
                self.memory.restore(self)  # it knows where they were
        views = {name: view for name, view in self.views.items() if name not in before}
        self.painting.add_receivers(list(views.values()))
        return views

    def show_lesson(self, lesson: Lesson | None) -> None:
        """Show what a lesson says, above the views; None: there is none."""
        self.docks.lesson.setVisible(lesson is not None)
        if lesson is not None:
            self.lesson.show_lesson(lesson)
        at = number_of(lesson)
        self.action("previous_lesson").setEnabled(at is not None and at > 0)
        self.action("next_lesson").setEnabled(at is None or at < len(lessons()) - 1)

    def show_path(self, path: Path | None) -> None:
        """Show in the title which file is open."""
        name = "" if path is None else visible(path.name).replace("[*]", "[*][*]")
        self.setWindowTitle(f"{name} – gdviz" if name else "gdviz")

    def remember(self, path: str) -> None:
        """List a file under those that were open last."""
        if self.memory is not None:
            self.memory.add_recent(path)

    def say(self, text: str, offer: QAction | None = None) -> None:
        """Say something below the views, and offer an action beside it."""
        self.status.say(text, offer)

    def show_playing(self, playing: bool) -> None:
        """Show on the button whether the cursor moves."""
        self._playing = playing
        self._draw_icons()
        self.status.say("")

    def _draw_icons(self) -> None:
        for name in TRANSPORT:
            shape = "pause" if name == "play" and self._playing else name
            self.action(name).setIcon(transport_icon(shape, self.theme.text, self.theme.line))

    # -- looks

    def set_theme(self, theme: Theme) -> None:
        """Draw everything in the colours of `theme`."""
        self.theme = theme
        self.exporting.theme = theme.name
        application().setPalette(theme.palette())
        self.setStyleSheet(style_sheet(theme))
        self._draw_icons()
        for view in (self.strip, self.board, self.docks, self.panel):
            view.set_theme(theme)

    def use_usual_layout(self) -> None:
        """Put everything where it was when the program was new."""
        self.docks.use_usual_places()
        self.board.use_usual_sizes()

    def switch_theme(self) -> None:
        """Change between light and dark."""
        other = DARK if self.theme.name == "light" else LIGHT
        theme = self.theme
        self.set_theme(
            replace(other, path_width=theme.path_width, marker_size=theme.marker_size, type_size=theme.type_size)
        )

    def switch_full_screen(self) -> None:
        """Fill the screen, with type and lines for the last row; or go back."""
        full = not self.isFullScreen()
        if full:
            self._usual_widths = self.docks.widths()
            # Larger type may need more room than there still is: to give it that would end the full screen.
            self._constrain(QLayout.SizeConstraint.SetNoConstraint)
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._enlarge(full)
        # Once all that was measured in the other type is measured anew.
        QTimer.singleShot(0, self, lambda: self.docks.set_widths(self._usual_widths))
        if not full:
            self._constrain(QLayout.SizeConstraint.SetDefaultConstraint)

    def _constrain(self, constraint: QLayout.SizeConstraint) -> None:
        layout = self.layout()
        assert layout is not None
        layout.setSizeConstraint(constraint)

    def _enlarge(self, is_large: bool) -> None:
        font = QApplication.font()
        font.setPointSizeF(font.pointSizeF() * 1.3 if is_large else font.pointSizeF())
        for widget in (self, *self.findChildren(QWidget)):  # a style sheet keeps a font from being inherited
            widget.setFont(font)
        base = DARK if self.theme.name == "dark" else LIGHT
        scale = 1.5 if is_large else 1.0
        self.set_theme(
            replace(
                base,
                path_width=base.path_width * scale,
                marker_size=base.marker_size * scale,
                type_size=font.pointSizeF() if is_large else 0.0,
            )
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file that can be opened."""
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open a session, a picture that carries one, or samples."""
        path = dropped_file(event.mimeData())
        if path is not None:
            self.sessions.take(path)
            event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop everything that runs in the background."""
        if self.memory is not None:
            self.memory.save(self, self.theme.name, self.document.path)
        if self.reopening is not None:
            self.reopening.keep()
        if self.autosave is not None:
            self.autosave.stop()
        self.exporting.cancel()
        application().removeEventFilter(self._router)
        self.painting.stop()
        self.checking.stop()
        self.importing.stop()
        self.controller.close()
        super().closeEvent(event)
