"""A step in one or two sentences, made from its own terms: what carries the run, what brakes it, what the error does.

Each sentence is a claim that is measured before it is made. The words have fixed meanings:

- *carries*, *drives*, *pulls*: the longest of the step's parts; *alone*: the only part.
- *helps*, *bends*, *brakes*: the angle between the longest part and the next is below 60°, up to 120°, or above.
- *turns back*: the angle between this step and the one before is above 120°.
- *uphill*: along that part the error, at the point before the step, rises.
- *overshoots*: along the step the error falls at first, but it is higher at the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdviz.explaining.parts import length_of, parts_of, word_of
from gdviz.explaining.working import GRADIENT, PARAMS, memories_of, scales_of
from gdviz.notation.numbers import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.explaining.parts import Part
    from gdviz.explaining.stability import Stability
    from gdviz.objectives import Array
    from gdviz.training.loop import Step

__all__ = ["AT_REST", "headline_of"]

AT_REST = 1e-6
"""A step hardly moves where it is shorter than this share of the objective's box."""
NOISE = 1e-12
"""Relative differences of errors, and of sums, that may be rounding."""
SIXTY = 0.5
"""The cosine of 60°."""
ALIKE = 1.05
"""Learning rates whose ratio is below this are nearly the same."""
SAMPLES_AT_MOST = 200_000
"""Maximum number of samples of which the gradient is computed to explain why the error rises."""


def headline_of(
    step: Step,
    previous: Step | None = None,
    errors: tuple[float, float] | None = None,
    stability: Stability | None = None,
) -> str:
    """Return one or two sentences about a step.

    Parameters
    ----------
    step, previous
        The step, and the one before it.
    errors
        The error before and after it; None where they are not known.
    stability
        How near the step is to the limit of stability.
    """
    if not np.any(step.step):
        return "The gradient is 0: the run stands still." if not np.any(step.gradient) else "The run stands still."
    if (np.abs(step.step) < AT_REST * step.run.objective.extent).all():
        return "The run hardly moves: its step is less than a millionth of the map."
    parts = sorted((p for p in parts_of(step) if np.any(p.vector)), key=lambda p: -length_of(p.vector))
    trend = _trend(errors)
    if trend != "rises":
        ending = {"falls": "The error falls.", "same": "The error stays nearly the same."}.get(trend, "")
        return f"{_movement(step, previous, parts)} {ending}".strip()
    climbing = _climbing(step, parts)
    if climbing is parts[0] and climbing.symbol not in ("", GRADIENT):
        word, verb = word_of(step.run.optimizer, climbing.symbol), "pulls" if climbing.symbol == PARAMS else "carries"
        rest = f" {_capital(_beside(step, parts))}." if len(parts) > 1 else ""
        return f"{_the(word)} {verb} it uphill: the error rises.{rest}"
    return f"{_movement(step, previous, parts)} {_why(step, parts, climbing, stability)}"


def _trend(errors: tuple[float, float] | None) -> str:
    """Return whether the error ``falls``, ``rises`` or is the ``same``; empty where that is not known."""
    if errors is None or not np.isfinite(errors).all():
        return ""
    before, after = errors
    if abs(after - before) <= NOISE * max(abs(before), abs(after)):
        return "same"
    return "falls" if after < before else "rises"


def _movement(step: Step, previous: Step | None, parts: Sequence[Part]) -> str:
    """Return the sentence on what moves the run."""
    optimizer, lead = step.run.optimizer, parts[0]
    if not all(part.symbol for part in parts):
        return _whole(step)
    if len(parts) == 1 and lead.symbol == GRADIENT:
        return _gradient_alone(step, previous)
    word = word_of(optimizer, lead.symbol)
    verb = "drives it" if lead.symbol == GRADIENT else "pulls it" if lead.symbol == PARAMS else "carries it on"
    if len(parts) == 1:
        is_flat = not np.any(step.gradient)
        return f"{'The gradient is 0 here: ' if is_flat else ''}{_the(word, not is_flat)} alone {verb}."
    is_opposed = _cosine(lead.vector, parts[1].vector) < -SIXTY
    if lead.symbol == GRADIENT and is_opposed and _turns_back(step, previous):
        return f"It turns back: the gradient is stronger than {_the(word_of(optimizer, parts[1].symbol), False)}."
    return f"{_the(word)} {verb}; {_beside(step, parts)}."


def _whole(step: Step) -> str:
    """Return the sentence on a step that is no sum of parts."""
    if memories_of(step.run.optimizer):
        return "Gradient and memory together move it."
    return "The rule moves it as a whole."


def _gradient_alone(step: Step, previous: Step | None) -> str:
    optimizer = step.run.optimizer
    memories = memories_of(optimizer)
    if memories:
        word = word_of(optimizer, memories[0])
        states = {term.symbol: state for term, state in zip(optimizer.state, step.state_before, strict=True)}
        is_empty = not any(np.any(states[symbol]) for symbol in memories)
        return f"{f'There is no {word} yet' if is_empty else f'No {word} counts here'}: the gradient alone moves it."
    if _turns_back(step, previous):
        return "The gradient turns it back."
    return f"The gradient moves it; {_rates(step)}." if scales_of(optimizer) else "The gradient alone moves it."


def _rates(step: Step) -> str:
    """Return how different the learning rates of the parameters are."""
    rates = step.terms[scales_of(step.run.optimizer)[0].name]
    if not (np.isfinite(rates).all() and np.min(rates) > 0):
        return "each parameter has its own learning rate"
    names, ratio = step.run.objective.name_of, float(np.max(rates) / np.min(rates))
    if ratio < ALIKE:
        return "the parameters have nearly the same learning rate"
    if len(rates) > 2:
        return f"the largest learning rate is {short(ratio)} times the smallest"
    high, low = names(int(np.argmax(rates))), names(int(np.argmin(rates)))
    return f"the learning rate of {high} is {short(ratio)} times that of {low}"


def _beside(step: Step, parts: Sequence[Part]) -> str:
    """Return what the second part does to the first."""
    cosine = _cosine(parts[0].vector, parts[1].vector)
    verb = "helps" if cosine > SIXTY else "brakes it" if cosine < -SIXTY else "bends it"
    return f"{_the(word_of(step.run.optimizer, parts[1].symbol), False)} {verb}"


def _climbing(step: Step, parts: Sequence[Part]) -> Part | None:
    """Return the part that leads uphill most steeply where the step does too; None where it leads downhill at first."""
    objective = step.run.objective
    if not objective.is_planar or objective.samples > SAMPLES_AT_MOST:
        return None
    gradient = objective.gradient(step.before)
    slopes = [-float(gradient @ part.vector) for part in parts]
    return parts[int(np.argmax(slopes))] if sum(slopes) > NOISE * sum(map(abs, slopes)) else None


def _why(step: Step, parts: Sequence[Part], climbing: Part | None, stability: Stability | None) -> str:
    """Return the sentence on why the error rises; where that is not known, that it does."""
    if climbing is None:
        if not _starts_downhill(step):
            return "The error rises."
        is_beyond = stability is not None and not stability.is_flat and stability.share > 1
        return f"{'Beyond the limit' if is_beyond else 'It overshoots'}: the error rises."
    if not climbing.symbol:
        return "The step leads uphill: the error rises."
    if climbing.symbol == GRADIENT:
        whose = "This batch’s gradient" if _is_part(step) else "The gradient’s part"
        return f"{whose} leads uphill: the error rises."
    return "That leads uphill: the error rises."


def _starts_downhill(step: Step) -> bool:
    """Return whether along the step the error falls at first."""
    objective = step.run.objective
    if not objective.is_planar or objective.samples > SAMPLES_AT_MOST:
        return False
    products = objective.gradient(step.before) * -step.step
    return float(products.sum()) < -NOISE * float(np.abs(products).sum())


def _is_part(step: Step) -> bool:
    """Return whether the batch is not all samples."""
    return step.run.sampling.size_at(step.update - 1, step.run.objective.samples) < step.run.objective.samples


def _turns_back(step: Step, previous: Step | None) -> bool:
    return previous is not None and _cosine(step.step, previous.step) < -SIXTY


def _cosine(one: Array, other: Array) -> float:
    """Return the cosine of the angle between two vectors; 0 where one of them has length 0."""
    lengths = length_of(one), length_of(other)
    return float((one / lengths[0]) @ (other / lengths[1])) if all(lengths) else 0.0


def _the(word: str, begins: bool = True) -> str:
    """Return a source with its article, such as ``The old velocity``; weight decay has none."""
    text = word if word == "weight decay" else f"the {word}"
    return _capital(text) if begins else text


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
