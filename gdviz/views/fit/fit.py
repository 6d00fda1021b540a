"""What the view of the data shows: one kind of picture for each kind of objective, and what these have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast
from weakref import proxy

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen

from gdviz.views.ink import polygon

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdviz.objectives import Objective
    from gdviz.scene.frame import Frame
    from gdviz.views.plot import Plot

__all__ = ["MOST", "Fit", "NoFit", "every", "how_good", "paint_batch", "paint_dots"]

MOST = 2000
"""The maximum number of samples that are drawn, about."""
DOT = 7.0
"""Pixels across."""
SCORES = {
    "validation_accuracy": "validation accuracy",
    "accuracy": "training accuracy",
    "validation_error": "validation error",
    "training_error": "training error",
}
"""The first of these that is measured says how good a run is."""

AnObjective = TypeVar("AnObjective", bound="Objective")


class Fit(Generic[AnObjective]):
    """A picture of data and of the runs' outputs on a plot, whose axes it sets up.

    Parameters
    ----------
    plot
        The plot that it is painted on.
    objective
        What the runs minimise.
    """

    has_axes = True
    has_caption = True

    def __init__(self, plot: Plot, objective: AnObjective) -> None:
        self.plot = cast("Plot", proxy(plot))  # they hold each other; this one must not keep it alive
        self.objective = objective
        self.items: list[pg.GraphicsObject] = []
        """What is drawn once, into the backdrop."""

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint what moves; the painter is clipped to the plot's area."""

    def caption(self, frame: Frame) -> str:
        """Return how good the selected run is."""
        return how_good(frame)


class NoFit(Fit["Objective"]):
    """One sentence where there is no data."""

    has_axes = has_caption = False

    def __init__(self, plot: Plot, objective: Objective) -> None:
        super().__init__(plot, objective)
        text = pg.TextItem("A surface has no data.", color=plot.theme.quiet, anchor=(0.5, 0.5))
        self.items.append(text)
        plot.setRange(xRange=(-1, 1), yRange=(-1, 1))
        plot.set_labels("", "")


def how_good(frame: Frame) -> str:
    """Return how good the selected run is, such as ``validation accuracy 96.2 %``; empty where nothing is measured."""
    scores = dict(zip(frame.objective.score_names, frame.selected_run.scores[-1], strict=True))
    name = next((name for name in SCORES if name in scores), "")
    if not name or not np.isfinite(scores[name]):
        return ""
    value = f"{100 * scores[name]:.1f} %" if name.endswith("accuracy") else f"{scores[name]:.3g}"
    return f"{SCORES[name]} {value}"


def every(samples: int) -> slice:
    """Return evenly spaced samples, at most about MOST."""
    return slice(None, None, 1 + samples // MOST)


def paint_dots(painter: QPainter, points: np.ndarray, color: QColor, rim: QColor, hole: QColor | None = None) -> None:
    """Paint a dot with a rim at each of the points, pixels of shape (k, 2); with a hole it is a ring."""
    if not len(points):
        return
    # A point of a round pen is drawn far faster than an ellipse.
    for ink, size in ((rim, DOT + 2), (color, DOT), (hole, DOT - 3.5)):
        if ink is not None:
            painter.setPen(QPen(ink, size, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPoints(polygon(points))


def paint_batch(painter: QPainter, plot: Plot, frame: Frame, points: np.ndarray) -> None:
    """Ring those of the training samples, data coordinates of shape (N, 2), that the selected run's update saw."""
    step = frame.selected_run.step
    if step is None or frame.selected_run.run.per_epoch == 1:
        return
    painter.setPen(QPen(QColor(plot.theme.accent), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for x, y in plot.to_pixels(points[step.batch][:MOST]):
        painter.drawEllipse(QPointF(x, y), 7, 7)
