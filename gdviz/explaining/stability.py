"""The limit of stability: whether the step is too large for the curvature.

On a parabola of curvature λ, with all scaling factors fixed, an update is a linear map of params and memory. The run
comes to rest if no eigenvalue of that map has an absolute value above 1; otherwise it oscillates with growing
amplitude. This gives a limit for η·λ: 2 for gradient descent, 2(1+γ) for momentum, 2(1+β₁)/(1−β₁) for Adam (Cohen et
al., 2022, Adaptive gradient methods at the edge of stability). If each parameter has its own rate, η·λ is replaced by
the largest eigenvalue of √D·H·√D, with the Hessian H and the rates D.
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
"""Relative precision of the limit."""
LATE = 10**6
"""The number t for which the limit is computed: so late that bias corrections are 1."""
MOST = 1e4
FLAT = 1e-12
NEAR = 0.8
"""The share of the limit above which a warning is shown."""
SAMPLES_AT_MOST = 200_000
"""Maximum number of samples for which the curvature is computed: with more it would delay frames."""


@dataclass(frozen=True)
class Stability:
    """How near a step is to the limit of stability.

    Attributes
    ----------
    sharpness
        The rate times the largest curvature where the step begins: η·λmax. At most 0 where the surface curves down.
    limit
        The sharpness up to which the rule comes to rest on a parabola.
    is_flat
        Whether no curvature is positive, so that there is no limit.
    """

    sharpness: float
    limit: float
    is_flat: bool = False

    @property
    def sentence(self) -> str:
        """The sentence that says what that means; empty where the step is well below the limit."""
        if self.is_flat:
            return "Flat, or curved down: the curvature sets no limit here."
        if self.share > 1:
            return "Beyond the limit: each step overshoots further than the one before."
        if self.share > NEAR:
            return "Close to the limit: the steps overshoot and swing."
        return ""

    @property
    def share(self) -> float:
        """The sharpness divided by the limit; above 1 the steps overshoot further and further."""
        return self.sharpness / self.limit


def stability_of(step: Step) -> Stability | None:
    """Return how near a step is to the limit of stability.

    None where the rule has no such limit, where the step is 0, and where there are too many samples.
    """
    run = step.run
    optimizer: Any = run.optimizer
    limit = limit_of(replace(optimizer, eta=step.eta))
    if limit is None or run.objective.samples > SAMPLES_AT_MOST or not np.any(step.step):
        return None
    root = np.sqrt(np.abs(_rates(step)))
    hessian = _batch_share(step) * run.objective.hessian(step.before)
    matrix = root[:, None] * hessian * root
    if not np.isfinite(matrix).all():
        return None
    is_flat = float(np.linalg.eigvalsh(hessian)[-1]) <= FLAT
    return Stability(float(np.linalg.eigvalsh(matrix)[-1]), limit, is_flat)


def _rates(step: Step) -> Array:
    """Return the learning rate of each parameter, shape (n,)."""
    scales = scales_of(step.run.optimizer)
    return step.terms[scales[0].name] if scales else np.full(len(step.before), step.eta)


def _batch_share(step: Step) -> float:
    """Return the average of a batch's reduced gradient divided by the gradient over all samples."""
    run = step.run
    size = run.sampling.size_at(step.update - 1, run.objective.samples)
    divisor = run.objective.divisor(run.reduction, size, run.optimizer.lecture_divides)
    return size / run.objective.samples / divisor


@lru_cache(maxsize=256)
def limit_of(optimizer: Optimizer) -> float | None:
    """Return the largest η·λ at which the rule comes to rest on a parabola; None where it has no such limit."""
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
    """Return the matrix of an update on a parabola: it maps (param, memory) to the next, with fixed scaling factors.

    Each column is the image of a unit vector.
    """
    columns = []
    for source in (PARAMS, *memory):
        values = {symbol: float(symbol == source) for symbol in (PARAMS, *memory)}
        before = dict(values)
        asked_at = values[PARAMS]
        for line in lines:
            symbol = line.equation.target
            scales = {name: float(np.ravel(value)[0]) for name, value in line.values.items()}
            gradient = {GRADIENT: curvature * asked_at, UPDATE: LATE}
            if line.equation.relation == "at":
                asked_at = float(evaluate(line.equation.value, {**scales, **values}))
            elif symbol in (*arrows, PARAMS):
                values[symbol] = float(evaluate(line.equation.value, {**scales, **values, **gradient}))
        columns.append([values[symbol] for symbol in before])
    return np.array(columns).T
