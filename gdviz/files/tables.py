"""Trajectories as tables: CSV, JSON and NPZ."""

from __future__ import annotations

import csv
import json
import math
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np

from gdviz.files.targets import check_target, replacing
from gdviz.params import describe
from gdviz.training import Trajectory, steps

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gdviz.objectives import Array, Objective

__all__ = ["TABLES", "Extra", "write_csv", "write_grid", "write_table"]

FEW = 100
"""Of more params than this they are written only where they are asked for."""
Trajectories = Mapping[str, Trajectory]
"""Trajectories by the name of their run."""


@dataclass(frozen=True)
class Extra:
    """What a table is to hold besides: every named term of the rule, and the params even where they are very many."""

    terms: bool = False
    params: bool = False

    def check(self, objective: Objective) -> None:
        """Refuse terms of more params than are written.

        Raises
        ------
        ValueError
            With a sentence.
        """
        if self.terms and not self.params and objective.size > FEW:
            raise ValueError(f"--terms: there are {objective.size} params; with --params all of them are written")


def columns(trajectory: Trajectory, extra: Extra = Extra()) -> dict[str, Any]:
    """Return the trajectory's columns by name, each of shape (T + 1,), with what is wanted besides."""
    objective = trajectory.run.objective
    extra.check(objective)
    table: dict[str, Any] = {"update": np.arange(len(trajectory)), "epoch": trajectory.epoch}
    if extra.params or objective.size <= FEW:
        table |= _params(trajectory)
    table |= {"error": trajectory.error, **dict(zip(objective.score_names, trajectory.scores.T, strict=True))}
    return table | _terms(trajectory) if extra.terms else table


def _params(trajectory: Trajectory) -> dict[str, Any]:
    """Return the params of each update; NaN after those whose params are not kept."""
    rows = np.full((len(trajectory), trajectory.run.objective.size), np.nan)
    rows[trajectory.updates] = trajectory.params
    return dict(zip(trajectory.run.objective.parameters, rows.T, strict=True))


def _terms(trajectory: Trajectory) -> dict[str, Any]:
    """Return η, the gradient, the rule's terms and the step of each update; NaN at the start, where there is none."""
    names, run = trajectory.run.objective.parameters, trajectory.run
    known = [term.name for term in (*run.optimizer.state, *run.optimizer.terms)]
    rows = np.full((len(trajectory), 1 + len(names) * (len(known) + 2)), np.nan)
    for step in islice(steps(run), trajectory.last):
        parts = [step.gradient, *(step.terms[name] for name in known), step.step]
        rows[step.update] = np.concatenate([[step.eta], *(np.broadcast_to(part, len(names)) for part in parts)])
    labels = ["eta", *(f"{term}.{name}" for term in ("gradient", *known, "step") for name in names)]
    return dict(zip(labels, rows.T, strict=True))


def write_csv(file: TextIO, race: Trajectories, extra: Extra = Extra()) -> None:
    """Write ``run,update,epoch,<params...>,error``; numbers as the shortest text that reads back exactly.

    More than 100 params are left out unless they are asked for. Terms that a run's rule does not have, or has not at
    the start, are left empty.
    """
    writer = csv.writer(file, lineterminator="\n")
    tables = {name: columns(trajectory, extra) for name, trajectory in race.items()}
    header = list(dict.fromkeys(key for table in tables.values() for key in table))
    writer.writerow(["run", *header])
    for name, table in tables.items():
        blank = [""] * len(table["update"])
        listed = (_written(table[key].tolist()) if key in table else blank for key in header)
        writer.writerows((name, *row) for row in zip(*listed, strict=True))


def _written(values: list[Any]) -> list[Any]:
    return ["" if value != value else value for value in values]


def _csv(path: Path, race: Trajectories, extra: Extra) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(file, race, extra)


def _json(path: Path, race: Trajectories, extra: Extra) -> None:
    runs = [
        {
            "run": name,
            "optimizer": describe(trajectory.run.optimizer),
            "diverged": trajectory.diverged,
            **{key: _listed(column) for key, column in columns(trajectory, extra).items()},
        }
        for name, trajectory in race.items()
    ]
    with path.open("w", encoding="utf-8") as file:
        json.dump({"runs": runs}, file, allow_nan=False)


def _listed(column: Any) -> list[Any]:
    """Return a column as JSON's numbers, and null for what it has no number for."""
    return [value if math.isfinite(value) else None for value in column.tolist()]


def _npz(path: Path, race: Trajectories, extra: Extra) -> None:
    _write_arrays(
        path,
        (
            (f"{name}/{key}", column)
            for name, trajectory in race.items()
            for key, column in columns(trajectory, extra).items()
        ),
    )


def _write_arrays(path: Path, arrays: Iterable[tuple[str, Any]]) -> None:
    """Write what ``np.load`` reads; unlike ``np.savez`` without the time, so the same numbers are the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays:
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)


TABLES: dict[str, Callable[[Path, Trajectories, Extra], None]] = {".csv": _csv, ".json": _json, ".npz": _npz}
"""The writers, by the ending of the file's name."""


def write_table(path: str | Path, race: Trajectories, extra: Extra = Extra()) -> None:
    """Write the race to a file of the format that its ending names, with what is wanted besides.

    Raises
    ------
    ValueError
        For an unknown ending, or where the file cannot be written; then nothing is.
    """
    path = check_target(path, list(TABLES))
    with replacing(path) as part:
        TABLES[path.suffix.lower()](part, race, extra)


def write_grid(path: str | Path, names: Sequence[str], a: Array, b: Array, values: Array) -> None:
    """Write an error surface as NPZ: the two parameters' values, shapes (n,) and (m,), and ``error``, shape (n, m).

    Raises
    ------
    ValueError
        For another ending, or where the file cannot be written; then nothing is.
    """
    path = check_target(path, [".npz"])
    with replacing(path) as part:
        _write_arrays(part, [(names[0], a), (names[1], b), ("error", values)])
