"""Which compiled loops there are: made on request, kept, and read from a cache that old rules cannot hide in.

Importing numba takes half a second and compiling a loop about one; from the cache a loop comes in 10 ms. So nothing is
loaded before somebody asks, and who must not wait can take what is there already. Without numba, and for rules that
numba does not take, there is nothing: numpy does that work.
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
"""Which function of :mod:`gdviz.engine.kernels` compiles which formulas."""
KEPT = 3
"""Cache folders of so many versions of the sources are kept."""


class Loop:
    """A compiled loop that is there, will be, or never can be.

    Parameters
    ----------
    maker
        The function of this room that compiles it, as module.name; empty for what cannot be compiled.
    parts
        What it is made of: rules, formulas, sizes.

    Attributes
    ----------
    is_settled
        Whether no waiting would change what :meth:`get` returns.
    """

    def __init__(self, maker: str = "", *parts: Any) -> None:
        self._maker, self._parts = maker, parts
        self._compiled: Any = None
        self.is_settled = not maker

    def get(self, wait: bool = True) -> Any:
        """Return the compiled loop; None where there is none, or where it is not there yet and we do not `wait`."""
        if not self.is_settled and wait:
            with _lock:
                if not self.is_settled:
                    self._compiled = self._compile()
                    self.is_settled = True
        return self._compiled

    def _compile(self) -> Any:
        module, _, name = self._maker.partition(".")
        try:
            make = getattr(importlib.import_module(f"gdviz.engine.{module}"), name)
        except Exception:  # there is no numba, or one that does not work
            return None
        functions = [part for part in self._parts if callable(part)]
        ours = all((function.__module__ or "").partition(".")[0] == "gdviz" for function in functions)
        folder = _cache_folder() if ours else None
        if folder is not None:
            with suppress(Exception), _caching_in(folder):
                return make(*self._parts, True)
            shutil.rmtree(folder, ignore_errors=True)  # damaged, or the disk is full
        # What numba does not take it refuses in many ways; then numpy does the work.
        with suppress(Exception):
            return make(*self._parts, False)
        return None


_lock = RLock()
_loops: dict[tuple[Any, ...], Loop] = {}
_loops_lock = RLock()


def _loop(maker: str, *parts: Any) -> Loop:
    """Return the loop, the same one to everybody who asks."""
    with _loops_lock:  # not the other one: that is held while a loop is compiled
        return _loops.setdefault((maker, *parts), Loop(maker, *parts))


@cache
def race_loop() -> Loop:
    """Return the loop over the updates of runs that go in step."""
    return _loop("races.compile_race")


@cache
def update_loop(optimizer: type[Optimizer]) -> Loop:
    """Return one update of a rule: an object with the functions' addresses."""
    parts = _parts(optimizer)
    return _loop("races.compile_update", *parts) if parts else Loop()


@cache
def lanes_loop(optimizer: type[Optimizer], varied: bool) -> Loop:
    """Return the loop over many runs, each with hyperparameters of its own where they are `varied`."""
    parts = _parts(optimizer)
    return _loop("lanes.compile_lanes", *parts, varied) if parts else Loop()


def _parts(optimizer: type[Optimizer]) -> tuple[Any, ...]:
    """Return what the loops need of a rule; nothing where its hyperparameters are not real numbers, η first."""
    declared = optimizer.params()
    if not declared or declared[0].name != "eta" or not all(type(p.default) is float for p in declared):
        return ()
    return optimizer.rule, optimizer.look_ahead, len(optimizer.state), len(declared)


def gradient_loop(objective: Objective) -> Loop:
    """Return value and gradient at one point: an object with the functions' addresses."""
    return _loop_of(objective, "")


def table_of(objective: Objective) -> Array:
    """Return the samples of an objective as its loops read them."""
    table = cast("Compiled", objective).table  # no other objective has loops
    is_fit = table.dtype == np.float64 and table.flags.c_contiguous and table.flags.writeable
    return table if is_fit else np.array(table, np.float64, order="C")


def lane_gradient_loop(objective: Objective) -> Loop:
    """Return the gradient at many points side by side: an object with the function's address."""
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
        return Loop()  # one of its parameters is no number, so the table lacks it
    return _loop(f"kernels.compile_{MAKERS[names]}{kind}", *formulas, rows)


def _means_what_it_says(objective: type[Compiled]) -> bool:
    """Return whether no class changed the value or the gradient below the one that wrote the formulas."""
    classes = objective.__mro__

    def depth(name: str) -> int:
        return next((i for i, cls in enumerate(classes) if name in vars(cls)), len(classes))

    written = max(map(depth, objective.formulas))
    return written <= min(map(depth, ("value", "gradient", "gradients", "table")))


@cache
def values_loop() -> Loop:
    """Return the loop over points at which an objective is evaluated."""
    return _loop("kernels.compile_values")


@cache
def grid_loop() -> Loop:
    """Return the loop over the neuron's error grid."""
    return _loop("grids.compile_grid")


@cache
def sigmoids_loop() -> Loop:
    """Return the loop that makes sigmoids of sums from products of exponentials."""
    return _loop("neurons.compile_sigmoids")


@cache
def softmax_errors_loop() -> Loop:
    """Return the loop over the errors of a softmax output."""
    return _loop("neurons.compile_softmax_errors")


@contextmanager
def _caching_in(folder: Path) -> Iterator[None]:
    """Let numba keep what it compiles in `folder`; other users of numba in this process keep their own."""
    config: Any = importlib.import_module("numba").config

    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        yield
    finally:
        config.CACHE_DIR = before


def _cache_folder() -> Path | None:
    """Return the folder for the compiled loops of exactly these sources; None where there is none to rely on.

    What numba keeps is code that runs when it is loaded. So nobody but the user, or root, may be able to put anything
    there. A program without its sources, such as a frozen one, has no such folder either.

    numba looks at the file in which a loop stands, not at those of the rules that are put into it; a changed rule would
    be served as it was. So the folder is named by a hash of all that loops are made of.
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
        for old in sorted(root.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]:
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
    hashed = hashlib.sha256("\0".join(versions).encode())
    for source in sources:
        hashed.update(source.read_bytes())
    return hashed.hexdigest()[:32]
