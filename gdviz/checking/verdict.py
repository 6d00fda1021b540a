"""Compares a student's trajectory with the right one and with those of known mistakes, and says what it finds."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice, product, takewhile
from typing import TYPE_CHECKING

import numpy as np

from gdviz.checking.judging import Judge, Judgement, Updates
from gdviz.checking.mistakes import MISTAKES, Student, both, exchanged, hyperparameters_of, settings_of
from gdviz.checking.sentences import about_error, about_rounding, capital, departure, praise
from gdviz.checking.solving import solved, solved_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gdviz.checking.student import Notebook
    from gdviz.objectives import Array
    from gdviz.training import Run

__all__ = ["Verdict", "check"]

MOST_UPDATES = 200_000
"""More are not computed one by one, again for every mistake."""
FEWEST = 3
"""Of fewer wrong rows nobody can tell whether each stands for many updates."""
MOST_NUMBERS = 4_000_000
"""Nor so many that there would be more numbers than these."""
STRIDES = (2, 5, 10, 20, 50, 100, 1000)
"""Updates between two rows that are often logged."""
EARLY = 4
"""Another learning rate is felt before so many rows."""
PAIRS_WORK = 1e6
"""Pairs of mistakes are not tried where an epoch takes more work than this (:attr:`gdviz.Objective.work`)."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """What was found.

    Attributes
    ----------
    is_right
        Whether the numbers are right, up to rounding.
    sentences
        That in words, the most important first.
    departs_at
        The first update that departs; None where none does.
    causes
        The mistakes that explain every row, the likeliest first.
    updates, params
        The rows as they were understood: after which update each stands, shape (rows,), and its params.
    """

    is_right: bool
    sentences: tuple[str, ...]
    departs_at: int | None
    causes: tuple[type[Student], ...]
    updates: Updates
    params: Array

    @property
    def cause(self) -> type[Student] | None:
        """The likeliest mistake; None where none is known that fits."""
        return self.causes[0] if self.causes else None

    @property
    def hint(self) -> str:
        """What is wrong, without the numbers."""
        if self.is_right or self.departs_at is None:
            return self.sentences[0]
        begun = f"Look at update {self.departs_at}: up to there all rows are right."
        return f"{begun} {capital(self.cause.plain or self.cause.cause)}." if self.cause else begun


def check(
    run: Run,
    notebook: Notebook,
    every: str = "auto",
    most: int = MOST_UPDATES,
    cancelled: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Check a trajectory against what the run's rule really does.

    Parameters
    ----------
    run
        What is stated to have been computed.
    notebook
        The rows.
    every
        What a row stands for: ``update``, ``epoch``, or ``auto``: what fits better.
    most
        Rows after so many updates are not looked at: each mistake is computed update by update.
    cancelled
        Asked before each mistake that is tried; where it says yes, no more are.

    Raises
    ------
    ValueError
        Where the rows cannot be those of such a run: a sentence.
    """
    most = min(most, MOST_NUMBERS // run.objective.size)
    candidates = [updates[updates <= most] for updates in _alignments(run, notebook, every)]
    candidates = [updates for updates in candidates if len(updates)]
    if not candidates:
        raise ValueError(f"only the first {most} updates can be looked at; the rows begin later")
    judges = [Judge(run, notebook.params[: len(updates)], updates) for updates in candidates]
    judgements = [judge.judge(Student) for judge in judges]
    best = max(range(len(judges)), key=lambda i: (judgements[i].is_stepwise, judgements[i].explained))
    judge, updates = judges[best], judges[best].updates
    unseen = (f"Rows after update {most} were not looked at.",) if len(updates) < len(notebook.params) else ()
    others = [other for other in judges if other is not judge]
    judge, causes = _looked_for(judge, judgements[best], others, cancelled)
    if judgements[best].is_stepwise and not causes:
        about, is_right = about_error(run, notebook)
        told = (praise(judge, judgements[best].off), *about_rounding(run, updates), *about, *unseen)
        return Verdict(is_right, told, None, (), updates, judge.rows)
    told = (*departure(judge, causes), *unseen)
    first = judge.judge(Student).explained
    return Verdict(False, told, int(judge.updates[first]), causes, judge.updates, judge.rows)


def _looked_for(
    judge: Judge, found: Judgement, others: Sequence[Judge], cancelled: Callable[[], bool]
) -> tuple[Judge, tuple[type[Student], ...]]:
    """Return the mistakes that explain rows, and as what the rows were taken.

    Rows that follow from each other are right, unless one mistake alone explains where their path leads.
    """
    if found.explained == len(judge.rows):
        return judge, ()
    if found.is_stepwise:
        return judge, tuple(one for one in _single(judge.run) if not cancelled() and judge.explains(one))
    return _causes(judge, others, cancelled)


def _alignments(run: Run, notebook: Notebook, every: str) -> list[Updates]:
    """Return what the rows may stand for: after which update each, the likeliest first."""
    rows = len(notebook.params)
    counted = notebook.updates if notebook.updates is not None else notebook.epochs
    if counted is not None:  # from 0 or from 1, and written down before the update or after it
        stride = 1 if notebook.updates is not None else run.per_epoch
        return _fitting(run, [stride * (counted + shift) for shift in (0, -1, 1) if counted[0] + shift >= 0], rows)
    strides = {"update": [1], "epoch": [run.per_epoch], "auto": list(dict.fromkeys((1, run.per_epoch, *STRIDES)))}
    candidates = [stride * np.arange(begin, begin + rows) for stride in strides[every] for begin in (0, 1)]
    fitting = _fitting(run, candidates, rows)
    with np.errstate(all="ignore"):
        starts = np.abs(notebook.params[0] - run.start).max() < 1e-6
    return [updates for updates in fitting if (updates[0] == 0) == starts] or fitting


def _fitting(run: Run, candidates: Sequence[Updates], rows: int) -> list[Updates]:
    fitting = [updates for updates in candidates if updates[-1] <= run.total]
    if not fitting:
        most = f"{run.total} updates" + (f" in {run.epochs} epochs" if run.per_epoch > 1 else "")
        raise ValueError(f"{rows} rows are more than the run has, {most}; --epochs or --updates says how many it has")
    return fitting


def _causes(
    best: Judge, others: Sequence[Judge], cancelled: Callable[[], bool]
) -> tuple[Judge, tuple[type[Student], ...]]:
    """Return the mistakes that explain every row, and as what the rows were taken; first single ones, then pairs."""
    run, ordered = best.run, [best, *(others if len(best.rows) >= FEWEST else ())]
    for is_pair, students in ((False, _single(run)), (True, _pairs(run))):
        listed = list(students)
        for judge in ordered:
            tried = takewhile(lambda _: not cancelled(), listed)
            found = tuple(one for one in tried if (not is_pair or judge.may_explain(one)) and judge.explains(one))
            found += tuple(solved(judge)) if not (found or is_pair or cancelled()) else ()
            if found or cancelled():
                return judge, found
    likely = takewhile(lambda _: not cancelled(), _likely(best))
    return best, tuple(islice(solved_with(best, likely), 1))


def _likely(judge: Judge) -> list[type[Student]]:
    """Return the mistakes that may be made with another learning rate: that shows in the first updates."""
    is_early = judge.judge(Student).explained < EARLY
    return _can_be_made(judge.run) if is_early and judge.run.objective.is_planar else []


def _single(run: Run) -> Iterator[type[Student]]:
    yield from MISTAKES
    yield from settings_of(run)


def _pairs(run: Run) -> Iterator[type[Student]]:
    """Yield who makes two mistakes; not in a large network, whose updates take too long for so many."""
    if run.objective.work > PAIRS_WORK:
        return
    can, values = _can_be_made(run), [*hyperparameters_of(run), *exchanged(run)]
    for one, other in (*combinations(can, 2), *product(can, values)):
        if not (issubclass(one, other) or issubclass(other, one)):
            yield both(one, other)


def _can_be_made(run: Run) -> list[type[Student]]:
    return [mistake for mistake in MISTAKES if mistake().can_be_made(run)]
