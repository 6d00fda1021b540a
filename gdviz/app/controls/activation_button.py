"""What the neurons of a layer compute, as a button with the function's curve and a menu of all of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPalette, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton

from gdviz.app.controls.keys import reach_by_tab
from gdviz.objectives.network.activations import ACTIVATIONS
from gdviz.views.words import set_tip

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QColor

__all__ = ["ActivationButton"]

CURVE = QSize(28, 18)
SMALL, MARGIN = 0.88, 8
"""The share of the usual type's size, and pixels beside the text: four of these fit side by side."""
REACH, LEAK = 3.0, 0.15
"""How far from 0 a curve is drawn; a leak that can be seen at this size."""


class ActivationButton(QToolButton):
    """Shows one activation; a press offers all of them, the arrow keys go from one to the next.

    Signals
    -------
    chosen(str)
        The activation that was chosen.
    """

    chosen = Signal(str)

    def __init__(self, layer: int) -> None:
        super().__init__()
        self._about = f"What the neurons of hidden layer {layer} compute"
        self.setObjectName(f"activation_{layer}")
        self.name = ""
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(CURVE)
        font = self.font()
        font.setPointSizeF(SMALL * font.pointSizeF())
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        menu = QMenu(self)
        for activation in ACTIVATIONS:
            menu.addAction(f"{activation.name}:  {activation.formula}").triggered.connect(
                partial(self._choose, activation.name)
            )
        self.setMenu(menu)
        reach_by_tab(self)
        self.show_name(ACTIVATIONS[0].name)

    def show_name(self, name: str) -> None:
        """Show an activation, without saying that it was chosen."""
        self.name = name
        self.setText(name)
        self.setAccessibleName(f"{self._about}: {name}")
        set_tip(self, f"{self._about}: {name}, a = {ACTIVATIONS[name].formula}")
        self._draw()

    def sizeHint(self) -> QSize:
        """Return room for the longest name, whichever is shown, so that nothing shifts."""
        widest = max(map(self.fontMetrics().horizontalAdvance, ACTIVATIONS.names))
        return QSize(widest + MARGIN, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the same."""
        return self.sizeHint()

    def _choose(self, name: str) -> None:
        if name != self.name:
            self.show_name(name)
            self.chosen.emit(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next activation on the arrow down, to the one before on the arrow up."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        names = list(ACTIVATIONS.names)
        self._choose(names[(names.index(self.name) + step) % len(names)])

    def changeEvent(self, event: QEvent) -> None:
        """Draw the curves in the colours of another theme."""
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange and self.name:
            self._draw()

    def _draw(self) -> None:
        ratio = self.devicePixelRatioF()
        color, line = (self.palette().color(role) for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Mid))
        for name, action in zip(ACTIVATIONS.names, self.menu().actions(), strict=True):
            action.setIcon(_curve(name, color, line, ratio))
        self.setIcon(_curve(self.name, color, line, ratio))


def _curve(name: str, color: QColor, line: QColor, ratio: float) -> QIcon:
    """Return the curve of an activation over the axis."""
    picture = QPixmap(CURVE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    z = np.linspace(-REACH, REACH, 60)
    a = np.clip(ACTIVATIONS[name].f(z, LEAK), -1.25, 1.25)
    x = (z / REACH + 1) / 2 * (CURVE.width() - 4) + 2
    y = CURVE.height() / 2 - a * (CURVE.height() / 2 - 2) / 1.25
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(line, 1))
        painter.drawLine(QPointF(2, CURVE.height() / 2), QPointF(CURVE.width() - 2, CURVE.height() / 2))
        painter.setPen(QPen(color, 1.6))
        painter.drawPolyline(QPolygonF([QPointF(*point) for point in zip(x.tolist(), y.tolist(), strict=True)]))
    return QIcon(picture)
