"""The anatomy of a step, painted: what it is made of, tip to tail, on the contour as on the surface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdviz.explaining.anatomy import STAGES
from gdviz.notation.numbers import short

if TYPE_CHECKING:
    from gdviz.explaining.anatomy import Anatomy, Mark
    from gdviz.objectives import Array, Box
    from gdviz.scene.frame import Fan, Frame
    from gdviz.views.step.sketch import Sketch, ToPixels

__all__ = ["StepArrows", "magnification"]

REACH = 0.4
"""The share of the view that the longest mark takes at most; steps are short, so they are magnified to about that."""
LEAST = 0.15
"""The share that it should take even where it then leaves the view."""
POINTER = 46.0
"""Pixels of a mark of which only the direction matters."""
FAN = 80.0
"""Pixels of the largest of the samples' gradients."""
ROUND = (1, 2, 5)
MARKER = 16.0
"""Pixels around the point where the step begins that are kept clear for its marker."""
NEAR = 7.0
"""Pixels from an arrow within which the mouse means it."""


class StepArrows:
    """The arrows in one view.

    Attributes
    ----------
    is_shown
        Whether they are painted.
    has_fan
        Whether the gradient of each sample is painted too.
    lit_stage
        The stage that stands out; empty where none does.
    """

    def __init__(self) -> None:
        self.is_shown = True
        self.has_fan = False
        self.lit_stage = ""

    def paint(self, sketch: Sketch, frame: Frame, box: Box) -> None:
        """Paint the frame's step in a view of a part of the plane; see :func:`magnification`."""
        anatomy = frame.anatomy
        if anatomy is None or frame.selected_run.look.hidden:
            return
        sketch.painter.save()
        if self.has_fan and frame.fan is not None:
            _paint_fan(sketch, frame.fan, box)
        if self.is_shown:
            self._paint_marks(sketch, frame, anatomy, box)
        sketch.write_names()
        sketch.painter.restore()

    def _paint_marks(self, sketch: Sketch, frame: Frame, anatomy: Anatomy, box: Box) -> None:
        factor = magnification(anatomy, box)
        sketch.keep_clear(sketch.to_pixels(anatomy.before[None])[0], MARKER)
        # The whole step lies below its parts, and shows at their sides where there is only one.
        for mark in sorted(anatomy.marks, key=lambda mark: (mark.stage == self.lit_stage, mark.stage != "step")):
            if mark.stage in STAGES[: frame.stages]:
                _paint(sketch, mark, anatomy.before, factor, mark.stage == self.lit_stage)
        stages = STAGES[: frame.stages]
        if factor != 1 and any(mark.kind == "arrow" and mark.stage in stages for mark in anatomy.marks):
            beside = sketch.to_pixels(anatomy.before[None])[0] + np.array([14, 22])
            sketch.name(beside, f"step × {short(factor)}", sketch.theme.text)

    def stage_at(self, frame: Frame, to_pixels: ToPixels, box: Box, pixel: np.ndarray) -> str:
        """Return the stage of the arrow that is painted at a pixel of shape (2,); empty where there is none."""
        anatomy = frame.anatomy
        if anatomy is None or not self.is_shown:
            return ""
        factor, nearest, stage = magnification(anatomy, box), NEAR, ""
        for mark in anatomy.marks:
            if mark.kind == "arrow" and mark.stage in STAGES[: frame.stages]:
                at = anatomy.before + factor * (mark.at - anatomy.before)
                path = to_pixels(at + np.linspace(0, factor, 25)[:, None] * mark.vector)
                distance = np.linalg.norm(path - pixel, axis=1).min()
                if distance < nearest:
                    nearest, stage = distance, mark.stage
        return stage


def _paint_fan(sketch: Sketch, fan: Fan, box: Box) -> None:
    """Paint against each sample's gradient a line, those of the batch in its colour, and the mean of all."""
    side = np.abs(np.diff(sketch.to_pixels(np.array(box).T), axis=0))[0] / _width(box)
    longest = float(np.linalg.norm(fan.vectors * side, axis=1).max())
    if not 0 < longest < np.inf:
        return
    theme = sketch.theme
    for is_seen, color, width in ((False, theme.quiet, 1.0), (True, theme.gradient, 1.5)):
        sketch.rays(fan.at, fan.at - FAN / longest * fan.vectors[fan.in_batch == is_seen], color, width)
    sketch.pointer(fan.at, -fan.vectors.mean(axis=0), FAN, "all samples", theme.text, 2.0)


def _width(box: Box) -> Array:
    return np.asarray(np.ptp(np.array(box), axis=1))


def magnification(anatomy: Anatomy, box: Box) -> float:
    """Return by how much to magnify: 1, 2 or 5 times a power of ten, at least 1; in every view of `box` the same.

    Parameters
    ----------
    anatomy
        The step, taken apart.
    box
        The part of the plane in view, out of which no arrow should lead.
    """
    weights = {"arrow": 1.0, "ellipse": 0.65}
    marks = [mark for mark in anatomy.marks if mark.kind in weights]
    ends = [(mark.at - anatomy.before + mark.vector) / _width(box) for mark in marks]
    longest = max(
        (weights[mark.kind] * np.linalg.norm(end) for mark, end in zip(marks, ends, strict=True)), default=0.0
    )
    if not 0 < longest < np.inf:
        return 1.0
    tips = np.array([end for mark, end in zip(marks, ends, strict=True) if mark.kind == "arrow"])
    low, high = (np.array(box).T - anatomy.before) / _width(box)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        room = np.where(tips > 0, high, low) / tips
    inside = np.nanmin(room, initial=np.inf, where=tips != 0)
    most = min(REACH, max(inside * longest, LEAST)) / longest
    if most < 2:
        return 1.0
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(factor * power for factor in ROUND if factor * power <= most))


def _paint(sketch: Sketch, mark: Mark, before: np.ndarray, factor: float, is_lit: bool) -> None:
    color, width = sketch.theme.stage(mark.stage), (5.0 if mark.stage == "step" else 2.5) + 2.0 * is_lit
    at = before + factor * (mark.at - before)
    if mark.kind == "ellipse":
        sketch.ellipse(at, factor * mark.vector, color, width - 1)
    elif mark.kind == "point":
        sketch.ring(at, mark.label, color)
    elif mark.kind == "direction":
        sketch.pointer(at, mark.vector, POINTER, mark.label, color)
    else:
        sketch.arrow(at, factor * mark.vector, mark.label, color, width, is_guess=mark.stage == "scaling")
