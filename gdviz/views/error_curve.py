"""The error of each run over its updates, on a logarithmic axis."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QToolTip

from gdviz.notation.numbers import number, short
from gdviz.views.ink import draw_marker, draw_path
from gdviz.views.plot import Plot
from gdviz.views.step.remarks import rounding
from gdviz.views.view import Place, ViewKind

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame
    from gdviz.scene.settings import Axis
    from gdviz.views.theme import Theme

__all__ = ["ErrorCurve"]

DOTTED = (1.0, 1.5)
"""The dash of what is measured on samples that are kept apart."""
LABELS: dict[Axis, str] = {"update": "update", "epoch": "epoch", "time": "time computed, ms"}
HORIZON_NOTE = "upright dashes: rounding horizon"
NEAR = 5
"""Pixels from the mark of the horizon within which the tooltip is the mark's."""
COLUMNS = 200
"""The number of pieces of a long curve; of each only the least and the greatest value are drawn."""


class LogAxis(pg.AxisItem):
    """An axis for log₁₀ of something, labelled with the something: decades, or 1, 2, 5 where few are in view."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the places of the labels."""
        room = max(2, int(size / 28))
        decades = range(math.floor(low), math.ceil(high) + 1)
        places = [decade + math.log10(factor) for decade in decades for factor in (1, 2, 5)]
        high = min(high, 308.0)  # no number is greater
        places = [place for place in places if low <= place <= high]
        for every in (1, 2, 5, 10, 20, 50, 100, 200):
            fewer = [float(decade) for decade in decades if low <= decade <= high and decade % every == 0]
            if len(places) <= room or len(fewer) < 2:
                break
            places = fewer
        return [(1.0, places)]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the labels."""
        return [short(10**value) for value in values]


@ViewKind(
    "error",
    title="Error",
    about=(
        "<b>The error over time.</b> One curve a run, over the updates made; the scale is logarithmic, so a "
        "straight fall means: by the same factor with every update. The line is the update that is "
        "shown. Upright dashes are the selected run's rounding horizon: from there on it amplifies differences in the "
        "16th digit, and other right programs give other numbers.<p>Point at a curve to read its values."
    ),
    alt="The error over the updates on a logarithmic axis",
    place=Place(0, 1),
    explains=False,
)
class ErrorCurve(Plot):
    """One curve a run, the cursor, and the values where the mouse is."""

    widest_label = "10⁻¹⁰"

    def __init__(self, theme: Theme) -> None:
        super().__init__("error_curve", "Error of each run over its updates", theme, {"left": LogAxis("left")})
        self._curves: list[np.ndarray] = []
        self._held_out: list[np.ndarray] = []
        self._range: tuple[float, float, float] | None = None
        self.axis: Axis = "update"
        self._label_axis: Axis = "update"
        self._mouse: float | None = None
        self.setMouseTracking(True)
        self.view_box.setMouseEnabled(x=False, y=False)
        self.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        """Draw the curves up to the frame's cursor."""
        lowest = frame.objective.lowest
        over = [run.along(self.axis, np.asarray(run.updates, float)) for run in frame.runs]
        self._curves = [_envelope(x, run.error - lowest) for x, run in zip(over, frame.runs, strict=True)]
        pairs = list(zip(over, frame.runs, strict=True))
        self._held_out = [_envelope(x, run.scores[:, at]) for x, run in pairs for at in _validation(frame)]
        logs = np.concatenate([np.empty(0), *(curve[:, 1] for curve in (*self._curves, *self._held_out))])
        logs = logs[np.isfinite(logs)]
        highest = np.log10(max(frame.selected_run.error[0] - lowest, 1e-300)) + 3
        logs = logs[logs < highest]
        low, high = (float(logs.min()), float(logs.max())) if len(logs) else (-1.0, 0.0)
        self._show_range(low, high, length_of(frame, self.axis))
        if self.frame is None or self.frame.objective is not frame.objective or self._label_axis != self.axis:
            self._label_axis = self.axis
            above = f" {'−' if lowest > 0 else '+'} {short(abs(lowest))}" if lowest else ""
            self.set_labels(LABELS[self.axis], f"{frame.objective.value_name}{above}")
        super().show_frame(frame)

    def show_axis(self, axis: Axis) -> None:
        """Draw the curves over updates, epochs or time."""
        self.axis = axis
        if self.frame is not None:
            self.show_frame(self.frame)

    def _show_range(self, low: float, high: float, total: float) -> None:
        """Widen the axis in whole steps, so that it does not tremble while the curves grow."""
        limits = (min(math.floor(2 * low - 0.2) / 2, high - 1), math.ceil(2 * high + 0.2) / 2, total)
        if limits != self._range:
            self._range = limits
            self.setRange(xRange=(0, total), yRange=limits[:2], padding=0.02)

    def paint_overlay(self, painter: QPainter, frame: Frame) -> None:
        """Paint the cursor, each run's curve and marker, and the values where the mouse is."""
        (_, _), (low, high) = self.view_box.viewRange()
        if self.axis == "update":  # in epochs or seconds the runs stand at different places
            cursor = self.to_pixels(np.array([[frame.cursor, low], [frame.cursor, high]]))
            painter.setPen(QPen(QColor(self.theme.accent), 1))
            painter.drawLine(QPointF(*cursor[0]), QPointF(*cursor[1]))
        paths = [
            (self.to_pixels(curve), self.theme.run(run.look.style))
            for run, curve in zip(frame.runs, self._curves, strict=True)
        ]
        for curve, (_, style) in zip(self._held_out, paths, strict=False):
            draw_path(painter, self.to_pixels(curve), replace(style, dash=DOTTED), self.theme.path_width)
        for path, style in paths:
            draw_path(painter, path, style, self.theme.path_width)
        for path, style in reversed(paths):
            draw_marker(painter, path[-1], style, self.theme.base, self.theme.marker_size)
        self._paint_horizon(painter)
        notes = ["dots: validation"] * bool(self._held_out) + [HORIZON_NOTE] * (frame.horizon is not None)
        if notes:
            self.write_note(painter, "; ".join(notes))
        if self._mouse is not None and self.axis == "update":
            self._paint_values(painter, frame, self._mouse)

    def _paint_horizon(self, painter: QPainter) -> None:
        """Paint the mark of the update from which on rounding decides the selected run's numbers."""
        x = self.horizon_x()
        if x is not None:
            area = self.plot_area()
            painter.setPen(QPen(QColor(self.theme.quiet), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def horizon_x(self) -> float | None:
        """Return where the mark of the selected run's rounding horizon is, in pixels; None: there is none."""
        if self.frame is None or self.frame.horizon is None:
            return None
        x = float(self.frame.selected_run.along(self.axis, self.frame.horizon))
        return float(self.to_pixels(np.array([[x, 0.0]]))[0, 0])

    def viewportEvent(self, event: QEvent) -> bool:
        """Say what the mark is where the mouse is near it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.frame is not None:
            x = self.horizon_x()
            is_near = x is not None and abs(event.pos().x() - x) <= NEAR
            QToolTip.showText(event.globalPos(), rounding(self.frame) if is_near else "", self)
            return True
        return bool(super().viewportEvent(event))

    def _paint_values(self, painter: QPainter, frame: Frame, x: float) -> None:
        area, ((x0, x1), _) = self.plot_area(), self.view_box.viewRange()
        update = round(x0 + (x - area.left()) / area.width() * (x1 - x0))
        rows = [
            (
                f"{run.title}  {number(run.error[np.searchsorted(run.updates, update)])}",
                self.theme.run(run.look.style).color,
            )
            for run in frame.runs
            if 0 <= update <= run.update
        ]
        if not rows:
            return
        line = painter.fontMetrics().height()
        width = max(painter.fontMetrics().horizontalAdvance(text) for text, _ in [*rows, (f"update {update}", "")])
        box = QRectF(area.right() - width - 26, area.top() + 4, width + 22, line * (len(rows) + 1) + 8)
        painter.setPen(QPen(QColor(self.theme.line), 1))
        painter.setBrush(QColor(self.theme.base))
        painter.drawRect(box)
        for i, (text, color) in enumerate([(f"update {update}", self.theme.text), *rows]):
            y = box.top() + 4 + i * line
            painter.fillRect(QRectF(box.left() + 5, y + line * 0.3, 7, line * 0.4), QColor(color))
            painter.setPen(QColor(self.theme.text))
            painter.drawText(QPointF(box.left() + 17, y + painter.fontMetrics().ascent()), text)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the values at the mouse."""
        inside = self.plot_area().contains(event.position())
        self._mouse = event.position().x() if inside else None
        self.viewport().update()
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Stop showing values."""
        self._mouse = None
        self.viewport().update()
        super().leaveEvent(event)


def length_of(frame: Frame, axis: Axis) -> float:
    """Return how long the axis is: to the end of the longest run."""
    if axis == "update":
        return float(frame.total)
    return max((float(run.along(axis, run.run.total)) for run in frame.runs), default=1.0) or 1.0


def _validation(frame: Frame) -> list[int]:
    """Return which of the scores is the validation error; empty where no samples are kept apart."""
    names = frame.objective.score_names
    return [names.index("validation_error")] if "validation_error" in names else []


def _envelope(updates: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Return points (x, log₁₀ error) of a curve that looks like the whole one.

    Parameters
    ----------
    updates
        Where the errors stand on the horizontal axis, shape (k,).
    error
        The errors, shape (k,); one that is not above 0 is a gap.

    Returns
    -------
    points
        Shape (m, 2): all of them, or of a long curve the least and the greatest value of each piece.
    """
    x, y = updates, error
    if len(error) > 2 * COLUMNS:
        pieces = np.arange(0, len(error), len(error) // COLUMNS)
        x = np.append(np.repeat(updates[pieces], 2), updates[-1])
        extremes = np.minimum.reduceat(error, pieces), np.maximum.reduceat(error, pieces)
        y = np.append(np.stack(extremes, axis=1).ravel(), error[-1])
    is_there = np.isfinite(y) & (y > 0)
    return np.stack([x, np.log10(y, out=np.full(len(y), np.nan), where=is_there)], axis=1)
