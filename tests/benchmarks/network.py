"""How fast does a network train? ``python tests/benchmarks/network.py [--quick]``.

200 updates of Adam on the digits by a network 64-32-10 with tanh, in float64 on one thread, with full batches and with
mini-batches of 32: torch eager, JAX with the whole run as one compiled scan, and gdviz, which also keeps every point
and the rule's memory at its checkpoints. Prints medians of runs that take turns, in milliseconds; how many times as
long as gdviz that is, against the target; and how far the last point is off gdviz's, relatively.
"""

from __future__ import annotations

import argparse
import os

# Before numpy, torch and JAX read them.
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import importlib.util
from typing import TYPE_CHECKING, Any

import numpy as np
from engine import machine
from timing import Entrant, Job, take_turns

import gdviz
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.network.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable

UPDATES, ETA, BETAS, EPS = 200, 1e-3, (0.9, 0.999), 1e-8
SIZES = (64, 32, 10)
OURS, TORCH, JAX = "gdviz", "torch eager", "JAX scan"
TARGETS = {TORCH: 1.0}
"""How many times as long as gdviz they are to take, at least."""
ROUNDS, QUICK_ROUNDS, SECONDS = 7, 2, 0.5


def main() -> None:
    """Print both rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    options = parser.parse_args()
    print(machine())
    digits = LABELLED["digits"]()
    for title, sampling in (("full batch", gdviz.Batch()), ("mini-batch 32", gdviz.MiniBatch(32))):
        run = gdviz.Run(
            Network(SIZES, "tanh", data=digits), gdviz.Adam(ETA, *BETAS, EPS), sampling=sampling, updates=UPDATES
        )
        show(
            f"{title}: {UPDATES} updates of Adam, N={run.objective.samples:,}, {run.objective.size:,} params",
            run,
            options.quick,
        )


def show(title: str, run: gdviz.Run, quick: bool) -> None:
    """Time and print one row."""
    print(f"\n{title}", flush=True)
    print(f"  {'':16}{'ms':>9}{'µs/update':>11}{'× gdviz':>9}{'target':>8}{'off by':>10}")
    entrants = [Entrant(name, Job(job(run)), run) for name, job in JOBS.items() if is_there(name)]
    take_turns(entrants, QUICK_ROUNDS if quick else ROUNDS, SECONDS)
    ours = next(entrant for entrant in entrants if entrant.name == OURS)
    for entrant in entrants:
        target, ratio = TARGETS.get(entrant.name), entrant.ms / ours.ms
        off = np.abs(entrant.result - ours.result).max() / np.abs(ours.result).max()
        mark = "" if target is None else f"{target:.1f} {'✓' if ratio >= target else '✗'}"
        print(f"  {entrant.name:16}{entrant.ms:9.1f}{entrant.ms / UPDATES * 1e3:11.0f}{ratio:9.2f}{mark:>8}{off:10.0e}")


def is_there(name: str) -> bool:
    """Return whether what an entrant needs is installed."""
    return name == OURS or importlib.util.find_spec({TORCH: "torch", JAX: "jax"}[name]) is not None


def ours(run: gdviz.Run) -> Callable[[Any], np.ndarray]:
    """Return gdviz's whole trajectory as a job, of which the last point is the result."""
    return lambda _: gdviz.train(run).params[-1]


def eager(run: gdviz.Run) -> Callable[[Any], np.ndarray]:
    """Return the loop that everybody writes with torch, from tensors that are there."""
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    start, network = np.array(run.start), run.objective
    X, Y = torch.tensor(network.data.X), torch.tensor(network.data.Y.astype(int))
    size, per_epoch = run.sampling.batch_size(len(X)), run.per_epoch

    def train(_: Any) -> np.ndarray:
        model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10))
        with torch.no_grad():
            for index, layer in enumerate((model[0], model[2])):
                layer.weight.copy_(torch.tensor(network.layout.weights(start, index).T.copy()))
                layer.bias.zero_()
        adam = torch.optim.Adam(model.parameters(), lr=ETA, betas=BETAS, eps=EPS)
        for update in range(UPDATES):
            at = update % per_epoch * size
            adam.zero_grad()
            torch.nn.functional.cross_entropy(model(X[at : at + size]), Y[at : at + size]).backward()
            adam.step()
        return np.concatenate([part.detach().numpy().T.ravel() for part in model.parameters()])

    return train


def compiled(run: gdviz.Run) -> Callable[[Any], np.ndarray]:
    """Return a whole run as one compiled scan, which keeps every point; a short last batch is left out of none."""
    import jax

    jax.config.update("jax_enable_x64", True)
    jnp = jax.numpy
    network, start = run.objective, np.array(run.start)
    X, T = jnp.array(network.data.X), jnp.array(np.eye(10)[network.data.Y.astype(int)])
    size, samples, per_epoch = run.sampling.batch_size(len(X)), len(X), run.per_epoch

    def error(params: Any, at: Any) -> Any:
        # A batch of one shape: the samples after the last one have the weight 0.
        rows = at + jnp.arange(size)
        weight = (rows < samples) / jnp.minimum(size, samples - at)
        W1, b1, W2, b2 = jnp.split(params, np.cumsum((64 * 32, 32, 32 * 10)))
        x, t = (jnp.take(part, rows, axis=0, mode="clip") for part in (X, T)) if size < samples else (X, T)
        z = jnp.tanh(x @ W1.reshape(64, 32) + b1) @ W2.reshape(32, 10) + b2
        return -(weight * (t * jax.nn.log_softmax(z)).sum(axis=1)).sum()

    def update(state: Any, number: Any) -> Any:
        params, m, v = state
        g = jax.grad(error)(params, number % per_epoch * size)
        m, v = BETAS[0] * m + (1 - BETAS[0]) * g, BETAS[1] * v + (1 - BETAS[1]) * g * g
        m_hat, v_hat = m / (1 - BETAS[0] ** (number + 1.0)), v / (1 - BETAS[1] ** (number + 1.0))
        params = params - ETA * m_hat / (jnp.sqrt(v_hat) + EPS)
        return (params, m, v), params

    first = (jnp.array(start), jnp.zeros(len(start)), jnp.zeros(len(start)))
    train = jax.jit(lambda state: jax.lax.scan(update, state, jnp.arange(UPDATES)))
    return lambda _: np.asarray(train(first)[1])[-1]


JOBS = {OURS: ours, TORCH: eager, JAX: compiled}


if __name__ == "__main__":
    main()
