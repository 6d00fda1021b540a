"""A learner's guess of the next step, compared with the step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives import Array
    from gdviz.training.loop import Step

__all__ = ["Guess"]

CLOSE, NEAR = 10.0, 30.0
"""Maximum angles, in degrees, at which a direction counts as right, and as nearly right."""


@dataclass(frozen=True, eq=False)
class Guess:
    """A guess of a step.

    Attributes
    ----------
    step
        The actual step.
    vector
        The guess as it was drawn, shape (n,).
    """

    step: Step
    vector: Array

    @property
    def angle(self) -> float:
        """The angle between guess and step in degrees, from 0 to 180; NaN where one of them has length 0."""
        lengths = float(np.linalg.norm(self.vector) * np.linalg.norm(self.step.step))
        if lengths == 0:
            return math.nan
        return math.degrees(math.acos(np.clip(self.vector @ -self.step.step / lengths, -1, 1)))

    @property
    def ratio(self) -> float:
        """The length of the guess divided by that of the step; ∞ where the step has length 0."""
        length = float(np.linalg.norm(self.step.step))
        return float(np.linalg.norm(self.vector)) / length if length else math.inf

    @property
    def sentence(self) -> str:
        """The sentence about the guess."""
        if math.isnan(self.angle):
            return "There is no step here, or none was drawn."
        verdict = "Well seen" if self.angle <= CLOSE else "Nearly" if self.angle <= NEAR else "Not quite"
        length = "as long" if 0.8 <= self.ratio <= 1.25 else f"{self.ratio:.2g} times as long"
        return f"{verdict}: {self.angle:.0f}° off, and {length}."
