"""A network drawn: columns of neurons, and their weights as lines between them, or as a map where they are too many."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from gdviz.notation.numbers import short
from gdviz.views.palette import blend, sign_colors, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Array
    from gdviz.views.theme import Theme

__all__ = ["fitting", "paint_network"]

MOST = 16
"""Neurons of a column; a layer of more is a map of its weights in place of lines."""
CLOSEST, FARTHEST = 8.0, 26.0
"""Pixels from neuron to neuron."""
SHARES = (0.1, 0.3, 0.55, 0.8)
"""From these shares of a layer's largest weight on, a line is wider and less faint; below the first there is none."""
FINEST = 128
"""Rows and columns of a map; of a larger matrix evenly spaced ones."""
CENTER = int(Qt.AlignmentFlag.AlignCenter)


def paint_network(
    painter: QPainter, theme: Theme, area: QRectF, xs: Sequence[float], sizes: Sequence[int], weights: Sequence[Array]
) -> None:
    """Paint a column of neurons for each layer, and the weights between them.

    Parameters
    ----------
    painter
        What paints.
    theme
        Colours and sizes.
    area
        The part of the view to fill.
    xs
        Where each layer stands, in pixels.
    sizes
        The number of neurons in each layer.
    weights
        The matrix of each layer, shape (inputs, outputs).
    """
    line = QFontMetricsF(painter.font()).height()
    room = area.adjusted(0, line + 2, 0, -line - 2)  # for the largest weight, and for the number of neurons left out
    columns = [_places(x, room, size) for x, size in zip(xs, sizes, strict=True)]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for (left, right), W in zip(pairwise(columns), weights, strict=True):
        most = float(np.abs(np.nan_to_num(W)).max())
        gap = QRectF(QPointF(left[0].x(), area.top()), QPointF(right[0].x(), area.bottom()))
        if max(W.shape) > MOST:
            _paint_map(painter, theme, gap.adjusted(12, line + 2, -12, -line - 2), W, most)
        else:
            _paint_lines(painter, theme, left, right, W, most)
        painter.setPen(QColor(theme.quiet))
        text = fitting(painter, gap.width() - 4, f"|W| ≤ {short(most)}", short(most), short(float(f"{most:.0e}")))
        painter.drawText(QRectF(gap.left(), gap.top(), gap.width(), line), CENTER, text)
    for places, size in zip(columns, sizes, strict=True):
        _paint_column(painter, theme, places, size, line)


def fitting(painter: QPainter, room: float, *ways: str) -> str:
    """Return the first of several ways to say something that there is room for; empty where there is none."""
    metrics = QFontMetricsF(painter.font())
    return next((way for way in ways if metrics.horizontalAdvance(way) <= room), "")


def _places(x: float, room: QRectF, neurons: int) -> list[QPointF]:
    """Return where the neurons of a column are drawn, those that there is room for."""
    count = max(2, min(neurons, MOST, int(room.height() / CLOSEST) + 1)) if neurons > 1 else 1
    step = min(FARTHEST, room.height() / max(count - 1, 1))
    return [QPointF(x, room.center().y() + (row - (count - 1) / 2) * step) for row in range(count)]


def _paint_lines(
    painter: QPainter, theme: Theme, left: list[QPointF], right: list[QPointF], W: Array, most: float
) -> None:
    """Paint a line for each weight: its sign is the colour, its size the width; the largest last."""
    shares = np.nan_to_num(W[: len(left), : len(right)] / (most or 1.0))
    for level, (low, high) in enumerate(pairwise((*SHARES, np.inf))):
        for color, part in zip(sign_colors(theme.base), (-shares, shares), strict=True):
            # Qt draws what is not translucent eight times as fast.
            painter.setPen(QPen(blend(theme.base, color, 0.25 + 0.22 * level), 1 + 0.6 * level))
            where = np.argwhere((part >= low) & (part < high)).tolist()
            painter.drawLines([QLineF(left[i], right[j]) for i, j in where])


def _paint_map(painter: QPainter, theme: Theme, box: QRectF, W: Array, most: float) -> None:
    """Paint a matrix as a map, a row for each input and a column for each neuron."""
    rows, columns = (-(-size // FINEST) for size in W.shape)
    colors = signed(theme.base, W[::rows, ::columns], most)
    pixels = np.full((*colors.shape[:2], 4), 255, np.uint8)
    pixels[..., :3] = colors[..., ::-1]
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(box, image)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(box)


def _paint_column(painter: QPainter, theme: Theme, places: list[QPointF], neurons: int, line: float) -> None:
    """Paint the neurons that there is room for, and the number of the others."""
    step = places[1].y() - places[0].y() if len(places) > 1 else FARTHEST
    radius = min(4.5, 0.36 * step)
    painter.setPen(QPen(QColor(theme.text), 1.2))
    painter.setBrush(QColor(theme.base))
    for place in places:
        painter.drawEllipse(place, radius, radius)
    if neurons > len(places):
        below = QRectF(places[-1].x() - 40, places[-1].y() + radius, 80, line)
        painter.setPen(QColor(theme.quiet))
        painter.drawText(below, CENTER, f"+{neurons - len(places)}")
