"""The part of the plane that is looked at, and the error surface there."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gdviz.app.model.timers import make_timer
from gdviz.app.model.worker import TerrainRequest, TerrainWorker
from gdviz.scene.frame import box_around
from gdviz.scene.plane_keeper import PlaneKeeper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Box, Objective, Plane
    from gdviz.scene.planes import PlaneRule
    from gdviz.scene.terrain import Terrain
    from gdviz.training import Trajectory

__all__ = ["Viewport"]

SETTLE = 120
"""Milliseconds after the last zoom or pan until the surface is computed for what is in view."""


class Aim(Enum):
    """Why a part of the plane is looked at."""

    START = auto()
    """It is the objective's box, until the paths are complete."""
    PATHS = auto()
    """It holds the paths, or is the box of a plane that follows them."""
    CHOSEN = auto()
    """The user or a session chose it."""


class Viewport(QObject):
    """Asks for error surfaces and drops those that come too late.

    Signals
    -------
    box_changed(object)
        The part of the plane that is to be looked at.
    looked_at(object)
        The part that a session is to keep; None: as the paths need.
    terrain_changed(object)
        The error surface there; None until that of a new objective is computed.
    """

    box_changed = Signal(object)
    looked_at = Signal(object)
    terrain_changed = Signal(object)

    def __init__(self, rule: PlaneRule | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keeper = PlaneKeeper(rule)
        self.worker = TerrainWorker()
        self.worker.computed.connect(self._take)
        self._objective: Objective | None = None
        self._box: Box | None = None
        self._request = 0
        self._aim = Aim.START
        self._settle = make_timer(self, SETTLE, self._ask, once=True)

    @property
    def rule(self) -> PlaneRule:
        """How the plane through many params is chosen."""
        return self._keeper.rule

    @rule.setter
    def rule(self, rule: PlaneRule) -> None:
        self._keeper.rule = rule  # the plane is cut when it is followed next
        if self._aim is Aim.CHOSEN:
            self._aim = Aim.PATHS

    @property
    def plane(self) -> Plane | None:
        """The plane through many params; None where there are only two."""
        return self._keeper.plane

    def lifted(self, a: float, b: float) -> tuple[float, ...]:
        """Return the params of a point of the plane."""
        return self._keeper.lifted(a, b)

    def show(self, objective: Objective, box: Box | None = None) -> None:
        """Look at another objective.

        Parameters
        ----------
        objective
            Of many params a plane is cut once there are paths.
        box
            The part that is looked at; None: the objective's box, and all of the paths once they are computed.
        """
        self.terrain_changed.emit(None)
        self._keeper.forget()
        self._objective = objective if objective.is_planar else None
        self._aim = Aim.START if box is None else Aim.CHOSEN
        if box is None and objective.is_planar:
            box = objective.box
        if box is not None:
            self._look(box)
        else:
            self._note()

    def follow(self, trajectories: Sequence[Trajectory], selected: int, cursor: int) -> bool:
        """PlaneRule the plane anew where what it depends on changed; return whether it is another one."""
        before = self.plane
        plane = self._keeper.of(trajectories, selected, cursor)
        if plane is not None and plane is not before:
            self._look_at_plane(plane, before)
        return plane is not before

    def _look_at_plane(self, plane: Plane, before: Plane | None) -> None:
        """Look at a plane through many params; where it lies along the same ones as before, at the same part of it."""
        self._objective = plane
        stays = before is not None and _lies_along_same(before, plane)
        if not stays:
            self.terrain_changed.emit(None)  # the old surface is not what lies below the paths now
        if self._box is not None and (self._aim is Aim.CHOSEN or (stays and self._aim is Aim.PATHS)):
            self._ask()
        else:
            self._look(plane.box)

    def fit(self, trajectories: Sequence[Trajectory]) -> None:
        """Look at all of the paths."""
        if self._objective is None:
            return
        self._aim = Aim.PATHS
        is_plane = self._objective is self.plane
        self._look(self._objective.box if is_plane else box_around(self._objective, trajectories))

    def paths_are_complete(self, trajectories: Sequence[Trajectory]) -> None:
        """Look at all of the paths of a new objective, unless the user looked elsewhere meanwhile."""
        if self._aim is Aim.START:
            self.fit(trajectories)

    def look_at(self, box: Box) -> None:
        """Take note that the user zoomed or moved; the surface follows once that rests."""
        self._box, self._aim = box, Aim.CHOSEN
        self._note()
        self._settle.start()

    def stop(self) -> None:
        """End the thread."""
        self._settle.stop()
        self.worker.stop()

    def _look(self, box: Box) -> None:
        self._box = box
        self.box_changed.emit(box)
        self._note()
        self._ask()

    def _note(self) -> None:
        """Say what a session is to keep: of a plane that follows the paths nothing."""
        is_own_plane = self._objective is not None and self.plane is None
        self.looked_at.emit(self._box if is_own_plane or self._aim is Aim.CHOSEN else None)

    def _ask(self) -> None:
        if self._objective is None or self._box is None:
            return
        self._request += 1
        self.worker.compute(TerrainRequest(self._request, self._objective, self._box))

    def _take(self, request: int, terrain: Terrain) -> None:
        if request == self._request:
            self.terrain_changed.emit(terrain)


def _lies_along_same(one: Plane, other: Plane) -> bool:
    """Return whether both lie along the same two params of one objective."""
    return one.indices is not None and one.objective == other.objective and one.indices == other.indices
