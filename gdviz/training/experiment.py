"""An experiment: the runs that race on one objective, and what each looks like."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gdviz.capacity import check_room
from gdviz.objectives.scored import has_validation
from gdviz.optimizers import LECTURE
from gdviz.training.budget import least_bytes
from gdviz.training.run import Run
from gdviz.wording import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gdviz.objectives import Objective
    from gdviz.optimizers import Optimizer

__all__ = ["Experiment", "Look", "lecture_race", "usual"]


MOST_RUNS = 100
SHARED = ("sampling", "schedule", "reduction", "epochs", "updates", "patience", "start", "seed")
"""The fields that all runs of a race usually share."""


@dataclass(frozen=True)
class Look:
    """The appearance of a run, the same in every view.

    Attributes
    ----------
    style
        The index of the theme's colour and marker.
    title
        Its name in pictures; empty: the optimizer's label.
    hidden
        Whether pictures leave it out. It is still computed.
    """

    style: int
    title: str = ""
    hidden: bool = False


@dataclass(frozen=True)
class Experiment:
    """An objective and the runs that race on it.

    Parameters
    ----------
    runs
        At least one, all on one objective.
    looks
        One for each; by default each run has a style of its own, in their order.

    Raises
    ------
    ValueError
        Where there is no run, the runs have different objectives, the number of looks differs from that of runs, or the
        computer has less free memory than the race needs at least.
    """

    runs: tuple[Run, ...]
    looks: tuple[Look, ...] = ()

    def __post_init__(self) -> None:
        """Check that the runs can be drawn in one picture."""
        object.__setattr__(self, "runs", tuple(self.runs))
        object.__setattr__(self, "looks", tuple(self.looks) or tuple(Look(i) for i in range(len(self.runs))))
        if len(self.runs) > MOST_RUNS:
            raise ValueError(f"an experiment has at most {MOST_RUNS} runs, not {len(self.runs)}")
        if not self.runs:
            raise ValueError("an experiment needs at least one run")
        if any(run.objective is not self.objective and run.objective != self.objective for run in self.runs):
            raise ValueError("the runs of an experiment must share one objective")
        if len(self.looks) != len(self.runs):
            raise ValueError(f"an experiment needs a look for each of its {len(self.runs)} runs, not {len(self.looks)}")
        check_room(least_bytes(self.runs))
        runs = (run if run.racers == len(self.runs) else replace(run, racers=len(self.runs)) for run in self.runs)
        object.__setattr__(self, "runs", tuple(runs))

    @classmethod
    def race(cls, objective: Objective, optimizers: Sequence[Optimizer], **common: Any) -> Experiment:
        """Return the race of `optimizers` on `objective`; `common` are the other fields of every run."""
        return cls(tuple(Run(objective, optimizer, **common) for optimizer in optimizers))

    @property
    def objective(self) -> Objective:
        """What is minimised."""
        return self.runs[0].objective

    @property
    def total(self) -> int:
        """Updates of the longest run."""
        return max(run.total for run in self.runs)

    @property
    def differing(self) -> tuple[str, ...]:
        """Those fields of :data:`SHARED` in which the runs differ."""
        first = self.runs[0]
        return tuple(key for key in SHARED if any(getattr(run, key) != getattr(first, key) for run in self.runs))

    @property
    def names(self) -> tuple[str, ...]:
        """The runs' names in files: the optimizers', made unique by ``#2`` and so on."""
        return tuple(_unique(run.optimizer.name for run in self.runs))

    @property
    def titles(self) -> tuple[str, ...]:
        """The runs' names in pictures: their titles or optimizers' labels, made unique by ``#2`` and so on."""
        pairs = zip(self.looks, self.runs, strict=True)
        return tuple(_unique(visible(look.title) or run.optimizer.label for look, run in pairs))

    def with_all(self, **changes: Any) -> Experiment:
        """Return the experiment with fields of every run changed."""
        return self.with_each(lambda run: run.changed(**changes))

    def with_each(self, change: Callable[[Run], Run]) -> Experiment:
        """Return the experiment with each run replaced by ``change(run)``."""
        return replace(self, runs=tuple(change(run) for run in self.runs))

    def on(self, objective: Objective) -> Experiment:
        """Return the experiment on another objective.

        Starts and forks stay where the params mean the same there; otherwise runs get the new objective's start. A run
        that starts at its network's own start moves to that of the new network.
        """
        stays = objective.has_params_of(self.objective)

        def move(run: Run) -> Run:
            patience = run.patience if has_validation(objective) else 0
            is_own = not objective.is_planar and run.start is run.objective.start
            if stays:
                return run.changed(objective=objective, start=() if is_own else run.start, patience=patience)
            return replace(run, fork=None, objective=objective, start=(), patience=patience)

        return self.with_each(move)

    def with_run(self, index: int, **changes: Any) -> Experiment:
        """Return the experiment with fields of one run changed."""
        runs = (replace(run, **changes) if i == index else run for i, run in enumerate(self.runs))
        return replace(self, runs=tuple(runs))

    def with_look(self, index: int, **changes: Any) -> Experiment:
        """Return the experiment with one run's look changed."""
        looks = (replace(look, **changes) if i == index else look for i, look in enumerate(self.looks))
        return replace(self, looks=tuple(looks))

    def with_only(self, index: int) -> Experiment:
        """Return the experiment with all other runs hidden, or with all visible if they are hidden already."""
        visible_runs = [i for i, look in enumerate(self.looks) if not look.hidden]
        hides = visible_runs != [index]
        looks = (replace(look, hidden=hides and i != index) for i, look in enumerate(self.looks))
        return replace(self, looks=tuple(looks))

    def with_added(self, index: int, run: Run) -> Experiment:
        """Return the experiment with another run, at `index`, in the first style that no other run has."""
        styles = {look.style for look in self.looks}
        style = next(style for style in range(len(styles) + 1) if style not in styles)
        runs, looks = list(self.runs), list(self.looks)
        runs.insert(index, run)
        looks.insert(index, Look(style))
        return Experiment(tuple(runs), tuple(looks))

    def without(self, index: int) -> Experiment:
        """Return the experiment without a run; the others keep their looks."""
        runs, looks = list(self.runs), list(self.looks)
        del runs[index], looks[index]
        return Experiment(tuple(runs), tuple(looks))

    def with_moved(self, index: int, to: int) -> Experiment:
        """Return the experiment with a run moved to another index."""
        runs, looks = list(self.runs), list(self.looks)
        runs.insert(to, runs.pop(index))
        looks.insert(to, looks.pop(index))
        return Experiment(tuple(runs), tuple(looks))


def _unique(names: Iterator[str]) -> Iterator[str]:
    counts: Counter[str] = Counter()
    for name in names:
        counts[name] += 1
        yield name if counts[name] == 1 else f"{name}#{counts[name]}"


def usual(cls: type[Optimizer], objective: Objective) -> Optimizer:
    """Return an optimizer with a learning rate that suits the objective.

    Parameters
    ----------
    cls
        The rule; its other hyperparameters get their defaults.
    objective
        The objective; see :meth:`gdviz.Objective.rate_factor`.
    """
    if cls.usual_eta is None:
        return cls()
    return cls(**{"eta": cls.usual_eta * objective.rate_factor(cls.grows_with_gradient)})


def lecture_race(objective: Objective, **common: Any) -> Experiment:
    """Return the race of the lecture's six rules on an objective, with learning rates that suit it.

    Parameters
    ----------
    objective
        The objective.
    **common
        Other fields of every run, such as ``updates=50``; by default there are 300 epochs.
    """
    return Experiment.race(objective, [usual(cls, objective) for cls in LECTURE], **{"epochs": 300, **common})
