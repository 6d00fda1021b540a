"""The columns of the network's editor: neurons drawn, and below each hidden layer its number and its activation."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSpinBox, QToolButton, QVBoxLayout, QWidget

from gdviz.app.controls.activation_button import ActivationButton
from gdviz.app.controls.keys import NumberKeys, reach_by_tab
from gdviz.views.words import Label, named, set_tip

__all__ = ["WIDEST", "Columns"]

WIDEST = 512
"""Neurons of a layer that one can choose here."""
DRAWN, DRAWING, DOT, STEP = 7, 84, 7.0, 10.0
"""Most neurons of a column that are drawn, and how high the drawing is, a dot, and from dot to dot."""
HIDDEN, ENDS = 52, 24
"""How wide a column is."""


class Columns(QWidget):
    """The drawing, and below it the controls of each hidden layer.

    Signals
    -------
    resized(int, int), chosen(int, str)
        A hidden layer, the first being 1, and how many neurons or which activation it is to have.
    """

    resized = Signal(int, int)
    chosen = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._sizes: list[int] = []
        self._hidden: list[Hidden] = []
        self._inputs, self._outputs = End("in"), End("out")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, DRAWING, 0, 0)
        self._row.setSpacing(2)
        self._row.addWidget(self._inputs)
        self._row.addWidget(self._outputs)

    def show_layers(self, sizes: list[int], names: list[str]) -> None:
        """Show the layers; columns are made or taken away only where there are more or fewer than before."""
        while len(self._hidden) < len(names):
            column = Hidden(len(self._hidden) + 1)
            column.resized.connect(self.resized)
            column.chosen.connect(self.chosen)
            self._hidden.append(column)
            self._row.insertWidget(len(self._hidden), column, 1)
        while len(self._hidden) > len(names):
            column = self._hidden.pop()
            self._row.removeWidget(column)
            column.setParent(None)
            column.deleteLater()
        self._sizes = list(sizes)
        for column, neurons, name in zip(self._hidden, sizes[1:], names, strict=False):
            column.show_layer(neurons, name)
        self._inputs.show_number(sizes[0])
        self._outputs.show_number(sizes[-1])
        self._row.activate()
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew where the columns lie now."""
        super().resizeEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the neurons and what connects them."""
        widgets = (self._inputs, *self._hidden, self._outputs)
        columns = [
            _places(widget.geometry().center().x() + 0.5, size)
            for widget, size in zip(widgets, self._sizes, strict=True)
        ]
        palette = self.palette()
        quiet, strong = palette.color(QPalette.ColorRole.PlaceholderText), palette.color(QPalette.ColorRole.Accent)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_edges(painter, columns, quiet)
            painter.setPen(Qt.PenStyle.NoPen)
            for index, (places, size) in enumerate(zip(columns, self._sizes, strict=True)):
                painter.setBrush(strong if 0 < index < len(columns) - 1 else quiet)
                for place in places:
                    painter.drawEllipse(place, DOT / 2, DOT / 2)
                if size > DRAWN:
                    self._paint_gap(painter, places)

    def _paint_edges(self, painter: QPainter, columns: list[list[QPointF]], color: QColor) -> None:
        line = QColor(color)
        line.setAlphaF(0.28)
        painter.setPen(QPen(line, 1))
        for left, right in pairwise(columns):
            painter.drawLines([QLineF(one, other) for one in left for other in right])

    def _paint_gap(self, painter: QPainter, places: list[QPointF]) -> None:
        """Say by three small dots that there are more neurons than are drawn."""
        middle = QPointF(places[0].x(), DRAWING / 2)
        for shift in (-1, 0, 1):
            painter.drawEllipse(middle + QPointF(0, 4 * shift), 1.2, 1.2)


def _places(x: float, neurons: int) -> list[QPointF]:
    """Return where the neurons of a column are drawn; of too many the middle one is left out."""
    shown = min(neurons, DRAWN)
    rows = [row for row in range(shown) if neurons <= DRAWN or row != DRAWN // 2]
    return [QPointF(x, DRAWING / 2 + (row - (shown - 1) / 2) * STEP) for row in rows]


class End(QWidget):
    """The number of inputs or of outputs, which the data tells."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._number, label = Label(alignment=Qt.AlignmentFlag.AlignHCenter), Label(name)
        label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 3, 0, 0)
        layout.setSpacing(2)
        for widget in (self._number, label):
            widget.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            layout.addWidget(widget)
        layout.addStretch(1)
        self.setMinimumWidth(ENDS)

    def show_number(self, number: int) -> None:
        """Show how many there are."""
        self._number.setText(str(number))


class Hidden(QWidget):
    """The controls of one hidden layer: its number of neurons, fewer and more, and its activation."""

    resized = Signal(int, int)
    chosen = Signal(int, str)

    def __init__(self, layer: int) -> None:
        super().__init__()
        self._layer = layer
        about = f"Neurons of hidden layer {layer}"
        self.neurons = named(QSpinBox(), f"neurons_{layer}", about, about)
        self.neurons.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.neurons.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.neurons.setKeyboardTracking(False)  # a number counts once it is typed
        self.neurons.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        self.neurons.setRange(1, WIDEST)
        self.neurons.setMinimumWidth(HIDDEN)
        self.neurons.valueChanged.connect(lambda neurons: self.resized.emit(layer, neurons))
        NumberKeys(self.neurons, lambda: self.show_layer(self.neurons.value(), self.activation.name))
        self.activation = ActivationButton(layer)
        self.activation.chosen.connect(lambda name: self.chosen.emit(layer, name))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.neurons)
        layout.addLayout(self._buttons(layer))
        layout.addWidget(self.activation)

    def _buttons(self, layer: int) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        for name, text, what, act in (
            ("fewer", "−", "Fewer", self.neurons.stepDown),
            ("more", "+", "More", self.neurons.stepUp),
        ):
            button = named(QToolButton(), f"{name}_{layer}", f"{what} neurons in hidden layer {layer}")
            button.setText(text)
            button.setAutoRepeat(True)
            set_tip(button, button.accessibleName())
            button.setMinimumSize(QSize(HIDDEN // 2 - 1, 20))
            button.clicked.connect(act)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            reach_by_tab(button)
            buttons.addWidget(button)
        return buttons

    def show_layer(self, neurons: int, activation: str) -> None:
        """Show number and activation, without saying that they were edited."""
        with QSignalBlocker(self.neurons):
            self.neurons.setMaximum(max(WIDEST, neurons))  # elsewhere wider layers can be asked for
            self.neurons.setValue(neurons)
        self.activation.show_name(activation)
