"""Paths as they are seen on a plane; what was projected before is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from gdviz.training.columns import Column

if TYPE_CHECKING:
    from gdviz.objectives import Array
    from gdviz.objectives.plane import Plane
    from gdviz.training.trajectory import Trajectory

__all__ = ["path_on"]

BLOCK = 1 << 20
"""So many numbers of a path are projected at once."""
_paths: WeakKeyDictionary[Trajectory, tuple[Plane, Column]] = WeakKeyDictionary()


def path_on(plane: Plane, trajectory: Trajectory, last: int) -> Array:
    """Return where on the plane the points of a path are nearest to, up to its kept point `last`: shape (last + 1, 2).

    What was projected before is kept, so that a path that grows costs no more than its new points.
    """
    params = trajectory.params
    known, column = _paths.get(trajectory, (None, None))
    if known is not plane or column is None:
        column = Column(plane.projected(params[0]), trajectory.run.total + 1)
        _paths[trajectory] = plane, column
    block = max(1, BLOCK // params.shape[1])
    for start in range(len(column.rows), last + 1, block):
        column.append(plane.projected(params[start : min(start + block, last + 1)]))
    path = column.rows[: last + 1]
    path.flags.writeable = False
    return path
