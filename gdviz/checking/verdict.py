"""Compares a student's trajectory with the right one and with those of known mistakes, and says what it finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdviz.checking.mistakes import MISTAKES, Student, walk
from gdviz.objectives import Array, SigmoidNeuron
from gdviz.params import plain

if TYPE_CHECKING:
    from gdviz.checking.student import Notebook
    from gdviz.training import Run

__all__ = ["Verdict", "check"]

EXACT = 1e-9
"""What the order of additions may do, as a share of the largest number."""
ROUNDING = 2e-5
"""What rounded numbers may do."""
BETTER = 20.0
"""By so much a mistake must explain the rows better than none."""
MOST_UPDATES = 200_000
"""More are not computed one by one, again for every mistake."""
MOST_NUMBERS = 4_000_000
"""Nor so many that there would be more numbers than these: they are kept for every mistake."""
NAMED = 6
"""Of more params that depart only so many are named."""

Walked = Callable[[type[Student]], Array]
"""The params after each update as some student computes them, shape (T + 1, n)."""
Updates = np.ndarray[tuple[int], np.dtype[np.intp]]


@dataclass(frozen=True, eq=False)
class Verdict:
    """What was found.

    Attributes
    ----------
    is_right
        Whether the numbers are right, up to rounding.
    sentences
        That in words, the most important first.
    departs_at
        The first update that departs; None where none does.
    cause
        The likeliest mistake; None where none is known that fits.
    updates, params
        The rows as they were understood: after which update each stands, shape (rows,), and its params.
    """

    is_right: bool
    sentences: tuple[str, ...]
    departs_at: int | None
    cause: type[Student] | None
    updates: Updates
    params: Array


def check(run: Run, notebook: Notebook, every: str = "auto", most: int = MOST_UPDATES) -> Verdict:
    """Check a trajectory against what the run's rule really does.

    Parameters
    ----------
    every
        What a row stands for: ``update``, ``epoch``, or ``auto``: what fits better.
    most
        Rows after so many updates are not looked at: each mistake is computed update by update.

    Raises
    ------
    ValueError
        Where the rows cannot be those of such a run: a sentence.
    """
    known: dict[type[Student], Array] = {}
    most = min(most, MOST_NUMBERS // run.objective.size)

    def walked(student: type[Student]) -> Array:
        if student not in known:
            known[student] = walk(student(), run, min(run.total, most))
        return known[student]

    updates = _aligned(run, notebook, walked, every)
    unseen = (f"Rows after update {most} were not looked at.",) if updates[-1] > most else ()
    updates = updates[updates <= most]
    if not len(updates):
        raise ValueError(f"only the first {most} updates can be looked at; the rows begin later")
    seen, shown = notebook.params[: len(updates)], walked(Student)[updates]
    size = np.nan_to_num(np.abs(shown).max(axis=1), nan=1.0, posinf=1e300)
    scale = np.maximum.accumulate(np.maximum(size, 1.0))  # what comes later makes no earlier row right
    off = _off(seen, shown) / scale
    # A number that never changes, such as a bias of neurons that are dead, says nothing about the digits of the others.
    varying = seen.T[np.ptp(seen, axis=0) > 0] if len(seen) > 1 else seen.T
    rounding = max(ROUNDING, *(_half_unit(column) for column in varying), 0.0)
    worst = float(off.max())
    about_error = _about_error(run, notebook)
    also = (*about_error, *unseen)
    if worst <= EXACT:
        said = "Right: every row is what the rule gives."
        return Verdict(not about_error, (said, *also), None, None, updates, seen)
    cause, left = _likeliest(walked, seen, updates, scale, worst, rounding)
    if cause is None and worst <= rounding:
        most_off = float(_off(seen, shown).max())
        said = f"Right up to rounding: the rows differ from what the rule gives by at most {most_off:.1g}."
        return Verdict(not about_error, (said, *also), None, None, updates, seen)
    first = int(np.argmax(off > max(EXACT, 5 * left if cause else rounding)))
    told = *_told(run, seen, shown, updates, first, cause), *also
    return Verdict(False, told, int(updates[first]), cause, updates, seen)


def _off(one: Array, other: Array) -> Array:
    """Return how far the rows of two tables are apart; infinite where one of them is no number."""
    with np.errstate(all="ignore"):
        off = np.abs(one - other).max(axis=1)
    return np.where(np.isfinite(off), off, np.inf)


def _aligned(run: Run, notebook: Notebook, walked: Walked, every: str) -> Updates:
    """Return after which update each row stands."""
    rows = len(notebook.params)
    if notebook.updates is not None:
        candidates = [notebook.updates]
    else:
        strides = {"update": [1], "epoch": [run.per_epoch], "auto": sorted({1, run.per_epoch})}[every]
        candidates = [stride * np.arange(begin, begin + rows) for stride in strides for begin in (0, 1)]
    fitting = [updates for updates in candidates if updates[-1] <= run.total]
    if not fitting:
        most = f"{run.total} updates" + (f" in {run.epochs} epochs" if run.per_epoch > 1 else "")
        raise ValueError(f"{rows} rows are more than the run has, {most}; --epochs or --updates says how many it has")
    starts = np.abs(notebook.params[0] - run.start).max() < 1e-6
    fitting = [updates for updates in fitting if (updates[0] == 0) == starts] or fitting
    students: list[type[Student]] = [Student, *MISTAKES] if len(fitting) > 1 else [Student]
    return min(fitting, key=lambda updates: min(_misfit(notebook.params, walked(one), updates) for one in students))


def _misfit(seen: Array, walked: Array, updates: Updates) -> float:
    updates = updates[updates < len(walked)]
    return float(np.median(_off(seen[: len(updates)], walked[updates]))) if len(updates) else np.inf


def _likeliest(
    walked: Walked, seen: Array, updates: Updates, scale: Array, worst: float, rounding: float
) -> tuple[type[Student] | None, float]:
    """Return the mistake that explains the rows best, and what it leaves unexplained."""
    best: tuple[type[Student] | None, float] = None, worst
    for mistake in MISTAKES:
        left = float((_off(seen, walked(mistake)[updates]) / scale).max())
        if left < best[1] / (1 if best[0] is None else 1.001):
            best = mistake, left
    cause, left = best
    is_explained = cause is not None and left <= max(worst / BETTER, EXACT) and left <= rounding
    return (cause, left) if is_explained else (None, worst)


def _told(
    run: Run, seen: Array, shown: Array, updates: Updates, first: int, cause: type[Student] | None
) -> tuple[str, ...]:
    size = run.objective.size
    # Of many params those that are farthest off, in their order.
    gaps = np.nan_to_num(np.abs(seen[first] - shown[first]), nan=np.inf)
    named = sorted(np.argsort(-gaps, kind="stable")[:NAMED].tolist()) if size > NAMED else range(size)
    pairs = ", ".join(
        f"{run.objective.name_of(i)} = {seen[first, i]:.6g} where {shown[first, i]:.6g} is right" for i in named
    )
    more = f" and so on: of {size} parameters these are farthest off" if size > NAMED else ""
    where = f"The first update that departs is {updates[first]}: {pairs}{more}."
    if cause is None:
        return where, "None of the known mistakes explains the rows."
    return where, f"The likeliest cause: {cause.cause}."


def _half_unit(column: Array) -> float:
    """Return half a unit of the last decimal that a column of rounded numbers has; 0 where they are not rounded."""
    for decimals in range(1, 9):
        if (np.abs(np.round(column, decimals) - column) <= 1e-12 * (1 + np.abs(column))).all():
            return 0.5 * 10.0**-decimals * 1.01
    return 0.0


def _about_error(run: Run, notebook: Notebook) -> tuple[str, ...]:
    """Say what the column of errors shows, where it is not the error at the row's own params."""
    if notebook.error is None:
        return ()
    with np.errstate(all="ignore"):
        truth = run.objective.value(notebook.params)
        ratio = notebook.error / truth
    allowed = np.maximum(ROUNDING * np.abs(truth), max(1e-12, _half_unit(notebook.error)))
    if (np.abs(notebook.error - truth) <= allowed).all():
        return ()
    N = run.objective.samples
    factors = [(2.0, "without the ½"), (1 / N, "as a mean over the samples"), (2 / N, "as a mean, and without the ½")]
    for factor, what in factors if isinstance(run.objective, SigmoidNeuron) else ():
        if factor != 1 and (np.abs(ratio - factor) <= 1e-4 * factor).all():
            return (f"The errors are given {what}; here the error is Σ ½(f − y)² over all samples.",)
    first = int(np.argmax(np.abs(notebook.error - truth) > allowed))
    value, right = plain(float(notebook.error[first])), plain(float(truth[first]))
    return (f"The error in row {first + 1} is {value}; at its own parameters it is {right}.",)
