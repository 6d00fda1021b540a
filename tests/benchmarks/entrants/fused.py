"""The same work in C (fused.c), compiled on the spot: each sum over the samples one vectorised loop, on one thread."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
from timing import Job
from work import RULES, START, Basin, Grid, Paths, Race, Rule

from entrants import Missing

SOURCE = Path(__file__).with_suffix(".c")
FLAGS = ("-O3", "-march=native", "-fopenmp-simd", "-fno-math-errno", "-fno-trapping-math", "-funroll-loops")
LANES = 64


class Hyperparameters(ctypes.Structure):
    _fields_ = [(name, ctypes.c_double) for name in ("eta", "first", "second", "eps")]

    @classmethod
    def of(cls, rule: Rule) -> Hyperparameters:
        return cls(rule.eta, rule.first, rule.second, rule.eps)


@cache
def library() -> ctypes.CDLL:
    """Return fused.c, compiled.

    Raises
    ------
    Missing
        Where there is no compiler, or it refuses.
    """
    compiler = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if compiler is None:
        raise Missing("there is no C compiler here (cc, gcc or clang): skipped")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "fused.so"
        command = [compiler, *FLAGS, "-shared", "-fPIC", str(SOURCE), "-o", str(target), "-lm"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Missing(f"{compiler} does not compile fused.c: {done.stderr.strip().splitlines()[-1]}")
        return ctypes.CDLL(str(target))


def call(name: str, *arguments: object) -> None:
    """Call a function of fused.c: arrays as pointers, whole numbers as long."""
    getattr(library(), name)(*map(_passed, arguments))


def _passed(value: object) -> object:
    if isinstance(value, np.ndarray):
        assert value.dtype == float and value.flags.c_contiguous
        return ctypes.c_void_p(value.ctypes.data)
    return ctypes.c_long(value) if isinstance(value, int) else value


def race(work: Race) -> Job:
    library()
    X, Y = work.data

    def train(i: int, rule: Rule) -> tuple[np.ndarray, np.ndarray]:
        points, errors = np.empty((work.updates + 1, 2)), np.empty(len(work.shown))
        points[0] = START
        order = ctypes.c_int(i), Hyperparameters.of(rule), X, Y, work.samples, work.size, work.updates, points
        call("train", *order, errors if work.points is None else None)
        if work.points is not None:
            call("errors", points[work.shown], len(work.shown), X, Y, work.samples, errors)
        return points, errors

    def read(runs):
        params, errors = map(np.array, zip(*runs, strict=True))
        return Paths(params, work.shown, errors)

    assert [rule.name for rule in RULES] == ["gd", "momentum", "nag", "adagrad", "rmsprop", "adam"]  # fused.c's order
    return Job(lambda _: [train(i, rule) for i, rule in enumerate(work.rules)], read=read)


def grid(work: Grid) -> Job:
    library()

    def run(_):
        values = np.empty((work.w.size, work.b.size))
        call("grid", work.w, work.w.size, work.b, work.b.size, *work.data, work.samples, values)
        return values

    return Job(run)


def basin(work: Basin) -> Job:
    library()
    assert len(work.starts) % LANES == 0

    def run(_):
        starts = np.ascontiguousarray(work.starts.T)
        ends = np.empty_like(starts)
        call("basin", Hyperparameters.of(work.rule), starts, len(work.starts), work.updates, ends)
        return ends

    return Job(run, read=lambda ends: ends.T)
