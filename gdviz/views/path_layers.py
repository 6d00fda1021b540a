"""The runs' paths on a plane, each kept in a picture of its own to which new pieces are only added.

A wide, soft-edged line takes milliseconds to draw, and a path is drawn again with every frame, a few pixels longer. So
what is there stays in the run's picture, the new piece is drawn onto its end, and a frame only lays the pictures over
each other.
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
AGAIN = 24.0
"""Pixels of the end that are drawn again, because the seam of a new piece would cover them."""
MOST = 12
"""Maximum number of runs with a picture each; more are drawn thin, without a seam."""
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
    picture: QPixmap
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
            layer = self._layer(painter, area.size(), path - [area.x(), area.y()], stroke, key)
            painter.setOpacity(stroke.opacity)
            painter.drawPixmap(area.topLeft(), layer.picture)
            painter.setOpacity(1.0)

    def _layer(self, painter: QPainter, size: QSize, path: np.ndarray, stroke: Stroke, key: int) -> _Layer:
        """Return a run's picture with all of its path."""
        ratio = painter.device().devicePixelRatioF()
        layer = self._layers.get(key)
        count = 0 if layer is None else len(layer.points) - 1  # the last point moves with the cursor
        is_longer = (
            layer is not None
            and layer.stroke == stroke
            and layer.picture.size() == size * ratio
            and len(path) > count
            and np.array_equal(path[:count], layer.points[:count], equal_nan=True)
        )
        if layer is None or not is_longer:
            picture = QPixmap(size * ratio)
            picture.setDevicePixelRatio(ratio)
            picture.fill(Qt.GlobalColor.transparent)
            layer, count = _Layer(picture, stroke, path), 0
        elif len(path) == len(layer.points) and np.array_equal(path, layer.points, equal_nan=True):
            return layer
        with QPainter(layer.picture) as on_picture:
            _extend(on_picture, path, max(count - 1, 0), stroke)
        layer.points = path
        self._layers[key] = layer
        return layer


def _extend(painter: QPainter, path: np.ndarray, first: int, stroke: Stroke) -> None:
    """Draw a path from its point `first` on: the seam, then the line, which begins a little earlier."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _line(painter, path[first:], stroke.seam, stroke.width + SEAM)
    back = first
    while back > 0 and np.abs(path[back:first] - path[first]).sum() < AGAIN:
        back -= 1
    _line(painter, path[back:], stroke.color, stroke.width)


def _draw(painter: QPainter, path: np.ndarray, stroke: Stroke) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(stroke.opacity)
    if stroke.seam:
        _line(painter, path, stroke.seam, stroke.width + SEAM)
    _line(painter, path, stroke.color, stroke.width)
    painter.setOpacity(1.0)


def _thin(stroke: Stroke) -> Stroke:
    """Return a stroke of one pixel, which Qt draws fifty times as fast."""
    return Stroke(stroke.color, "", 1.0, stroke.opacity)


def _line(painter: QPainter, path: np.ndarray, color: str, width: float) -> None:
    """Draw the pieces of a path between rows of NaN."""
    pen = QPen(QColor(color), width)
    if width > 1:
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
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
