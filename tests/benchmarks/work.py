"""The work that ``engine.py`` times: what is computed, how large it is, and how far two results of it agree.

All of it is float64. A work can be cut to a part of itself for who takes too long; `cost` says how much the part is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

START = (-2.0, -2.0)
BORDER = 1e-9
"""Ends of a basin map that are further apart than this are counted."""


@dataclass(frozen=True)
class Rule:
    """One of the lecture's rules; `first` is γ or β₁, `second` is β or β₂, and ε stands outside the root."""

    name: str
    eta: float
    first: float = 0.0
    second: float = 0.0
    eps: float = 1e-8


RULES = (
    Rule("gd", 0.05),
    Rule("momentum", 0.05, first=0.9),
    Rule("nag", 0.05, first=0.9),
    Rule("adagrad", 0.1),
    Rule("rmsprop", 0.01, second=0.9),
    Rule("adam", 0.01, first=0.9, second=0.999),
)
NAG, RMSPROP = 2, 4
"""Their places in RULES."""


def data(samples: int) -> tuple[np.ndarray, np.ndarray]:
    """Return X and Y: the lecture's two samples, or seeded ones around a sigmoid."""
    if samples == 2:
        return np.array([0.5, 2.5]), np.array([0.2, 0.9])
    random = np.random.default_rng(0)
    x = random.uniform(-3, 3, samples)
    return x, 1 / (1 + np.exp(-(1.7 * x - 0.6 + 0.5 * random.standard_normal(samples))))


@dataclass(frozen=True)
class Agreement:
    """The greatest relative difference, and what is to be said about it."""

    worst: float
    remark: str = ""


@dataclass(frozen=True)
class Paths:
    """What a race gives: params (6, T + 1, 2), and the errors (6, K) after the updates `shown` (K,).

    `ahead`: the points of Nesterov's rule are those at which it asked for the gradient.
    """

    params: np.ndarray
    shown: np.ndarray
    error: np.ndarray
    ahead: bool = False


@dataclass(frozen=True)
class Race:
    """The six rules from one start; `size` samples an update; errors after every update, or at `points` of them."""

    samples: int
    updates: int
    size: int
    points: int | None = None
    whole: int | None = None

    kind = "race"

    def cut(self, updates: int) -> Race:
        return replace(self, updates=min(updates, self.updates), whole=self.whole or self.updates)

    @property
    def part(self) -> str:
        return f"{self.updates:,} of {self.whole:,} updates" if self.whole and self.whole > self.updates else ""

    @property
    def cost(self) -> int:
        """Sigmoids in the lecture's loop: two for the gradient's parts, one for the error."""
        return self.updates * (2 * self.size + self.samples) + self.samples

    @cached_property
    def data(self) -> tuple[np.ndarray, np.ndarray]:
        return data(self.samples)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules with learning rates at which the summed gradient of many samples is still followed stably."""
        gentle = min(1.0, 20.0 / self.size)
        return tuple(replace(r, eta=r.eta * (gentle if i <= NAG else 1)) for i, r in enumerate(RULES))

    @cached_property
    def shown(self) -> np.ndarray:
        """The updates after which the error is wanted."""
        if self.points is None:
            return np.arange(self.updates + 1)
        shown = np.linspace(0, self.whole or self.updates, self.points).round().astype(int)
        return shown[shown <= self.updates]

    def error(self, points: np.ndarray) -> np.ndarray:
        """Return the errors at points (K, 2)."""
        X, Y = self.data
        blocks = np.array_split(points, max(1, len(points) * self.samples >> 20))
        return np.concatenate([0.5 * ((1 / (1 + np.exp(-(p[:, :1] * X + p[:, 1:]))) - Y) ** 2).sum(1) for p in blocks])

    def looked_ahead(self, paths: Paths) -> Paths:
        """Return the paths with Nesterov's look-ahead points θ − γu in place of its points θ."""
        params, error = paths.params.copy(), paths.error.copy()
        params[NAG, 1:] += self.rules[NAG].first * np.diff(paths.params[NAG], axis=0)
        error[NAG] = self.error(params[NAG, paths.shown])
        return Paths(params, paths.shown, error, ahead=True)

    def steady(self, params: np.ndarray) -> int:
        """Return up to which update RMSProp may be compared.

        It ends in a limit cycle: its steps change sign every time, and there the order of a sum alone makes a
        difference that grows geometrically, from some updates before the cycle is seen. One sample at a time there
        is no sum, and steps change sign for another reason.
        """
        steps = np.diff(params[RMSPROP], axis=0)
        flips = steps[1:] * steps[:-1] < 0
        cycle = (flips[1:] & flips[:-1]).any(axis=1)
        return int(np.argmax(cycle)) - 50 if cycle.any() and self.size == self.samples else len(params[RMSPROP]) - 1

    def agreement(self, reference: Paths, other: Paths) -> Agreement:
        """Return the greatest difference of w, b and the error, each against its greatest value in the run."""
        last = self.steady(reference.params)
        if reference.ahead != other.ahead:
            reference, other = (p if p.ahead else self.looked_ahead(p) for p in (reference, other))
        length = min(reference.params.shape[1], other.params.shape[1])
        _, mine, its = np.intersect1d(reference.shown, other.shown, return_indices=True)
        worst = []
        for i in range(len(RULES)):
            end = min(length, last + 1) if i == RMSPROP else length
            here = other.shown[its] < end
            worst.append(apart(other.params[i, :end], reference.params[i, :end]))
            worst.append(apart(other.error[i, its[here]], reference.error[i, mine[here]]))
        return Agreement(float(np.max(worst)), f"RMSProp to update {last:,}" if last + 1 < length else "")


def apart(a: np.ndarray, b: np.ndarray) -> float:
    """Return the greatest difference of the columns, each against its greatest value; 0 where there is no row."""
    return float((np.abs(a - b).max(axis=0) / np.abs(b).max(axis=0)).max()) if len(b) else 0.0


@dataclass(frozen=True)
class Grid:
    """The error surface over `side`² points of (−6, 6)²; of a part, every so many-th row and column."""

    samples: int
    side: int
    every: tuple[int, int] = (1, 1)

    kind = "grid"

    def cut(self, rows: int, columns: int) -> Grid:
        return replace(self, every=(rows, columns))

    @property
    def part(self) -> str:
        return f"{self.w.size * self.b.size:,} of {self.side**2:,} points" if self.every != (1, 1) else ""

    @property
    def cost(self) -> int:
        return self.w.size * self.b.size

    @cached_property
    def data(self) -> tuple[np.ndarray, np.ndarray]:
        return data(self.samples)

    @cached_property
    def w(self) -> np.ndarray:
        return np.linspace(-6, 6, self.side)[:: self.every[0]].copy()

    @cached_property
    def b(self) -> np.ndarray:
        return np.linspace(-6, 6, self.side)[:: self.every[1]].copy()

    def agreement(self, reference: np.ndarray, other: np.ndarray) -> Agreement:
        """Return the greatest relative difference at any point."""
        rows, columns = self.every
        wanted = reference[::rows, ::columns]
        return Agreement(float((np.abs(other - wanted) / wanted).max()))


@dataclass(frozen=True)
class Basin:
    """Adam on Himmelblau's function from `side`² starts in (−5, 5)²; of a part, every so many-th start."""

    side: int
    updates: int
    every: int = 1

    kind = "basin"
    rule = Rule("adam", 0.05, first=0.9, second=0.999)

    def cut(self, every: int) -> Basin:
        return replace(self, every=every)

    @property
    def part(self) -> str:
        return f"{len(self.starts):,} of {self.side**2:,} starts" if self.every > 1 else ""

    @property
    def cost(self) -> int:
        return len(self.starts)

    @cached_property
    def starts(self) -> np.ndarray:
        """The starts, shape (R, 2)."""
        axis = np.linspace(-5, 5, self.side)
        return np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)[:: self.every].copy()

    def agreement(self, reference: np.ndarray, other: np.ndarray) -> Agreement:
        """Return the greatest difference of an end, against the greatest of them.

        Close to a border of two basins rounding alone decides where a start ends.
        """
        wanted = reference[:: self.every]
        scale = np.abs(wanted).max(axis=0)
        off = int((np.abs(other - wanted) / scale > BORDER).any(axis=1).sum())
        return Agreement(
            apart(other, wanted), f"{off:,} of {len(wanted):,} ends off by more than {BORDER:g}" if off else ""
        )
