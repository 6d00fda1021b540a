"""Lines, arrows and names in a view of the plane; names keep out of each other's way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdviz.views.ink import draw_arrow, polygon

if TYPE_CHECKING:
    from gdviz.views.theme import Theme

__all__ = ["Sketch", "ToPixels"]

ToPixels = Callable[[np.ndarray], np.ndarray]
"""Takes points of the plane, shape (k, 2), to pixels of the view, shape (k, 2); NaN where they are not in it."""


class Sketch:
    """What is drawn over one view in one painting.

    Parameters
    ----------
    painter, theme
        With what, in which colours.
    to_pixels
        How the plane lies in the view.
    area
        The part of the view in which names are to stand.
    """

    def __init__(self, painter: QPainter, theme: Theme, to_pixels: ToPixels, area: QRectF) -> None:
        self.painter, self.theme, self.to_pixels, self.area = painter, theme, to_pixels, area
        self._obstacles: list[QRectF] = []
        self._names: list[tuple[QRectF, str, str]] = []

    def keep_clear(self, pixel: np.ndarray, size: float) -> None:
        """Let no name stand on what is already drawn at a pixel."""
        if np.isfinite(pixel).all():
            self._obstacles.append(QRectF(pixel[0] - size / 2, pixel[1] - size / 2, size, size))

    def line(self, pixels: np.ndarray, color: str, width: float, is_dashed: bool = False) -> None:
        """Draw a line through pixels of shape (k, 2); nothing where one of them is not in the view."""
        if len(pixels) < 2 or not np.isfinite(pixels).all():
            return
        pen = QPen(QColor(color), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
        if is_dashed:
            pen.setDashPattern([3.0, 2.0])
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(pen)
        self.painter.drawPolyline(polygon(pixels))

    def rays(self, at: np.ndarray, ends: np.ndarray, color: str, width: float) -> None:
        """Draw lines from a point of the plane, shape (2,), to others, shape (k, 2)."""
        origin, *tips = self.to_pixels(np.vstack([at, ends])).tolist()
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(QPen(QColor(color), width))
        lines = [QLineF(*origin, *tip) for tip in tips if np.isfinite(tip).all()]
        if lines and np.isfinite(origin).all():
            self.painter.drawLines(lines)

    def arrow(self, at: np.ndarray, vector: np.ndarray, name: str, color: str, width: float, is_guess: bool) -> None:
        """Draw a displacement from a point of the plane; `is_guess`: dashed and without its name."""
        path = self.to_pixels(at + np.linspace(0, 1, 17)[:, None] * vector)
        if not np.isfinite(path).all():
            return
        if not is_guess:
            self.line(path, self.theme.base, width + 3)
        self.line(path[:-2], color, width, is_dashed=is_guess)
        draw_arrow(self.painter, path[-3], path[-1], color, width)
        if np.linalg.norm(path[-1] - path[0]) > 16 and not is_guess:
            self.name(path[8] + _aside(path), name, color)

    def pointer(
        self, at: np.ndarray, vector: np.ndarray, length: float, name: str, color: str, width: float = 1.5
    ) -> None:
        """Draw the direction of a vector, `length` pixels long, from a point of the plane."""
        size = float(np.linalg.norm(vector))
        if size == 0:
            return
        ends = self.to_pixels(np.stack([at, at + 1e-6 * vector / size]))
        way = ends[1] - ends[0]
        norm = float(np.linalg.norm(way))
        if np.isfinite(norm) and norm > 0:
            path = ends[0] + np.linspace(0, length, 17)[:, None] * way / norm
            self.line(path[:-2], color, width, is_dashed=width < 2)
            draw_arrow(self.painter, path[-4], path[-1], color, width)
            self.name(path[-1] + 9 * way / norm, name, color)

    def ring(self, at: np.ndarray, name: str, color: str) -> None:
        """Draw a point of the plane as a ring with its name."""
        pixel = self.to_pixels(at[None])[0]
        if np.isfinite(pixel).all():
            self.painter.setPen(QPen(QColor(color), 2))
            self.painter.setBrush(QColor(self.theme.base))
            self.painter.drawEllipse(QPointF(*pixel), 5, 5)
            self.name(pixel + np.array([16, 14]), name, color)

    def ellipse(self, at: np.ndarray, axes: np.ndarray, color: str, width: float) -> None:
        """Draw an ellipse around a point of the plane with such semi-axes."""
        angles = np.linspace(0, 2 * np.pi, 49)
        self.line(self.to_pixels(at + axes * np.stack([np.cos(angles), np.sin(angles)], axis=1)), color, width, True)

    def name(self, pixel: np.ndarray, text: str, color: str) -> None:
        """Have a name written at a pixel, or beside it where another one stands already; see :meth:`write_names`."""
        if not text or not np.isfinite(pixel).all():
            return
        metrics = self.painter.fontMetrics()
        box = QRectF(0, 0, metrics.horizontalAdvance(text) + 4, metrics.height())
        box.moveCenter(QPointF(*pixel))
        box = self._free(box)
        self._obstacles.append(box)
        self._names.append((box, text, color))

    def write_names(self) -> None:
        """Write all names, over everything else."""
        paper = QColor(self.theme.base)
        paper.setAlpha(190)
        for box, text, color in self._names:
            self.painter.fillRect(box, paper)
            self.painter.setPen(QColor(color))
            self.painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
        self._names = []

    def _free(self, box: QRectF) -> QRectF:
        """Return the box inside the view at the nearest place where it is free; where it was, if there is none."""
        inside = self._inside(box)
        for rows in (0, 1, -1, 2, -2):
            for columns in (0, 0.6, -0.6, 1, -1):
                candidate = self._inside(inside.translated(columns * box.width(), rows * box.height()))
                if not any(candidate.intersects(place) for place in self._obstacles):
                    return candidate
        return inside

    def _inside(self, box: QRectF) -> QRectF:
        left = min(max(box.left(), self.area.left()), self.area.right() - box.width())
        top = min(max(box.top(), self.area.top()), self.area.bottom() - box.height())
        return QRectF(left, top, box.width(), box.height())


def _aside(path: np.ndarray) -> np.ndarray:
    """Return the way from the middle of an arrow to where its name stands."""
    along = path[-1] - path[0]
    return 13 * np.array([along[1], -along[0]]) / max(float(np.linalg.norm(along)), 1e-9)
