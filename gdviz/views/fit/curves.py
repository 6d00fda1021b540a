"""Numbers and what runs make of them: a curve for each run over one input, or what is said against what is true."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdviz.explaining.inside import inputs_of
from gdviz.notation.numbers import short
from gdviz.views.fit.fit import Fit, every, paint_batch, paint_dots
from gdviz.views.ink import draw_path

if TYPE_CHECKING:
    from gdviz.objectives import Network, OnData
    from gdviz.scene.frame import Frame
    from gdviz.views.plot import Plot

__all__ = ["Curves", "SaidAgainstTrue"]

POINTS = 120
"""Of a curve."""


class Curves(Fit["OnData"]):
    """The samples of one input, and the output of each run as a curve over it."""

    def __init__(self, plot: Plot, objective: OnData) -> None:
        super().__init__(plot, objective)
        data = objective.data
        self.has_caption = bool(objective.score_names) or data.unit is not None
        low, high = float(data.X.min()), float(data.X.max())
        margin = 0.15 * (high - low) or 1.0
        self._x = np.linspace(low - margin, high + margin, POINTS)
        training, validation = _points(objective)
        plot.setRange(xRange=(low - margin, high + margin), yRange=self._limits(data.Y), padding=0)
        plot.set_labels(data.x_label, data.y_label)
        self._batch = training[: objective.samples]
        theme = plot.theme
        self._add(training, pg.mkPen(theme.base, width=1), pg.mkBrush(theme.quiet), 8)
        if len(validation):
            self._add(validation, pg.mkPen(theme.quiet, width=1.5), pg.mkBrush(theme.base), 7)

    def _add(self, points: np.ndarray, pen: QPen, brush: pg.QtGui.QBrush, size: int) -> None:
        # Without the cache they are as sharp in more pixels.
        scatter = pg.ScatterPlotItem(symbol="o", size=size, pen=pen, brush=brush, useCache=False)
        scatter.setData(*points[every(len(points))].T)
        scatter.setZValue(1)
        self.items.append(scatter)

    def _limits(self, y: np.ndarray) -> tuple[float, float]:
        is_share = self.objective.is_share
        low, high = float(y.min()), float(y.max())
        if is_share:
            low, high = min(0.0, low), max(1.0, high)
        margin = (0.06 if is_share else 0.12) * (high - low) or 1.0
        return low - margin, high + margin

    def caption(self, frame: Frame) -> str:
        """Return how good a network is; of a neuron on standardised x, the params for x in the data's own unit."""
        if self.objective.score_names:
            return super().caption(frame)
        with np.errstate(all="ignore"):
            own = self.objective.in_own_units(frame.selected_run.point)
        if own is None or not np.isfinite(own).all():
            return ""
        return f"own unit: w = {short(float(own[0]))}, b = {short(float(own[1]))}"

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint each run's output and the samples that the selected run's update saw."""
        for run in frame.runs:
            with np.errstate(all="ignore"):  # a run that diverged may stand anywhere
                outputs = np.reshape(self.objective.predict(self._x, run.point, run.carried), (POINTS, -1))
            for y in outputs.T[-1:] if self.objective.data.classes else outputs.T:
                path = self.plot.to_pixels(np.stack([self._x, y], axis=1))
                draw_path(painter, path, self.plot.theme.run(run.look.style), self.plot.theme.path_width)
        paint_batch(painter, self.plot, frame, self._batch)


def _points(objective: OnData) -> tuple[np.ndarray, np.ndarray]:
    """Return the training samples and those kept apart as points, (N, 2); several targets one after the other."""
    if not objective.has_layers:
        return np.stack([objective.data.X, objective.data.Y], axis=1), np.empty((0, 2))
    clouds, network = [], cast("Network", objective)  # what has layers is one
    for part in (network.parts.training, network.parts.validation):
        if part is None:
            clouds.append(np.empty((0, 2)))
            continue
        x, targets = inputs_of(network, part)[:, 0], part.T[:, -1:] if objective.data.classes else part.T
        clouds.append(np.concatenate([np.stack([x, y], axis=1) for y in targets.T]))
    return clouds[0], clouds[1]


class SaidAgainstTrue(Fit["Network"]):
    """What the selected run says of each sample, over what is true; on the line they are the same."""

    def __init__(self, plot: Plot, objective: Network) -> None:
        super().__init__(plot, objective)
        self._samples = []
        for part in (objective.parts.training, objective.parts.validation):
            if part is not None:
                some = every(len(part.X))
                self._samples.append((inputs_of(objective, part)[some], part.T[some]))
        truth = objective.data.Y
        low, high = float(truth.min()), float(truth.max())
        margin = 0.15 * (high - low) or 1.0
        plot.setRange(xRange=(low - margin, high + margin), yRange=(low - margin, high + margin), padding=0)
        plot.set_labels(f"{objective.data.y_label}, true", "said")

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint the line, the training samples as dots and those kept apart as rings."""
        theme, (ends, _) = self.plot.theme, self.plot.view_box.viewRange()
        first, last = self.plot.to_pixels(np.array([ends, ends]).T)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.quiet), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(*first), QPointF(*last))
        color, paper = QColor(theme.run(frame.selected_run.look.style).color), QColor(theme.base)
        for (X, T), hole in zip(self._samples, (None, paper), strict=False):
            with np.errstate(all="ignore"):
                outputs = self.objective.predict(X, frame.selected_run.point, frame.selected_run.carried)
            points = np.stack([T.ravel(), outputs.ravel()], axis=1)
            points = self.plot.to_pixels(points[np.isfinite(points).all(axis=1)])
            paint_dots(painter, points, color, paper, hole)
