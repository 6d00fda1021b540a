"""The background threads: they compute, they never touch a widget, and they wait until what they gave was drawn."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal

from gdviz.app.model.background import Worker
from gdviz.engine import advance, error_grid, is_compiled, prepare, prepare_grids, preview_of
from gdviz.scene.terrain import Terrain
from gdviz.training import has_stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gdviz.objectives import Box, Objective
    from gdviz.training import Chunk, Point, Run

__all__ = ["LoadingWorker", "TerrainRequest", "TerrainWorker", "TrainingWorker", "Worker"]

SLICE = 0.010
"""Seconds of computing between two hand-overs."""
PIECE = 0.002
"""Seconds of computing between two moments at which the window's thread may run Python."""
LONGEST = 1 << 16
"""Updates computed in one piece at most."""


class TrainingWorker(Worker):
    """Computes the updates of several runs, in step with each other.

    Signals
    -------
    computed(int, object)
        The generation of the task, and its chunks as a list of (index of the run, Chunk). No more is computed until
        :meth:`proceed` says that they were painted.
    """

    computed = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._generation = 0
        self._points: dict[int, tuple[Run, Point]] = {}
        self._hand_overs = self._paintings = 0
        """The number of hand-overs, and of those that were painted."""
        self._pace = 1
        self._holds_nothing = False
        """Whether the window's thread can run Python meanwhile."""

    def train(self, generation: int, points: Mapping[int, tuple[Run, Point]]) -> None:
        """Compute the runs from where they stand to their ends; what was to be computed before is dropped."""
        with self._changed:
            self._generation = generation
            self._points = dict(points)
            self._holds_nothing = all(is_compiled(run) for run, _ in points.values())
            self._pace = _first_pace([run for run, _ in points.values()], self._holds_nothing)
            self._paintings = self._hand_overs
            self._changed.notify()

    def drop(self) -> None:
        """Compute no run any more."""
        self._points = {}

    def proceed(self, count: int) -> None:
        """Say how many hand-overs were received, and that they are painted."""
        with self._changed:
            self._paintings = max(self._paintings, count)
            self._changed.notify()

    def has_work(self) -> bool:
        """Return whether there are updates to compute and somebody to look at them."""
        return self._paintings == self._hand_overs and bool(self._points)

    def work(self) -> None:
        """Compute for one slice of time and hand over what came of it."""
        with self._changed:
            generation, points = self._generation, dict(self._points)
        chunks: list[tuple[int, Chunk]] = []
        deadline = time.monotonic() + SLICE
        while points and time.monotonic() < deadline and not self._is_stale(generation):
            last = min(point.update for _, point in points.values())
            behind = [index for index, (_, point) in points.items() if point.update == last]
            for index, chunk in zip(
                behind,
                self._timed([points[index] for index in behind], lambda: self._is_stale(generation)),
                strict=True,
            ):
                run, _ = points[index]
                chunks.append((index, chunk))
                points[index] = (run, chunk.end)
                if chunk.diverged or chunk.end.update == run.total or has_stopped(run, chunk.end):
                    del points[index]
            time.sleep(0)
        with self._changed:
            if self._stopping or generation != self._generation:
                return
            self._points = points
            self._hand_overs += 1
        self.computed.emit(generation, chunks)

    def _is_stale(self, generation: int) -> bool:
        return self._stopping or generation != self._generation

    def _timed(self, behind: list[tuple[Run, Point]], cancelled: Callable[[], bool]) -> list[Chunk]:
        """Advance by as many updates as fit into a piece of time, as far as earlier ones tell."""
        began = time.perf_counter()
        runs, points = [run for run, _ in behind], [point for _, point in behind]
        chunks = advance(runs, points, self._pace, with_errors=True, cancelled=cancelled)
        seconds = time.perf_counter() - began
        goal = SLICE / 2 if self._holds_nothing else PIECE
        self._pace = int(min(max(self._pace * goal / max(seconds, 1e-6), 1), 4 * self._pace, LONGEST))
        return chunks


def _first_pace(runs: Sequence[Run], is_compiled: bool) -> int:
    """Return a number of updates that cannot take long."""
    samples = sum(run.batch_size for run in runs)
    budget, most = (2_000_000, LONGEST // 4) if is_compiled else (50_000, 8)
    return min(max(budget // max(samples, 1), 1), most)


class LoadingWorker(Worker):
    """Loads or compiles what runs are computed with, while numpy serves.

    Signals
    -------
    loaded()
        Something more is there.
    """

    loaded = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._runs: list[Run] = []

    def load(self, runs: Sequence[Run]) -> None:
        """Load for these runs, the first one first."""
        with self._changed:
            self._runs = list(runs)
            self._changed.notify()

    def drop(self) -> None:
        """Load nothing any more."""
        self._runs = []

    def has_work(self) -> bool:
        """Return whether something is asked for."""
        return bool(self._runs)

    def work(self) -> None:
        """Load for one run; tell once all are done."""
        with self._changed:
            run, *self._runs = self._runs
        prepare(run)
        with self._changed:
            done = not self._runs and not self._stopping
        if done:
            self.loaded.emit()
            prepare_grids()


@dataclass(frozen=True)
class TerrainRequest:
    """Which error surface is wanted: of what, where, and on how many lines each way."""

    generation: int
    objective: Objective
    box: Box
    lines: int = 161


COARSE = 33
"""Lines each way of the first, rough answer where the whole one takes long."""
LONG = 3e8
"""Evaluations of a sample that take long enough for a rough answer to be wanted first."""
MOST = 3e10
"""Evaluations of a sample that are too many to wait for: then there are fewer lines."""
FEWEST = 9
MANY = 1000
"""The number of samples from which on a preview of a neuron is made."""
AROUND = 0.25
"""A preview goes beyond what is in view by this share of it on each side: paths may leave it."""


class TerrainWorker(Worker):
    """Computes error surfaces; a new request replaces the one that is being computed.

    Signals
    -------
    computed(int, object)
        The generation of the request and the Terrain.
    previewed(object)
        A Preview of a neuron on many samples, once for each.
    """

    computed = Signal(int, object)
    previewed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._request: TerrainRequest | None = None
        self._last_neuron: Objective | None = None

    def compute(self, request: TerrainRequest) -> None:
        """Compute the surface that is asked for."""
        with self._changed:
            self._request = request
            self._changed.notify()

    def drop(self) -> None:
        """Compute no surface any more."""
        self._request = None

    def has_work(self) -> bool:
        """Return whether a surface is asked for."""
        return self._request is not None

    def work(self) -> None:
        """Compute it, roughly first where it takes long."""
        with self._changed:
            request, self._request = self._request, None
        if request is None:
            return
        most = max(int((MOST / request.objective.work) ** 0.5), FEWEST)
        lines = min(request.lines, most)
        if lines**2 * request.objective.work > LONG:
            self._grid(request, min(COARSE, -(-lines // 2)))
        # Before the whole surface: the preview's table then serves it as well.
        if request.objective.samples >= MANY:
            self._preview(request.objective, request.box)
        self._grid(request, lines)

    def _is_cancelled(self) -> bool:
        return self._stopping or self._request is not None

    def _grid(self, request: TerrainRequest, lines: int) -> None:
        a, b = (np.linspace(low, high, lines) for low, high in request.box)
        values = error_grid(request.objective, a, b, cancelled=self._is_cancelled, wait=False)
        if not self._is_cancelled():
            self.computed.emit(request.generation, Terrain(a, b, values))

    def _preview(self, objective: Objective, box: Box) -> None:
        if objective is not self._last_neuron:
            preview = preview_of(objective, (_wider(*box[0]), _wider(*box[1])), self._is_cancelled)
            if not self._is_cancelled():
                self._last_neuron = objective
                self.previewed.emit(preview)


def _wider(low: float, high: float) -> tuple[float, float]:
    margin = AROUND * (high - low)
    return low - margin, high + margin
