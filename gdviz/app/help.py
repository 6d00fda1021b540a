"""What is this? An answer for every view: behind the sign in its corner, and where Shift+F1 points at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QAbstractScrollArea, QToolButton, QWhatsThis, QWidget

from gdviz.app.actions import ACTIONS, OTHER_KEYS, native
from gdviz.app.controls.keys import reach_by_tab
from gdviz.app.controls.parts import show_text
from gdviz.views.view import VIEWS, widget_of
from gdviz.views.words import named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QMainWindow

    from gdviz.views.view import View

__all__ = ["ABOUT", "explain_controls", "explain_views", "show_keys"]

ABOUT = {
    "timeline": (
        "<b>Time.</b> Drag to any update; Space lets it run, ← and → step. Up to 2 updates a second every "
        "update unfolds in its stages: gradient, memory, scaling, step. The dashed mark is the selected run's rounding "
        "horizon."
    ),
    "strip": (
        "<b>Who is who, and how far.</b> Each run's marker, name and error now; the least error is bold. A click "
        "selects a run, a double click shows it alone, a click with Ctrl hides it or brings it back."
    ),
    "runs": (
        "<b>The runs that race.</b> Each has a colour and a marker, everywhere the same. The box "
        "shows or hides it, a double click renames it, dragging moves it; a right click offers more."
    ),
    "lesson": ("<b>A lesson.</b> What is to be seen, a question, and something to try. N goes on to the next one."),
}
"""What is no view, by the objectName of the widget."""
MARGIN = 4


class Sign(QToolButton):
    """A question mark in the corner of a view; pressed, it says what the view is."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        named(self, f"about_{view.objectName()}", "What is this?", "What is this?").setText("?")
        self.setAutoRaise(True)
        self.setFixedSize(20, 20)
        reach_by_tab(self)
        self._view = view
        view.installEventFilter(self)
        self.clicked.connect(self._answer)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        self.move(self._view.width() - self.width() - MARGIN, MARGIN)

    def _answer(self) -> None:
        QWhatsThis.showText(self.mapToGlobal(QPoint(0, self.height())), self._view.whatsThis(), self._view)


def explain_views(views: Mapping[str, View]) -> None:
    """Give views their answer and their sign, by their names."""
    for name, view in views.items():
        _answer(widget_of(view), VIEWS[name].about)
        Sign(widget_of(view)).show()


def explain_controls(window: QMainWindow) -> None:
    """Give every part of a window that is no view its answer: a control what its tooltip says."""
    for name, text in ABOUT.items():
        for widget in window.findChildren(QWidget, name):
            _answer(widget, text)
    for widget in window.findChildren(QWidget):
        if widget.toolTip() and not widget.whatsThis():
            widget.setWhatsThis(widget.toolTip())


def _answer(widget: QWidget, text: str) -> None:
    """Let a widget answer what it is."""
    widget.setWhatsThis(text)
    if isinstance(widget, QAbstractScrollArea):
        widget.viewport().setWhatsThis(text)


def show_keys(window: QMainWindow) -> None:
    """Show what the keys do."""
    entries = (*((native(entry), entry.help) for entry in ACTIONS), *OTHER_KEYS)
    rows = "".join(f"<tr><td><b>{keys}</b>&nbsp;&nbsp;</td><td>{about}</td></tr>" for keys, about in entries)
    show_text(window, "Keys", f"<table>{rows}</table>")
