"""The docks of the views that have one: on the right of the board, one over the other, the first one in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget

from gdviz.app.controls.parts import Column
from gdviz.views.view import VIEWS, widget_of

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

    from gdviz.objectives import Objective
    from gdviz.views.theme import Theme
    from gdviz.views.view import View, ViewKind

__all__ = ["ViewDocks"]

RIGHT = Qt.DockWidgetArea.RightDockWidgetArea


class ViewDocks:
    """The views that have docks, and the docks, both by the names of the views and in their order.

    Parameters
    ----------
    window
        Whose docks they are.
    theme
        The colours.
    objective
        What is shown first; a view that has nothing to show of it is not offered.
    """

    def __init__(self, window: QMainWindow, theme: Theme, objective: Objective) -> None:
        self._window = window
        self.views: dict[str, View] = {}
        self.docks: dict[str, QDockWidget] = {}
        for kind in VIEWS:
            if kind.dock is not None:
                self._add(kind, theme, kind.is_for(objective))
        self._put_in_place()

    def _add(self, kind: ViewKind, theme: Theme, is_offered: bool) -> None:
        view = self.views[kind.name] = kind.make(theme)
        widget = widget_of(view)
        dock = self.docks[kind.name] = QDockWidget(kind.title)
        dock.setObjectName(f"dock_{widget.objectName()}")
        dock.setWidget(Column(widget) if kind.dock is not None and kind.dock.scrolls else widget)
        self._window.addDockWidget(RIGHT, dock)
        dock.setVisible(is_offered)
        dock.toggleViewAction().setVisible(is_offered)

    @property
    def first(self) -> QDockWidget:
        """The dock that is in front of the others."""
        return next(iter(self.docks.values()))

    def _put_in_place(self) -> None:
        for dock in self.docks.values():
            if dock is not self.first:
                self._window.tabifyDockWidget(self.first, dock)
        self.first.raise_()

    def show_data(self, objective: Objective) -> None:
        """Offer the views that have something to show of the objective; who closed one does not want it back."""
        for name, dock in self.docks.items():
            is_there = VIEWS[name].is_for(objective)
            if is_there != dock.toggleViewAction().isVisible():
                dock.toggleViewAction().setVisible(is_there)
                dock.setVisible(is_there)
                self.first.raise_()

    def hide_what_is_not_offered(self) -> None:
        """Hide the docks that a layout brought back whose views have nothing to show now."""
        for dock in self.docks.values():
            if not dock.toggleViewAction().isVisible():
                dock.hide()

    def use_usual_places(self) -> None:
        """Put the docks where they were when the program was new."""
        for dock in self.docks.values():
            dock.setFloating(False)
            dock.setVisible(dock.toggleViewAction().isVisible())
            self._window.addDockWidget(RIGHT, dock)
        self._put_in_place()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        for view in self.views.values():
            view.set_theme(theme)
