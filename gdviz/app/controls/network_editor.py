"""The layers of a network as columns of neurons, each with its number and what it computes. It only states intents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gdviz.app.controls.keys import reach_by_tab
from gdviz.app.controls.network_columns import WIDEST, Columns
from gdviz.app.model.edits import SetObjective
from gdviz.views.words import named

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from gdviz.objectives.network.network import Network

__all__ = ["NetworkEditor"]

DEEPEST, FIRST = 8, 8
"""Hidden layers that one can choose here, and neurons of the first one that is added."""


class NetworkEditor(QWidget):
    """The network's columns, inputs first; inputs and outputs are those of the data.

    Signals
    -------
    edited(object)
        A SetObjective of the layers such as ``2-16-16-2``, of the activations such as ``tanh-relu``, or of both at
        once: a layer more or less where the layers' activations differ.
    """

    edited = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("network_editor")
        self.setAccessibleName("Layers of the network")
        self._sizes: list[int] = [2, 2]
        self._names: list[str] = []
        self._usual = "tanh"
        self._columns = Columns()
        self._columns.installEventFilter(self)
        self._columns.resized.connect(self._resize)
        self._columns.chosen.connect(self._choose)
        self._area = named(QScrollArea(), "network_columns")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(self._columns)
        self.add_layer = self._button("add_layer", "+ layer", "Add a hidden layer before the outputs", self._add)
        self.remove_layer = self._button("remove_layer", "− layer", "Remove the last hidden layer", self._remove)
        row = QHBoxLayout()
        row.addWidget(self.add_layer)
        row.addWidget(self.remove_layer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._area)
        layout.addLayout(row)
        self._show()

    def _button(self, name: str, text: str, about: str, act: Callable[[], None]) -> QPushButton:
        button = named(QPushButton(text), name, about, about)
        button.clicked.connect(act)
        reach_by_tab(button)
        return button

    # -- showing

    def show_network(self, network: Network) -> None:
        """Show a network's layers, without saying that they were edited."""
        self._sizes = list(network.sizes)
        self._names = [activation.name for activation in network.activations]
        self._usual = network.activation.split("-")[-1]
        self._show()

    def _show(self) -> None:
        self._columns.show_layers(self._sizes, self._names)
        self.add_layer.setEnabled(len(self._names) < DEEPEST)
        self.remove_layer.setEnabled(bool(self._names))
        self._make_room()

    def _make_room(self) -> None:
        bar = self._area.horizontalScrollBar().sizeHint().height()
        is_wide = self._columns.minimumSizeHint().width() > self._area.width()
        self._area.setFixedHeight(self._columns.minimumSizeHint().height() + (bar if is_wide else 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Make room for the columns whenever they need another height: they do once they have the window's font."""
        if watched is self._columns and event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make room for the bar that scrolls, where it is needed."""
        super().resizeEvent(event)
        self._make_room()

    # -- editing

    @property
    def layers(self) -> str:
        """The layers that are shown, such as ``2-16-16-2``."""
        return "-".join(map(str, self._sizes))

    @property
    def activation(self) -> str:
        """The activations that are shown: one for all layers, or one for each such as ``tanh-relu``."""
        return "-".join(self._names) if len(set(self._names)) > 1 else (self._names or [self._usual])[0]

    def _resize(self, layer: int, neurons: int) -> None:
        self._sizes[layer] = neurons
        self.edited.emit(SetObjective("layers", self.layers))

    def _choose(self, layer: int, name: str) -> None:
        self._names[layer - 1] = self._usual = name
        self.edited.emit(SetObjective("activation", self.activation))

    def _add(self) -> None:
        neurons = self._sizes[-2] if self._names else FIRST
        name = self._names[-1] if self._names else self._usual
        self._change([*self._sizes[:-1], min(neurons, WIDEST), self._sizes[-1]], [*self._names, name])

    def _remove(self) -> None:
        self._change([*self._sizes[:-2], self._sizes[-1]], self._names[:-1])

    def _change(self, sizes: list[int], names: list[str]) -> None:
        before = self.activation
        self._sizes, self._names = sizes, names
        self._show()
        differs = "-" in before
        self.edited.emit(SetObjective("layers", self.layers, self.activation if differs else None))
