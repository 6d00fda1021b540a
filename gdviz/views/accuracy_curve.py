"""The share of samples that each run's network tells right, over its updates."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QPainter, QPen

from gdviz.views.error_curve import DOTTED, LABELS, length_of
from gdviz.views.ink import draw_marker, draw_path
from gdviz.views.plot import Plot
from gdviz.views.view import Place, ViewKind

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame
    from gdviz.scene.settings import Axis
    from gdviz.views.theme import Theme

__all__ = ["AccuracyCurve"]

NAMES = ("accuracy", "validation_accuracy")


@ViewKind(
    "accuracy",
    title="Accuracy",
    about=(
        "<b>The accuracy over time.</b> The share of samples whose class the network says, one curve a run; dotted: "
        "of the samples that are kept apart for validation. Dropout is off."
    ),
    alt="The share of the samples whose class is right over the updates",
    place=Place(0, 1),
    is_for=lambda objective: "accuracy" in objective.score_names,
)
class AccuracyCurve(Plot):
    """A curve a run for the training part, and a dotted one for the samples that are kept apart."""

    widest_label = "0.75"

    def __init__(self, theme: Theme) -> None:
        super().__init__("accuracy_curve", "Accuracy of each run over its updates", theme)
        self._range: tuple[float, float] | None = None
        self.axis: Axis = "update"
        self._label_axis: Axis = "update"
        self.view_box.setMouseEnabled(x=False, y=False)
        self.set_theme(theme)

    def show_frame(self, frame: Frame) -> None:
        """Draw the curves up to the frame's cursor."""
        names = frame.objective.score_names
        if self.frame is None or self.frame.objective is not frame.objective or self._label_axis != self.axis:
            self._label_axis = self.axis
            self.set_labels(LABELS[self.axis], "accuracy")
        columns = [names.index(name) for name in NAMES if name in names]
        least = min((float(np.nanmin(run.scores[:, columns], initial=1.0)) for run in frame.runs), default=0.0)
        limits = float(np.floor(10 * least) / 10), length_of(frame, self.axis)
        if columns and limits != self._range:
            self._range = limits
            self.setRange(xRange=(0, limits[1]), yRange=(min(limits[0], 0.8), 1.0), padding=0.02)
        super().show_frame(frame)

    def show_axis(self, axis: Axis) -> None:
        """Draw the curves over updates, epochs or time."""
        self.axis = axis
        if self.frame is not None:
            self.show_frame(self.frame)

    def paint_overlay(self, painter: QPainter, frame: Frame) -> None:
        """Paint the cursor, and each run's curves and marker."""
        (_, _), (low, high) = self.view_box.viewRange()
        if self.axis == "update":
            cursor = self.to_pixels(np.array([[frame.cursor, low], [frame.cursor, high]]))
            painter.setPen(QPen(QColor(self.theme.accent), 1))
            painter.drawLine(QPointF(*cursor[0]), QPointF(*cursor[1]))
        names, ends = frame.objective.score_names, []
        for run in frame.runs:
            style, along = self.theme.run(run.look.style), run.along(self.axis, np.asarray(run.updates, float))
            for name, look in ((NAMES[1], replace(style, dash=DOTTED)), (NAMES[0], style)):
                if name in names:
                    values = run.scores[:, names.index(name)]
                    curve = self.to_pixels(np.stack([along, values], axis=1))
                    draw_path(painter, curve, look, self.theme.path_width)
                    ends.append((curve[-1], style, name))
        if NAMES[1] in names:
            self.write_note(painter, "dots: validation", right=True)
        for end, style, name in reversed(ends):
            if name == NAMES[0]:
                draw_marker(painter, end, style, self.theme.base, self.theme.marker_size)
