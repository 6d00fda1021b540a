"""What :mod:`gdviz.checking.verdict` says of rows: praise, where they depart and why, and what their errors are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.checking.mistakes import Student
from gdviz.checking.resolution import half_units, is_rounded
from gdviz.engine import horizon, horizon_sentence
from gdviz.objectives import is_neuron
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.checking.judging import Judge, Updates
    from gdviz.checking.student import Notebook
    from gdviz.objectives import Array
    from gdviz.training import Run

__all__ = ["about_error", "about_rounding", "capital", "departure", "praise"]

NAMED = 6
"""Maximum number of wrong params that a sentence names."""
TOLD = 6
"""Maximum number of causes that a sentence names where all give the same numbers."""
ROUNDING = 2e-5
"""How much the rounding of params may change an error, relative to the error."""


def praise(judge: Judge, off: float) -> str:
    """Say that the rows are right, and whether they could have shown a mistake."""
    if len(judge.rows) > 1 and (np.ptp(judge.rows, axis=0) <= 2 * half_units(judge.rows).max(axis=0)).all():
        return "Right, but these rows cannot tell much: no parameter moves by more than the rounding."
    if off == 0.0 or not is_rounded(judge.rows):
        return "Right: every row is what the rule gives."
    return f"Right up to rounding: the rows differ from what the rule gives by at most {off:.1g}."


def departure(judge: Judge, causes: Sequence[type[Student]]) -> tuple[str, ...]:
    """Say where the rows depart, and why."""
    judgement, run = judge.judge(Student), judge.run
    first, size = judgement.explained, run.objective.size
    seen, right = judge.rows[first], judgement.following[first]
    gaps = np.nan_to_num(np.abs(seen - right), nan=np.inf)
    # Of many params those that are farthest off, in their order.
    named = sorted(np.argsort(-gaps, kind="stable")[:NAMED].tolist()) if size > NAMED else range(size)
    pairs = ", ".join(_pair(run.objective.name_of(i), float(seen[i]), float(right[i])) for i in named)
    more = f" and so on: of {size} parameters these are farthest off" if size > NAMED else ""
    where = f"The first update that departs is {judge.updates[first]}: {pairs}{more}."
    if judge.updates[first] == 0:
        where = f"The rows begin elsewhere: {pairs}{more}."
    return (where, *_why(causes))


def _why(causes: Sequence[type[Student]]) -> tuple[str, ...]:
    if not causes:
        return ("None of the known mistakes explains the rows.",)
    first, *others = (cause.cause for cause in causes[:TOLD])
    said = f"The likeliest cause: {first}."
    return (said, f"The same numbers come of: {'; or '.join(others)}.") if others else (said,)


def _pair(name: str, seen: float, right: float) -> str:
    """Say what a number is and what it should be, with as many digits as it takes to see the difference."""
    if np.isfinite(seen) and seen == right:
        return f"{name} = {seen:.6g} is right"
    texts = ((f"{seen:.{digits}g}", f"{right:.{digits}g}") for digits in (*range(6, 18),))
    one, other = next((pair for pair in texts if pair[0] != pair[1]), (repr(seen), repr(right)))
    return f"{name} = {one} where {other} is right"


def about_rounding(run: Run, updates: Updates) -> tuple[str, ...]:
    """Say from where on paths part though every step is right."""
    update = horizon(run)
    if update is None or update > updates[-1]:
        return ()
    return (f"{capital(horizon_sentence(update))}.",)


def about_error(run: Run, notebook: Notebook) -> tuple[tuple[str, ...], bool]:
    """Say what the errors are where they are not Σ ½(f − y)² at the row's own params, and whether that is right.

    Another convention is right; it is said all the same.
    """
    if notebook.error is None:
        return (), True
    with np.errstate(all="ignore"):
        truth = run.objective.value(notebook.params)
    if _fits(notebook.error, truth):
        return (), True
    N = run.objective.samples
    factors = [(2.0, "without the ½"), (1 / N, "as a mean over the samples"), (2 / N, "as a mean, and without the ½")]
    for factor, what in factors if is_neuron(run.objective) else ():
        if factor != 1 and _fits(notebook.error, factor * truth):
            return (f"The errors are given {what}; here the error is Σ ½(f − y)² over all samples.",), True
    if len(truth) > 2 and _fits(notebook.error[1:], truth[:-1]):
        return ("The errors are one row behind: each is that of the row before.",), True
    if len(truth) > 2 and _fits(notebook.error[:-1], truth[1:]):
        return ("The errors are one row ahead: each is that of the row after.",), True
    first = int(np.argmax(~_close(notebook.error, truth)))
    value, right = plain(float(notebook.error[first])), plain(float(truth[first]))
    return (f"The error in row {first + 1} is {value}; at its own parameters it is {right}.",), False


def _close(errors: Array, truth: Array) -> np.ndarray[Any, np.dtype[np.bool]]:
    """Return where errors are right up to rounding: their own, and what that of the params does to them."""
    with np.errstate(all="ignore"):
        tolerance = np.maximum(ROUNDING * np.abs(truth), np.maximum(1e-12, half_units(errors[:, None])[:, 0]))
        gap = np.abs(errors - truth)
    return np.asarray((gap <= tolerance) | ~(np.isfinite(errors) | np.isfinite(truth)))


def _fits(errors: Array, truth: Array) -> bool:
    return bool(_close(errors, truth).all())


def capital(text: str) -> str:
    """Return text with a capital first letter; a Greek one, which is a symbol, stays."""
    return text[:1].upper() + text[1:] if text[:1].isascii() else text
