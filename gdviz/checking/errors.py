"""What the column of errors shows, where it is not the error at the row's own params."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.checking.resolution import half_units
from gdviz.objectives import is_neuron
from gdviz.wording import plain

if TYPE_CHECKING:
    from gdviz.checking.student import Notebook
    from gdviz.objectives import Array
    from gdviz.training import Run

__all__ = ["about_error"]

ROUNDING = 2e-5
"""What the params' own rounding may do to an error, as a share of it."""


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


def _close(given: Array, truth: Array) -> np.ndarray[Any, np.dtype[np.bool]]:
    with np.errstate(all="ignore"):
        allowed = np.maximum(ROUNDING * np.abs(truth), np.maximum(1e-12, half_units(given[:, None])[:, 0]))
        off = np.abs(given - truth)
    return np.asarray((off <= allowed) | ~(np.isfinite(given) | np.isfinite(truth)))


def _fits(given: Array, truth: Array) -> bool:
    return bool(_close(given, truth).all())
