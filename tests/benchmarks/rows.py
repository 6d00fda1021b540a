"""The rows of ``engine.py``'s table: the work, who takes how large a part of it, and the targets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import entrants
from timing import Entrant
from work import Basin, Grid, Race

LOOP, PLAIN, TORCH = "lecture's loop", "lecture's loop with math.exp", "torch"
JAX, JAX_PATHS, FUSED, EXP, OURS = "jax jit", "jax jit, no error", "C, fused loop", "np.exp alone", "gdviz"
ENTRANTS = {
    LOOP: ("lecture", ""),
    PLAIN: ("lecture", "plain"),
    TORCH: ("torch_optim", ""),
    JAX: ("jax_scan", ""),
    JAX_PATHS: ("jax_scan", "without_errors"),
    FUSED: ("fused", ""),
    EXP: ("brute_exp", ""),
    OURS: ("ours", ""),
}
"""Who there is: the module in ``entrants/``, and the variant in it."""


@dataclass(frozen=True)
class Row:
    """A row.

    Attributes
    ----------
    title, work
        What is done.
    parts
        Who takes part, and the arguments of ``work.cut`` that say how large a part they take; None: the whole.
    quick
        Other parts for ``--quick``.
    targets
        How many times as long as gdviz somebody must take.
    """

    title: str
    work: Any
    parts: dict[str, tuple[int, ...] | None]
    targets: dict[str, float] = field(default_factory=dict)
    quick: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def entrants(self, quick: bool) -> tuple[list[Entrant], dict[str, str]]:
        """Return who takes part, and by name why somebody does not."""
        present, missing = [], {}
        for name, part in {**self.parts, **(self.quick if quick else {}), OURS: None}.items():
            module, variant = ENTRANTS[name]
            work = self.work if part is None else self.work.cut(*part)
            try:
                maker = entrants.load(module)
                job = getattr(getattr(maker, variant) if variant else maker, work.kind)(work)
            except entrants.Missing as reason:
                missing[name] = str(reason)
            else:
                present.append(Entrant(name, job, work, self.work.cost / work.cost))
        return present, missing


def race(samples: int, lecture: tuple[int] | None, targets: dict[str, float]) -> Row:
    return Row(
        f"race, N={samples:,}: six rules × 1,000 updates, batch, error after every update",
        Race(samples, 1000, size=samples),
        {
            LOOP: lecture,
            PLAIN: lecture,
            TORCH: None,
            JAX: None,
            FUSED: None,
        },
        targets,
        quick={TORCH: (100,)},
    )


def grid(side: int, samples: int, rows: int, lecture: int, targets: dict[str, float]) -> Row:
    """Return the row in which others than gdviz take every `rows`-th row, the lecture every `lecture`-th of both."""
    part = None if rows == 1 else (rows, 1)
    return Row(
        f"error grid, {side:,}² points × N={samples:,} on (−6, 6)²",
        Grid(samples, side),
        {
            LOOP: (lecture, lecture),
            PLAIN: (lecture, lecture),
            TORCH: part,
            JAX: part,
            FUSED: part,
            EXP: part,
        },
        targets,
        quick=dict.fromkeys((TORCH, FUSED, EXP), (rows * 4, 1)),
    )


ROWS = {
    "race-2": race(2, None, {LOOP: 150, TORCH: 4_000, JAX: 1.7}),
    "race-100": race(100, (100,), {LOOP: 1_000, TORCH: 900, JAX: 2.5, FUSED: 1 / 1.2}),
    "race-1000": race(1000, (10,), {LOOP: 1_400, TORCH: 120, JAX: 2.5, FUSED: 1 / 1.2}),
    "stochastic": Row(
        "stochastic, N=1,000: six rules × 5,000 updates of one sample, error at 500 shown points",
        Race(1000, 5000, size=1, points=500),
        {LOOP: (20,), PLAIN: (20,), TORCH: (500,), JAX: None, JAX_PATHS: None, FUSED: None},
        {LOOP: 6_000, TORCH: 1_500, JAX: 1, JAX_PATHS: 1},
        quick={TORCH: (100,)},
    ),
    "grid-500": grid(500, 1000, 1, 100, {LOOP: 40_000, TORCH: 70, JAX: 80, EXP: 20}),
    "grid-1000": grid(1000, 10_000, 50, 400, {LOOP: 150_000, JAX: 450, EXP: 150}),
    "basin": Row(
        "basin map: 256² starts × 500 updates of Adam on Himmelblau's function",
        Basin(256, 500),
        {LOOP: (512,), PLAIN: (512,), TORCH: None, JAX: None, FUSED: None},
        {LOOP: 1_000, TORCH: 15, JAX: 2},
        quick={TORCH: (8,)},
    ),
}
"""By name, as on the command line."""
