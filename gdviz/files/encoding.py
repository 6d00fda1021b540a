"""Sessions as values of JSON; :mod:`gdviz.files.decoding` is the inverse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdviz.objectives import OBJECTIVES
from gdviz.optimizers import OPTIMIZERS
from gdviz.scene.settings import named
from gdviz.training import SCHEDULES, STRATEGIES

if TYPE_CHECKING:
    from gdviz.objectives import Data
    from gdviz.scene.session import Lesson, Session
    from gdviz.training import Run
    from gdviz.training.experiment import Look

__all__ = ["FORMAT", "VERSION", "encoded"]

FORMAT, VERSION = "gdviz", 1


def encoded(session: Session) -> dict[str, Any]:
    """Return the session as values of JSON; see :func:`gdviz.files.session.write_session`."""
    experiment = session.experiment
    value = {
        "format": FORMAT,
        "version": VERSION,
        "objective": _objective(experiment.objective),
        "runs": [
            {**_run(run), "look": _look(look)} for run, look in zip(experiment.runs, experiment.looks, strict=True)
        ],
        "cursor": session.cursor,
        "selected": session.selected,
        "views": session.views.written(),
    }
    if session.lesson is not None:
        value["lesson"] = _lesson(session.lesson)
    if session.open_controls is not None:
        value["open_controls"] = list(session.open_controls)
    return value


def _objective(objective: Any) -> dict[str, Any]:
    value = named(objective, OBJECTIVES)
    return value if objective.data is None else {**value, "data": _data(objective.data)}


def _data(data: Data) -> dict[str, Any]:
    samples: dict[str, Any] = {
        "name": data.name,
        "about": data.about,
        "x_label": data.x_label,
        "y_label": data.y_label,
        "standardized": data.is_standardized,
        "x": data.X.ravel().tolist(),
        "y": data.Y.ravel().tolist(),
    }
    if data.unit is not None:
        samples["unit"] = list(data.unit)
    for key, values in (("x_columns", data.X), ("y_columns", data.Y)):
        if values.ndim == 2:
            samples[key] = values.shape[1]
    return samples | {key: list(getattr(data, key)) for key in ("inputs", "classes", "image") if getattr(data, key)}


def _run(run: Run) -> dict[str, Any]:
    value: dict[str, Any] = {
        "optimizer": named(run.optimizer, OPTIMIZERS),
        "start": [] if run.start is run.objective.start and not run.objective.is_planar else list(run.start),
        "sampling": named(run.sampling, STRATEGIES),
        "schedule": named(run.schedule, SCHEDULES),
        "reduction": run.reduction,
        "epochs": run.epochs,
        "updates": run.updates,
        "seed": run.seed,
    }
    if run.patience:
        value["patience"] = run.patience
    if run.fork is not None:
        value["fork"] = {"run": _run(run.fork.run), "update": run.fork.update}
    return value


def _look(look: Look) -> dict[str, Any]:
    return {"style": look.style, "title": look.title, "hidden": look.hidden}


def _lesson(lesson: Lesson) -> dict[str, Any]:
    return {"title": lesson.title, "text": lesson.text, "question": lesson.question, "task": lesson.task}
