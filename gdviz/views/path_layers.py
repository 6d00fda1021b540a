"""The runs' paths on a plane, each kept in pictures of its own to which whole pieces are only added.

A wide, soft-edged line takes milliseconds to draw, and a path is drawn again with every frame, a few pixels longer. So
what is there stays in the run's pictures, a new piece is drawn onto its end, and a frame lays the pictures over each
other and draws the last points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPixmap

from gdviz.views.ink import polygon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRect

__all__ = ["PathLayers", "Stroke"]

SEAM = 1.8
"""Pixels by which the seam is wider than the line."""
PIECE = 32
"""Points of a piece. Only whole pieces are kept, the rest is drawn anew: so a path looks the same however it grew."""
MOST = 12
"""Maximum number of runs with a picture each; more are drawn thin, without a seam."""
PASSES, FLAT, MANY = 4, 0.15, 24
"""How often every second point is looked at, the pixels off the line that are not seen, and the points worth it."""
LONG = 20_000.0
"""Pixels from which on a path is drawn thin: it covers its ground so often that its turns could not be told apart."""


@dataclass(frozen=True)
class Stroke:
    """How a path is drawn.

    Attributes
    ----------
    color, seam
        The colours of the line and of the seam on both sides of it.
    width
        Of the line, in pixels.
    opacity
        Of the whole path, from 0 to 1.
    """

    color: str
    seam: str
    width: float
    opacity: float = 1.0


@dataclass
class _Layer:
    """A run's seam and its line, each in a picture, and the points that are drawn in both."""

    pictures: tuple[QPixmap, QPixmap]
    stroke: Stroke
    points: np.ndarray


class PathLayers:
    """Paints paths; what it painted before is kept as long as size, stroke and beginning stay the same."""

    def __init__(self) -> None:
        self._layers: dict[int, _Layer] = {}

    def paint(
        self,
        painter: QPainter,
        area: QRect,
        paths: Sequence[np.ndarray],
        strokes: Sequence[Stroke],
        keys: Sequence[int],
    ) -> None:
        """Paint paths, the last one on top.

        Parameters
        ----------
        painter
            Paints on the view.
        area
            The part of the view that the paths may cover, in pixels.
        paths
            Pixels of shape (k, 2) each; a row of NaN interrupts a path.
        strokes, keys
            How each is drawn, and a number that stays the same from frame to frame.
        """
        is_kept = _is_screen(painter) and len(paths) <= MOST
        self._layers = {key: layer for key, layer in self._layers.items() if is_kept and key in keys}
        for path, stroke, key in zip(paths, strokes, keys, strict=True):
            if not is_kept or _length(path) > LONG:
                self._layers.pop(key, None)
                _draw(painter, path, stroke if len(paths) <= MOST and _length(path) <= LONG else _thin(stroke))
                continue
            layer = self._layer(painter, area.size(), _grown_part(path) - [area.x(), area.y()], stroke, key)
            painter.setOpacity(stroke.opacity)
            for picture in layer.pictures:
                painter.drawPixmap(area.topLeft(), picture)
            painter.setOpacity(1.0)
            _draw(painter, path[max(len(layer.points) - 1, 0) :], stroke)

    def _layer(self, painter: QPainter, size: QSize, path: np.ndarray, stroke: Stroke, key: int) -> _Layer:
        """Return a run's pictures with all whole pieces of its path."""
        ratio = painter.device().devicePixelRatioF()
        layer = self._layers.get(key)
        is_longer = (
            layer is not None
            and layer.stroke == stroke
            and layer.pictures[0].size() == size * ratio
            and np.array_equal(path[: len(layer.points)], layer.points, equal_nan=True)
        )
        if layer is None or not is_longer:
            layer = _Layer((_empty(size, ratio), _empty(size, ratio)), stroke, path[:0])
            self._layers[key] = layer
        first, last = len(layer.points), len(path) // PIECE * PIECE
        for picture, color, width in zip(layer.pictures, *_seam_and_line(stroke), strict=True):
            with QPainter(picture) as on_picture:
                on_picture.setRenderHint(QPainter.RenderHint.Antialiasing)
                for at in range(first, last, PIECE):  # with the last stroke again, so that the two are joined
                    _line(on_picture, _fewer(path[max(at - 2, 0) : at + PIECE]), color, width)
        layer.points = path[:last]
        return layer


def _grown_part(path: np.ndarray) -> np.ndarray:
    """Return a path without its newest point where that stands alone: all of this stays as the path grows."""
    stands_alone = len(path) > 2 and bool(np.isnan(path[-2]).all())
    return path[:-2] if stands_alone else path


def _empty(size: QSize, ratio: float) -> QPixmap:
    picture = QPixmap(size * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


def _seam_and_line(stroke: Stroke) -> tuple[tuple[str, str], tuple[float, float]]:
    return (stroke.seam, stroke.color), (stroke.width + SEAM, stroke.width)


def _draw(painter: QPainter, path: np.ndarray, stroke: Stroke) -> None:
    path = _fewer(path)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(stroke.opacity)
    if stroke.seam:
        _line(painter, path, stroke.seam, stroke.width + SEAM)
    _line(painter, path, stroke.color, stroke.width)
    painter.setOpacity(1.0)


def _thin(stroke: Stroke) -> Stroke:
    """Return a stroke of one pixel, which Qt draws fifty times as fast."""
    return Stroke(stroke.color, "", 1.0, stroke.opacity)


def _fewer(path: np.ndarray) -> np.ndarray:
    """Return a path without points that lie on the line between their neighbours: nobody sees them, but they cost."""
    for _ in range(PASSES if len(path) > MANY else 0):
        before, middle, after = path[:-2:2], path[1:-1:2], path[2::2]
        count = min(len(before), len(middle), len(after))
        before, middle, after = before[:count], middle[:count], after[:count]
        chord, side = after - before, middle - before
        length = np.hypot(*chord.T) + 1e-9
        off = np.abs(chord[:, 0] * side[:, 1] - chord[:, 1] * side[:, 0]) / length
        along = (chord * side).sum(axis=1) / length
        is_needed = np.ones(len(path), bool)
        is_needed[1 : 2 * count : 2] = ~((off < FLAT) & (along >= 0) & (along <= length))
        path = path[is_needed]
    return path


def _line(painter: QPainter, path: np.ndarray, color: str, width: float) -> None:
    """Draw the pieces of a path between rows of NaN."""
    pen = QPen(QColor(color), width)
    if width > 1:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    is_there = np.isfinite(path).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], is_there, [False]]))).reshape(-1, 2)
    for first, last in edges.tolist():
        if last - first > 1:
            painter.drawPolyline(polygon(path[first:last]))


def _length(path: np.ndarray) -> float:
    steps = np.abs(np.diff(path, axis=0)).sum(axis=1)
    return float(steps[np.isfinite(steps)].sum())


def _is_screen(painter: QPainter) -> bool:
    return painter.paintEngine().type() == QPaintEngine.Type.Raster
