"""Painting paths, markers and arrows: the same strokes in every view and every export."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPainterPath, QPen, QPolygonF, QTransform

if TYPE_CHECKING:
    from gdviz.views.theme import RunStyle

__all__ = ["draw_arrow", "draw_marker", "draw_path"]

MANY = 60
"""Strokes from which on it matters how fast one is drawn."""
LARGER = {"star": 1.35}
"""Factor on the size of a shape that covers less than others of its size."""
LONG = 4000.0
"""Pixels; a path across the whole of a large view has about half as many."""


def draw_path(painter: QPainter, points: np.ndarray, style: RunStyle, width: float = 2.0, faint: bool = False) -> None:
    """Draw a run's path through `points`, pixels of shape (k, 2); a NaN interrupts it.

    A path that goes to and fro over many pixels is drawn thin and without dashes: they could not be told from its
    turns, and they would take most of a frame's time.
    """
    is_there = np.isfinite(points).all(axis=1)
    strokes = np.abs(points[1:] - points[:-1]).sum(axis=1)
    is_long = float(strokes[is_there[1:] & is_there[:-1]].sum()) > LONG
    # Qt draws a line of one pixel ten times as fast as a wider one, so many strokes are drawn as a bundle of thin ones.
    is_thin = len(points) > MANY and width > 1 and not is_long and _is_screen(painter)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_long)
    painter.setPen(_pen(style, width, is_long, is_thin, faint))
    pieces = [points] if is_there.all() else [points[run] for run in _runs(is_there)]
    for piece in pieces:
        line = polygon(piece)
        for x, y in _bundle(width) if is_thin and not faint else ((0.0, 0.0),):
            painter.translate(x, y)
            painter.drawPolyline(line)
            painter.translate(-x, -y)


def _runs(mask: np.ndarray) -> list[slice]:
    """Return where the mask holds, as slices of at least two."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]])))
    return [slice(first, last) for first, last in edges.reshape(-1, 2).tolist() if last - first > 1]


@lru_cache(maxsize=256)
def _pen(style: RunStyle, width: float, is_long: bool, is_thin: bool, faint: bool) -> QPen:
    pen: QPen = replace(style, dash=()).pen(width / 2) if is_long else style.pen(width)
    if is_thin:
        pen.setWidthF(1.0)
        pen.setDashPattern([width * dash for dash in style.dash])
    if faint:
        color = QColor(style.color)
        color.setAlphaF(0.35)
        pen.setColor(color)
    return pen


def _is_screen(painter: QPainter) -> bool:
    is_raster = painter.paintEngine().type() == QPaintEngine.Type.Raster
    return is_raster and painter.device().devicePixelRatioF() == 1


@cache
def _bundle(width: float) -> list[tuple[float, float]]:
    """Return where the thin lines lie that look like a line of `width`."""
    radius = 0.6 * (width - 1)
    return [(radius * math.cos(angle), radius * math.sin(angle)) for angle in np.pi * np.array([0.5, 7 / 6, 11 / 6])]


def polygon(points: np.ndarray) -> QPolygonF:
    """Return `points`, shape (k, 2), as Qt's polygon."""
    points = np.clip(points, -1e5, 1e5)
    line: QPolygonF = pg.functions.arrayToQPolygonF(points[:, 0], points[:, 1])
    return line


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
    symbol: QPainterPath = Symbols[marker]
    scale = size * LARGER.get(marker, 1.0)
    return QTransform.fromScale(scale, scale).map(symbol)


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
