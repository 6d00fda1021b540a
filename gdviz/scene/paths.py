"""Paths projected onto a plane; earlier projections are cached."""

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
"""Maximum number of numbers of a path that are projected at once."""
_paths: WeakKeyDictionary[Trajectory, tuple[Plane, Column]] = WeakKeyDictionary()


def path_on(plane: Plane, trajectory: Trajectory, last: int) -> Array:
    """Return the projections of a path's kept points 0 to `last` onto the plane, a read-only array (last + 1, 2).

    Projections are cached, so that a growing path costs only its new points.
    """
    params = trajectory.params
    old_plane, column = _paths.get(trajectory, (None, None))
    if old_plane is not plane or column is None:
        column = Column(plane.projected(params[0]), trajectory.run.total + 1)
        _paths[trajectory] = plane, column
    block = max(1, BLOCK // params.shape[1])
    for start in range(len(column.rows), last + 1, block):
        column.append(plane.projected(params[start : min(start + block, last + 1)]))
    path = column.rows[: last + 1]
    path.flags.writeable = False
    return path
