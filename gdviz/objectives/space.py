"""The parameters of an objective: what they are called, where a run starts, and which part of their space is shown."""

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
"""A point that is this many boxes away from the box counts as diverged."""
NAMED = 6
"""Maximum number of parameters that a message names."""


class ParameterSpace(abc.ABC):
    """A space of n parameters: the base of :class:`gdviz.Objective` that says where a point can be.

    A subclass gives `parameters`, `start` and `box`; all else follows from them. Where the parameters are very many, it
    gives `size`, `name_of`, `extent` and `limits`, too, so that nobody has to list all names.
    """

    parameters: tuple[str, ...]
    """The parameters' names, as many as there are dimensions."""

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
        """How many parameters there are: n."""
        return len(self.parameters)

    @property
    def is_planar(self) -> bool:
        """Whether the parameters are the plane that is drawn; otherwise a plane is cut through their space."""
        return self.size == 2

    def has_params_of(self, other: ParameterSpace) -> bool:
        """Return whether a point of the other space means the same here, so that a run can begin there."""
        return self.is_planar and other.is_planar and self.parameters == other.parameters

    def name_of(self, index: int) -> str:
        """Return the name of one parameter; it does not make the names of all."""
        return self.parameters[index]

    @property
    def names_for_messages(self) -> str:
        """The parameters' names as a message has them: the first few, where they are many."""
        names = ",".join(self.name_of(i) for i in range(min(self.size, NAMED)))
        return f"{names},..." if self.size > NAMED else names

    @property
    def extent(self) -> Array:
        """How wide the range of each parameter is that is worth looking at, shape (n,)."""
        return np.asarray(np.ptp(np.array(self.box), axis=1))

    @cached_property
    def limits(self) -> Array:
        """The part of the parameter space outside of which a run has diverged, shape (n, 2): 10⁶ times the box."""
        low, high = np.array(self.box).T
        return np.stack([(low + high) / 2 - FAR * (high - low) / 2, (low + high) / 2 + FAR * (high - low) / 2], axis=1)
