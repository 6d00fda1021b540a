"""torch.optim on float64 tensors, as one writes it: zero_grad, error, backward, step.

torch's Nesterov keeps the look-ahead point as the parameter; the error is logged there, which saves it an evaluation.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from timing import Job
from work import START, Basin, Grid, Paths, Race, Rule

if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 1 << 18
"""Sigmoids at once in a grid: they stay near the processor."""


def optimizer(rule: Rule, params: list[torch.Tensor]) -> torch.optim.Optimizer:
    eta, first, second, eps = rule.eta, rule.first, rule.second, rule.eps
    makers: dict[str, Callable[[], torch.optim.Optimizer]] = {
        "gd": lambda: torch.optim.SGD(params, lr=eta),
        "momentum": lambda: torch.optim.SGD(params, lr=eta, momentum=first),
        "nag": lambda: torch.optim.SGD(params, lr=eta, momentum=first, nesterov=True),
        "adagrad": lambda: torch.optim.Adagrad(params, lr=eta, eps=eps),
        "rmsprop": lambda: torch.optim.RMSprop(params, lr=eta, alpha=second, eps=eps),
        "adam": lambda: torch.optim.Adam(params, lr=eta, betas=(first, second), eps=eps),
    }
    return makers[rule.name]()


def error(w: torch.Tensor, b: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return 0.5 * ((torch.sigmoid(w * x + b) - y) ** 2).sum(-1)


def train(work: Race, rule: Rule, x: torch.Tensor, y: torch.Tensor) -> tuple[np.ndarray, np.ndarray]:
    w, b = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in START)
    stepping = optimizer(rule, [w, b])
    points, errors = np.empty((work.updates + 1, 2)), np.empty(work.updates + 1)
    points[0], i, size, whole = START, 0, work.size, work.size == work.samples
    for t in range(work.updates):
        stepping.zero_grad()
        value = error(w, b, x, y) if whole else error(w, b, x[i : i + size], y[i : i + size])
        value.backward()
        stepping.step()
        points[t + 1] = w.item(), b.item()
        i = i + size if i + size < work.samples else 0
        if whole:
            errors[t] = value.item()
    with torch.no_grad():
        if whole:
            errors[-1] = error(w, b, x, y).item()
            return points, errors
        shown = torch.from_numpy(points[work.shown])
        return points, error(shown[:, :1], shown[:, 1:], x, y).numpy()


def race(work: Race) -> Job:
    x, y = map(torch.from_numpy, work.data)

    def read(runs):
        params, errors = map(np.array, zip(*runs, strict=True))
        return Paths(params, work.shown, errors, ahead=True)

    return Job(lambda _: [train(work, rule, x, y) for rule in work.rules], read=read)


def quickest(run: Callable[[int], Any], whole: int, read: Callable[[Any], Any]) -> Job:
    """Return the job `run(whole)` with all threads, or with one where that is quicker for a hundredth of it.

    Where somebody else uses the processors, threads that wait for each other may take fifty times as long.
    """
    seconds = {}
    for threads in (torch.get_num_threads(), 1):
        torch.set_num_threads(threads)
        run(1)
        began = time.perf_counter()
        run(max(1, whole // 100))
        seconds.setdefault(threads, time.perf_counter() - began)
    best = min(seconds, key=seconds.get)
    torch.set_num_threads(max(seconds))
    return Job(lambda _: run(whole), lambda: torch.set_num_threads(best), read, f"{best} thread{'s'[: best - 1]}")


def grid(work: Grid) -> Job:
    x, y = map(torch.from_numpy, work.data)
    blocks = torch.from_numpy(work.b)[:, None].split(max(1, BLOCK // work.samples))

    def run(rows):
        return torch.stack([torch.cat([error(float(w), b, x, y) for b in blocks]) for w in work.w[:rows]])

    return quickest(run, work.w.size, lambda values: values.numpy())


def basin(work: Basin) -> Job:
    def run(updates):
        p = torch.tensor(work.starts.T, requires_grad=True)
        stepping = optimizer(work.rule, [p])
        for _ in range(updates):
            stepping.zero_grad()
            value = ((p[0] ** 2 + p[1] - 11) ** 2 + (p[0] + p[1] ** 2 - 7) ** 2).sum()
            value.backward()
            stepping.step()
        return p.detach()

    return quickest(run, work.updates, lambda p: p.numpy().T)
