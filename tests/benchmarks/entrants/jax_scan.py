"""JAX: gradients by jax, steps by optax, one lax.scan under jit, in float64; compiled before it is timed.

optax's Nesterov keeps the look-ahead point as the parameter; the error is logged there, which saves it an evaluation.
"""

from __future__ import annotations

import time
from functools import partial
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
import optax
from timing import Job
from work import START, Basin, Grid, Paths, Race, Rule

if TYPE_CHECKING:
    from collections.abc import Callable

jax.config.update("jax_enable_x64", True)


def adagrad(eta: float, eps: float) -> optax.GradientTransformation:
    """Return AdaGrad with ε outside the root, as the lecture and torch have it; optax.adagrad has it inside."""

    def update(g, v, params=None):
        v = v + g * g
        return -eta * g / (jnp.sqrt(v) + eps), v

    return optax.GradientTransformation(jnp.zeros_like, update)


def optimizer(rule: Rule) -> optax.GradientTransformation:
    eta, first, second, eps = rule.eta, rule.first, rule.second, rule.eps
    makers: dict[str, Callable[[], optax.GradientTransformation]] = {
        "gd": lambda: optax.sgd(eta),
        "momentum": lambda: optax.sgd(eta, momentum=first),
        "nag": lambda: optax.sgd(eta, momentum=first, nesterov=True),
        "adagrad": lambda: adagrad(eta, eps),
        "rmsprop": lambda: optax.rmsprop(eta, decay=second, eps=eps, eps_in_sqrt=False),
        "adam": lambda: optax.adam(eta, b1=first, b2=second, eps=eps),
    }
    return makers[rule.name]()


def error(p, x, y):
    return 0.5 * jnp.sum((jax.nn.sigmoid(p[0] * x + p[1]) - y) ** 2)


def batch_run(work: Race, rule: Rule) -> Callable:
    """Return the function (start, x, y) -> (points, errors) whose updates see all samples."""
    stepping = optimizer(rule)

    def run(start, x, y):
        def update(carry, _):
            p, state = carry
            value, g = jax.value_and_grad(error)(p, x, y)
            step, state = stepping.update(g, state, p)
            return (optax.apply_updates(p, step), state), (p, value)

        (p, _), (points, errors) = jax.lax.scan(update, (start, stepping.init(start)), None, length=work.updates)
        return jnp.concatenate([points, p[None]]), jnp.append(errors, error(p, x, y))

    return run


def sample_run(work: Race, rule: Rule, with_errors: bool) -> Callable:
    """Return the function (start, x, y) -> (points, errors) whose updates see one sample each."""
    stepping = optimizer(rule)

    def run(start, x, y):
        def update(carry, t):
            p, state = carry
            i = t % work.samples
            step, state = stepping.update(jax.grad(error)(p, x[i], y[i]), state, p)
            p = optax.apply_updates(p, step)
            return (p, state), p

        _, points = jax.lax.scan(update, (start, stepping.init(start)), jnp.arange(work.updates))
        points = jnp.concatenate([start[None], points])
        shown = points[work.shown if with_errors else slice(0)]
        return points, jax.lax.map(lambda p: error(p, x, y), shown)

    return run


def compiled(function: Callable, *arguments) -> tuple[Callable, str]:
    """Return the function compiled for the arguments, and a note on how long that took."""
    began = time.perf_counter()
    ready = jax.jit(function).lower(*arguments).compile()
    note = f"compiled in {(time.perf_counter() - began) * 1e3:.0f} ms"
    return lambda _: jax.block_until_ready(ready(*arguments)), note


def race(work: Race, with_errors: bool = True) -> Job:
    make = batch_run if work.size == work.samples else partial(sample_run, with_errors=with_errors)
    runs = [make(work, rule) for rule in work.rules]
    start, x, y = jnp.asarray(START), *map(jnp.asarray, work.data)
    run, note = compiled(lambda start, x, y: [run(start, x, y) for run in runs], start, x, y)

    def read(results):
        params, errors = map(np.array, zip(*results, strict=True))
        return Paths(params, work.shown[: errors.shape[1]], errors, ahead=True)

    return Job(run, read=read, note=note)


class without_errors:
    """The trajectories alone."""

    race = staticmethod(partial(race, with_errors=False))


def grid(work: Grid) -> Job:
    def values(w, b, x, y):
        return jax.lax.map(lambda w: 0.5 * jnp.sum((jax.nn.sigmoid(w * x + b[:, None]) - y) ** 2, axis=1), w)

    run, note = compiled(values, *map(jnp.asarray, (work.w, work.b, *work.data)))
    return Job(run, read=np.asarray, note=note)


def basin(work: Basin) -> Job:
    stepping = optimizer(work.rule)

    def value(p):
        return jnp.sum((p[0] ** 2 + p[1] - 11) ** 2 + (p[0] + p[1] ** 2 - 7) ** 2)

    def ends(starts):
        def update(carry, _):
            p, state = carry
            step, state = stepping.update(jax.grad(value)(p), state, p)
            return (optax.apply_updates(p, step), state), None

        return jax.lax.scan(update, (starts, stepping.init(starts)), None, length=work.updates)[0][0]

    run, note = compiled(ends, jnp.asarray(work.starts.T))
    return Job(run, read=lambda p: np.asarray(p).T, note=note)
