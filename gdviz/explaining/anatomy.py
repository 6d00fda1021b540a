"""The parts of a step, as displacements in the plane, in the order in which they arise.

The parts follow from the rule's equations. With all scaling factors fixed at their values, the step is linear in the
gradient, in each arrow of the memory and in the params, so it is the sum of their contributions. A new rule gets its
anatomy from its equations. A rule that is not such a sum, or has no equations, shows only the whole step.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gdviz.explaining.parts import STAGES, StageName, parts_of
from gdviz.explaining.working import GRADIENT, PARAMS, scales_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.explaining.parts import Part
    from gdviz.objectives import Array
    from gdviz.optimizers import Optimizer, Term
    from gdviz.training.loop import Step

__all__ = ["STAGES", "Anatomy", "Mark", "StageName", "anatomy_of", "stages_of"]


@dataclass(frozen=True)
class Mark:
    """Something to draw in the plane.

    Attributes
    ----------
    kind
        ``arrow``: a displacement, from `at` to `at` + `vector`. ``direction``: only the direction of `vector` matters.
        ``point``: the place `at`. ``ellipse``: around `at` with the semi-axes `vector`.
    label
        The text beside it: the symbol of its source, as in the equations.
    stage
        The stage of the update to which it belongs; it determines the colour.
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
    """A step's marks, and sentences about its stages.

    `before`, shape (n,), is the point at which the step begins.
    """

    before: Array
    marks: tuple[Mark, ...]
    sentences: dict[StageName, str]

    def on_plane(self, project: Callable[[Array], Array], move: Callable[[Array], Array]) -> Anatomy:
        """Return the anatomy as projected onto a plane: displacements still add up there, ellipses are left out.

        Parameters
        ----------
        project, move
            Functions that map points and displacements, shape (n,), to the plane.
        """
        marks = tuple(
            replace(mark, at=project(mark.at), vector=move(mark.vector))
            for mark in self.marks
            if mark.kind != "ellipse"
        )
        return replace(self, before=project(self.before), marks=marks)


def stages_of(optimizer: Optimizer) -> dict[str, StageName]:
    """Return the stage, which determines the colour, of each symbol of a rule's quantities."""
    has_memory = any(term.kind == "arrow" for term in optimizer.state)
    arrows: StageName = "memory" if has_memory else "scaling"
    stages: dict[str, StageName] = {GRADIENT: "gradient", PARAMS: "step"}
    for term in (*optimizer.state, *optimizer.terms):
        stages[term.symbol] = "step" if term.kind == "point" else arrows if term.kind == "arrow" else "scaling"
    return stages


def anatomy_of(step: Step) -> Anatomy:
    """Return the anatomy of a step."""
    optimizer = step.run.optimizer
    parts = parts_of(step)
    marks = [Mark("direction", "−g", "gradient", step.asked_at, -step.gradient)]
    at = step.before
    # The arrows are drawn tip to tail, the gradient first. With a look-ahead the memory comes first, because it leads
    # to the point at which the gradient is evaluated.
    looks_ahead = step.asked_at is not step.before
    for stage, symbol, part in sorted(parts, key=lambda part: (part[0] == "gradient") == looks_ahead):
        name = f"from {symbol or GRADIENT}" if len(parts) > 1 else ""  # a single part is the step itself
        marks.append(Mark("arrow", name, stage, at, -part))
        at = at - part
    if looks_ahead:
        marks.append(Mark("point", "g here", "memory", step.asked_at, np.zeros_like(at)))
    marks += _scaling(optimizer, step, sum(part for _, symbol, part in parts if symbol != PARAMS))
    marks.append(Mark("arrow", "step", "step", step.before, -step.step))
    finite = (mark for mark in marks if np.isfinite([mark.at, mark.vector]).all())
    return Anatomy(step.before, tuple(finite), _sentences(optimizer, step, parts))


def _scaling(optimizer: Optimizer, step: Step, movement: Any) -> list[Mark]:
    """Return the rates of the parameters as an ellipse through the step's end, and the step with one rate for all."""
    marks = []
    for term in scales_of(optimizer):
        rate = step.terms[term.name]
        if np.all(rate > 0) and np.all(np.isfinite(rate)):
            direction = movement / rate
            marks.append(Mark("ellipse", term.symbol, "scaling", step.before, rate * np.linalg.norm(direction)))
            alike = np.exp(np.log(rate).mean())
            marks.append(Mark("arrow", "one rate for all", "scaling", step.before, -alike * direction))
    return marks


def _sentences(optimizer: Optimizer, step: Step, parts: Sequence[Part]) -> dict[StageName, str]:
    batch = _batch_size(step)
    where = "at the look-ahead point" if step.asked_at is not step.before else "where the run stands"
    sentences: dict[StageName, str] = {
        "gradient": f"The gradient{batch}, taken {where}, points uphill; against it the error falls fastest.",
        "step": "All together is the step.",
    }
    lengths = {symbol: float(np.linalg.norm(part)) for _, symbol, part in parts}
    memories = [term for term in optimizer.state if lengths.get(term.symbol)]
    if memories and sum(lengths.values()) > 0:
        whole = sum(lengths.values())
        shares = (f"{lengths[term.symbol] / whole:.0%} comes from {_source_of(term)}" for term in memories)
        sentences["memory"] = f"Of the way {', and '.join(shares)}."
    scales = [step.terms[term.name] for term in scales_of(optimizer)]
    if scales and np.min(scales[0]) > 0:
        ratio = np.max(scales[0]) / np.min(scales[0])
        sentences["scaling"] = (
            f"Each parameter has a rate of its own: here the largest is {_times(ratio)} the smallest."
        )
    return sentences


def _batch_size(step: Step) -> str:
    if step.run.objective.samples == 1:
        return ""
    size = step.batch.stop - (step.batch.start or 0) if isinstance(step.batch, slice) else len(step.batch)
    return " of one sample" if size == 1 else f" of {size} samples"


def _source_of(term: Term) -> str:
    if term.symbol == PARAMS:
        return "weight decay, which pulls towards 0"
    return f"{term.symbol}, the {term.help.partition(':')[0].removeprefix('the ')}"


def _times(ratio: float) -> str:
    text = f"{ratio:.3g}"
    return f"{text if 'e' not in text else f'{float(text):,.0f}'} times"
