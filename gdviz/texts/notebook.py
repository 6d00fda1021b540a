"""Runs, steps and trajectories in a notebook: as HTML, and as a figure where matplotlib is installed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.display import figure_of, html_of
from gdviz.objectives.scored import has_validation
from gdviz.params import describe
from gdviz.training.budget import shown_every
from gdviz.training.loop import Step
from gdviz.training.run import Run
from gdviz.training.trajectory import Trajectory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdviz.objectives import Array, Objective

__all__ = ["draw_trajectory", "html_of_run", "html_of_step", "html_of_trajectory"]

POINTS, FEWEST = 121, 25
MOST = 5e9
"""Number of evaluations of a sample above which the contour has fewer points."""
LEVELS = 20
SHOWN = 6
"""Maximum number of params that are shown."""


def _table(rows: Iterable[tuple[str, Any]], title: str) -> str:
    cells = "".join(f"<tr><th style='text-align:left'>{escape(name)}</th>{_cells(value)}</tr>" for name, value in rows)
    return f"<table><caption><b>{escape(title)}</b></caption>{cells}</table>"


def _cells(value: Any) -> str:
    values = value if isinstance(value, (list, tuple, np.ndarray)) else [value]
    return "".join(f"<td>{escape(_short(one))}</td>" for one in values)


def _short(value: Any) -> str:
    return f"{value:.6g}".replace("-", "−") if isinstance(value, (int, float, np.floating)) else str(value)


def _names(objective: Objective) -> list[str]:
    """Return the names of the params that are shown."""
    return [objective.name_of(index) for index in range(min(SHOWN, objective.size))]


def _more(objective: Objective) -> list[str]:
    """Return a list with the number of params where not all are shown; else an empty list."""
    return [f"… {objective.size} params"] if objective.size > SHOWN else []


@html_of.register(Run)
def html_of_run(run: Run) -> str:
    """Return the settings of a run."""
    names = _names(run.objective)
    rows = [
        ("objective", run.objective.formula),
        *([("", describe(run.objective))] if run.objective.has_layers else []),
        ("rule", "; ".join(run.optimizer.written())),
        ("optimizer", describe(run.optimizer)),
        (
            "start",
            ", ".join([f"{n} = {_short(v)}" for n, v in zip(names, run.start, strict=False)] + _more(run.objective)),
        ),
        ("strategy", describe(run.sampling)),
        ("schedule", describe(run.schedule)),
        ("reduction", run.reduction),
        ("updates", run.total),
    ]
    return _table(rows, f"{run.optimizer.label} on {run.objective.label}")


@html_of.register(Step)
def html_of_step(step: Step) -> str:
    """Return a step with all of its terms, a column for each parameter."""
    optimizer, objective = step.run.optimizer, step.run.objective
    names, more = _names(objective), _more(objective)
    step = step.only(range(len(names))) if more else step
    symbols = {term.name: term.symbol for term in (*optimizer.state, *optimizer.terms)}
    rows: list[tuple[str, Any]] = [("", [*names, *more]), ("before", step.before)]
    if step.asked_at is not step.before:
        rows.append(("g taken at", step.asked_at))
    rows += [("g", step.gradient), *((symbols[name], value) for name, value in step.terms.items())]
    rows += [("step", step.step), ("after", step.params), ("η", step.eta)]
    return _table(rows, f"{optimizer.label}, update {step.update}")


@html_of.register(Trajectory)
def html_of_trajectory(trajectory: Trajectory) -> str:
    """Return the first and the last point of a trajectory, with errors and scores."""
    run, last = trajectory.run, trajectory.last
    names = [*_names(run.objective), *_more(run.objective)]
    scores = run.objective.score_names
    errors = trajectory.error_at([0, last]), trajectory.scores_at([0, last])
    rows: list[tuple[str, Any]] = [("update", [*names, run.objective.value_name, *scores])]
    for update, error, values in zip((0, last), *errors, strict=True):
        params = [*trajectory.params_at(update)[:SHOWN], *([""] if len(names) > SHOWN else [])]
        rows.append((str(update), [*params, error, *values]))
    if trajectory.ended:
        rows.append(("", [trajectory.ended]))
    return _table(rows, f"{run.optimizer.label} on {run.objective.label}")


@figure_of.register(Trajectory)
def draw_trajectory(trajectory: Trajectory) -> Any:
    """Return a matplotlib figure: the path on the contour, and the error.

    Raises
    ------
    ImportError
        Where matplotlib is not installed: a sentence.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError("trajectory.plot() needs matplotlib: pip install matplotlib") from None
    objective = trajectory.run.objective
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    plane, error = figure.subplots(1, 2)
    surface, path, title = _on_plane(trajectory)
    low, high = np.array(surface.box).T
    low, high = np.minimum(low, path.min(axis=0)), np.maximum(high, path.max(axis=0))
    lines = POINTS if objective.is_planar else min(POINTS, max(FEWEST, int((MOST / surface.work) ** 0.5)))
    a, b = np.linspace(low[0], high[0], lines), np.linspace(low[1], high[1], lines)
    plane.contourf(a, b, surface.grid(a, b).T, LEVELS, cmap="viridis", alpha=0.6)
    plane.plot(*path.T, color="#0072B2", marker=".", markersize=3)
    plane.plot(*path[0], "k+", markersize=10)
    plane.set(xlabel=surface.parameters[0], ylabel=surface.parameters[1], title=title)
    _draw_error(trajectory, error)
    return figure


def _on_plane(trajectory: Trajectory) -> tuple[Objective, Array, str]:
    """Return the objective for the contour, the path on it, shape (k, 2), and the title."""
    run, label = trajectory.run, trajectory.run.optimizer.label
    if run.objective.is_planar:
        return run.objective, trajectory.params, label
    from gdviz.scene.paths import path_on  # not before they are needed: import gdviz is to be quick
    from gdviz.scene.planes import Principal

    plane = Principal().plane(run.objective, [trajectory], 0, trajectory.last)
    share = plane.off_share(trajectory.params_at(trajectory.last) - trajectory.params_at(0))
    title = f"{label}: {share:.1%} of the squared way is off this plane"
    return plane, path_on(plane, trajectory, len(trajectory.params) - 1), title


def _draw_error(trajectory: Trajectory, axes: Any) -> None:
    """Draw the error and, if there is one, the validation error; of very many updates only some."""
    run, last = trajectory.run, trajectory.last
    every = 1 if run.objective.is_planar else shown_every(run)
    updates = np.unique([*range(0, last + 1, every), last])
    values = trajectory.error_at(updates)
    axes.plot(updates, values, color="#0072B2", label=run.objective.value_name)
    if has_validation(run.objective):
        at = run.objective.score_names.index("validation_error")
        axes.plot(updates, trajectory.scores_at(updates)[:, at], color="#D55E00", label="validation error")
        axes.legend()
    axes.set(xlabel="update", ylabel=run.objective.value_name, yscale="log" if (values > 0).all() else "linear")
