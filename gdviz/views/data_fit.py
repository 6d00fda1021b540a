"""The data and what each run makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdviz.objectives import Objective, SigmoidNeuron
from gdviz.views.ink import draw_path
from gdviz.views.plot import Plot

if TYPE_CHECKING:
    from gdviz.training.frame import Frame
    from gdviz.views.theme import Theme

__all__ = ["DataFit"]

MOST = 2000
"""Of more samples than this, so many are drawn."""


class DataFit(Plot):
    """The samples, the sigmoid of each run, and the samples that the selected run's update saw."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("data_fit", "Samples and the output of each run", theme)
        self._samples = pg.ScatterPlotItem(symbol="o", size=8, useCache=False)  # as sharp in more pixels
        self._none = pg.TextItem("A surface has no data.", anchor=(0.5, 0.5))
        self._objective: Objective | None = None
        self._x = np.empty(0)
        for z, item in ((1, self._samples), (2, self._none)):
            item.setZValue(z)
            self.addItem(item, ignoreBounds=True)
        self.view_box.setMouseEnabled(x=False, y=False)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        super().set_theme(theme)
        self._samples.setPen(pg.mkPen(theme.base, width=1))
        self._samples.setBrush(pg.mkBrush(theme.quiet))
        self._none.setColor(theme.quiet)
        self._objective = None

    def _show_data(self, objective: Objective) -> None:
        self._objective = objective
        has_data = isinstance(objective, SigmoidNeuron)
        self._none.setVisible(not has_data)
        for side in ("left", "bottom"):
            self.getPlotItem().showAxis(side, has_data)
        if not isinstance(objective, SigmoidNeuron):
            self._samples.clear()
            self.set_labels("", "")
            self._none.setPos(0, 0)
            self.setRange(xRange=(-1, 1), yRange=(-1, 1))
            return
        some = slice(None, None, 1 + objective.samples // MOST)
        self._samples.setData(objective.X[some], objective.Y[some])
        low, high = float(objective.X.min()), float(objective.X.max())
        margin = 0.15 * (high - low) or 1.0
        self._x = np.linspace(low - margin, high + margin, 120)
        self.setRange(xRange=(low - margin, high + margin), yRange=_limits(objective.Y), padding=0)
        self.set_labels(objective.data.x_label, objective.data.y_label)

    def show_frame(self, frame: Frame) -> None:
        """Draw each run's output at the frame's cursor, and the batch."""
        if frame.objective is not self._objective:
            self._show_data(frame.objective)
        super().show_frame(frame)

    def paint_overlay(self, painter: QPainter, frame: Frame) -> None:
        """Paint each run's output and the samples that the selected run's update saw."""
        objective = frame.objective
        if not isinstance(objective, SigmoidNeuron):
            return
        for run in frame.runs:
            curve = np.stack([self._x, objective.predict(self._x, run.params[-1])], axis=1)
            draw_path(painter, self.to_pixels(curve), self.theme.run(run.look.style), self.theme.path_width)
        step = frame.chosen.step
        if step is None or frame.chosen.run.per_epoch == 1:
            return
        batch = np.stack([objective.X[step.batch], objective.Y[step.batch]], axis=1)[:MOST]
        painter.setPen(QPen(QColor(self.theme.accent), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for x, y in self.to_pixels(batch):
            painter.drawEllipse(QPointF(x, y), 7, 7)


def _limits(y: np.ndarray) -> tuple[float, float]:
    low, high = min(0.0, float(y.min())), max(1.0, float(y.max()))
    return low - 0.06 * (high - low), high + 0.06 * (high - low)
