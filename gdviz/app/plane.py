"""The part of the plane that is looked at, and the error surface there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gdviz.app.worker import TerrainRequest, TerrainWorker
from gdviz.training.frame import box_around

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Box, Objective
    from gdviz.training import Trajectory
    from gdviz.views.terrain import Terrain

__all__ = ["Plane"]

SETTLE = 120
"""Milliseconds after the last zoom or pan until the surface is computed for what is in view."""


class Plane(QObject):
    """Asks for error surfaces and drops those that come too late.

    Signals
    -------
    box_changed(object)
        The part of the plane that is to be looked at.
    terrain_changed(object)
        The error surface there; None until that of a new objective is computed.
    """

    box_changed = Signal(object)
    terrain_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.worker = TerrainWorker()
        self.worker.computed.connect(self._take)
        self._objective: Objective | None = None
        self._box: Box | None = None
        self._request = 0
        self._waits_for_paths = False
        self._settle = QTimer(self, interval=SETTLE, singleShot=True, timeout=self._ask)

    def show(self, objective: Objective) -> None:
        """Look at the box of another objective, and at its paths once they are computed."""
        self._objective = objective
        self.terrain_changed.emit(None)
        self.go_to(objective.box)
        self._waits_for_paths = True

    def fit(self, trajectories: Sequence[Trajectory]) -> None:
        """Look at all of the paths."""
        assert self._objective is not None
        self.go_to(box_around(self._objective, trajectories))

    def paths_are_complete(self, trajectories: Sequence[Trajectory]) -> None:
        """Look at all of the paths of a new objective, unless the user looked elsewhere meanwhile."""
        if self._waits_for_paths:
            self.fit(trajectories)

    def look_at(self, box: Box) -> None:
        """Take note that the user zoomed or moved; the surface follows once that rests."""
        self._box = box
        self._waits_for_paths = False
        self._settle.start()

    def stop(self) -> None:
        """End the thread."""
        self._settle.stop()
        self.worker.stop()

    def go_to(self, box: Box) -> None:
        """Look at a part of the plane."""
        self._waits_for_paths = False
        self._box = box
        self.box_changed.emit(box)
        self._ask()

    def _ask(self) -> None:
        assert self._objective is not None
        assert self._box is not None
        self._request += 1
        self.worker.compute(TerrainRequest(self._request, self._objective, self._box))

    def _take(self, request: int, terrain: Terrain) -> None:
        if request == self._request:
            self.terrain_changed.emit(terrain)
