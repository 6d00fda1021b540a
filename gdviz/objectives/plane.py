"""A plane through an objective's parameter space, which can be drawn where there are many parameters."""

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
"""Tolerance for the products of orthonormal directions, which should be 1 and 0."""
CALLS = 30_000.0
"""Cost of the calls in one evaluation, in evaluations of a neuron on one sample."""
LIFTING = 40.0
"""Cost per parameter of the map from the plane to the params, in the same unit; memory is slower than arithmetic."""
PARALLEL = 1e-12
"""Directions count as parallel where the ratio of their singular values is below this."""


class Plane(Objective):
    """Another objective on a plane: E(origin + a u + b v) as a function of a and b.

    Parameters
    ----------
    objective
        The objective E, with n parameters.
    origin
        The point (0, 0) of the plane, shape (n,).
    directions
        u and v, shape (2, n), of any lengths and at any angle; even 0 or parallel.
    names
        The names of a and b.
    box
        The part of the plane that is worth looking at.
    about
        One sentence that explains the plane.

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
        self.origin, self.directions = _freeze(origin), _freeze(directions)
        self._box = box
        n = objective.size
        if self.origin.shape != (n,) or self.directions.shape != (2, n):
            shapes = f"{self.origin.shape} and {self.directions.shape}"
            raise ValueError(f"plane: origin and directions must have the shapes ({n},) and (2, {n}), not {shapes}")

    # -- members of the objective E

    @property
    def label(self) -> str:  # type: ignore[override]
        """That of E."""
        return self.objective.label

    @property
    def value_name(self) -> str:  # type: ignore[override]
        """That of E."""
        return self.objective.value_name

    @property
    def samples(self) -> int:  # type: ignore[override]
        """That of E."""
        return self.objective.samples

    @property
    def work(self) -> float:
        """The cost of E, of the calls in an evaluation, and of the map from the plane to all params."""
        return CALLS + LIFTING * self.objective.size + self.objective.work

    @property
    def data(self) -> Data | None:  # type: ignore[override]
        """That of E."""
        return self.objective.data

    @property
    def lowest(self) -> float:
        """The lowest value of E, which is a lower bound on the plane."""
        return self.objective.lowest

    @cached_property
    def start(self) -> tuple[float, ...]:
        """The point of the plane nearest to the start of E."""
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
        """The indices of the two params whose axes are nearest to u and v."""
        size = np.abs(self.directions)
        first = int(size[0].argmax())
        size[1, first] = -1.0  # so that the second axis differs from the first
        return first, int(size[1].argmax())

    @cached_property
    def indices(self) -> tuple[int, int] | None:
        """The indices of the two params along whose axes u and v lie with length 1; None for any other plane."""
        of_axes = self.directions[[0, 1], self.axes]
        return self.axes if np.count_nonzero(self.directions) == 2 and (of_axes == 1).all() else None

    @cached_property
    def _inverse(self) -> Array:
        """The pseudo-inverse of the directions, shape (n, 2): it gives the shortest least-squares solution."""
        products = self.directions @ self.directions.T
        if np.abs(products - np.eye(2)).max() < ORTHONORMAL:  # orthonormal: the transpose is the inverse
            return self.directions.T
        return np.asarray(np.linalg.pinv(self.directions, rcond=PARALLEL))

    def lifted(self, points: Array) -> Array:
        """Return origin + a u + b v of points (a, b), shape (..., 2): shape (..., n)."""
        return np.asarray(self.origin + points @ self.directions)

    def projected(self, params: Array) -> Array:
        """Return the orthogonal projections (a, b), shape (..., 2), of points `params`, shape (..., n)."""
        if self.indices is not None:  # exact, without products that would be rounded
            return np.asarray(params[..., self.indices] - self.origin[[*self.indices]])
        return self.moved(params - self.origin)

    def moved(self, vectors: Array) -> Array:
        """Return the components along a and b, shape (..., 2), of displacements of the params, shape (..., n)."""
        return np.asarray(vectors @ self._inverse if self.indices is None else vectors[..., self.indices])

    def off_share(self, displacement: Array) -> float:
        """Return the share, from 0 to 1, of the squared length of a displacement, shape (n,), that is off the plane."""
        largest = np.abs(displacement).max(initial=0.0)
        if largest == 0:
            return 0.0
        unit = displacement / largest
        off = unit - self.moved(unit) @ self.directions
        return min(1.0, float(off @ off) / float(unit @ unit))

    # -- as an objective

    def value(self, params: Array) -> Array:
        """Return E at points (a, b), shape (..., 2): shape (...)."""
        points = np.reshape(params, (-1, 2))  # lifted one by one: together they may not fit into memory
        return np.reshape([self.objective.value(self.lifted(point)) for point in points], np.shape(params)[:-1])

    def gradient(self, params: Array, batch: Samples = slice(None)) -> Array:
        """Return ∂E/∂a = u · ∇E and ∂E/∂b = v · ∇E, shape (2,)."""
        return np.asarray(self.directions @ self.objective.gradient(self.lifted(params), batch))


def _freeze(values: ArrayLike) -> Array:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array
