"""What a picture of a plane does not show, written over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor

from gdviz.notation.numbers import number

if TYPE_CHECKING:
    from PySide6.QtCore import QSizeF
    from PySide6.QtGui import QPainter

    from gdviz.scene.frame import Frame
    from gdviz.views.theme import Theme

__all__ = ["paint_off_plane"]


def paint_off_plane(painter: QPainter, theme: Theme, area: QRectF, frame: Frame, paths: np.ndarray) -> None:
    """Write how far the selected run is off the plane, and its true error, in the corner that paths cover least.

    Parameters
    ----------
    painter
        What paints.
    theme
        The colours.
    area
        The plot's area, in pixels.
    frame
        What is shown; nothing is written where nothing is off its plane.
    paths
        The points of all paths, pixels of shape (k, 2).
    """
    if frame.off_plane is None:
        return
    off_plane = frame.off_plane
    there, here = number(off_plane.error), number(off_plane.error_on_plane)
    text = (
        f"{frame.selected_run.title}: {_percent(off_plane.share)} of its way is off this plane.\n"
        f"{frame.objective.value_name.capitalize()} {there}, on it {here}."
    )
    flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
    room = painter.boundingRect(QRectF(0, 0, area.width() - 24, area.height()), flags, text)
    low, high = area.bottom() - 9 - room.height(), area.top() + 9
    corners = [QPointF(x, y) for y in (low, high) for x in (area.left() + 12, area.right() - 36 - room.width())]
    # In powers of two: while a path grows the text moves a few times only, and stands where the paths alone say.
    counts = [_covered(paths, corner, room.size()).bit_length() for corner in corners]
    room.moveTopLeft(corners[counts.index(min(counts))])
    paper = QColor(theme.base)
    paper.setAlpha(200)
    painter.fillRect(room.adjusted(-6, -3, 6, 3), paper)
    painter.setPen(QColor(theme.text))
    painter.drawText(room, flags, text)


def _percent(share: float) -> str:
    return "<1%" if 0 < share < 0.01 else f"{share:.0%}"


def _covered(pixels: np.ndarray, corner: QPointF, size: QSizeF) -> int:
    """Return the number of pixels, of shape (k, 2), in a box with that upper left corner."""
    low = np.array([corner.x(), corner.y()])
    inside = (pixels >= low) & (pixels <= low + np.array([size.width(), size.height()]))
    return int(np.count_nonzero(inside.all(axis=1)))
