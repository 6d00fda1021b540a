"""What a step is the sum of: what the gradient, each arrow of the memory and the params contribute to it.

With all scaling factors fixed at their values, a rule's equations are linear in these, so each contribution is what the
equations give where the others are 0. A rule that is not such a sum, or has no equations, is one part without a source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from gdviz.explaining.working import GRADIENT, PARAMS, arrows_of, memories_of, work_out
from gdviz.notation.expressions import evaluate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.explaining.working import Line
    from gdviz.objectives import Array
    from gdviz.optimizers import Optimizer
    from gdviz.training.loop import Step

__all__ = ["STAGES", "Part", "Share", "StageName", "length_of", "parts_of", "shares_of", "word_of"]

StageName = Literal["gradient", "memory", "scaling", "step"]
STAGES: tuple[StageName, ...] = ("gradient", "memory", "scaling", "step")
"""The stages of an update, in their order."""

WORDS = {GRADIENT: "gradient", PARAMS: "weight decay"}
"""What moves a run in every rule."""


class Part(NamedTuple):
    """A part of a step.

    Attributes
    ----------
    stage
        The stage of the update to which it belongs; it determines the colour.
    symbol
        Of its source: the gradient's, a memory's or the params'; empty where several sources cannot be told apart.
    vector
        What is subtracted because of it, shape (n,).
    """

    stage: StageName
    symbol: str
    vector: Array


class Share(NamedTuple):
    """How much of the way a part makes.

    Attributes
    ----------
    stage
        The stage of the update to which the part belongs.
    word
        Its source, such as ``old velocity``.
    percent
        Its length in percent of all parts' lengths; all shares of a step add up to 100.
    """

    stage: StageName
    word: str
    percent: int


def parts_of(step: Step) -> tuple[Part, ...]:
    """Return the parts of which the step is the sum; those of the memory come first."""
    lines = work_out(step)
    whole = (Part("gradient", "", step.step),)
    if not lines:
        return whole
    memory, arrows = memories_of(step.run.optimizer), arrows_of(step.run.optimizer)
    nowhere = np.zeros_like(step.before)  # relative to the run's point, so that no digits are lost by cancellation
    pull = step.before - _end_from(lines, arrows, (), step.before)
    parts = [Part("memory", PARAMS, pull)] if np.any(pull) else []
    parts += [Part("memory", symbol, -_end_from(lines, arrows, (symbol,), nowhere)) for symbol in memory]
    parts.append(Part("gradient", GRADIENT, -_end_from(lines, arrows, (GRADIENT,), nowhere)))
    if np.allclose(sum(part.vector for part in parts), step.step, rtol=1e-6, atol=1e-300):
        return tuple(parts)
    return (Part("memory", PARAMS, pull), Part("gradient", "", step.step - pull)) if np.any(pull) else whole


def _end_from(lines: Sequence[Line], arrows: set[str], sources: Sequence[str], start: Array) -> Any:
    """Return the end of the step from `start` if all arrows but the `sources` were 0."""
    arrow_values: dict[str, Any] = {}
    params: Any = None
    for line in lines:
        symbol = line.equation.target
        if line.equation.relation == "at" or symbol not in (*arrows, PARAMS):
            continue
        arrow_inputs = {name: arrow_values.get(name, line.values.get(name, 0.0) * (name in sources)) for name in arrows}
        with np.errstate(all="ignore"):
            result = evaluate(line.equation.value, {**line.values, **arrow_inputs, PARAMS: start})
        if symbol == PARAMS:
            params = start = result
        else:
            arrow_values[symbol] = result
    return params


def word_of(optimizer: Optimizer, symbol: str) -> str:
    """Return what a source is called in sentences: ``gradient``, ``old velocity``, ``mean of past gradients``."""
    helps = {term.symbol: term.help.partition(":")[0].removeprefix("the ") for term in optimizer.state}
    if symbol in WORDS:
        return WORDS[symbol]
    if not symbol:
        return "gradient and memory together" if memories_of(optimizer) else "rule"
    word = helps[symbol].replace("running mean of the ", "mean of past ")
    return word if "past" in word else f"old {word}"


def length_of(vector: Array) -> float:
    """Return the length of a vector; numbers whose squares overflow are no problem."""
    greatest = float(np.max(np.abs(vector), initial=0.0))
    return greatest * float(np.linalg.norm(vector / greatest)) if 0 < greatest < np.inf else greatest


def shares_of(step: Step) -> tuple[Share, ...]:
    """Return how much of the way each part of the step makes; none where it does not move."""
    parts = [part for part in parts_of(step) if np.any(part.vector)]
    lengths = np.array([length_of(part.vector) for part in parts])
    if not len(parts) or not np.isfinite(lengths).all():
        return ()
    percents = _rounded(lengths / lengths.max())
    words = [word_of(step.run.optimizer, part.symbol) for part in parts]
    return tuple(map(Share, (part.stage for part in parts), words, percents))


def _rounded(lengths: Array) -> list[int]:
    """Return lengths in percent of their sum, as integers that add up to 100: the largest remainders are rounded up."""
    exact = 100 * lengths / lengths.sum()
    percents = np.floor(exact).astype(int)
    up = np.argsort(percents - exact, kind="stable")[: 100 - int(percents.sum())]
    percents[up] += 1
    return [int(percent) for percent in percents]
