"""Trajectories as tables: CSV, JSON and NPZ."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from gdviz.files.targets import check_target, replacing
from gdviz.params import describe
from gdviz.training import Trajectory

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["TABLES", "write_csv", "write_table"]

Race = Mapping[str, Trajectory]
"""Trajectories by the name of their run."""


def columns(trajectory: Trajectory) -> dict[str, Any]:
    """Return the trajectory's columns by name, each of shape (T + 1,)."""
    names = trajectory.run.objective.parameters
    return {
        "update": np.arange(len(trajectory)),
        "epoch": trajectory.epoch,
        **dict(zip(names, trajectory.params.T, strict=True)),
        "error": trajectory.error,
    }


def write_csv(file: TextIO, race: Race) -> None:
    """Write ``run,update,epoch,<params...>,error``; numbers as the shortest text that reads back exactly."""
    writer = csv.writer(file, lineterminator="\n")
    for i, (name, trajectory) in enumerate(race.items()):
        table = columns(trajectory)
        if i == 0:
            writer.writerow(["run", *table])
        writer.writerows((name, *row) for row in zip(*(column.tolist() for column in table.values()), strict=True))


def _csv(path: Path, race: Race) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(file, race)


def _json(path: Path, race: Race) -> None:
    runs = [
        {
            "run": name,
            "optimizer": describe(trajectory.run.optimizer),
            "diverged": trajectory.diverged,
            **{key: _listed(column) for key, column in columns(trajectory).items()},
        }
        for name, trajectory in race.items()
    ]
    with path.open("w", encoding="utf-8") as file:
        json.dump({"runs": runs}, file, allow_nan=False)


def _listed(column: Any) -> list[Any]:
    """Return a column as JSON's numbers, and null for what it has no number for."""
    return [value if math.isfinite(value) else None for value in column.tolist()]


def _npz(path: Path, race: Race) -> None:
    arrays: Iterable[tuple[str, Any]] = (
        (f"{name}/{key}", column) for name, trajectory in race.items() for key, column in columns(trajectory).items()
    )
    with path.open("wb") as file:
        np.savez(file, **dict(arrays))


TABLES: dict[str, Callable[[Path, Race], None]] = {".csv": _csv, ".json": _json, ".npz": _npz}
"""The writers, by the ending of the file's name."""


def write_table(path: str | Path, race: Race) -> None:
    """Write the race to a file of the format that its ending names.

    Raises
    ------
    ValueError
        For an unknown ending, or where the file cannot be written; then nothing is.
    """
    path = check_target(path, list(TABLES))
    with replacing(path) as part:
        TABLES[path.suffix.lower()](part, race)
