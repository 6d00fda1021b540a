"""The parameters of an objective: their names, a start, and the part of their space that is shown."""

from __future__ import annotations

import abc
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdviz.elementary import Array

__all__ = ["Box", "ParameterSpace"]

Box = tuple[tuple[float, float], tuple[float, float]]
"""The lowest and highest value of the first and of the second parameter."""
FAR = 1e6
"""Factor from the box's size to that of the limits, outside of which a point counts as diverged."""
NAMED = 6
"""Maximum number of parameters that a message names."""


class ParameterSpace(abc.ABC):
    """A space of n parameters: the base of :class:`gdviz.Objective`.

    A subclass defines `parameters`, `start` and `box`; all else follows from them. With very many parameters it also
    defines `size`, `name_of`, `extent` and `limits`, so that no caller has to build the list of all names.
    """

    parameters: tuple[str, ...]
    """The parameters' names, one for each dimension."""

    @property
    @abc.abstractmethod
    def start(self) -> tuple[float, ...]:
        """A good point to start from, n numbers."""

    @property
    @abc.abstractmethod
    def box(self) -> Box:
        """The part of the parameter space that is worth looking at."""

    @property
    def size(self) -> int:
        """The number n of parameters."""
        return len(self.parameters)

    @property
    def is_planar(self) -> bool:
        """Whether there are two parameters, whose plane is drawn; otherwise a plane through their space is drawn."""
        return self.size == 2

    def has_params_of(self, other: ParameterSpace) -> bool:
        """Return whether a point means the same in both spaces, so that a run can keep its start."""
        return self.is_planar and other.is_planar and self.parameters == other.parameters

    def name_of(self, index: int) -> str:
        """Return the name of one parameter, without building the names of all."""
        return self.parameters[index]

    @property
    def names_for_messages(self) -> str:
        """The parameters' names, joined by commas, for messages; only the first few where there are many."""
        names = ",".join(self.name_of(i) for i in range(min(self.size, NAMED)))
        return f"{names},..." if self.size > NAMED else names

    @property
    def extent(self) -> Array:
        """The width of each parameter's interesting range, shape (n,)."""
        return np.asarray(np.ptp(np.array(self.box), axis=1))

    @cached_property
    def limits(self) -> Array:
        """The lower and upper limit of each parameter, shape (n, 2), outside of which a run has diverged: 10⁶ boxes."""
        low, high = np.array(self.box).T
        return np.stack([(low + high) / 2 - FAR * (high - low) / 2, (low + high) / 2 + FAR * (high - low) / 2], axis=1)
