"""The rules of an exercise: a session whose author left open a few controls, while everything else stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.objectives import Objective
    from gdviz.params import Declared
    from gdviz.scene.session import Session
    from gdviz.training import Experiment, Run

__all__ = ["changes", "controls_of", "refusal_of"]

SHARED = {"sampling": "strategy", "reduction": "reduction", "epochs": "epochs", "updates": "epochs", "seed": "seed",
          "start": "start", "patience": "patience"}  # fmt: skip
"""Which control changes a field that runs share."""


def changes(old: Experiment, new: Experiment) -> set[str]:
    """Return the names of the controls that lead from one experiment to another; how a run looks is always free."""
    if [run.fork for run in old.runs] != [run.fork for run in new.runs]:
        return {"runs"}
    return {name for one, other in zip(old.runs, new.runs, strict=True) for name in _between(one, other)}


def refusal_of(session: Session, experiment: Experiment) -> str:
    """Say what an exercise leaves open where an edit changes something else; empty where it may be made."""
    left_open = session.open_controls
    if left_open is None or changes(session.experiment, experiment) <= set(left_open):
        return ""
    return f"This exercise leaves open: {', '.join(left_open) or 'nothing'}"


def _between(old: Run, new: Run) -> Iterator[str]:
    if old.objective != new.objective:
        yield from _of_objective(old.objective, new.objective)
    for key, one, other in (("optimizer", old.optimizer, new.optimizer), ("schedule", old.schedule, new.schedule)):
        if type(one) is not type(other):
            yield key
        else:
            yield from (name for name, value in one.values().items() if other.values()[name] != value)
    yield from (control for key, control in SHARED.items() if getattr(old, key) != getattr(new, key))


def _of_objective(old: Objective, new: Objective) -> Iterator[str]:
    """Return the controls that lead from one objective to another."""
    if type(old) is not type(new):
        yield "objective"
        return
    if old.data != new.data:
        yield "data"
    values, others = (thing.values() for thing in (old, new))
    yield from (name for name, value in values.items() if others[name] != value)


def controls_of(experiment: Experiment) -> dict[str, str]:
    """Return the controls that an author can leave open, with what they are called."""
    names = {"objective": "the objective", "data": "the data", "runs": "which runs race", "optimizer": "the rules"}
    objective: Declared = experiment.objective
    for run in experiment.runs:
        for thing in (objective, run.optimizer, run.schedule):
            names |= {param.name: f"{param.symbol}: {param.help}" for param in thing.params()}
    return names | {
        **{"strategy": "the strategy", "schedule": "the schedule", "reduction": "the reduction"},
        **{"epochs": "the number of epochs", "seed": "the seed", "start": "the start"},
    }
