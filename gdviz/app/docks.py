"""The docks around the board: the lesson above, the controls on the left, the views that have docks on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDockWidget, QVBoxLayout, QWidget

from gdviz.app.controls.parts import Column
from gdviz.views.view import VIEWS, widget_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMainWindow

    from gdviz.objectives import Objective
    from gdviz.views.theme import Theme
    from gdviz.views.view import View, ViewKind

__all__ = ["Docks"]

TOP, LEFT, RIGHT = (
    Qt.DockWidgetArea.TopDockWidgetArea,
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
)
WIDTH = 300
"""Pixels of the docks on the left and on the right."""


class Docks(QObject):
    """The docks of a window; those of the views stand one over the other, the first one in front.

    Parameters
    ----------
    window
        The window that they are added to.
    panel, lesson
        The controls, and the text of a lesson.
    theme
        The colours.
    objective
        What is shown first; a view that has nothing to show of it is not offered.

    Signals
    -------
    tab_chosen(object)
        The name of the view that is in front of the others now; None: the first one.
    """

    tab_chosen = Signal(object)

    def __init__(
        self, window: QMainWindow, panel: QWidget, lesson: QWidget, theme: Theme, objective: Objective
    ) -> None:
        super().__init__(window)
        self._window = window
        self.views: dict[str, View] = {}
        self._docks: dict[str, QDockWidget] = {}
        self.panel = self._add("Controls", "panel", Column(panel), LEFT)
        self.add_views([kind for kind in VIEWS if kind.dock is not None], theme, objective)
        window.resizeDocks([self.panel, self.first], [WIDTH, WIDTH], Qt.Orientation.Horizontal)
        self.lesson = self._add("Lesson", "lesson", lesson, TOP)
        no_title = QWidget()  # the lesson has one of its own
        QVBoxLayout(no_title).setContentsMargins(0, 0, 0, 0)
        self.lesson.setTitleBarWidget(no_title)
        self.lesson.hide()
        window.tabifiedDockWidgetActivated.connect(self._tell_tab)

    def _add(self, title: str, name: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(f"dock_{name}")
        dock.setWidget(widget)
        self._window.addDockWidget(area, dock)
        return dock

    def add_views(self, kinds: Sequence[ViewKind], theme: Theme, objective: Objective) -> None:
        """Make views and their docks; one that has nothing to show of the objective is not offered."""
        for kind in kinds:
            self._add_view(kind, theme, kind.is_for(objective))
        self._put_in_place()

    def _add_view(self, kind: ViewKind, theme: Theme, is_offered: bool) -> None:
        view = self.views[kind.name] = kind.make(theme)
        widget = widget_of(view)
        scrolls = kind.dock is not None and kind.dock.scrolls
        dock = self._add(kind.title, widget.objectName(), Column(widget) if scrolls else widget, RIGHT)
        dock.setVisible(is_offered)
        dock.toggleViewAction().setVisible(is_offered)
        self._docks[kind.name] = dock

    @property
    def first(self) -> QDockWidget:
        """The dock of a view that is in front of the others."""
        return next(iter(self._docks.values()))

    def __getitem__(self, view: str) -> QDockWidget:
        """Return the dock of a view by the view's name."""
        return self._docks[view]

    def actions(self) -> list[QAction]:
        """Return an action for each dock that shows or hides it."""
        return [dock.toggleViewAction() for dock in (self.panel, *self._docks.values(), self.lesson)]

    def _put_in_place(self) -> None:
        for dock in self._docks.values():
            if dock is not self.first:
                self._window.tabifyDockWidget(self.first, dock)
        self.first.raise_()

    def show_data(self, objective: Objective) -> None:
        """Offer the views that have something to show of the objective; who closed one does not want it back."""
        for name, dock in self._docks.items():
            is_there = VIEWS[name].is_for(objective)
            if is_there != dock.toggleViewAction().isVisible():
                dock.toggleViewAction().setVisible(is_there)
                dock.setVisible(is_there)
                self.first.raise_()

    def show_tab(self, view: str | None) -> None:
        """Bring the dock of a view to the front, if it is offered; None: the first one."""
        dock = self.first if view is None else self._docks.get(view)
        if dock is not None and dock.toggleViewAction().isVisible():
            dock.raise_()

    def _tell_tab(self, dock: QDockWidget) -> None:
        name = next((name for name, one in self._docks.items() if one is dock), None)
        if name is not None:
            self.tab_chosen.emit(None if dock is self.first else name)

    def widths(self) -> list[int]:
        """Return the widths of the controls and of the views, in pixels."""
        return [dock.width() for dock in (self.panel, self.first)]

    def set_widths(self, widths: list[int]) -> None:
        """Give the controls and the views their widths, in pixels."""
        self._window.resizeDocks([self.panel, self.first], widths, Qt.Orientation.Horizontal)

    def use_usual_places(self) -> None:
        """Put the docks where they were when the program was new."""
        for dock, area in ((self.panel, LEFT), *((dock, RIGHT) for dock in self._docks.values())):
            dock.setFloating(False)
            dock.setVisible(dock.toggleViewAction().isVisible())
            self._window.addDockWidget(area, dock)
        self._put_in_place()
        self.set_widths([WIDTH, WIDTH])

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        for view in self.views.values():
            view.set_theme(theme)
