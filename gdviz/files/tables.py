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
"""Maximum number of params that are written without ``--params``."""
Trajectories = Mapping[str, Trajectory]
"""Trajectories by the name of their run."""


@dataclass(frozen=True)
class Extra:
    """Optional columns of a table: every named term of the rule, and the params even where there are many."""

    terms: bool = False
    params: bool = False

    def check(self, objective: Objective) -> None:
        """Refuse terms where the table would not have the params.

        Raises
        ------
        ValueError
            Where it would not: a sentence.
        """
        if self.terms and not self.params and objective.size > FEW:
            raise ValueError(f"--terms: there are {objective.size} params; with --params all of them are written")


def columns(trajectory: Trajectory, extra: Extra = Extra()) -> dict[str, Any]:
    """Return the trajectory's columns by name, each of shape (T + 1,), with the optional ones of `extra`."""
    objective = trajectory.run.objective
    extra.check(objective)
    table: dict[str, Any] = {"update": np.arange(len(trajectory)), "epoch": trajectory.epoch}
    if extra.params or objective.size <= FEW:
        table |= _params(trajectory)
    table |= {"error": trajectory.error, **dict(zip(objective.score_names, trajectory.scores.T, strict=True))}
    return table | _terms(trajectory) if extra.terms else table


def _params(trajectory: Trajectory) -> dict[str, Any]:
    """Return the params after each update; NaN for updates whose params are not kept."""
    rows = np.full((len(trajectory), trajectory.run.objective.size), np.nan)
    rows[trajectory.updates] = trajectory.params
    return dict(zip(trajectory.run.objective.parameters, rows.T, strict=True))


def _terms(trajectory: Trajectory) -> dict[str, Any]:
    """Return η, the gradient, the rule's terms and the step of each update; NaN in the row of the start."""
    names, run = trajectory.run.objective.parameters, trajectory.run
    terms = [term.name for term in (*run.optimizer.state, *run.optimizer.terms)]
    rows = np.full((len(trajectory), 1 + len(names) * (len(terms) + 2)), np.nan)
    for step in islice(steps(run), trajectory.last):
        parts = [step.gradient, *(step.terms[name] for name in terms), step.step]
        rows[step.update] = np.concatenate([[step.eta], *(np.broadcast_to(part, len(names)) for part in parts)])
    labels = ["eta", *(f"{term}.{name}" for term in ("gradient", *terms, "step") for name in names)]
    return dict(zip(labels, rows.T, strict=True))


def write_csv(file: TextIO, race: Trajectories, extra: Extra = Extra()) -> None:
    """Write ``run,update,epoch,<params...>,error``; numbers as the shortest text that reads back exactly.

    More than 100 params are left out unless `extra` has them. Cells are empty for terms that a run's rule does not
    have, and at the start.
    """
    writer = csv.writer(file, lineterminator="\n")
    tables = {name: columns(trajectory, extra) for name, trajectory in race.items()}
    header = list(dict.fromkeys(key for table in tables.values() for key in table))
    writer.writerow(["run", *header])
    for name, table in tables.items():
        blank = [""] * len(table["update"])
        columns_of_text = (_csv_list(table[key].tolist()) if key in table else blank for key in header)
        writer.writerows((name, *row) for row in zip(*columns_of_text, strict=True))


def _csv_list(values: list[Any]) -> list[Any]:
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
            **{key: _json_list(column) for key, column in columns(trajectory, extra).items()},
        }
        for name, trajectory in race.items()
    ]
    with path.open("w", encoding="utf-8") as file:
        json.dump({"runs": runs}, file, allow_nan=False)


def _json_list(column: Any) -> list[Any]:
    """Return a column as numbers, with None, which is null in JSON, for NaN and infinities."""
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
    """Write arrays for ``np.load``. Unlike ``np.savez`` without the time: the same numbers give the same bytes."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays:
            with archive.open(zipfile.ZipInfo(f"{name}.npy"), "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)


TABLES: dict[str, Callable[[Path, Trajectories, Extra], None]] = {".csv": _csv, ".json": _json, ".npz": _npz}
"""The writers, by the ending of the file's name."""


def write_table(path: str | Path, race: Trajectories, extra: Extra = Extra()) -> None:
    """Write the race to a file, in the format of its ending, with the optional columns of `extra`.

    Raises
    ------
    ValueError
        For an unknown ending, or where the file cannot be written: a sentence. Then no file is left.
    """
    path = check_target(path, list(TABLES))
    with replacing(path) as part:
        TABLES[path.suffix.lower()](part, race, extra)


def write_grid(path: str | Path, names: Sequence[str], a: Array, b: Array, values: Array) -> None:
    """Write an error surface as NPZ: the two parameters' values, shapes (n,) and (m,), and ``error``, shape (n, m).

    Raises
    ------
    ValueError
        For another ending, or where the file cannot be written: a sentence. Then no file is left.
    """
    path = check_target(path, [".npz"])
    with replacing(path) as part:
        _write_arrays(part, [(names[0], a), (names[1], b), ("error", values)])
