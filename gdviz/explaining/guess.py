"""A learner's guess of the next step, and how near it came."""

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
"""Degrees up to which a direction counts as met, and as nearly met."""


@dataclass(frozen=True, eq=False)
class Guess:
    """Where somebody thought that a step would lead.

    Attributes
    ----------
    step
        The step as it was.
    vector
        The step as it was drawn, shape (n,).
    """

    step: Step
    vector: Array

    @property
    def angle(self) -> float:
        """The degrees between guess and step, from 0 to 180; NaN where one of them has no direction."""
        lengths = float(np.linalg.norm(self.vector) * np.linalg.norm(self.step.step))
        if lengths == 0:
            return math.nan
        return math.degrees(math.acos(np.clip(self.vector @ -self.step.step / lengths, -1, 1)))

    @property
    def ratio(self) -> float:
        """How many times as long as the step the guess is; ∞ where there is no step."""
        length = float(np.linalg.norm(self.step.step))
        return float(np.linalg.norm(self.vector)) / length if length else math.inf

    @property
    def sentence(self) -> str:
        """What is to be said about it."""
        if math.isnan(self.angle):
            return "There is no step here, or none was drawn."
        met = "Well seen" if self.angle <= CLOSE else "Nearly" if self.angle <= NEAR else "Not quite"
        length = "as long" if 0.8 <= self.ratio <= 1.25 else f"{self.ratio:.2g} times as long"
        return f"{met}: {self.angle:.0f}° off, and {length}."
