"""Start and goal on the map: a cross and a ring, each with a word where the fewest points of paths lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame
    from gdviz.views.plot import Plot

__all__ = ["paint_landmarks"]

START, GOAL = 5.0, 7.0
"""Radii of the cross and of the ring, in pixels."""
RIM = 1.6


def paint_landmarks(painter: QPainter, plot: Plot, frame: Frame) -> None:
    """Paint the start of the selected run and the known minima, as far as they are in view."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    start = plot.to_pixels(frame.selected_run.path[:1])[0]
    taken = [_paint_cross(painter, plot, start)]
    minima = np.array(frame.objective.minima, float).reshape(-1, 2) if frame.plane is None else np.empty((0, 2))
    for minimum in plot.to_pixels(minima):
        if plot.plot_area().contains(QPointF(*minimum)):
            _paint_ring(painter, plot, minimum)
            if len(minima) == 1:
                _write(painter, plot, frame, "minimum", minimum, GOAL, taken)
    _write(painter, plot, frame, "start", start, START, taken)


def _paint_cross(painter: QPainter, plot: Plot, at: np.ndarray) -> QRectF:
    x, y = at
    for color, width in ((plot.theme.map.casing, RIM + 2.4), (plot.theme.map.goal, RIM)):
        painter.setPen(QPen(QColor(color), width))
        painter.drawLine(QPointF(x - START, y), QPointF(x + START, y))
        painter.drawLine(QPointF(x, y - START), QPointF(x, y + START))
    return QRectF(x - START, y - START, 2 * START, 2 * START)


def _paint_ring(painter: QPainter, plot: Plot, at: np.ndarray) -> None:
    middle = QPointF(*at)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, width in ((plot.theme.map.casing, RIM + 2.4), (plot.theme.map.goal, RIM)):
        painter.setPen(QPen(QColor(color), width))
        painter.drawEllipse(middle, GOAL, GOAL)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(plot.theme.map.goal))
    painter.drawEllipse(middle, 1.8, 1.8)


def _write(
    painter: QPainter, plot: Plot, frame: Frame, word: str, at: np.ndarray, radius: float, taken: list[QRectF]
) -> None:
    """Write a word beside a sign, on the side where the fewest points of paths lie, if it fits on one."""
    metrics = QFontMetricsF(painter.font())
    size = metrics.boundingRect(word).size()
    gap = radius + 6 + size.height() / 2
    side = radius + 6 + size.width() / 2
    points = np.concatenate([np.empty((0, 2)), *(plot.to_pixels(run.path[::8]) for run in frame.runs)])
    rects = []
    for x, y in ((0, gap), (side, 0), (-side, 0), (0, -gap)):
        rect = QRectF(0, 0, size.width(), size.height())
        rect.moveCenter(QPointF(at[0] + x, at[1] + y))
        if plot.plot_area().contains(rect) and not any(rect.intersects(other) for other in taken):
            rects.append(rect)
    if not rects:
        return
    rect = min(rects, key=lambda rect: _covered(points, rect).bit_length())
    taken.append(rect)
    painter.setPen(QColor(plot.theme.map.label))
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), word)


def _covered(points: np.ndarray, rect: QRectF) -> int:
    low, high = [rect.left() - 4, rect.top() - 4], [rect.right() + 4, rect.bottom() + 4]
    return int(np.count_nonzero(((points >= low) & (points <= high)).all(axis=1)))
