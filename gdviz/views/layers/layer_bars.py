"""What each layer of a network puts out and how steep the error is in its weights, in rows below its neurons."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from gdviz.notation.numbers import SUPERSCRIPT, short
from gdviz.views.ink import polygon
from gdviz.views.layers.neurons import fitting
from gdviz.views.palette import blend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from gdviz.explaining.inside import Inside, LayerInside
    from gdviz.views.theme import Theme

__all__ = ["Bars"]

LOWEST, HIGHEST = -6.0, 1.0
"""The powers of ten that a bar reaches from and to: always the same, so that frames can be compared."""
VANISHED, EXPLODED = 1e-3, 1e3
"""A gradient is out of proportion below this share of the greatest layer's, and above this number."""
IDLE = {"relu": "dead", "tanh": "saturated", "logistic": "saturated"}
"""What a neuron is called that learns nothing any more."""
GAP = 5.0
CENTER = int(Qt.AlignmentFlag.AlignCenter)
LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


class Bars:
    """Four rows: the outputs' histogram, their spread, the gradient, and the neurons that learn nothing any more.

    Parameters
    ----------
    painter, theme
        With what, in which colours.
    xs, wide
        The middle of each layer's column, and how wide it is.
    left, chart
        Where the rows' names begin, and how high a histogram or the longest bar is.
    """

    def __init__(
        self, painter: QPainter, theme: Theme, xs: Sequence[float], wide: float, left: float, chart: float
    ) -> None:
        self._painter, self._theme, self._left, self._chart = painter, theme, left, chart
        self._columns = [(x - wide / 2, wide) for x in xs]
        self._metrics = QFontMetricsF(painter.font())
        self._line = self._metrics.height()

    @property
    def height(self) -> float:
        """How high the rows are together."""
        return 4 * self._line + 3 * self._chart + 3 * GAP

    def paint(self, top: float, inside: Inside) -> None:
        """Paint the rows from `top` on."""
        chart, line = self._chart, self._line
        steepest = max((layer.slope for layer in inside.layers if math.isfinite(layer.slope)), default=0.0)
        spread, gradient = top + line + chart + GAP, top + 2 * (line + chart + GAP)
        for name, y in (("outputs", top), ("spread", spread), ("gradient", gradient)):
            self._name(name, y + line, chart)
        for (x, wide), layer in zip(self._columns, inside.layers, strict=True):
            name = fitting(self._painter, wide + 2 * GAP, layer.activation)
            self._write(QRectF(x - GAP, top, wide + 2 * GAP, line), name, self._theme.text)
            self._histogram(QRectF(x, top + line, wide, chart), layer)
            self._bar(QRectF(x, spread, wide, line + chart), layer.spread, self._theme.quiet)
            is_odd = not steepest * VANISHED <= layer.slope <= EXPLODED
            self._bar(QRectF(x, gradient, wide, line + chart), layer.slope, self._theme.gradient, is_odd)
        self._idle(top + 3 * (line + chart + GAP), inside)

    def _name(self, text: str, y: float, height: float) -> None:
        """Write what a row shows, beside its charts."""
        room = self._columns[0][0] - self._left - GAP
        self._write(QRectF(self._left, y, room, height), text, self._theme.quiet, LEFT)

    def _write(self, box: QRectF, text: str, color: str, where: int = CENTER) -> None:
        self._painter.setPen(QColor(color))
        self._painter.drawText(box, where, self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width()))

    def _histogram(self, box: QRectF, layer: LayerInside) -> None:
        """Paint the shares of the bins as steps; the highest is as high as the box."""
        shares = layer.histogram / (layer.histogram.max() or 1.0)
        x = box.left() + np.repeat(np.linspace(0, box.width(), len(shares) + 1), 2)[1:-1]
        y = box.bottom() - np.repeat(shares, 2) * box.height()
        ends = [[box.left(), box.bottom()], [box.right(), box.bottom()]]
        self._track(box)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(blend(self._theme.base, self._theme.quiet, 0.7))
        self._painter.drawPolygon(polygon(np.vstack([ends[0], np.stack([x, y], axis=1), ends[1]])))

    def _bar(self, box: QRectF, value: float, color: str, is_odd: bool = False) -> None:
        """Write a number, and paint it below on a logarithmic scale."""
        text = fitting(self._painter, box.width() + 2 * GAP, *_ways_to_write(value))
        line = QRectF(box.left() - GAP, box.top(), box.width() + 2 * GAP, self._line)
        self._write(line, text, self._theme.warning if is_odd else self._theme.text)
        room = box.adjusted(0, self._line, 0, 0)
        self._track(room)
        share = (math.log10(value) - LOWEST) / (HIGHEST - LOWEST) if 0 < value < math.inf else float(value > 0)
        high = min(max(share, 0.0), 1.0) * room.height()
        bar = QRectF(room.left(), room.bottom() - high, room.width(), high)
        self._painter.fillRect(bar, blend(self._theme.base, color, 0.45))
        self._painter.fillRect(QRectF(bar.left(), bar.top(), bar.width(), 2), QColor(color))

    def _track(self, box: QRectF) -> None:
        self._painter.fillRect(box, blend(self._theme.base, self._theme.line, 0.35))

    def _idle(self, y: float, inside: Inside) -> None:
        """Write the share of neurons that learn nothing any more; the outputs always do."""
        layers = inside.layers[:-1]
        kinds = dict.fromkeys(IDLE[layer.activation] for layer in layers if layer.activation in IDLE)
        if kinds:
            name = next(iter(kinds)) if len(kinds) == 1 else "dead or sat."
            self._name(name, y, self._line)
        for (x, wide), layer in zip(self._columns, layers, strict=False):
            if layer.activation in IDLE:
                color = self._theme.warning if layer.idle else self._theme.quiet
                self._write(QRectF(x - GAP, y, wide + 2 * GAP, self._line), f"{100 * layer.idle:.0f} %", color)


def _ways_to_write(value: float) -> list[str]:
    """Return a number with fewer and fewer digits, at last as a power of ten."""
    if value == 0 or not math.isfinite(value):
        return [short(value)]
    power = math.floor(math.log10(abs(value)) + 0.5)
    return [short(value), short(float(f"{value:.0e}")), f"10{str(power).translate(SUPERSCRIPT)}"]
