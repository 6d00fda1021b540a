"""The lecture's loop: plain Python, one sample at a time, the error logged after each update.

As in the lecture's code exp and sqrt are numpy's, called with one number; `plain` takes those of `math`, which makes
the language look as well as it can.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np
from timing import Job
from work import START, Basin, Grid, Paths, Race, Rule

Function = Callable[[float], float]


class Neuron:
    def __init__(self, work: Race | Grid, exp: Function) -> None:
        self.X, self.Y = (column.tolist() for column in work.data)
        self.exp = exp

    def sigmoid(self, x, w, b):
        return 1.0 / (1.0 + self.exp(-(w * x + b)))

    def error(self, w, b):
        total = 0.0
        for x, y in zip(self.X, self.Y, strict=True):
            fx = self.sigmoid(x, w, b)
            total += 0.5 * (fx - y) ** 2
        return total

    def grad_w(self, x, y, w, b):
        fx = self.sigmoid(x, w, b)
        return (fx - y) * fx * (1 - fx) * x

    def grad_b(self, x, y, w, b):
        fx = self.sigmoid(x, w, b)
        return (fx - y) * fx * (1 - fx)


def stepper(rule: Rule, sqrt: Function) -> Callable:
    """Return the function (p, g, m, v, t) -> (p, m, v) of the rule, for one parameter."""
    eta, first, second, eps = rule.eta, rule.first, rule.second, rule.eps

    def gd(p, g, m, v, t):
        return p - eta * g, m, v

    def momentum(p, g, m, v, t):
        m = first * m + eta * g
        return p - m, m, v

    def adagrad(p, g, m, v, t):
        v = v + g**2
        return p - eta * g / (sqrt(v) + eps), m, v

    def rmsprop(p, g, m, v, t):
        v = second * v + (1 - second) * g**2
        return p - eta * g / (sqrt(v) + eps), m, v

    def adam(p, g, m, v, t):
        m = first * m + (1 - first) * g
        v = second * v + (1 - second) * g**2
        m_hat, v_hat = m / (1 - first**t), v / (1 - second**t)
        return p - eta * m_hat / (sqrt(v_hat) + eps), m, v

    return {"nag": momentum, **{f.__name__: f for f in (gd, momentum, adagrad, rmsprop, adam)}}[rule.name]


def train(neuron: Neuron, rule: Rule, size: int, updates: int, sqrt: Function) -> tuple[list, list]:
    step, look = stepper(rule, sqrt), rule.first if rule.name == "nag" else 0.0
    w, b = START
    m_w = v_w = m_b = v_b = 0.0
    points, errors, t, i = [(w, b)], [neuron.error(w, b)], 0, 0
    while t < updates:
        dw = db = 0.0
        at_w, at_b = w - look * m_w, b - look * m_b
        for x, y in zip(neuron.X[i : i + size], neuron.Y[i : i + size], strict=True):
            dw += neuron.grad_w(x, y, at_w, at_b)
            db += neuron.grad_b(x, y, at_w, at_b)
        t += 1
        w, m_w, v_w = step(w, dw, m_w, v_w, t)
        b, m_b, v_b = step(b, db, m_b, v_b, t)
        points.append((w, b))
        errors.append(neuron.error(w, b))
        i = i + size if i + size < len(neuron.X) else 0
    return points, errors


def race(work: Race, exp: Function = np.exp, sqrt: Function = np.sqrt) -> Job:
    neuron = Neuron(work, exp)

    def read(runs):
        params, errors = (np.array(column, float) for column in zip(*runs, strict=True))
        return Paths(params, np.arange(work.updates + 1), errors)

    note = "" if work.points is None else "logs every error"
    return Job(lambda _: [train(neuron, r, work.size, work.updates, sqrt) for r in work.rules], read=read, note=note)


def grid(work: Grid, exp: Function = np.exp, sqrt: Function = np.sqrt) -> Job:
    neuron, W, B = Neuron(work, exp), work.w.tolist(), work.b.tolist()
    return Job(lambda _: [[neuron.error(w, b) for b in B] for w in W], read=np.array)


def basin(work: Basin, exp: Function = np.exp, sqrt: Function = np.sqrt) -> Job:
    step, starts = stepper(work.rule, sqrt), work.starts.tolist()

    def end(x, y):
        m_x = v_x = m_y = v_y = 0.0
        for t in range(1, work.updates + 1):
            p, q = x**2 + y - 11, x + y**2 - 7
            dx, dy = 4 * x * p + 2 * q, 2 * p + 4 * y * q
            x, m_x, v_x = step(x, dx, m_x, v_x, t)
            y, m_y, v_y = step(y, dy, m_y, v_y, t)
        return x, y

    return Job(lambda _: [end(x, y) for x, y in starts], read=partial(np.array, dtype=float))


class plain:
    """The same loop with `math`'s exp and sqrt."""

    race = staticmethod(partial(race, exp=math.exp, sqrt=math.sqrt))
    grid = staticmethod(partial(grid, exp=math.exp, sqrt=math.sqrt))
    basin = staticmethod(partial(basin, exp=math.exp, sqrt=math.sqrt))
