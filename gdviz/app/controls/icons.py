"""The signs on the transport's buttons, drawn so that they look the same on every system."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from gdviz.views.ink import polygon

__all__ = ["transport_icon"]

SIZE = QSize(20, 20)
SHAPES: dict[str, tuple[list[list[tuple[float, float]]], list[tuple[float, float, float, float]]]] = {
    "play": ([[(5, 3), (17, 10), (5, 17)]], []),
    "pause": ([], [(5, 3, 4, 14), (12, 3, 4, 14)]),
    "step": ([[(4, 3), (13, 10), (4, 17)]], [(13.5, 3, 3, 14)]),
    "back": ([[(16, 3), (7, 10), (16, 17)]], [(3.5, 3, 3, 14)]),
    "end": ([[(2, 4), (9, 10), (2, 16)], [(8, 4), (15, 10), (8, 16)]], [(15.5, 3, 3, 14)]),
    "reset": ([[(18, 4), (11, 10), (18, 16)], [(12, 4), (5, 10), (12, 16)]], [(1.5, 3, 3, 14)]),
}
"""Triangles and bars of each sign, in a square of 20 by 20."""


def transport_icon(shape: str, color: str, disabled: str) -> QIcon:
    """Return the icon of a shape, in one colour where it can be pressed and another where it cannot."""
    icon = QIcon()
    icon.addPixmap(_draw(shape, color), QIcon.Mode.Normal)
    icon.addPixmap(_draw(shape, disabled), QIcon.Mode.Disabled)
    return icon


def _draw(shape: str, color: str) -> QPixmap:
    picture = QPixmap(SIZE * 2)
    picture.setDevicePixelRatio(2)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    triangles, bars = SHAPES[shape]
    for triangle in triangles:
        painter.drawPolygon(polygon(np.array(triangle, float)))
    for bar in bars:
        painter.drawRect(QRectF(*bar))
    painter.end()
    return picture
