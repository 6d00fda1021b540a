"""gdviz itself, through what its users call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from timing import Job
from work import START, Basin, Grid, Paths, Race, Rule

import gdviz
import gdviz.engine
from entrants import Missing

if TYPE_CHECKING:
    from collections.abc import Iterable


def part_of(owner: Any, name: str) -> Any:
    """Return a function of gdviz.

    Raises
    ------
    Missing
        Where it is not there yet.
    """
    try:
        return getattr(owner, name)
    except AttributeError:
        raise Missing(f"not there yet: {owner.__name__}.{name}") from None


def make_ready(runs: Iterable[gdviz.Run]) -> bool:
    """Load or compile the kernels that the runs need, and wait; return whether the engine can be told to."""
    load, prepare = (getattr(gdviz.engine, name, None) for name in ("load", "prepare"))
    if load:
        load()
    elif prepare:
        for run in runs:
            prepare(run)
    return bool(load or prepare)


def optimizer(rule: Rule) -> gdviz.Optimizer:
    eta, first, second, eps = rule.eta, rule.first, rule.second, rule.eps
    return {
        "gd": lambda: gdviz.GradientDescent(eta=eta),
        "momentum": lambda: gdviz.Momentum(eta=eta, gamma=first),
        "nag": lambda: gdviz.Nesterov(eta=eta, gamma=first),
        "adagrad": lambda: gdviz.AdaGrad(eta=eta, eps=eps),
        "rmsprop": lambda: gdviz.RMSProp(eta=eta, beta=second, eps=eps),
        "adam": lambda: gdviz.Adam(eta=eta, beta1=first, beta2=second, eps=eps),
    }[rule.name]()


def race(work: Race) -> Job:
    train_all = part_of(gdviz.engine, "train_all")
    error_at = None if work.points is None else part_of(gdviz.Trajectory, "error_at")
    sampling = gdviz.Stochastic() if work.size == 1 else gdviz.Batch()
    common = {"sampling": sampling, "updates": work.updates, "reduction": "sum"}

    def prepare():
        neuron = gdviz.SigmoidNeuron(*work.data)
        return [gdviz.Run(neuron, optimizer(rule), START, **common) for rule in work.rules]

    def run(runs):
        trajectories = train_all(runs)
        return trajectories, [t.error if error_at is None else error_at(t, work.shown) for t in trajectories]

    def read(returned):
        trajectories, errors = returned
        return Paths(np.array([t.params for t in trajectories]), work.shown, np.array(errors))

    return Job(run, prepare, read)


def grid(work: Grid) -> Job:
    error_grid = part_of(gdviz, "error_grid")
    # A fresh neuron: what the engine keeps for the next grid of one is built in each run.
    return Job(lambda neuron: error_grid(neuron, work.w, work.b), lambda: gdviz.SigmoidNeuron(*work.data))


def basin(work: Basin) -> Job:
    train_many = part_of(gdviz.engine, "train_many")
    adam = optimizer(work.rule)
    return Job(
        lambda himmelblau: train_many(himmelblau, adam, work.starts, work.updates),
        gdviz.Himmelblau,
        lambda many: np.asarray(many.params),
    )
