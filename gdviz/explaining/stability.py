"""Is the step too large for the curvature? What the largest curvature asks of a rule, and what the rule can bear.

On a parabola of curvature λ every rule whose scales are held is a linear map of its params and its memory: it comes to
rest where no eigenvalue of that map is larger than 1, and swings ever higher where one is. That gives the limit of η·λ:
2 for gradient descent, 2(1+γ) for momentum, 2(1+β₁)/(1−β₁) for Adam (Cohen et al., 2022, Adaptive gradient methods at
the edge of stability). Where each parameter has a rate of its own, the curvature is that of the plane seen through the
rates: the largest eigenvalue of √D·H·√D with the rates D.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.explaining.working import GRADIENT, PARAMS, UPDATE, arrows_of, memories_of, scales_of, work_out
from gdviz.notation.expressions import Call, Expression, children, evaluate
from gdviz.objectives import Ravine
from gdviz.training.loop import Point, following
from gdviz.training.run import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.explaining.working import Line
    from gdviz.objectives import Array
    from gdviz.optimizers import Optimizer
    from gdviz.training.loop import Step

__all__ = ["NEAR", "Stability", "limit_of", "stability_of"]

EXACT = 1e-6
"""To so much the limit is found."""
LATE = 10**6
"""The limit is that of a late update, when nothing is corrected for its start any more."""
MOST = 1e4
FLAT = 1e-12
NEAR = 0.8
"""The share of the limit from which on it is worth a warning."""
SAMPLES_AT_MOST = 200_000
"""On more samples the curvature would take longer than a frame may."""


@dataclass(frozen=True)
class Stability:
    """How near a step is to the edge.

    Attributes
    ----------
    sharpness
        The rate times the largest curvature where the step begins: η·λmax. Not above 0 where the surface curves down.
    limit
        The sharpness up to which the rule comes to rest on a parabola.
    is_flat
        Whether there is no curvature that could set a limit.
    """

    sharpness: float
    limit: float
    is_flat: bool = False

    @property
    def sentence(self) -> str:
        """What that means."""
        if self.is_flat:
            return "Flat, or curved down: the curvature sets no limit here."
        if self.share > 1:
            return "Beyond the limit: each step overshoots further than the one before."
        if self.share > NEAR:
            return "Close to the limit: the steps overshoot and swing."
        return ""

    @property
    def share(self) -> float:
        """The sharpness as a share of the limit; above 1 the steps overshoot further and further."""
        return self.sharpness / self.limit


def stability_of(step: Step) -> Stability | None:
    """Return how near a step is to the edge.

    None where the rule has no such edge, where it makes no step, and where there are too many samples.
    """
    run = step.run
    optimizer: Any = run.optimizer
    limit = limit_of(replace(optimizer, eta=step.eta))
    if limit is None or run.objective.samples > SAMPLES_AT_MOST or not np.any(step.step):
        return None
    root = np.sqrt(np.abs(_rates(step)))
    hessian = _seen_by_the_rule(step) * run.objective.hessian(step.before)
    matrix = root[:, None] * hessian * root
    if not np.isfinite(matrix).all():
        return None
    is_flat = float(np.linalg.eigvalsh(hessian)[-1]) <= FLAT
    return Stability(float(np.linalg.eigvalsh(matrix)[-1]), limit, is_flat)


def _rates(step: Step) -> Array:
    """Return the learning rate of each parameter, shape (n,)."""
    scales = scales_of(step.run.optimizer)
    return step.terms[scales[0].name] if scales else np.full(len(step.before), step.eta)


def _seen_by_the_rule(step: Step) -> float:
    """Return the share of the whole gradient that a batch's is on average, after the reduction."""
    run = step.run
    size = run.sampling.size_at(step.update - 1, run.objective.samples)
    divisor = run.objective.divisor(run.reduction, size, run.optimizer.lecture_divides)
    return size / run.objective.samples / divisor


@lru_cache(maxsize=256)
def limit_of(optimizer: Optimizer) -> float | None:
    """Return the largest η·λ at which the rule comes to rest on a parabola; None where it is not such a rule."""
    run = Run(Ravine(steepness=1.0), optimizer, updates=2)
    with np.errstate(all="ignore"):
        step = following(run, following(run, Point.start(run)).point)
    lines = work_out(step) if np.isfinite(step.params).all() else ()
    if not lines or any(_has_sign(line.equation.value) for line in lines):
        return None
    rate = float(_rates(step)[0])
    memory, arrows = memories_of(optimizer), arrows_of(optimizer)

    def is_stable(sharpness: float) -> bool:
        matrix = _map(lines, memory, arrows, sharpness / rate)
        return bool(np.abs(np.linalg.eigvals(matrix)).max() <= 1 + 1e-12)

    if rate <= 0 or not is_stable(1e-3) or is_stable(MOST):
        return None
    low, high = 1e-3, MOST
    while high / low > 1 + EXACT:
        middle = (low * high) ** 0.5
        low, high = (middle, high) if is_stable(middle) else (low, middle)
    return low


def _has_sign(expression: Expression) -> bool:
    is_sign = isinstance(expression, Call) and expression.name == "sign"
    return is_sign or any(map(_has_sign, children(expression)))


def _map(lines: Sequence[Line], memory: Sequence[str], arrows: set[str], curvature: float) -> Array:
    """Return the matrix by which an update takes (param, memory) on a parabola to the next, with all scales held."""
    columns = []
    for source in (PARAMS, *memory):
        known = {symbol: float(symbol == source) for symbol in (PARAMS, *memory)}
        before = dict(known)
        asked_at = known[PARAMS]
        for line in lines:
            symbol = line.equation.target
            held = {name: float(np.ravel(value)[0]) for name, value in line.values.items()}
            gradient = {GRADIENT: curvature * asked_at, UPDATE: LATE}
            if line.equation.relation == "at":
                asked_at = float(evaluate(line.equation.value, {**held, **known}))
            elif symbol in (*arrows, PARAMS):
                known[symbol] = float(evaluate(line.equation.value, {**held, **known, **gradient}))
        columns.append([known[symbol] for symbol in before])
    return np.array(columns).T
