"""Keeps the plane through the params that is shown, and computes it again when it depends on something new."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.scene.planes import PlaneRule, Principal
from gdviz.training.budget import is_heavy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives.plane import Plane
    from gdviz.training import Trajectory

__all__ = ["PlaneKeeper"]

GROWN = 3.0
"""While runs grow, the plane is computed again whenever their number of points has grown by this factor."""

ENOUGH = 10
"""Number of updates of a large run after which its directions determine a plane."""


class PlaneKeeper:
    """A plane rule, and the plane that it gives for the present trajectories.

    Attributes
    ----------
    rule
        The rule.
    plane
        The plane; None where the objective has two params.
    """

    def __init__(self, rule: PlaneRule | None = None) -> None:
        self.rule: PlaneRule = rule or Principal()
        self.plane: Plane | None = None
        self._key: tuple[Any, ...] = ()

    def forget(self) -> None:
        """Forget the plane, so that the next call of :meth:`of` computes it again."""
        self._key, self.plane = (), None

    def lifted(self, a: float, b: float) -> tuple[float, ...]:
        """Return the params of a point of the plane."""
        return (a, b) if self.plane is None else tuple(self.plane.lifted(np.array([a, b])).tolist())

    def of(self, trajectories: Sequence[Trajectory], selected: int, cursor: int) -> Plane | None:
        """Return the present plane; the same object as long as nothing that it depends on has changed."""
        objective = trajectories[selected].run.objective
        if objective.is_planar:
            self.plane = None
            return None
        stages = [t.last if t.complete else -_stage(t) for t in trajectories]
        at = cursor if self.rule.follows_cursor else -1
        key = (self.rule, list(trajectories), selected if self.rule.follows_chosen else -1, at, stages)
        if key != self._key:
            self._key = key
            self.plane = self.rule.plane(objective, trajectories, selected, cursor)
        return self.plane


def _stage(trajectory: Trajectory) -> int:
    """Return a number that changes as a run grows; only once with very many params, where planes are expensive."""
    if is_heavy(trajectory.run):
        return int(trajectory.last >= ENOUGH)
    return int(math.log(1 + trajectory.last, GROWN))
