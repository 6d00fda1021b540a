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
    """Return the sentence about right rows; it also says if they could not have shown a mistake."""
    if len(judge.rows) > 1 and (np.ptp(judge.rows, axis=0) <= 2 * half_units(judge.rows).max(axis=0)).all():
        return "Right, but these rows cannot tell much: no parameter moves by more than the rounding."
    if off == 0.0 or not is_rounded(judge.rows):
        return "Right: every row is what the rule gives."
    return f"Right up to rounding: the rows differ from what the rule gives by at most {off:.1g}."


def departure(judge: Judge, causes: Sequence[type[Student]]) -> tuple[str, ...]:
    """Return sentences that say where the rows depart from the run, and why."""
    judgement, run = judge.judge(Student), judge.run
    first, size = judgement.matches, run.objective.size
    row, right = judge.rows[first], judgement.predictions[first]
    gaps = np.nan_to_num(np.abs(row - right), nan=np.inf)
    # Of many params only those with the largest differences, in the order of the params.
    indices = sorted(np.argsort(-gaps, kind="stable")[:NAMED].tolist()) if size > NAMED else range(size)
    pairs = ", ".join(_pair(run.objective.name_of(i), float(row[i]), float(right[i])) for i in indices)
    more = f" and so on: of {size} parameters these are farthest off" if size > NAMED else ""
    where = f"The first update that departs is {judge.updates[first]}: {pairs}{more}."
    if judge.updates[first] == 0:
        where = f"The rows begin elsewhere: {pairs}{more}."
    return (where, *_why(causes))


def _why(causes: Sequence[type[Student]]) -> tuple[str, ...]:
    if not causes:
        return ("None of the known mistakes explains the rows.",)
    first, *others = (cause.cause for cause in causes[:TOLD])
    sentence = f"The likeliest cause: {first}."
    return (sentence, f"The same numbers come of: {'; or '.join(others)}.") if others else (sentence,)


def _pair(name: str, value: float, right: float) -> str:
    """Return a part of a sentence with a number and its right value, with enough digits to show the difference."""
    if np.isfinite(value) and value == right:
        return f"{name} = {value:.6g} is right"
    texts = ((f"{value:.{digits}g}", f"{right:.{digits}g}") for digits in (*range(6, 18),))
    one, other = next((pair for pair in texts if pair[0] != pair[1]), (repr(value), repr(right)))
    return f"{name} = {one} where {other} is right"


def about_rounding(run: Run, updates: Updates) -> tuple[str, ...]:
    """Return a sentence about the rounding horizon, if the rows reach it."""
    update = horizon(run)
    if update is None or update > updates[-1]:
        return ()
    return (f"{capital(horizon_sentence(update))}.",)


def about_error(run: Run, notebook: Notebook) -> tuple[tuple[str, ...], bool]:
    """Return sentences about errors other than the objective's value at the row's params, and whether they are right.

    Errors under another convention are right, but there is a sentence about it.
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
    """Return where errors match `truth`, within their own rounding and the effect of that of the params."""
    with np.errstate(all="ignore"):
        tolerance = np.maximum(ROUNDING * np.abs(truth), np.maximum(1e-12, half_units(errors[:, None])[:, 0]))
        gap = np.abs(errors - truth)
    return np.asarray((gap <= tolerance) | ~(np.isfinite(errors) | np.isfinite(truth)))


def _fits(errors: Array, truth: Array) -> bool:
    return bool(_close(errors, truth).all())


def capital(text: str) -> str:
    """Return text with a capital first letter; a Greek one, which is a symbol, stays."""
    return text[:1].upper() + text[1:] if text[:1].isascii() else text
