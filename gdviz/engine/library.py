"""The compiled loops: compiled on request and cached on the disk, in a cache that never serves an outdated rule.

Importing numba takes half a second, compiling a loop about one second, loading it from the cache 10 ms. So nothing is
loaded before it is requested, and callers that must not wait can check whether a loop is ready. Without numba, and for
rules that numba cannot compile, there is no loop: numpy does the work.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import platform
import shutil
import sys
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import platformdirs

from gdviz.disk import is_guarded, private_folder
from gdviz.objectives.compiled import Compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.objectives import Array, Objective
    from gdviz.optimizers import Optimizer

__all__ = [
    "Loop",
    "gradient_loop",
    "grid_loop",
    "lane_gradient_loop",
    "lanes_loop",
    "race_loop",
    "sigmoids_loop",
    "softmax_errors_loop",
    "table_of",
    "update_loop",
    "values_loop",
]

SURFACE = ("f", "df")
MAKERS = {("summand",): "sum", SURFACE: "surface", ("whole",): "whole"}
"""For each tuple of formulas, the kind of function of :mod:`gdviz.engine.kernels` that compiles them."""
KEPT_VERSIONS = 3
"""Maximum number of versions of the sources whose cache folders are kept."""


class Loop:
    """A compiled loop: ready, not requested yet, or impossible.

    Parameters
    ----------
    maker
        The function in this package that compiles it, as module.name; empty for an impossible loop.
    parts
        The arguments of that function: rules, formulas, sizes.

    Attributes
    ----------
    is_settled
        Whether the result of :meth:`get` is final.
    """

    def __init__(self, maker: str = "", *parts: Any) -> None:
        self._maker, self._parts = maker, parts
        self._function: Any = None
        self.is_settled = not maker

    def get(self, wait: bool = True) -> Any:
        """Return the compiled loop; None where it is impossible, or where it is not ready and `wait` is false."""
        if not self.is_settled and wait:
            with _lock:
                if not self.is_settled:
                    self._function = self._compile()
                    self.is_settled = True
        return self._function

    def _compile(self) -> Any:
        module, _, name = self._maker.partition(".")
        try:
            make = getattr(importlib.import_module(f"gdviz.engine.{module}"), name)
        except Exception:  # numba is missing or broken
            return None
        functions = [part for part in self._parts if callable(part)]
        ours = all((function.__module__ or "").partition(".")[0] == "gdviz" for function in functions)
        folder = _cache_folder() if ours else None
        if folder is not None:
            with suppress(Exception), _caching_in(folder):
                return make(*self._parts, True)
            shutil.rmtree(folder, ignore_errors=True)  # the cache is damaged, or the disk is full
        # numba refuses functions with many kinds of errors; then numpy does the work.
        with suppress(Exception):
            return make(*self._parts, False)
        return None


_lock = RLock()
_loops: dict[tuple[Any, ...], Loop] = {}
_loops_lock = RLock()


def _loop(maker: str, *parts: Any) -> Loop:
    """Return the loop, the same object for the same arguments."""
    with _loops_lock:  # not _lock, which is held while a loop is compiled
        return _loops.setdefault((maker, *parts), Loop(maker, *parts))


@cache
def race_loop() -> Loop:
    """Return the loop over the updates of runs in step."""
    return _loop("races.compile_race")


@cache
def update_loop(optimizer: type[Optimizer]) -> Loop:
    """Return one update of a rule, a :class:`gdviz.engine.races.Update`."""
    parts = _parts(optimizer)
    return _loop("races.compile_update", *parts) if parts else Loop()


@cache
def lanes_loop(optimizer: type[Optimizer], varied: bool) -> Loop:
    """Return the loop over many runs; `varied`: each has its own hyperparameters."""
    parts = _parts(optimizer)
    return _loop("lanes.compile_lanes", *parts, varied) if parts else Loop()


def _parts(optimizer: type[Optimizer]) -> tuple[Any, ...]:
    """Return a rule's parts for the loops; empty unless all hyperparameters are real numbers and η is the first."""
    params = optimizer.params()
    if not params or params[0].name != "eta" or not all(type(p.default) is float for p in params):
        return ()
    return optimizer.rule, optimizer.look_ahead, len(optimizer.state), len(params)


def gradient_loop(objective: Objective) -> Loop:
    """Return value and gradient at one point, a :class:`gdviz.engine.jit.Gradient`."""
    return _loop_of(objective, "")


def table_of(objective: Objective) -> Array:
    """Return the samples of an objective in the form that its loops need: float64, contiguous, writeable."""
    table = cast("Compiled", objective).table  # no other objective has loops
    is_fit = table.dtype == np.float64 and table.flags.c_contiguous and table.flags.writeable
    return table if is_fit else np.array(table, np.float64, order="C")


def lane_gradient_loop(objective: Objective) -> Loop:
    """Return the gradient at many points side by side, a :class:`gdviz.engine.jit.Function`."""
    return _loop_of(objective, "_lanes")


def _loop_of(objective: Objective, kind: str) -> Loop:
    if not (isinstance(objective, Compiled) and objective.is_planar):
        return Loop()
    return _gradient_loop(type(objective), len(objective.table), kind)


@cache
def _gradient_loop(objective: type[Compiled], rows: int, kind: str) -> Loop:
    names = objective.formulas
    if names not in MAKERS or not _means_what_it_says(objective):
        return Loop()
    formulas = [getattr(objective, name) for name in names]
    if names == ("whole",):
        return Loop() if kind else _loop("kernels.compile_whole", *formulas)
    if names == SURFACE and rows != len(objective.params()):
        return Loop()  # a parameter is not a real number, so the table lacks it
    return _loop(f"kernels.compile_{MAKERS[names]}{kind}", *formulas, rows)


def _means_what_it_says(objective: type[Compiled]) -> bool:
    """Return whether the formulas still hold: no subclass of their class redefines value, gradient or table."""
    classes = objective.__mro__

    def depth(name: str) -> int:
        return next((i for i, cls in enumerate(classes) if name in vars(cls)), len(classes))

    formula_depth = max(map(depth, objective.formulas))
    return formula_depth <= min(map(depth, ("value", "gradient", "gradients", "table")))


@cache
def values_loop() -> Loop:
    """Return the loop that evaluates an objective at many points."""
    return _loop("kernels.compile_values")


@cache
def grid_loop() -> Loop:
    """Return the loop over the neuron's error grid."""
    return _loop("grids.compile_grid")


@cache
def sigmoids_loop() -> Loop:
    """Return the loop that computes sigmoids of sums from products of exponentials."""
    return _loop("neurons.compile_sigmoids")


@cache
def softmax_errors_loop() -> Loop:
    """Return the loop over the errors of a softmax output."""
    return _loop("neurons.compile_softmax_errors")


@contextmanager
def _caching_in(folder: Path) -> Iterator[None]:
    """Let numba cache in `folder` inside this block; its setting for other code in this process stays."""
    config: Any = importlib.import_module("numba").config

    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before


def _cache_folder() -> Path | None:
    """Return the cache folder for compiled loops of exactly these sources; None where no safe folder exists.

    The cache contains machine code that runs when it is loaded. So nobody but the user, or root, may be able to write
    there. A program without its sources, such as a frozen one, has no cache folder either.

    numba's cache checks only the file that contains the loop, not the files of the rules that the loop calls; it would
    serve outdated code after a rule has changed. So the folder's name is a hash of all sources that loops consist of.
    """
    root = Path(platformdirs.user_cache_dir("gdviz", appauthor=False)) / "kernels"
    try:
        if not (private_folder(root) and is_guarded(root)):
            return None
        folder = root / _fingerprint()
        folder.mkdir(0o700, exist_ok=True)
        os.utime(folder)
        if not os.access(folder, os.W_OK):
            return None
        for old in sorted(root.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_VERSIONS:]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return None
    return folder


def _fingerprint() -> str:
    package = Path(__file__).parent.parent
    sources = [package / "elementary.py"]
    for room in ("engine", "objectives", "optimizers"):
        sources += sorted((package / room).rglob("*.py"))
    versions = (sys.version, platform.machine(), sys.modules["numba"].__version__, sys.modules["gdviz"].__version__)
    digest = hashlib.sha256("\0".join(versions).encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:32]
