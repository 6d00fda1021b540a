"""The window: it lays the views and controls out and hands intents to the controller."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLayout,
    QMainWindow,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from gdviz.app.actions import MENUS, make_actions
from gdviz.app.controls.hint import Hint
from gdviz.app.controls.icons import transport_icon
from gdviz.app.controls.keys import InputRouter
from gdviz.app.controls.lesson_bar import LessonBar
from gdviz.app.controls.panel import Panel
from gdviz.app.controls.parts import Column
from gdviz.app.controls.timeline import Timeline
from gdviz.app.docks import ViewDocks
from gdviz.app.files.checking import Checking
from gdviz.app.files.exporting import Exporting
from gdviz.app.files.importing import Importing
from gdviz.app.files.sessions import Sessions, dropped_file
from gdviz.app.help import explain
from gdviz.app.intents import Intents
from gdviz.app.model.controller import Controller
from gdviz.app.model.painting_turns import PaintingTurns
from gdviz.app.wiring import wire
from gdviz.files.lessons import lessons, number_of
from gdviz.views.board import Board
from gdviz.views.theme import DARK, LIGHT, Theme
from gdviz.views.view import VIEWS
from gdviz.views.words import untouched
from gdviz.wording import visible

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent

    from gdviz.app.files.autosave import Autosave
    from gdviz.app.files.memory import Memory
    from gdviz.app.files.reopening import Reopening
    from gdviz.scene.session import Lesson, Session
    from gdviz.training import Experiment
    from gdviz.views.view import View

__all__ = ["MainWindow"]

LESSON_ACTIONS = 4
"""The menu of lessons before they are listed: next, previous, close, a line."""


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
        self.controller = Controller(session, self)
        self._make_parts()
        self._lay_out()
        self._make_menus()
        self.set_theme(theme)
        self._router = InputRouter(self)
        QApplication.instance().installEventFilter(self._router)
        wire(self)
        explain(self)
        self.controller.start()
        self.setAcceptDrops(True)
        self.board.contour.setFocus()

    def _make_parts(self) -> None:
        theme = self.theme
        self.actions_by_name = make_actions(self)
        self.board = Board(theme, [kind.name for kind in VIEWS if kind.dock is None])
        self.panel = Panel(theme)
        self.view_docks = ViewDocks(self, theme, self.controller.experiment.objective)
        self.arithmetic, self.layers_dock = self.view_docks.views["step"], self.view_docks.docks["layers"]
        transport = [self.actions_by_name[name] for name in ("reset", "back", "play", "step", "end")]
        self.timeline = Timeline(transport, [self.actions_by_name["fork"]])
        self._hint = Hint()
        self.hint = self._hint.label
        self.painting = PaintingTurns([*self.views.values(), self.timeline])
        self.exporting = Exporting(self)
        self.sessions = Sessions(self)
        self.intents = Intents(self)
        self.checking = Checking(self)
        self.importing = Importing(self)
        self.lesson = LessonBar(
            [self.actions_by_name[name] for name in ("previous_lesson", "next_lesson", "close_lesson")]
        )

    def _lay_out(self) -> None:
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget, stretch in ((self.board, 1), (self._hint, 0), (self.exporting.bar, 0), (self.timeline, 0)):
            layout.addWidget(widget, stretch)
        self.setCentralWidget(middle)
        left = Qt.DockWidgetArea.LeftDockWidgetArea
        self._docks = [self._dock("Controls", self.panel, left), self.view_docks.first]
        self.resizeDocks(self._docks, [300, 300], Qt.Orientation.Horizontal)
        self.lesson_dock = QDockWidget("Lesson", objectName="dock_lesson")
        self.lesson_dock.setWidget(self.lesson)
        no_title = QWidget()  # the lesson has one of its own
        QVBoxLayout(no_title).setContentsMargins(0, 0, 0, 0)
        self.lesson_dock.setTitleBarWidget(no_title)
        self.addDockWidget(Qt.DockWidgetArea.TopDockWidgetArea, self.lesson_dock)
        self.lesson_dock.hide()

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(f"dock_{widget.objectName()}")
        dock.setWidget(Column(widget))
        self.addDockWidget(area, dock)
        return dock

    def _make_menus(self) -> None:
        for title, names in MENUS.items():
            menu = self.menuBar().addMenu(title)
            for name in names:
                menu.addAction(self.actions_by_name[name])
            if title == "&View":
                menu.addSeparator()
                for dock in (self._docks[0], *self.view_docks.docks.values(), self.lesson_dock):
                    menu.addAction(dock.toggleViewAction())
            if title == "&File":
                self._recent = QMenu("Open recent", menu, objectName="recent")
                self._recent.aboutToShow.connect(self._list_recent)
                menu.insertMenu(self.actions_by_name["save_session"], self._recent)
            if title == "Lesso&ns":
                menu.addSeparator()
                menu.aboutToShow.connect(lambda menu=menu: self._list_lessons(menu))

    def _list_recent(self) -> None:
        self._recent.clear()
        for path in self.memory.recent if self.memory is not None else ():
            self._recent.addAction(untouched(visible(path)), lambda path=path: self.sessions.open(path))

    def _list_lessons(self, menu: QMenu) -> None:
        """Add the lessons to their menu when it is opened for the first time; to read them takes a moment."""
        if len(menu.actions()) == LESSON_ACTIONS:
            for index, session in enumerate(lessons()):
                title = session.lesson.title if session.lesson else ""
                menu.addAction(f"{index + 1}  {title}", lambda index=index: self.sessions.show_lesson(index))

    @property
    def views(self) -> dict[str, View]:
        """The views by their names: those of the board, then those in docks."""
        return {**self.board.views, **self.view_docks.views}

    def action(self, name: str) -> QAction:
        """Return an action by its name."""
        return self.actions_by_name[name]

    # -- what the controller tells

    def show_experiment(self, experiment: Experiment, selected: int) -> None:
        """Show the experiment in the panel."""
        self.panel.show_experiment(experiment, selected)
        self.board.show_data(experiment.objective)
        self.view_docks.show_data(experiment.objective)
        self.action("undo").setEnabled(self.controller.history.can_undo)
        self.action("redo").setEnabled(self.controller.history.can_redo)

    def show_lesson(self, lesson: Lesson | None) -> None:
        """Show what a lesson says, above the views; None: there is none."""
        self.lesson_dock.setVisible(lesson is not None)
        if lesson is not None:
            self.lesson.show_lesson(lesson)
        at = number_of(lesson)
        self.action("previous_lesson").setEnabled(at is not None and at > 0)
        self.action("next_lesson").setEnabled(at is None or at < len(lessons()) - 1)

    def say(self, text: str, offer: QAction | None = None) -> None:
        """Say something below the views, and offer an action beside it."""
        self._hint.say(text, offer)

    def show_playing(self, playing: bool) -> None:
        """Show on the button whether the cursor moves."""
        self._playing = playing
        self._draw_icons()
        self._hint.hide()

    def _draw_icons(self) -> None:
        for name in ("reset", "back", "play", "step", "end"):
            shape = "pause" if name == "play" and self._playing else name
            self.action(name).setIcon(transport_icon(shape, self.theme.text, self.theme.line))

    # -- looks

    def set_theme(self, theme: Theme) -> None:
        """Draw everything in the colours of `theme`."""
        self.theme = theme
        QApplication.instance().setPalette(theme.palette())
        self.setStyleSheet(
            f"QLabel[problem='true'] {{ color: {theme.warning}; }}"
            f"#hint {{ color: {theme.quiet}; padding: 3px; }}"
            f"QSplitter::handle {{ background: {theme.line}; }}"
        )
        self._draw_icons()
        for view in (self.board, self.view_docks, self.panel):
            view.set_theme(theme)

    def use_usual_layout(self) -> None:
        """Put everything where it was when the program was new."""
        controls = self._docks[0]
        controls.setFloating(False)
        controls.show()
        self.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, controls)
        self.view_docks.use_usual_places()
        self.resizeDocks(self._docks, [300, 300], Qt.Orientation.Horizontal)
        self.board.use_usual_sizes()

    def switch_theme(self) -> None:
        """Change between light and dark."""
        other = DARK if self.theme.name == "light" else LIGHT
        kept = {name: getattr(self.theme, name) for name in ("path_width", "marker_size", "type_size")}
        self.set_theme(replace(other, **kept))

    def switch_full_screen(self) -> None:
        """Fill the screen, with type and lines for the last row; or go back."""
        full = not self.isFullScreen()
        if full:
            self._usual_widths = [dock.width() for dock in self._docks]
            # Larger type may need more room than there still is: to give it that would end the full screen.
            self.layout().setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        self._enlarge(full)
        # Once all that was measured in the other type is measured anew.
        QTimer.singleShot(0, self, lambda: self.resizeDocks(self._docks, self._usual_widths, Qt.Orientation.Horizontal))
        if not full:
            self.layout().setSizeConstraint(QLayout.SizeConstraint.SetDefaultConstraint)

    def _enlarge(self, is_large: bool) -> None:
        font = QApplication.font()
        font.setPointSizeF(font.pointSizeF() * 1.3 if is_large else font.pointSizeF())
        for widget in (self, *self.findChildren(QWidget)):  # a style sheet keeps a font from being inherited
            widget.setFont(font)
        base = DARK if self.theme.name == "dark" else LIGHT
        scale = 1.5 if is_large else 1.0
        larger = {"path_width": base.path_width * scale, "marker_size": base.marker_size * scale}
        self.set_theme(replace(base, **larger, type_size=font.pointSizeF() if is_large else 0.0))

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
            self.memory.save(self)
        if self.reopening is not None:
            self.reopening.keep()
        if self.autosave is not None:
            self.autosave.stop()
        self.exporting.cancel()
        QApplication.instance().removeEventFilter(self._router)
        self.painting.stop()
        self.checking.stop()
        self.importing.stop()
        self.controller.close()
        super().closeEvent(event)
