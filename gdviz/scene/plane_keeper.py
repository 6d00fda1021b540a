"""Which plane through the params is looked at, where there are more than two; cut anew where that has to be."""

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
"""While runs grow, a plane through all of their points is cut anew whenever they have so many times as many."""

ENOUGH = 10
"""Updates of a large run after which its directions are worth a plane."""


class PlaneKeeper:
    """The rule that was chosen, and the plane that it makes of the trajectories there are.

    Attributes
    ----------
    rule
        How the plane is chosen.
    plane
        The plane itself; None: the objective has two params and needs none.
    """

    def __init__(self, rule: PlaneRule | None = None) -> None:
        self.rule: PlaneRule = rule or Principal()
        self.plane: Plane | None = None
        self._key: tuple[Any, ...] = ()

    def forget(self) -> None:
        """Let the plane be cut anew, whatever it depends on."""
        self._key, self.plane = (), None

    def lifted(self, a: float, b: float) -> tuple[float, ...]:
        """Return the params of a point of the plane."""
        return (a, b) if self.plane is None else tuple(self.plane.lifted(np.array([a, b])).tolist())

    def of(self, trajectories: Sequence[Trajectory], selected: int, cursor: int) -> Plane | None:
        """Return the plane as it is now; the same one as long as nothing that it depends on changed."""
        objective = trajectories[selected].run.objective
        if objective.is_planar:
            self.plane = None
            return None
        grown = [t.last if t.complete else -_stage(t) for t in trajectories]
        at = cursor if self.rule.follows_cursor else -1
        key = (self.rule, list(trajectories), selected if self.rule.follows_chosen else -1, at, grown)
        if key != self._key:
            self._key = key
            self.plane = self.rule.plane(objective, trajectories, selected, cursor)
        return self.plane


def _stage(trajectory: Trajectory) -> int:
    """Return a number that changes as a run grows; with very many params only once, for each cut is felt."""
    if is_heavy(trajectory.run):
        return int(trajectory.last >= ENOUGH)
    return int(math.log(1 + trajectory.last, GROWN))
