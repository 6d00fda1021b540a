"""How fast is a network's error landscape? ``python tests/benchmarks/landscape.py [--quick]``.

A 50 × 50 slice of a 64-32-10 network on 1797 digits along two random directions with filters normalised (Li et al.,
2018): tanh after one epoch and after five (the sharper its decisions, the more nodes the surface needs), ReLU, which
has no such shortcut, and 200 × 200 points. Prints what gdviz, forward passes written plainly with numpy, and JAX take:
medians of runs that take turns, in milliseconds; how many times as long as gdviz that is, against the target; and how
far the results are off the plain ones, relative to the greatest value. Who takes long does a part of the points and the
rest is extrapolated; the table says so.

JAX comes with ``pip install gdviz[bench]``; where it is missing it is skipped. Numpy's own threads are kept to one,
unless OPENBLAS_NUM_THREADS says otherwise: for matrices of this size they can slow the plain passes down severalfold.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from engine import NOISY, machine, number
from timing import Entrant, Job, take_turns

import gdviz
from gdviz.engine import prepare_grids, slices
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.network.network import Network
from gdviz.scene.planes import RandomDirections

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.objectives import Array
    from gdviz.objectives.plane import Plane

PLAIN, OURS, JAX = "numpy, plain forward passes", "gdviz", "jax jit"
ROWS = {("tanh", 1, 50): 15.0, ("tanh", 5, 50): 15.0, ("tanh", 5, 200): None, ("relu", 5, 50): None}
"""Activation, epochs, points each way; and how many times as long the plain passes are to take."""
THREADS = "OPENBLAS_NUM_THREADS"
DIGITS = 1e-7
ROUNDS, QUICK_ROUNDS = 5, 2
SECONDS = 0.05
PART = 250
"""So many points the plain passes are timed on: every so-manieth of the grid."""


def main() -> None:
    """Print each slice, and what missed its target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    rounds = QUICK_ROUNDS if parser.parse_args().quick else ROUNDS
    if THREADS not in os.environ:  # numpy reads it when it is imported
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, THREADS: "1"})
    print(machine())
    prepare_grids()
    missed = [line for row, target in ROWS.items() for line in show(*row, target, rounds)]
    print("\nall targets met" if not missed else "\n" + "\n".join(missed))


def trained(activation: str, epochs: int) -> Plane:
    """Return the slice through a trained network."""
    network = Network(layers="64-32-10", activation=activation, data=LABELLED["digits"]())
    run = gdviz.Run(network, gdviz.Adam(0.003), sampling=gdviz.MiniBatch(32), epochs=epochs)
    return RandomDirections().plane(network, [gdviz.train(run)], 0, 0)


def show(activation: str, epochs: int, count: int, target: float | None, rounds: int) -> list[str]:
    """Time and print one slice; return which targets it missed."""
    cut = trained(activation, epochs)
    axis = np.linspace(-1, 1, count)
    title = f"{activation}, {count} × {count} points, epochs: {epochs}"
    print(f"\n{title}, error {float(cut.value(np.zeros(2))):.2g} at the centre", flush=True)
    pairs = np.stack(np.meshgrid(axis, axis, indexing="ij"), axis=-1).reshape(-1, 2)
    some = pairs[:: max(1, len(pairs) // PART)]
    entrants = [
        Entrant(PLAIN, Job(lambda _: plainly(cut, activation, some)), None, len(pairs) / len(some)),
        Entrant(OURS, Job(lambda _: slices.slice_grid(cut, axis, axis), prepare=slices._interpolants.clear), None),
        Entrant(f"{OURS}, the table made before", Job(lambda _: slices.slice_grid(cut, axis, axis)), None),
    ]
    if importlib.util.find_spec("jax"):
        entrants.append(Entrant(JAX, Job(partial(by_jax(cut, activation), some)), None, len(pairs) / len(some)))
    take_turns(entrants, rounds, SECONDS)
    known = slices._interpolants.get(cut)
    print(f"  table: {'none' if known is None else ' × '.join(map(str, known.table.coefficients.shape))}")
    return printed(entrants, target, max(1, len(pairs) // PART), title)


def printed(entrants: list[Entrant], target: float | None, every: int, title: str) -> list[str]:
    """Print a line for each; return who missed a target, or the digits."""
    missed, (truth, ours) = [], (entrants[0].result, entrants[1].ms)
    print(f"  {'':30}{'ms':>11}{'× gdviz':>11}{'target':>11}{'off by':>11}")
    for entrant in entrants:
        values = entrant.result if len(entrant.result) == len(truth) else entrant.result.ravel()[::every]
        off, least = np.abs(values - truth).max() / truth.max(), target if entrant.name == PLAIN else None
        ratio = entrant.ms / ours
        bar = f"≥ {number(least)}" if least else ""
        note = "" if entrant.scale == 1 else f"  1/{entrant.scale:.3g}, extrapolated"
        best = min(entrant.times) * entrant.scale * 1e3
        note += f"  noisy: {number(best)} at best" * (entrant.ms > NOISY * best)
        print(f"  {entrant.name:30}{number(entrant.ms):>11}{number(ratio):>11}{bar:>11}{off:>11.0e}{note}")
        if least and ratio < least:
            missed.append(f"missed: {title}: {entrant.name} takes {number(ratio)} times as long, not {number(least)}")
        if off > DIGITS:
            missed.append(f"missed: {title}: {entrant.name} is off by {off:.0e}")
    return missed


def layers_of(cut: Plane, params: Array) -> tuple[Any, ...]:
    """Return W1, b1, W2, b2 of a flat vector."""
    return params[:2048].reshape(64, 32), params[2048:2080], params[2080:2400].reshape(32, 10), params[2400:]


def plainly(cut: Plane, activation: str, points: Array) -> Array:
    """Return the mean cross-entropy at points of the plane, one forward pass after another."""
    X, y = cut.data.X, cut.data.Y.astype(int)
    errors = []
    for a, b in points:
        W1, b1, W2, b2 = layers_of(cut, cut.origin + a * cut.directions[0] + b * cut.directions[1])
        z = X @ W1 + b1
        z = (np.tanh(z) if activation == "tanh" else np.maximum(z, 0)) @ W2 + b2
        highest = z.max(axis=1)
        of_class = z[np.arange(len(y)), y]
        errors.append((np.log(np.exp(z - highest[:, None]).sum(axis=1)) + highest - of_class).mean())
    return np.array(errors)


def by_jax(cut: Plane, activation: str) -> Callable[..., Array]:
    """Return the same compiled by JAX, in float64."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    X, T = jnp.asarray(cut.data.X), jnp.eye(10)[cut.data.Y.astype(int)]
    origin, (u, v) = jnp.asarray(cut.origin), jnp.asarray(cut.directions)

    def error(point: Any) -> Any:
        W1, b1, W2, b2 = layers_of(cut, origin + point[0] * u + point[1] * v)
        z = X @ W1 + b1
        z = (jnp.tanh(z) if activation == "tanh" else jnp.maximum(z, 0)) @ W2 + b2
        return (jax.nn.logsumexp(z, axis=1) - (z * T).sum(axis=1)).mean()

    compiled = jax.jit(lambda points: jax.lax.map(error, points))
    return lambda points, _: np.asarray(compiled(points))


if __name__ == "__main__":
    main()
