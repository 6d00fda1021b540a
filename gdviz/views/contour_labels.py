"""The numbers of contour lines: upright, on the line, where nothing else is."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintEngine, QPainter, QPainterPath, QPen

from gdviz.notation.numbers import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.scene.terrain import Terrain
    from gdviz.views.plot import Plot

__all__ = ["ContourLabels", "index_levels"]

APART = 9.0
"""Pixels that a number keeps from paths, from other numbers and from the frame."""
LEAST = 60.0
"""Pixels that a line must reach to have a number."""
EVERY = 14.0
"""Pixels between two places that are tried."""
HALO = 4.0


def index_levels(levels: Sequence[float]) -> list[float]:
    """Return every second level, which has a number: 0.2, 0.4 and so on of 0.1, 0.2 and so on."""
    ordered = sorted(levels)
    if len(ordered) < 4:
        return ordered
    step = ordered[1] - ordered[0]
    first = next((i for i in (0, 1) if abs(ordered[i] / (2 * step) - round(ordered[i] / (2 * step))) < 1e-6), 0)
    return ordered[first::2]


class ContourLabels:
    """The numbers of a map; their places are found once for a terrain and a part of the plane."""

    def __init__(self) -> None:
        self._places: list[tuple[str, QRectF, QPainterPath, QColor]] = []
        self._key: tuple[object, ...] = ()

    @property
    def rects(self) -> list[QRectF]:
        """The rectangles of the numbers, in pixels."""
        return [rect for _, rect, _, _ in self._places]

    def paint(self, painter: QPainter, plot: Plot, terrain: Terrain, paths: Sequence[np.ndarray]) -> None:
        """Paint the numbers that no path comes near.

        Parameters
        ----------
        painter
            Paints on the plot.
        plot, terrain
            Where the numbers are, and what they are of.
        paths
            Pixels of shape (k, 2) each.
        """
        key = (terrain, plot.theme, plot.view_box.viewRange(), plot.plot_area().getRect(), painter.font().toString())
        if key != self._key:
            self._key = key
            self._place(plot, terrain, painter.font())
        is_vector = painter.paintEngine().type() != QPaintEngine.Type.Raster
        points = np.concatenate([np.empty((0, 2)), *paths])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for text, rect, outline, ground in self._places:
            if not _is_near(points, rect):
                pen = QPen(ground, HALO)
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
                painter.strokePath(outline, pen)
                _write(painter, text, rect, outline, QColor(plot.theme.map.label), is_vector)

    def _place(self, plot: Plot, terrain: Terrain, font: QFont) -> None:
        """Find a place for the number of each index line, where there is one."""
        metrics, area = QFontMetricsF(font), plot.plot_area()
        inside = area.adjusted(APART, APART, -APART, -APART)
        self._places = []
        for level in index_levels(terrain.levels):
            text = short(level)
            room = QRectF(0, 0, metrics.horizontalAdvance(text) + 4, metrics.ascent())
            others = [rect.adjusted(-APART, -APART, APART, APART) for rect in self.rects]
            lines = [plot.to_pixels(line) for line in terrain.lines[level]]
            rect = _free_place(lines, room, inside, others)
            if rect is not None:
                outline = _outline(text, font.toString()).translated(_baseline(rect))
                ground = plot.theme.colors(terrain.height(np.array([level])))[0].tolist()
                self._places.append((text, rect, outline, QColor(*ground[:3])))


@lru_cache(maxsize=1000)
def _outline(text: str, font: str) -> QPainterPath:
    """Return the outline of a text, made once: the system does not shape it alike each time."""
    outline, type_ = QPainterPath(), QFont()
    type_.fromString(font)
    outline.addText(QPointF(), type_, text)
    return outline


def _write(painter: QPainter, text: str, rect: QRectF, outline: QPainterPath, color: QColor, is_vector: bool) -> None:
    if is_vector:  # where text can be searched
        painter.setPen(color)
        painter.drawText(_baseline(rect), text)
    else:
        painter.fillPath(outline, color)


def _baseline(rect: QRectF) -> QPointF:
    return QPointF(rect.left() + 2, rect.bottom() - 0.12 * rect.height())


def _free_place(lines: Sequence[np.ndarray], room: QRectF, inside: QRectF, others: Sequence[QRectF]) -> QRectF | None:
    """Return the place on a line, as near to the middle of the longest as can be; None: there is none."""
    for line in sorted(lines, key=lambda line: -float(np.ptp(line, axis=0).sum())):
        if np.ptp(line, axis=0).sum() < LEAST:
            return None
        along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        middle = along[-1] * 0.5
        places = sorted(np.arange(EVERY, along[-1], EVERY), key=lambda at: abs(at - middle))
        for at in places:
            rect = QRectF(room)
            rect.moveCenter(QPointF(*(float(np.interp(at, along, line[:, axis])) for axis in (0, 1))))
            if inside.contains(rect) and not any(rect.intersects(other) for other in others):
                return rect
    return None


def _is_near(points: np.ndarray, rect: QRectF) -> bool:
    low = np.array([rect.left() - APART, rect.top() - APART])
    high = np.array([rect.right() + APART, rect.bottom() + APART])
    return bool(((points >= low) & (points <= high)).all(axis=1).any())
