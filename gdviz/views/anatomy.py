"""The anatomy of a step, painted: what it is made of, tip to tail, on the contour as on the surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdviz.training.anatomy import STAGES
from gdviz.views.ink import draw_arrow, polygon
from gdviz.views.numbers import short

if TYPE_CHECKING:
    from gdviz.objectives import Box
    from gdviz.training.anatomy import Anatomy, Mark
    from gdviz.training.frame import Fan, Frame
    from gdviz.views.theme import Theme

__all__ = ["StepArrows", "magnification"]

REACH = 130.0
"""Pixels that the longest mark has at most; steps are short, so they are magnified until they have about as many."""
LEAST = 50.0
"""Pixels that it should have even where it then leaves the view."""
POINTER = 46.0
"""Pixels of a mark of which only the direction matters."""
FAN = 80.0
"""Pixels of the largest of the samples' gradients."""
ROUND = (1, 2, 5)
NEAR = 7.0
"""Pixels from an arrow within which the mouse means it."""


ToPixels = Callable[[np.ndarray], np.ndarray]
"""Takes points of the plane, shape (k, 2), to pixels of the view, shape (k, 2); NaN where they are not in it."""


class StepArrows:
    """The arrows in one view.

    Attributes
    ----------
    is_shown
        Whether they are painted.
    has_fan
        Whether the gradient of each sample is painted too.
    lit
        The stage that stands out; empty where none does.
    """

    def __init__(self) -> None:
        self.is_shown = True
        self.has_fan = False
        self.lit = ""

    def paint(
        self, painter: QPainter, frame: Frame, theme: Theme, to_pixels: ToPixels, pixel: np.ndarray, box: Box
    ) -> None:
        """Paint the frame's step in a view of a part of the plane; see :func:`magnification`."""
        anatomy = frame.anatomy
        if anatomy is None or not self.is_shown or frame.chosen.look.hidden:
            return
        factor = magnification(anatomy, pixel, box)
        painter.save()
        if self.has_fan and frame.fan is not None:
            _paint_fan(painter, frame.fan, theme, to_pixels, pixel)
        # The whole step lies below its parts, and shows at their sides where there is only one.
        for mark in sorted(anatomy.marks, key=lambda mark: (mark.stage == self.lit, mark.stage != "step")):
            if mark.stage in STAGES[: frame.stages]:
                _paint(painter, mark, anatomy.before, theme, to_pixels, factor, mark.stage == self.lit)
        if factor != 1:
            beside = to_pixels(anatomy.before[None])[0] + np.array([14, 22])
            _write(painter, beside, f"step × {short(factor)}", theme.text, theme)
        painter.restore()

    def stage_at(self, frame: Frame, to_pixels: ToPixels, pixel: np.ndarray, box: Box, point: np.ndarray) -> str:
        """Return the stage of the arrow that is painted at a pixel of shape (2,); empty where there is none."""
        anatomy = frame.anatomy
        if anatomy is None or not self.is_shown:
            return ""
        factor, nearest, found = magnification(anatomy, pixel, box), NEAR, ""
        for mark in anatomy.marks:
            if mark.kind == "arrow" and mark.stage in STAGES[: frame.stages]:
                at = anatomy.before + factor * (mark.at - anatomy.before)
                path = to_pixels(at + np.linspace(0, factor, 25)[:, None] * mark.vector)
                distance = np.linalg.norm(path - point, axis=1).min()
                if distance < nearest:
                    nearest, found = distance, mark.stage
        return found


def _paint_fan(painter: QPainter, fan: Fan, theme: Theme, to_pixels: ToPixels, pixel: np.ndarray) -> None:
    """Paint against each sample's gradient a line, those of the batch in its colour, and the mean of all."""
    longest = float(np.linalg.norm(fan.vectors / pixel, axis=1).max())
    if not 0 < longest < np.inf:
        return
    for is_seen, color, width in ((False, theme.quiet, 1.0), (True, theme.gradient, 1.5)):
        for vector in fan.vectors[fan.seen == is_seen]:
            _line(painter, to_pixels(np.stack([fan.at, fan.at - FAN / longest * vector])), color, width)
    mean = fan.vectors.mean(axis=0)
    if np.any(mean):
        way = to_pixels(np.stack([fan.at, fan.at - 1e-6 * mean / np.linalg.norm(mean)]))
        size = float(np.linalg.norm(way[1] - way[0]))
        if size > 0 and np.isfinite(size):
            path = way[0] + np.linspace(0, FAN, 9)[:, None] * (way[1] - way[0]) / size
            draw_arrow(painter, path[0], path[-1], theme.text, 2.0)
            _write(painter, path[-1] + 10 * (way[1] - way[0]) / size, "all samples", theme.text, theme)


def magnification(anatomy: Anatomy, pixel: np.ndarray, box: Box) -> float:
    """Return by how much to magnify: 1, 2 or 5 times a power of ten, at least 1.

    Parameters
    ----------
    pixel
        The size of a pixel in the plane, shape (2,).
    box
        The part of the plane in view, out of which no arrow should lead.
    """
    weights = {"arrow": 1.0, "ellipse": 0.65}
    marks = [mark for mark in anatomy.marks if mark.kind in weights]
    reaches = [weights[mark.kind] * np.linalg.norm((mark.at - anatomy.before + mark.vector) / pixel) for mark in marks]
    longest = max(reaches, default=0.0)
    if longest <= 0:
        return 1.0
    ends = np.array([mark.at - anatomy.before + mark.vector for mark in marks if mark.kind == "arrow"])
    low, high = np.array(box).T
    with np.errstate(divide="ignore", invalid="ignore"):
        room = np.where(ends > 0, high - anatomy.before, low - anatomy.before) / ends
    inside = np.nanmin(room, initial=np.inf, where=ends != 0)
    most = min(REACH, max(inside * longest, LEAST)) / longest
    if most < 2:
        return 1.0
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(factor * power for factor in ROUND if factor * power <= most))


def _paint(
    painter: QPainter, mark: Mark, before: np.ndarray, theme: Theme, to_pixels: ToPixels,
    factor: float, is_lit: bool,
) -> None:  # fmt: skip
    color, width = theme.stage(mark.stage), (5.0 if mark.stage == "step" else 2.5) + 2.0 * is_lit
    at = before + factor * (mark.at - before)
    if mark.kind == "ellipse":
        angles = np.linspace(0, 2 * np.pi, 49)
        rim = at + factor * mark.vector * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        _line(painter, to_pixels(rim), color, width - 1, dashed=True)
    elif mark.kind == "point":
        pixel = to_pixels(at[None])[0]
        if np.isfinite(pixel).all():
            painter.setPen(QPen(QColor(color), 2))
            painter.setBrush(QColor(theme.base))
            painter.drawEllipse(QPointF(*pixel), 5, 5)
            _write(painter, pixel + np.array([16, 14]), mark.label, color, theme)
    elif mark.kind == "direction":
        _paint_direction(painter, mark, at, color, to_pixels, theme)
    else:
        path = to_pixels(at + np.linspace(0, factor, 17)[:, None] * mark.vector)
        _paint_arrow(painter, path, mark, color, width, theme)


def _paint_arrow(painter: QPainter, path: np.ndarray, mark: Mark, color: str, width: float, theme: Theme) -> None:
    if not np.isfinite(path).all():
        return
    is_guess = mark.stage == "scaling"
    if not is_guess:
        _line(painter, path, theme.base, width + 3)
    _line(painter, path[:-2], color, width, dashed=is_guess)
    draw_arrow(painter, path[-3], path[-1], color, width)
    if np.linalg.norm(path[-1] - path[0]) > 16 and not is_guess:
        _write(painter, path[8] + _aside(path), mark.label, color, theme)


def _aside(path: np.ndarray) -> np.ndarray:
    """Return the way from the middle of an arrow to where its name stands."""
    along = path[-1] - path[0]
    return 13 * np.array([along[1], -along[0]]) / max(float(np.linalg.norm(along)), 1e-9)


def _paint_direction(
    painter: QPainter, mark: Mark, at: np.ndarray, color: str, to_pixels: ToPixels,
    theme: Theme,
) -> None:  # fmt: skip
    length = float(np.linalg.norm(mark.vector))
    if length == 0:
        return
    ends = to_pixels(np.stack([at, at + 1e-6 * mark.vector / length]))
    way = ends[1] - ends[0]
    size = float(np.linalg.norm(way))
    if np.isfinite(size) and size > 0:
        path = ends[0] + np.linspace(0, POINTER, 17)[:, None] * way / size
        _line(painter, path[:-2], color, 1.5, dashed=True)
        draw_arrow(painter, path[-4], path[-1], color, 1.5)
        _write(painter, path[-1] + 9 * way / size, mark.label, color, theme)


def _line(painter: QPainter, points: np.ndarray, color: str, width: float, dashed: bool = False) -> None:
    if len(points) < 2 or not np.isfinite(points).all():
        return
    pen = QPen(QColor(color), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.RoundJoin)
    if dashed:
        pen.setDashPattern([3.0, 2.0])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.drawPolyline(polygon(points))


def _write(painter: QPainter, point: np.ndarray, text: str, color: str, theme: Theme) -> None:
    if not np.isfinite(point).all():
        return
    metrics = painter.fontMetrics()
    box = QRectF(0, 0, metrics.horizontalAdvance(text) + 4, metrics.height())
    box.moveCenter(QPointF(*point))
    paper = QColor(theme.base)
    paper.setAlpha(190)
    painter.fillRect(box, paper)
    painter.setPen(QColor(color))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
