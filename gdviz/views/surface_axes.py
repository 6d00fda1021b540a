"""The axes of the surface: the two front edges of its base, and its height, with the values at their ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from gdviz.notation.numbers import short
from gdviz.views.camera import HEIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QSize

    from gdviz.scene.terrain import Terrain
    from gdviz.views.theme import Theme

__all__ = ["SurfaceAxes"]

Project = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Takes points of shape (k, 3) in the surface's space to pixels, shape (k, 2), and depths, shape (k,)."""


class SurfaceAxes:
    """Paints the axes.

    Parameters
    ----------
    painter, theme
        What paints, and the colours.
    size
        Of the view, in pixels: no text leaves it.
    project
        From the surface's space to the view.
    """

    def __init__(self, painter: QPainter, theme: Theme, size: QSize, project: Project) -> None:
        self._painter, self._theme, self._size, self._project = painter, theme, size, project

    def paint(self, terrain: Terrain, height: str, params: Sequence[str]) -> None:
        """Paint all three axes.

        Parameters
        ----------
        terrain
            What is drawn over the base.
        height, params
            The names of the height and of the two params.
        """
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], float)
        pixels, depth = self._project(corners)
        front = int(np.argmin(depth))
        for other in ((front + 1) % 4, (front - 1) % 4):
            axis = int(corners[front, 0] == corners[other, 0])
            ends = pixels[[front, other]]
            self._paint_edge(ends, params[axis], terrain.box[axis], corners[[front, other], axis])
        side = min(((front + 1) % 4, (front - 1) % 4), key=lambda corner: pixels[corner, 0])
        top = self._project(corners[[side]] + np.array([0, 0, HEIGHT]))[0][0]
        self._paint_height(terrain, height, top, pixels[side])

    def _paint_edge(self, ends: np.ndarray, name: str, bounds: tuple[float, float], corners: np.ndarray) -> None:
        near, far = ends
        self._painter.setPen(QPen(QColor(self._theme.quiet), 1))
        self._painter.drawLine(QPointF(*near), QPointF(*far))
        right = bool(far[0] < near[0])
        out = np.array([-6.0 if right else 6.0, 12.0])
        for share, corner in ((0.1, corners[0]), (0.9, corners[1])):
            value = bounds[int(corner > 0)]
            self._write(near + share * (far - near) + out, short(value), right)
        self._write((near + far) / 2 + 1.6 * out, name, right, bold=True)

    def _paint_height(self, terrain: Terrain, name: str, top: np.ndarray, bottom: np.ndarray) -> None:
        painter = self._painter
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(QPointF(*bottom), QPointF(*top))
        name += " (log)" if terrain.is_log else ""
        for point, value in ((top, terrain.highest), (bottom, terrain.lowest)):
            up = 0 if value == terrain.highest else -6
            self._write(point + np.array([-8, up]), short(value), right=True)
        beside = (top + bottom) / 2 + np.array([-8, 0])
        is_long = bool(painter.fontMetrics().horizontalAdvance(name) > beside[0] - 4)
        self._write(np.array([8.0, 16.0]) if is_long else beside, name, right=not is_long)

    def _write(self, point: np.ndarray, text: str, right: bool = False, bold: bool = False) -> None:
        painter = self._painter
        font = painter.font()
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.text if bold else self._theme.quiet))
        width = painter.fontMetrics().horizontalAdvance(text)
        x = min(max(point[0] - width * right, 2), self._size.width() - width - 2)
        painter.drawText(QPointF(x, min(point[1] + 4, self._size.height() - 4)), text)
