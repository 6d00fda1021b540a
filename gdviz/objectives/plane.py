"""A plane through an objective's parameter space: of very many parameters the two that can be drawn."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.objectives.base import Array, Box, Objective, Samples

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from gdviz.objectives.data.samples import Data

__all__ = ["Plane"]

ORTHONORMAL = 1e-14
"""So little may products of orthonormal directions be off 1 and 0."""
CALLS = 30_000.0
"""What the calls for one evaluation take, in evaluations of a neuron on one sample."""
LIFTING = 40.0
"""What the way from the plane to a param takes: memory is slower than arithmetic."""
PARALLEL = 1e-12
"""Directions whose singular values differ by more than this are taken for parallel."""


class Plane(Objective):
    """The objective E(origin + a u + b v) of a and b: what another objective is on a plane.

    Parameters
    ----------
    objective
        What is cut, with n parameters.
    origin
        The point (0, 0) of the plane, shape (n,).
    directions
        u and v, shape (2, n), of any lengths and at any angle; even 0 or parallel.
    names
        What a and b are called.
    box
        The part of the plane that is worth looking at.
    about
        One sentence on what is drawn.

    Raises
    ------
    ValueError
        Where the shapes do not fit the objective.
    """

    name = "plane"
    formula = "E(origin + a u + b v)"

    def __init__(
        self, objective: Objective, origin: ArrayLike, directions: ArrayLike, names: tuple[str, str], box: Box,
        about: str = "",
    ) -> None:  # fmt: skip
        self.objective, self.parameters, self.about = objective, names, about
        self.origin, self.directions = _frozen(origin), _frozen(directions)
        self._box = box
        n = objective.size
        if self.origin.shape != (n,) or self.directions.shape != (2, n):
            shapes = f"{self.origin.shape} and {self.directions.shape}"
            raise ValueError(f"plane: origin and directions must have the shapes ({n},) and (2, {n}), not {shapes}")

    # -- what it has of the objective

    @property
    def label(self) -> str:  # type: ignore[override]
        """The objective's."""
        return self.objective.label

    @property
    def value_name(self) -> str:  # type: ignore[override]
        """The objective's."""
        return self.objective.value_name

    @property
    def samples(self) -> int:  # type: ignore[override]
        """The objective's."""
        return self.objective.samples

    @property
    def work(self) -> float:
        """The objective's, the calls that each of its evaluations takes, and the way from the plane to all params."""
        return CALLS + LIFTING * self.objective.size + self.objective.work

    @property
    def data(self) -> Data | None:  # type: ignore[override]
        """The objective's."""
        return self.objective.data

    @property
    def lowest(self) -> float:
        """The objective's: on the plane there is nothing lower."""
        return self.objective.lowest

    @cached_property
    def start(self) -> tuple[float, ...]:
        """The point of the plane that is nearest to the objective's start."""
        return tuple(self.projected(np.array(self.objective.start)).tolist())

    @property
    def box(self) -> Box:
        """The part of the plane that is worth looking at."""
        return self._box

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Plane) and self._contents == other._contents and self._same(other))

    def _same(self, other: Plane) -> bool:
        return np.array_equal(self.origin, other.origin) and np.array_equal(self.directions, other.directions)

    @property
    def _contents(self) -> tuple[Any, ...]:
        return self.parameters, self.box, self.about, self.objective

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        return hash((*self._contents, self.origin.sum(), *self.directions.sum(axis=1).tolist()))

    # -- between the plane and the space

    @cached_property
    def axes(self) -> tuple[int, int]:
        """The two params along whose axes the plane lies, or whose axes are nearest to u and v."""
        size = np.abs(self.directions)
        first = int(size[0].argmax())
        size[1, first] = -1.0  # two of them, whatever u and v are
        return first, int(size[1].argmax())

    @cached_property
    def indices(self) -> tuple[int, int] | None:
        """The two params that a and b are, but for the origin; None where the plane does not lie along their axes."""
        of_axes = self.directions[[0, 1], self.axes]
        return self.axes if np.count_nonzero(self.directions) == 2 and (of_axes == 1).all() else None

    @cached_property
    def _inverse(self) -> Array:
        """The pseudo-inverse of the directions, shape (n, 2): least squares, and of many solutions the shortest."""
        products = self.directions @ self.directions.T
        if np.abs(products - np.eye(2)).max() < ORTHONORMAL:  # then it takes no decomposition
            return self.directions.T
        return np.asarray(np.linalg.pinv(self.directions, rcond=PARALLEL))

    def lifted(self, points: Array) -> Array:
        """Return origin + a u + b v of points (a, b), shape (..., 2): shape (..., n)."""
        return np.asarray(self.origin + points @ self.directions)

    def projected(self, params: Array) -> Array:
        """Return a and b of the points of the plane that are nearest to `params`, shape (..., n): shape (..., 2)."""
        if self.indices is not None:  # nothing has to be rounded
            return np.asarray(params[..., self.indices] - self.origin[[*self.indices]])
        return self.moved(params - self.origin)

    def moved(self, vectors: Array) -> Array:
        """Return how far displacements of the params, shape (..., n), go along a and b: shape (..., 2)."""
        return np.asarray(vectors @ self._inverse if self.indices is None else vectors[..., self.indices])

    def off_share(self, displacement: Array) -> float:
        """Return which share of a displacement's squared length is off the plane, from 0 to 1; shape (n,)."""
        largest = np.abs(displacement).max(initial=0.0)
        if largest == 0:
            return 0.0
        unit = displacement / largest
        off = unit - self.moved(unit) @ self.directions
        return min(1.0, float(off @ off) / float(unit @ unit))

    # -- as an objective

    def value(self, params: Array) -> Array:
        """Return the objective's value at points (a, b) of the plane, shape (..., 2): shape (...)."""
        points = np.reshape(params, (-1, 2))  # lifted one by one: together they may not fit into memory
        return np.reshape([self.objective.value(self.lifted(point)) for point in points], np.shape(params)[:-1])

    def gradient(self, params: Array, batch: Samples = slice(None)) -> Array:
        """Return ∂E/∂a = u · ∇E and ∂E/∂b = v · ∇E, shape (2,)."""
        return np.asarray(self.directions @ self.objective.gradient(self.lifted(params), batch))


def _frozen(values: ArrayLike) -> Array:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array
