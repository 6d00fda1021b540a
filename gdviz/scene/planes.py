"""Rules for the plane through a network's params: two weights, the paths' principal directions, and others."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from gdviz.objectives.plane import Plane
from gdviz.params import Declared, param
from gdviz.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Array, Box, Network, Objective
    from gdviz.training.trajectory import Trajectory

__all__ = ["PLANES", "PlaneRule", "Principal", "RandomDirections", "Through", "TwoWeights"]

POINTS = 60
"""Maximum number of points of each run from which principal directions are computed."""
MOST = 10_000_000
"""Maximum number of numbers of the paths that are used."""
MARGIN = 0.15
"""The margin on either side of the paths, as a share of their width."""
LEAST = 2.0
"""The minimum width of a weight's range."""
NARROW = 0.2
"""The minimum width of the narrower side of a box, as a share of the other side."""
ON_LINE = 1e-6
"""Maximum distance of a point from a line, as a share of its distance from the origin, to count as on it."""
SOMEWHERE = "a random direction"
NOWHERE = "E on a random plane: nothing has moved yet."
ONE_POINT = "E on a random plane through the run's points after the three updates, which are one point."
LINE = "E along the line through the run's points, which are on one, and across it in a random direction: a line cut."
AWAY = 5.0
"""A run whose distance from its start exceeds the median by this factor has run away; pictures ignore it."""
SCATTER = 2
"""Part of the seed of random directions, so that they are independent of initial weights with the same seed."""


class PlaneRule(Declared, abc.ABC):
    """A rule that chooses a plane.

    Attributes
    ----------
    about
        One sentence that explains the plane.
    follows_cursor
        Whether the plane depends on the cursor.
    follows_chosen
        Whether it depends on the selected run.
    """

    about: ClassVar[str]
    follows_cursor: ClassVar[bool] = False
    follows_chosen: ClassVar[bool] = True

    def problem(self, objective: Objective, total: int) -> str:
        """Return why the rule's values do not suit an objective and runs of `total` updates; empty where they do."""
        return ""

    @abc.abstractmethod
    def plane(self, objective: Objective, trajectories: Sequence[Trajectory], run_index: int, cursor: int) -> Plane:
        """Return the plane.

        Parameters
        ----------
        objective
            The objective that the plane goes through.
        trajectories, run_index
            The trajectories so far, and the index of the run that is explained.
        cursor
            The update that is shown.
        """


PLANES: Registry[type[PlaneRule]] = Registry("plane")
"""Every plane rule that the picker and the command line offer."""


@PLANES
@dataclass(frozen=True)
class TwoWeights(PlaneRule):
    """Two params vary; all others keep their values at the selected run's point."""

    name = "weights"
    label = "Two weights"
    about = "E over two of the weights; all others keep the values that the run has at the cursor."
    follows_cursor = True

    first: int = param(-1, "first", "number of the weight along the first axis; −1: the one that moved furthest",
                       low=-2, slider=(-2, 100))  # fmt: skip
    second: int = param(-2, "second", "number of the weight along the second axis; −2: the one that moved second most",
                        low=-2, slider=(-2, 100))  # fmt: skip

    def problem(self, objective: Objective, total: int) -> str:
        """Refuse weights that do not exist, and the same weight twice."""
        if max(self.first, self.second) >= (n := objective.size):
            return f"weights: first and second must be from −2 to {n - 1}: there are {n} params"
        return "weights: first and second must be two weights, not one" if self.first == self.second else ""

    def plane(self, objective: Objective, trajectories: Sequence[Trajectory], run_index: int, cursor: int) -> Plane:
        """Return the plane at the cursor."""
        n, trajectory = objective.size, trajectories[run_index]
        i, j = (_weight(trajectory, choice) for choice in (self.first, self.second))
        j = (j + 1) % n if j == i else j
        origin = trajectory.params_at(min(cursor, trajectory.last)).copy()
        origin[[i, j]] = 0.0  # so a and b are the weights themselves
        directions = np.zeros((2, n))
        directions[[0, 1], [i, j]] = 1.0
        box = _box(np.concatenate([t.params[:, [i, j]] for t in _near(trajectories, run_index)]), LEAST)
        return Plane(objective, origin, directions, (objective.name_of(i), objective.name_of(j)), box, self.about)


@PLANES
@dataclass(frozen=True)
class Principal(PlaneRule):
    """The plane nearest to the paths of all runs (principal component analysis; Pearson, 1901)."""

    name = "principal"
    label = "Principal directions"
    about = "E on the plane through the paths' mean along the two directions in which the paths spread most."
    follows_chosen = False

    def plane(self, objective: Objective, trajectories: Sequence[Trajectory], run_index: int, cursor: int) -> Plane:
        """Return the plane for the paths so far."""
        points = _some_points(trajectories, run_index, POINTS)
        mean = points[0] + (points - points[0]).mean(axis=0)  # exact where all points are the same
        directions, share = _principal(points - mean)
        coordinates = (_some_points(trajectories, run_index) - mean) @ directions.T
        about = f"E on the plane in which the paths spread most: it holds {share:.1%} of their variance."
        box = _box(coordinates, NARROW * float(np.ptp(coordinates, axis=0).max()) or LEAST)
        return Plane(objective, mean, directions, ("PC1", "PC2"), box, about if share else NOWHERE)


@PLANES
@dataclass(frozen=True)
class RandomDirections(PlaneRule):
    """A random plane; a step of 1 along a direction changes each neuron's incoming weights by their own length.

    Li, Xu, Taylor, Studer and Goldstein, Visualizing the loss landscape of neural nets, NeurIPS 2018, section 4; as
    there, biases and γ keep their values.
    """

    name = "random"
    label = "Random directions"
    about = "E around the run's result θ along two random directions, each neuron's as long as its weights in θ."

    seed: int = param(0, "seed", "seed of the two directions", low=0, high=2**53, slider=(0, 100))

    def plane(self, objective: Objective, trajectories: Sequence[Trajectory], run_index: int, cursor: int) -> Plane:
        """Return the plane.

        Raises
        ------
        ValueError
            Where the objective has no layers.
        """
        if not objective.has_layers:
            raise ValueError(f"random directions are made neuron by neuron; {objective.name} has no layers")
        trajectory, layout = trajectories[run_index], cast("Network", objective).layout
        theta, random = trajectory.params_at(trajectory.result), np.random.default_rng((self.seed, SCATTER))
        directions = np.zeros((2, objective.size))
        for index, layer in enumerate(layout.layers):
            length = np.linalg.norm(layout.weights(theta, index), axis=0)
            for direction in directions:
                d = random.normal(size=(layer.inputs, layer.outputs))
                direction[layer.W] = (d * (length / np.linalg.norm(d, axis=0))).ravel()
        return Plane(objective, theta, directions, ("direction 1", "direction 2"), ((-1, 1), (-1, 1)), self.about)


def update_of(default: int, name: str, point: str) -> Any:
    """Declare the update whose point becomes `point` of the plane."""
    which = f"the update whose point is {point}; −1: the last, −2: half-way"
    return param(default, name, which, low=-2, slider=(-2, 1000))


@PLANES
@dataclass(frozen=True)
class Through(PlaneRule):
    """The plane through three points of the selected run."""

    name = "through"
    label = "Through three points"
    about = "E on the plane through the run's points after three updates, which are its (0, 0), (1, 0) and (0, 1)."

    first: int = update_of(0, "first", "(0, 0)")
    second: int = update_of(-1, "second", "(1, 0)")
    third: int = update_of(-2, "third", "(0, 1)")

    def problem(self, objective: Objective, total: int) -> str:
        """Refuse updates beyond the runs' end, and the same update twice."""
        updates = (self.first, self.second, self.third)
        if max(updates) > total:
            return f"through: first, second and third must be from −2 to {total}: there are {total} updates"
        return "through: first, second and third must be three updates" if len(set(updates)) < 3 else ""

    def plane(self, objective: Objective, trajectories: Sequence[Trajectory], run_index: int, cursor: int) -> Plane:
        """Return the plane; where the points are on a line, a random plane through it."""
        trajectory = trajectories[run_index]
        first, second, third = (_update(trajectory, choice) for choice in (self.first, self.second, self.third))
        origin = trajectory.params_at(first)
        u, v = trajectory.params_at(second) - origin, trajectory.params_at(third) - origin
        names, about, corners = (f"to update {second}", f"to update {third}"), self.about, _CORNERS
        if not u.any():  # the first two points coincide, so there are two different points at most
            u, v, names = v, u, names[::-1]
        if _is_along(u, v):
            names, corners = (names[0] if u.any() else SOMEWHERE, SOMEWHERE), _CORNERS - (0, 0.5)
            about = LINE if u.any() else ONE_POINT
            u, v = _with_another(u)
        plane = Plane(objective, origin, [u, v], names, ((-1, 1), (-1, 1)))
        paths = plane.projected(_some_points(trajectories, run_index))
        return Plane(objective, origin, [u, v], names, _box(np.concatenate([paths, corners]), 1.0), about)


_CORNERS = np.array([(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)])


def _near(trajectories: Sequence[Trajectory], run_index: int) -> list[Trajectory]:
    """Return the runs that a picture should contain: the selected one, and all that have not run away."""
    reaches = [float(np.linalg.norm(t.params[-1] - t.params[0])) for t in trajectories]
    most = AWAY * float(np.median(reaches))
    pairs = enumerate(zip(trajectories, reaches, strict=True))
    return [t for i, (t, reach) in pairs if i == run_index or reach <= most]


def _weight(trajectory: Trajectory, choice: int) -> int:
    """Return the index of a weight; −1 and −2 mean the two that have moved furthest."""
    if choice >= 0:
        return int(choice % trajectory.params.shape[1])
    distances: Array = np.abs(trajectory.params[-1] - trajectory.params[0])
    return int(np.argsort(distances, kind="stable")[choice])


def _update(trajectory: Trajectory, choice: int) -> int:
    """Return the number of an update; −1 means the last one, −2 half of it."""
    return {-1: trajectory.last, -2: trajectory.last // 2}.get(choice, min(choice, trajectory.last))


def _is_along(u: Array, v: Array) -> bool:
    """Return whether v is parallel to u up to rounding; always where u is 0."""
    off = v - (v @ u) / ((u @ u) or 1.0) * u
    return not u.any() or bool(np.linalg.norm(off) <= ON_LINE * np.linalg.norm(v))


def _with_another(u: Array) -> tuple[Array, Array]:
    """Return u and a random orthogonal vector of its length; where u is 0, two random unit vectors."""
    first = u if u.any() else _across(np.zeros((0, u.size)))
    length = np.linalg.norm(first)
    return first, length * _across(first[None] / length)


def _across(directions: Array) -> Array:
    """Return a random unit vector, always the same one, orthogonal to orthonormal directions, shape (k, n)."""
    vector = np.asarray(np.random.default_rng((SCATTER, len(directions))).normal(size=directions.shape[1]))
    for _ in range(2):  # the second pass removes the rounding errors of the first
        vector = vector - (directions @ vector) @ directions
    return np.asarray(vector / np.linalg.norm(vector))


def _some_points(trajectories: Sequence[Trajectory], run_index: int, most: int = MOST) -> Array:
    """Return at most `most` points of each run, ends included, as one array of shape (k, n).

    Where not even all ends fit into :data:`MOST` numbers, the selected and the first runs are used.
    """
    room = max(MOST // trajectories[0].params.shape[1], 2)
    each = min(max(room // len(trajectories), 2), most)
    others = [trajectory for trajectory in _near(trajectories, run_index) if trajectory is not trajectories[run_index]]
    paths = [trajectory.params for trajectory in [trajectories[run_index], *others][: room // each]]
    return np.concatenate([p[np.linspace(0, len(p) - 1, min(each, len(p))).astype(int)] for p in paths])


def _principal(points: Array) -> tuple[Array, float]:
    """Return two orthonormal principal directions of points (k, n) about 0, and their share of the variance.

    Eigenvectors of the Gram matrix (k × k) are the points' coefficients in each direction. A direction without variance
    is replaced by a random one.
    """
    variances, mixtures = np.linalg.eigh(points @ points.T)
    directions = np.zeros((0, points.shape[1]))
    for rank in range(1, 3):
        spreads = rank <= len(points) and variances[-rank] > ON_LINE**2 * variances[-1]
        direction = mixtures[:, -rank] @ points if spreads else _across(directions)
        direction -= (directions @ direction) @ directions
        largest = direction[np.abs(direction).argmax()]
        directions = np.vstack([directions, direction / (np.linalg.norm(direction) * np.sign(largest))])
    total = float(variances.sum())
    return directions, min(1.0, float(variances[-2:].sum()) / total) if total > 0 else 0.0


def _box(points: Array, least: float) -> Box:
    """Return a box around points (k, 2) with a margin, at least `least` wide along each axis."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = np.maximum((0.5 + MARGIN) * (high - low), least / 2)
    (a0, b0), (a1, b1) = ((low + high) / 2 - half).tolist(), ((low + high) / 2 + half).tolist()
    return (a0, a1), (b0, b1)
