"""Very many runs of one rule on one objective: their ends, and when they first came near a minimum."""

from __future__ import annotations

from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from gdviz.engine.library import lane_gradient_loop, lanes_loop, table_of
from gdviz.engine.threads import share, threads_for
from gdviz.objectives import Reduction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike, NDArray

    from gdviz.objectives import Array, Objective
    from gdviz.optimizers import Optimizer

__all__ = ["Ends", "train_many"]

PIECE = 8192
"""Number of runs in one piece of work for a thread."""


@dataclass(frozen=True)
class Ends:
    """The ends of many runs.

    Attributes
    ----------
    params
        Shape (R, 2): the last points; not finite where a run diverged.
    nearest
        Shape (R,): the index of the minimum that is nearest to the end; −1 where there is no minimum or no end.
    needed
        Shape (R,): the first update after which the run was within the tolerance of a minimum; −1 where it never was.
    """

    params: Array
    nearest: NDArray[np.intp]
    needed: NDArray[np.int64]


def train_many(
    objective: Objective,
    optimizer: Optimizer,
    starts: ArrayLike,
    updates: int,
    *,
    varied: Mapping[str, ArrayLike] | None = None,
    reduction: Reduction = "lecture",
    minima: ArrayLike | None = None,
    tolerance: float | None = None,
) -> Ends:
    """Train from many starts, or with many values of the hyperparameters, at a constant learning rate.

    Parameters
    ----------
    optimizer
        The rule, with its hyperparameters.
    reduction
        How the samples' gradients are combined, as in a run.
    objective
        With two parameters; every update sees all samples.
    starts
        Shape (R, 2), or (2,) for one start.
    updates
        The number of updates of every run.
    varied
        By name, the hyperparameters that differ between runs, shape (R,).
    minima
        Shape (m, 2); by default the objective's known minima.
    tolerance
        The distance from a minimum that counts as near; None: arrivals are not detected, and `needed` is −1.

    Raises
    ------
    ValueError
        Where shapes do not fit, or a hyperparameter is not one of the optimizer's or not valid.
    """
    if not isinstance(updates, Integral) or isinstance(updates, bool) or updates < 0:
        raise ValueError(f"updates must be a whole number >= 0, not {updates!r}")
    if reduction not in get_args(Reduction):
        raise ValueError(f"reduction must be one of {', '.join(get_args(Reduction))}, not {reduction!r}")
    if tolerance is not None and not tolerance >= 0:
        raise ValueError(f"tolerance must be a number >= 0, not {tolerance!r}")
    values = _hyperparameters(optimizer, dict(varied or {}))
    points = np.atleast_2d(np.asarray(starts, float))
    if points.ndim != 2 or points.shape[1] != 2 or objective.size != 2:
        raise ValueError(f"starts must be points of two parameters, shape (R, 2), not {np.shape(starts)}")
    runs = max(len(points), values.shape[1])
    if len(points) not in (1, runs) or values.shape[1] not in (1, runs):
        raise ValueError(f"{len(points)} starts do not go with {values.shape[1]} values of the hyperparameters")
    params = np.array(np.broadcast_to(points, (runs, 2)).T, order="C")
    goals = np.array(objective.minima if minima is None else minima, float).reshape(-1, 2)
    divisor = objective.divisor(reduction, objective.samples, optimizer.lecture_divides)
    state = np.array([part.T for part in optimizer.start_state(params.T)]).reshape(-1, 2, runs)
    state = np.ascontiguousarray(state.transpose(1, 0, 2))
    needed = np.full(runs, np.inf)
    near, targets = (0.0, goals[:0]) if tolerance is None else (tolerance**2, goals)
    for minimum in targets:
        needed[((params - minimum[:, None]) ** 2).sum(axis=0) <= near] = 0
    _train(objective, optimizer, params, state, values, int(updates), divisor, targets, near, needed)
    params[:, np.isnan(params).any(axis=0)] = np.nan
    has_arrived = np.isfinite(needed)
    return Ends(params.T, _nearest(params.T, goals), np.where(has_arrived, needed, -1).astype(np.int64))


def _hyperparameters(optimizer: Optimizer, varied: dict[str, Any]) -> Array:
    """Return the numeric hyperparameters in the rule's order, shape (h, R), or (h, 1) where all runs share them."""
    params = {param.name: param for param in optimizer.params()}
    for name in varied:
        if name not in params:
            raise ValueError(f"{optimizer.name} has no parameter {name!r}; it has: {', '.join(params)}")
        if not _is_number(params[name].default):
            raise ValueError(f"{name} cannot vary from run to run: it is not a real number")
        column = np.asarray(varied[name], float)
        for value in np.unique(column) if params[name].is_switch else _extremes(column):
            params[name].convert(float(value))
        if column.ndim != 1 or np.isnan(column).any():
            raise ValueError(f"{name} must be numbers of shape (R,), not of shape {column.shape}")
    pairs = optimizer.values().items()
    columns = [np.asarray(varied.get(name, value), float) for name, value in pairs if _is_number(value)]
    return np.stack(np.broadcast_arrays(*columns, np.empty(1)))[:-1]


def _extremes(column: Array) -> list[float]:
    return [float(column.min()), float(column.max())] if column.size else []


def _is_number(value: object) -> bool:
    return type(value) is float


def _nearest(points: Array, minima: Array) -> NDArray[np.intp]:
    if not len(minima):
        return np.full(len(points), -1, np.intp)
    distances = np.stack([np.hypot(*(points - minimum).T) for minimum in minima])
    is_finite = np.isfinite(points).all(axis=1)
    return np.where(is_finite, np.argmin(np.where(is_finite, distances, 0), axis=0), -1)


def _train(
    objective: Objective, optimizer: Optimizer, params: Array, state: Array, values: Array, updates: int,
    divisor: float, minima: Array, near: float, needed: Array,
) -> None:  # fmt: skip
    is_varied = values.shape[1] > 1
    limits = np.array(objective.limits, order="C")
    loop, gradient = lanes_loop(type(optimizer), is_varied).get(), lane_gradient_loop(objective).get()

    def train(start: int) -> None:
        some = slice(start, start + PIECE)
        points, memory = np.ascontiguousarray(params[:, some]), np.ascontiguousarray(state[:, :, some])
        own = np.ascontiguousarray(values[:, some]) if is_varied else values
        if loop is None or gradient is None:
            _by_numpy(objective, optimizer, points, memory, own, updates, divisor, minima, near, needed[some])
        else:
            table = table_of(objective)
            arguments = own, updates, gradient.address, table, divisor, limits, minima, near, needed[some]
            loop(points, memory, *arguments)
        params[:, some] = points

    runs = params.shape[1]
    share(train, range(0, runs, PIECE), threads_for(2.0 * runs * updates * objective.samples))


def _by_numpy(
    objective: Objective, optimizer: Optimizer, params: Array, state: Array, values: Array, updates: int,
    divisor: float, minima: Array, near: float, needed: Array,
) -> None:  # fmt: skip
    """Compute the same as the compiled loop, with arrays over the runs."""
    low, high = objective.limits.T[:, :, None]
    columns = iter(values[:, None, :])
    hyper = tuple(next(columns) if _is_number(value) else value for value in optimizer.values().values())
    memory = tuple(state.transpose(1, 0, 2))
    with np.errstate(all="ignore"):
        for t in range(1, updates + 1):
            asked_at = params if optimizer.look_ahead is None else optimizer.look_ahead(params, *memory, *hyper)
            g = objective.gradients(asked_at.T).T / divisor
            step, memory, _ = optimizer.rule(g, t, *memory, *hyper)
            params -= step
            params[~((low <= params) & (params <= high))] = np.nan
            for minimum in minima:
                is_near = ((params - minimum[:, None]) ** 2).sum(axis=0) <= near
                needed[is_near & np.isinf(needed)] = t
