"""Why a step goes where it goes: its parts as displacements in the plane, in the order in which they come about.

The equations of a rule are taken apart, not the rule: with what only scales held at its values, the step is a sum of
what the gradient, each arrow of the memory and the params themselves contribute. So a new rule brings its own anatomy
with its equations; one that is no such sum, or has no equations, shows the whole step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gdviz.explaining.working import GRADIENT, PARAMS, arrows_of, memories_of, scales_of, work_out
from gdviz.notation.expressions import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.explaining.working import Line
    from gdviz.objectives import Array
    from gdviz.optimizers import Optimizer, Term
    from gdviz.training.loop import Step

__all__ = ["STAGES", "Anatomy", "Mark", "StageName", "anatomy_of", "stages_of"]

StageName = Literal["gradient", "memory", "scaling", "step"]
STAGES: tuple[StageName, ...] = ("gradient", "memory", "scaling", "step")
"""The order in which an update comes about."""


@dataclass(frozen=True)
class Mark:
    """Something to draw in the plane.

    Attributes
    ----------
    kind
        ``arrow``: a displacement, from `at` to `at` + `vector`. ``direction``: only where `vector` points matters.
        ``point``: the place `at`. ``ellipse``: around `at` with the semi-axes `vector`.
    label
        What is written at it: the symbol of where it comes from, as in the equations.
    stage
        When it comes about; it decides the colour.
    at, vector
        Shape (n,).
    """

    kind: Literal["arrow", "direction", "point", "ellipse"]
    label: str
    stage: StageName
    at: Array
    vector: Array


@dataclass(frozen=True)
class Anatomy:
    """A step's marks, and a sentence for each of its stages that there is something to say about.

    `before`, shape (n,), is where the step begins.
    """

    before: Array
    marks: tuple[Mark, ...]
    sentences: dict[StageName, str]

    def seen(self, projected: Callable[[Array], Array], moved: Callable[[Array], Array]) -> Anatomy:
        """Return what is seen of it in a plane: displacements still add up there; an ellipse has no shadow to draw.

        Parameters
        ----------
        projected, moved
            What become of points and of displacements there, of shape (n,).
        """
        marks = tuple(
            replace(mark, at=projected(mark.at), vector=moved(mark.vector))
            for mark in self.marks
            if mark.kind != "ellipse"
        )
        return replace(self, before=projected(self.before), marks=marks)


def stages_of(optimizer: Optimizer) -> dict[str, StageName]:
    """Return for the symbols of a rule's quantities the stage that they belong to, and whose colour they have."""
    has_memory = any(term.kind == "arrow" for term in optimizer.state)
    arrows: StageName = "memory" if has_memory else "scaling"
    stages: dict[str, StageName] = {GRADIENT: "gradient", PARAMS: "step"}
    for term in (*optimizer.state, *optimizer.terms):
        stages[term.symbol] = "step" if term.kind == "point" else arrows if term.kind == "arrow" else "scaling"
    return stages


def anatomy_of(step: Step) -> Anatomy:
    """Return what explains a step."""
    optimizer = step.run.optimizer
    parts = _parts(optimizer, step)
    marks = [Mark("direction", "−g", "gradient", step.asked_at, -step.gradient)]
    at = step.before
    # Tip to tail: first the gradient; but the memory where it leads to the point at which that is taken.
    looks_ahead = step.asked_at is not step.before
    for stage, symbol, part in sorted(parts, key=lambda part: (part[0] == "gradient") == looks_ahead):
        name = f"from {symbol}" if len(parts) > 1 else ""  # where there is one part alone, it is the step
        marks.append(Mark("arrow", name, stage, at, -part))
        at = at - part
    if looks_ahead:
        marks.append(Mark("point", "g here", "memory", step.asked_at, np.zeros_like(at)))
    marks += _scaling(optimizer, step, sum(part for _, symbol, part in parts if symbol != PARAMS))
    marks.append(Mark("arrow", "step", "step", step.before, -step.step))
    finite = (mark for mark in marks if np.isfinite([mark.at, mark.vector]).all())
    return Anatomy(step.before, tuple(finite), _sentences(optimizer, step, parts))


Part = tuple[StageName, str, Any]


def _parts(optimizer: Optimizer, step: Step) -> list[Part]:
    """Return what the step is the sum of: stage, symbol of the source, displacement."""
    lines = work_out(step)
    whole: list[Part] = [("gradient", GRADIENT, step.step)]
    if not lines:
        return whole
    memory, arrows = memories_of(optimizer), arrows_of(optimizer)
    nowhere = np.zeros_like(step.before)  # as seen from where the run stands, so that nothing is lost by cancellation
    pull = step.before - _moved(lines, arrows, (), step.before)
    parts: list[Part] = [("memory", symbol, -_moved(lines, arrows, (symbol,), nowhere)) for symbol in memory]
    parts.append(("gradient", GRADIENT, -_moved(lines, arrows, (GRADIENT,), nowhere)))
    if np.any(pull):
        parts.insert(0, ("memory", PARAMS, pull))
    if np.allclose(sum(part for *_, part in parts), step.step, rtol=1e-6, atol=1e-300):
        return parts
    return [("memory", PARAMS, pull), ("gradient", GRADIENT, step.step - pull)] if np.any(pull) else whole


def _moved(lines: Sequence[Line], arrows: set[str], sources: Sequence[str], start: Array) -> Any:
    """Return where the step would lead from `start` if of the arrows only the `sources` were not 0."""
    known: dict[str, Any] = {}
    params: Any = None
    for line in lines:
        symbol = line.equation.target
        if line.equation.relation == "at" or symbol not in (*arrows, PARAMS):
            continue
        zeroed = {name: known.get(name, line.values.get(name, 0.0) * (name in sources)) for name in arrows}
        with np.errstate(all="ignore"):
            result = evaluate(line.equation.value, {**line.values, **zeroed, PARAMS: start})
        if symbol == PARAMS:
            params = result
        else:
            known[symbol] = result
    return params


def _scaling(optimizer: Optimizer, step: Step, moved: Any) -> list[Mark]:
    """Return the rate of each parameter as an ellipse, on which the step ends, and where one rate for all would end."""
    marks = []
    for term in scales_of(optimizer):
        rate = step.terms[term.name]
        if np.all(rate > 0) and np.all(np.isfinite(rate)):
            unscaled = moved / rate
            marks.append(Mark("ellipse", term.symbol, "scaling", step.before, rate * np.linalg.norm(unscaled)))
            alike = np.exp(np.log(rate).mean())
            marks.append(Mark("arrow", "one rate for all", "scaling", step.before, -alike * unscaled))
    return marks


def _sentences(optimizer: Optimizer, step: Step, parts: list[Part]) -> dict[StageName, str]:
    seen = _batch_size(step)
    where = "at the look-ahead point" if step.asked_at is not step.before else "where the run stands"
    told: dict[StageName, str] = {
        "gradient": f"The gradient{seen}, taken {where}, points uphill; against it the error falls fastest.",
        "step": "All together is the step.",
    }
    lengths = {symbol: float(np.linalg.norm(part)) for _, symbol, part in parts}
    remembered = [term for term in optimizer.state if lengths.get(term.symbol)]
    if remembered and sum(lengths.values()) > 0:
        whole = sum(lengths.values())
        shares = (f"{lengths[term.symbol] / whole:.0%} comes from {_named(term)}" for term in remembered)
        told["memory"] = f"Of the way {', and '.join(shares)}."
    scales = [step.terms[term.name] for term in scales_of(optimizer)]
    if scales and np.min(scales[0]) > 0:
        ratio = np.max(scales[0]) / np.min(scales[0])
        told["scaling"] = f"Each parameter has a rate of its own: here the largest is {_times(ratio)} the smallest."
    return told


def _batch_size(step: Step) -> str:
    if step.run.objective.samples == 1:
        return ""
    size = step.batch.stop - (step.batch.start or 0) if isinstance(step.batch, slice) else len(step.batch)
    return " of one sample" if size == 1 else f" of {size} samples"


def _named(term: Term) -> str:
    if term.symbol == PARAMS:
        return "weight decay, which pulls towards 0"
    return f"{term.symbol}, the {term.help.partition(':')[0].removeprefix('the ')}"


def _times(ratio: float) -> str:
    rounded = f"{ratio:.3g}"
    return f"{rounded if 'e' not in rounded else f'{float(rounded):,.0f}'} times"
