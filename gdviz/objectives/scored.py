"""Objectives with scores, which are measured besides the value."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING

from gdviz.objectives.base import Objective

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.elementary import Array

__all__ = ["Scored", "about_value", "has_validation", "measured_at"]


class Scored(Objective):
    """An objective with scores, such as the accuracy, and perhaps with an error on samples kept apart.

    A trajectory keeps the scores beside the error, tables and curves show them, and the training loop stops a run early
    by its validation error. A subclass defines `score_names`; where samples are kept apart, one of them is
    ``validation_error``.
    """

    about_value: str = "summed over all data"
    """How the value is computed from the samples' errors, as a tip."""

    @abc.abstractmethod
    def measured(self, points: Array, cancelled: Callable[[], bool] = lambda: False) -> Array:
        """Return the value and the scores at many points.

        Parameters
        ----------
        points
            Shape (k, n); where a run carries statistics along, shape (k, n + r).
        cancelled
            Called now and then during long work; once it returns True, the remaining points are NaN.

        Returns
        -------
        array
            Shape (k, 1 + scores).
        """

    def validation_error(self, params: Array, carried: Array | None = None) -> float:
        """Return the mean error over the samples that are kept apart.

        Raises
        ------
        ValueError
            Where no samples are kept apart.
        """
        raise ValueError(f"{self.name}: no samples are kept apart")


def measured_at(objective: Objective, points: Array) -> Array:
    """Return the value and the scores of any objective at points of shape (k, n): shape (k, 1 + scores)."""
    return objective.measured(points) if isinstance(objective, Scored) else objective.value(points)[:, None]


def has_validation(objective: Objective) -> bool:
    """Return whether samples are kept apart, so that a run can be stopped by their error."""
    return "validation_error" in objective.score_names


def about_value(objective: Objective) -> str:
    """Return a tip that says how the value is computed from the samples' errors."""
    return objective.about_value if isinstance(objective, Scored) else Scored.about_value
