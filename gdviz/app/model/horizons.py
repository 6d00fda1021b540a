"""The rounding horizons of the runs that are shown, looked for in the background once nothing changes any more."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal

from gdviz.app.model.timers import make_timer
from gdviz.app.model.worker import Worker
from gdviz.engine import horizon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.training import Trajectory

__all__ = ["Horizons"]

REST = 150
"""Milliseconds without an edit after which horizons are looked for: they are three times the work of the paths."""


class HorizonWorker(Worker):
    """Looks for horizons one by one; new runs replace those that are still to do.

    Signals
    -------
    found(object, object)
        A trajectory, and the update or None.
    """

    found = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self._to_do: list[Trajectory] = []
        self._generation = 0

    def look(self, trajectories: Sequence[Trajectory]) -> None:
        """Look for the horizons of these runs and of no others, the first one first."""
        with self._changed:
            self._to_do = list(trajectories)
            self._generation += 1
            self._changed.notify()

    def has_work(self) -> bool:
        """Return whether there is a run left."""
        return bool(self._to_do)

    def work(self) -> None:
        """Look for one run's horizon."""
        with self._changed:
            if not self._to_do:
                return
            generation, (trajectory, *self._to_do) = self._generation, self._to_do

        def is_stale() -> bool:
            return self._stopping or generation != self._generation

        update = horizon(trajectory.run, is_stale)
        with self._changed:
            if is_stale():
                return
        self.found.emit(trajectory, update)


class Horizons(QObject):
    """Knows the horizons of trajectories, as far as they were found.

    Signals
    -------
    found()
        A run has a horizon that was not known before.
    """

    found = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._horizons: WeakKeyDictionary[Trajectory, int | None] = WeakKeyDictionary()
        self._trajectories: list[Trajectory] = []
        self.worker = HorizonWorker()
        self.worker.found.connect(self._take)
        self._rest = make_timer(self, REST, self._look, once=True)

    @property
    def complete(self) -> bool:
        """Whether the horizons of all runs that were asked for are known."""
        return all(trajectory in self._horizons for trajectory in self._trajectories)

    def of(self, trajectory: Trajectory) -> int | None:
        """Return the run's horizon; None where there is none, or where it is not known yet."""
        return self._horizons.get(trajectory)

    def want(self, trajectories: Sequence[Trajectory]) -> None:
        """Look for the horizons of these runs, soon; what is being looked for is given up."""
        self._trajectories = list(trajectories)
        self._rest.stop()
        self.worker.look(())
        if not self.complete:
            self._rest.start()

    def stop(self) -> None:
        """End the worker and wait for it."""
        self._rest.stop()
        self.worker.stop()

    def _look(self) -> None:
        self.worker.look([trajectory for trajectory in self._trajectories if trajectory not in self._horizons])

    def _take(self, trajectory: Trajectory, update: int | None) -> None:
        self._horizons[trajectory] = update
        if update is not None:
            self.found.emit()
