"""Painting paths, markers and arrows: the same strokes in every view and every export."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

if TYPE_CHECKING:
    from gdviz.views.theme import RunStyle

__all__ = ["draw_arrow", "draw_marker", "draw_path"]

LONG = 4000.0
"""Pixels; a path across the whole of a large view has about half as many."""


def draw_path(painter: QPainter, points: np.ndarray, style: RunStyle, width: float = 2.0, faint: bool = False) -> None:
    """Draw a run's path through `points`, pixels of shape (k, 2); a NaN interrupts it.

    A path that goes to and fro over many pixels is drawn thin and without dashes: they could not be told from its
    turns, and they would take most of a frame's time.
    """
    is_long = float(np.nansum(np.abs(np.diff(points, axis=0)))) > LONG
    pen = replace(style, dash=()).pen(width / 2) if is_long else style.pen(width)
    if faint:
        color = QColor(style.color)
        color.setAlphaF(0.35)
        pen.setColor(color)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_long)
    painter.setPen(pen)
    gaps = np.flatnonzero(np.isnan(points[:, 0]) | np.isnan(points[:, 1]))
    if not len(gaps):
        painter.drawPolyline(polygon(points))
        return
    for piece in np.split(points, gaps):
        piece = piece[np.isfinite(piece).all(axis=1)]
        if len(piece) > 1:
            painter.drawPolyline(polygon(piece))


def polygon(points: np.ndarray) -> QPolygonF:
    """Return `points`, shape (k, 2), as Qt's polygon."""
    points = np.clip(points, -1e5, 1e5)
    return pg.functions.arrayToQPolygonF(points[:, 0], points[:, 1])


def draw_marker(painter: QPainter, point: np.ndarray, style: RunStyle, paper: str, size: float = 12.0) -> None:
    """Draw a run's marker at `point`, pixels of shape (2,), with a rim in the colour `paper`."""
    if not np.isfinite(point).all():
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    painter.translate(QPointF(*point))
    painter.setPen(QPen(QColor(paper), 1.5))
    painter.setBrush(QColor(style.color))
    painter.drawPath(_symbol(style.marker, size))
    painter.restore()


@lru_cache(maxsize=64)
def _symbol(marker: str, size: float) -> QPainterPath:
    return pg.QtGui.QTransform.fromScale(size, size).map(Symbols[marker])


def draw_arrow(painter: QPainter, tail: np.ndarray, tip: np.ndarray, color: str, width: float = 2.5) -> None:
    """Draw an arrow from `tail` to `tip`, pixels of shape (2,); nothing where it would be shorter than its line."""
    length = math.hypot(*(tip - tail))
    if not math.isfinite(length) or length < 2 * width:
        return
    along = (tip - tail) / length
    across = np.array([-along[1], along[0]])
    head = min(5 * width, length)
    base = tip - head * along
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(color), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QPointF(*tail), QPointF(*base))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawPolygon(polygon(np.array([tip, base + 0.45 * head * across, base - 0.45 * head * across])))
