"""The line over a view of the selected run: which update, whose, and how good it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF

from gdviz.views.ink import draw_marker

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from gdviz.scene.frame import Frame
    from gdviz.views.theme import Theme

__all__ = ["caption_height", "paint_caption", "type_of"]

LEFT, CORNER = 12.0, 28.0
"""Pixels on the left, up to the middle of the marker, and on the right for the sign that says what the view is."""


def type_of(widget: QWidget, theme: Theme) -> QFont:
    """Return the font of a view's captions and numbers."""
    font = QFont(widget.font())
    font.setPointSizeF(theme.type_size or font.pointSizeF())
    return font


def caption_height(widget: QWidget, theme: Theme) -> float:
    """Return how high the line is."""
    return QFontMetricsF(type_of(widget, theme)).height() + 8


def paint_caption(painter: QPainter, widget: QWidget, theme: Theme, frame: Frame, good: str = "") -> float:
    """Write the line at the top of a view, as much of it as there is room for, and return where it ends.

    Parameters
    ----------
    painter
        What paints.
    widget
        The view.
    theme
        Its colours and sizes.
    frame
        What is shown.
    good
        How good the selected run is.
    """
    painter.save()
    font, middle = type_of(widget, theme), caption_height(widget, theme) / 2
    metrics = QFontMetricsF(font)
    style = theme.run(frame.selected_run.look.style)
    draw_marker(painter, np.array([LEFT, middle]), style, theme.base, theme.marker_size)
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    room = QRectF(QPointF(LEFT + 12, 0), QPointF(widget.width() - CORNER, 2 * middle))
    ways = _ways_to_say(frame, good)
    text = next((way for way in ways if metrics.horizontalAdvance(way) <= room.width()), ways[-1])
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text)
    painter.restore()
    return room.left() + metrics.horizontalAdvance(text)


def _ways_to_say(frame: Frame, good: str) -> list[str]:
    """Return what is shown in words, the longest way first."""
    title, update = frame.selected_run.title, f"update {frame.selected_run.update}"
    ways = ([update, f"selected run: {title}", good], [update, title, good], [title, good], [good or title])
    return [" · ".join(part for part in way if part) for way in ways]
