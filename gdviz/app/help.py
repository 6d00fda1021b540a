"""What is this? An answer for every view: behind the sign in its corner, and where Shift+F1 points at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtWidgets import QAbstractScrollArea, QToolButton, QWhatsThis, QWidget

from gdviz.app.actions import ACTIONS, OTHER_KEYS, native
from gdviz.app.controls.keys import reach_by_tab
from gdviz.app.controls.parts import show_text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMainWindow

__all__ = ["ABOUT", "explain", "show_keys"]

ABOUT = {
    "contour": (
        "<b>The error from above.</b> Each place stands for a pair of parameters, its colour and the lines "
        "for the error there: yellow is high, violet low. Every run leaves a path; its marker is where it "
        "stands now, the cross is the start.<p>Click: all runs start there. Drag moves the picture, the wheel"
        " zooms, F brings all paths into view. The arrows (A) show what the selected run's step is made of, G"
        " the gradients of the samples."
    ),
    "surface": (
        "<b>The same error as a landscape.</b> Height and colour are the error, and the paths lie on it; "
        "pieces behind a slope are faint.<p>Drag turns it, the wheel comes nearer, a double click or F goes back."
    ),
    "error_curve": (
        "<b>The error over time.</b> One curve a run, over the updates made; the scale is logarithmic, so a "
        "straight fall means: by the same factor with every update. The line is the update that is "
        "shown. Upright dashes are the selected run's rounding horizon: from there on it amplifies differences in the "
        "16th digit, and other right programs give other numbers.<p>Point at a curve to read its values."
    ),
    "data_fit": (
        "<b>What was learned.</b> The dots are the samples; those of the batch that the last update saw are "
        "ringed. Each curve is one run's output with its parameters of now; of a network with two inputs the "
        "selected run's regions, hollow dots being kept apart for validation; of one with many inputs which classes "
        "it takes for which. A benchmark surface has no samples."
    ),
    "accuracy_curve": (
        "<b>The accuracy over time.</b> The share of samples whose class the network says, one curve a run; dotted: "
        "of the samples that are kept apart for validation. Dropout is off."
    ),
    "layers": (
        "<b>Inside the network of the selected run.</b> The weights, and for each layer how widely its neurons' "
        "outputs and the gradients spread: where they shrink from layer to layer the first ones hardly learn, where "
        "they grow the run may diverge."
    ),
    "arithmetic": (
        "<b>The selected run's last update, as one would work it out by hand.</b> Each line of the rule, and "
        "under it the same line with this update's numbers. A colour means the same as in the arrows: "
        "gradient, memory, scaling.<p>Point at a symbol: its arrow lights up. The bars are the weights of "
        "past gradients in the memory. The gauge shows η·λmax, the step times the curvature, against the "
        "rule's limit; beyond it the run swings and may diverge."
    ),
    "timeline": (
        "<b>Time.</b> Drag to any update; Space lets it run, ← and → step. Up to 2 updates a second every "
        "update unfolds in its stages: gradient, memory, scaling, step. The dashed mark is the selected run's rounding "
        "horizon."
    ),
    "runs": (
        "<b>The runs that race.</b> Each has a colour, a marker and a dash, everywhere the same. The box "
        "shows or hides it, a double click renames it, dragging moves it; a right click offers more."
    ),
    "lesson": ("<b>A lesson.</b> What is to be seen, a question, and something to try. N goes on to the next one."),
}
"""By the objectName of the widget."""
SIGNED = ("contour", "surface", "error_curve", "data_fit", "accuracy_curve", "layers", "arithmetic")
"""The views that have a sign in their corner."""
MARGIN = 4


class Sign(QToolButton):
    """A question mark in the corner of a view; pressed, it says what the view is."""

    def __init__(self, view: QWidget) -> None:
        super().__init__(view, text="?", autoRaise=True, objectName=f"about_{view.objectName()}")
        self.setAccessibleName("What is this?")
        self.setToolTip("What is this?")
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


def explain(window: QMainWindow) -> None:
    """Give every view its answer and its sign, and every control what its tooltip says."""
    for name, text in ABOUT.items():
        widget = window.findChild(QWidget, name)
        widget.setWhatsThis(text)
        if isinstance(widget, QAbstractScrollArea):
            widget.viewport().setWhatsThis(text)
        if name in SIGNED:
            Sign(widget)
    for widget in window.findChildren(QWidget):
        if widget.toolTip() and not widget.whatsThis():
            widget.setWhatsThis(widget.toolTip())


def show_keys(window: QMainWindow) -> None:
    """Show what the keys do."""
    said = (*((native(entry), entry.help) for entry in ACTIONS), *OTHER_KEYS)
    rows = "".join(f"<tr><td><b>{keys}</b>&nbsp;&nbsp;</td><td>{about}</td></tr>" for keys, about in said)
    show_text(window, "Keys", f"<table>{rows}</table>")
