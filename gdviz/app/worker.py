"""The background threads: they compute, they never touch a widget, and they wait until what they gave was drawn."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Condition
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QThread, Signal

from gdviz.engine import advance, error_grid
from gdviz.views.terrain import Terrain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gdviz.objectives import Box, Objective
    from gdviz.training import Chunk, Point, Run

__all__ = ["TerrainRequest", "TerrainWorker", "TrainingWorker"]

SLICE = 0.010
"""Seconds of computing between two hand-overs."""
PIECE = 0.002
"""Seconds of computing between two moments at which the window's thread may run Python."""


class Worker(QThread):
    """A thread that sleeps until it is given something; the newest task replaces an older one."""

    def __init__(self) -> None:
        super().__init__()
        self._changed = Condition()
        self._stopping = False

    def run(self) -> None:
        """Work until :meth:`stop`."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self.has_work())
                if self._stopping:
                    return
            self.work()

    def has_work(self) -> bool:
        """Return whether there is something to do now."""
        raise NotImplementedError

    def work(self) -> None:
        """Do a piece of it."""
        raise NotImplementedError

    def stop(self) -> None:
        """End the thread and wait for it; whatever it is doing is given up."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self.wait()


class TrainingWorker(Worker):
    """Computes the updates of several runs, in step with each other.

    Signals
    -------
    computed(int, object)
        The generation of the task, and its chunks as a list of (index of the run, Chunk). No more is computed until
        :meth:`proceed` says that they were drawn.
    """

    computed = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._generation = 0
        self._points: dict[int, tuple[Run, Point]] = {}
        self._drawn = True
        self._pace: dict[int, int] = {}

    def train(self, generation: int, points: Mapping[int, tuple[Run, Point]]) -> None:
        """Compute the runs from where they stand to their ends; what was to be computed before is dropped."""
        with self._changed:
            self._generation = generation
            self._points = dict(points)
            self._pace = {}
            self._drawn = True
            self._changed.notify()

    def proceed(self) -> None:
        """Say that the last chunks were drawn."""
        with self._changed:
            self._drawn = True
            self._changed.notify()

    def has_work(self) -> bool:
        """Return whether there are updates to compute and somebody to look at them."""
        return self._drawn and bool(self._points)

    def work(self) -> None:
        """Compute for one slice of time and hand over what came of it."""
        with self._changed:
            generation, points = self._generation, dict(self._points)
        chunks: list[tuple[int, Chunk]] = []
        deadline = time.monotonic() + SLICE
        while points and time.monotonic() < deadline and not self._is_stale(generation):
            behind = min(points, key=lambda index: points[index][1].update)
            run, point = points[behind]
            chunk = self._timed(behind, run, point)
            chunks.append((behind, chunk))
            points[behind] = (run, chunk.end)
            if chunk.diverged or chunk.end.update == run.total:
                del points[behind]
            time.sleep(0)
        with self._changed:
            if self._stopping or generation != self._generation:
                return
            self._points = points
            self._drawn = False
        self.computed.emit(generation, chunks)

    def _is_stale(self, generation: int) -> bool:
        return self._stopping or generation != self._generation

    def _timed(self, index: int, run: Run, point: Point) -> Chunk:
        """Advance by as many updates as fit into a piece of time, as far as earlier ones tell."""
        count = self._pace.get(index, 1)
        began = time.perf_counter()
        chunk = advance(run, point, count)
        taken = time.perf_counter() - began
        self._pace[index] = int(min(max(count * PIECE / max(taken, 1e-6), 1), 2 * count, 512))
        return chunk


@dataclass(frozen=True)
class TerrainRequest:
    """Which error surface is wanted: of what, where, and on how many lines each way."""

    generation: int
    objective: Objective
    box: Box
    lines: int = 161


COARSE = 33
"""Lines each way of the first, rough answer where the whole one takes long."""
LONG = 3e7
"""Sigmoids that take long enough for a rough answer to be wanted first."""


class TerrainWorker(Worker):
    """Computes error surfaces; a new request replaces the one that is being computed.

    Signals
    -------
    computed(int, object)
        The generation of the request and the Terrain.
    """

    computed = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self._request: TerrainRequest | None = None

    def compute(self, request: TerrainRequest) -> None:
        """Compute the surface that is asked for."""
        with self._changed:
            self._request = request
            self._changed.notify()

    def has_work(self) -> bool:
        """Return whether a surface is asked for."""
        return self._request is not None

    def work(self) -> None:
        """Compute it, roughly first where it takes long."""
        with self._changed:
            request, self._request = self._request, None
        if request is None:
            return
        heavy = request.lines**2 * request.objective.samples > LONG
        for lines in (COARSE, request.lines) if heavy else (request.lines,):
            a, b = (np.linspace(low, high, lines) for low, high in request.box)
            values = error_grid(request.objective, a, b, cancelled=lambda: self._stopping or self._request is not None)
            if self._stopping or self._request is not None:
                return
            self.computed.emit(request.generation, Terrain(a, b, values))
