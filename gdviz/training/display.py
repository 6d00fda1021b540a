"""Runs, steps and trajectories in a notebook: as HTML, and as a figure where matplotlib is installed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.params import describe

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gdviz.training.loop import Step
    from gdviz.training.run import Run
    from gdviz.training.trajectory import Trajectory

__all__ = ["figure_of", "html_of_run", "html_of_step", "html_of_trajectory"]

POINTS = 121
LEVELS = 20


def _table(rows: Iterable[tuple[str, Any]], title: str) -> str:
    cells = "".join(f"<tr><th style='text-align:left'>{escape(name)}</th>{_cells(value)}</tr>" for name, value in rows)
    return f"<table><caption><b>{escape(title)}</b></caption>{cells}</table>"


def _cells(value: Any) -> str:
    values = value if isinstance(value, (list, tuple, np.ndarray)) else [value]
    return "".join(f"<td>{escape(_short(one))}</td>" for one in values)


def _short(value: Any) -> str:
    return f"{value:.6g}".replace("-", "−") if isinstance(value, (int, float, np.floating)) else str(value)


def html_of_run(run: Run) -> str:
    """Return what a run is."""
    rows = [
        ("objective", run.objective.formula),
        ("rule", "; ".join(run.optimizer.written())),
        ("optimizer", describe(run.optimizer)),
        ("start", ", ".join(f"{n} = {_short(v)}" for n, v in zip(run.objective.parameters, run.start, strict=True))),
        ("strategy", describe(run.sampling)),
        ("schedule", describe(run.schedule)),
        ("reduction", run.reduction),
        ("updates", run.total),
    ]
    return _table(rows, f"{run.optimizer.label} on {run.objective.label}")


def html_of_step(step: Step) -> str:
    """Return a step with all of its terms, a column for each parameter."""
    optimizer = step.run.optimizer
    symbols = {term.name: term.symbol for term in (*optimizer.state, *optimizer.terms)}
    rows: list[tuple[str, Any]] = [("", step.run.objective.parameters), ("before", step.before)]
    if step.asked_at is not step.before:
        rows.append(("g taken at", step.asked_at))
    rows += [("g", step.gradient), *((symbols[name], value) for name, value in step.terms.items())]
    rows += [("step", step.step), ("after", step.params), ("η", step.eta)]
    return _table(rows, f"{optimizer.label}, update {step.update}")


def html_of_trajectory(trajectory: Trajectory) -> str:
    """Return where a trajectory begins and ends."""
    names, run = trajectory.run.objective.parameters, trajectory.run
    ends = trajectory.error_at([0, trajectory.last])
    rows: list[tuple[str, Any]] = [("update", (*names, run.objective.value_name))]
    rows += [("0", (*trajectory.params[0], ends[0])), (str(trajectory.last), (*trajectory.params[-1], ends[1]))]
    if trajectory.ended:
        rows.append(("", [trajectory.ended]))
    return _table(rows, f"{run.optimizer.label} on {run.objective.label}")


def figure_of(trajectory: Trajectory) -> Any:
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
    low, high = np.array(objective.box).T
    low, high = np.minimum(low, trajectory.params.min(axis=0)), np.maximum(high, trajectory.params.max(axis=0))
    a, b = np.linspace(low[0], high[0], POINTS), np.linspace(low[1], high[1], POINTS)
    plane.contourf(a, b, objective.grid(a, b).T, LEVELS, cmap="viridis", alpha=0.6)
    plane.plot(*trajectory.params.T, color="#0072B2", marker=".", markersize=3)
    plane.plot(*trajectory.params[0], "k+", markersize=10)
    plane.set(xlabel=objective.parameters[0], ylabel=objective.parameters[1], title=trajectory.run.optimizer.label)
    error.plot(trajectory.error, color="#0072B2")
    error.set(xlabel="update", ylabel=objective.value_name, yscale="log" if (trajectory.error > 0).all() else "linear")
    return figure
