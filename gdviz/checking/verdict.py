"""Compares a student's trajectory with the right one and with those of known mistakes, and gives a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, islice, product, takewhile
from typing import TYPE_CHECKING

import numpy as np

from gdviz.checking.judging import Judge, Judgement, Updates
from gdviz.checking.mistakes import MISTAKES, Student, both, hyperparameters_of, settings_of, swaps
from gdviz.checking.sentences import about_error, about_rounding, capital, departure, praise
from gdviz.checking.solving import solve, solve_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gdviz.checking.student import Notebook
    from gdviz.objectives import Array
    from gdviz.training import Run

__all__ = ["Verdict", "check"]

MOST_UPDATES = 200_000
"""Maximum number of updates that are checked: each mistake recomputes them one by one."""
FEWEST = 3
"""Minimum number of wrong rows from which the number of updates between rows can be determined."""
MOST_NUMBERS = 4_000_000
"""Maximum number of params times updates that are checked."""
STRIDES = (2, 5, 10, 20, 50, 100, 1000)
"""Common numbers of updates between two rows."""
EARLY = 4
"""Another learning rate shows within this number of rows."""
PAIRS_WORK = 1e6
"""Maximum cost of an objective (:attr:`gdviz.Objective.work`) for which pairs of mistakes are tried."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """The result of a check.

    Attributes
    ----------
    is_right
        Whether the numbers are right, up to rounding.
    sentences
        The verdict in words, the most important sentence first.
    departs_at
        The first update that departs; None where none does.
    causes
        The mistakes that explain all rows, the likeliest first.
    updates, params
        The rows as they were interpreted: the update after which each was logged, shape (rows,), and its params.
    """

    is_right: bool
    sentences: tuple[str, ...]
    departs_at: int | None
    causes: tuple[type[Student], ...]
    updates: Updates
    params: Array

    @property
    def cause(self) -> type[Student] | None:
        """The likeliest mistake; None where no known one explains the rows."""
        return self.causes[0] if self.causes else None

    @property
    def hint(self) -> str:
        """What is wrong, without the right numbers."""
        if self.is_right or self.departs_at is None:
            return self.sentences[0]
        place = f"Look at update {self.departs_at}: up to there all rows are right."
        return f"{place} {capital(self.cause.plain or self.cause.cause)}." if self.cause else place


def check(
    run: Run,
    notebook: Notebook,
    every: str = "auto",
    most: int = MOST_UPDATES,
    cancelled: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Check a trajectory against the run.

    Parameters
    ----------
    run
        The run that the rows should be.
    notebook
        The rows.
    every
        What a row stands for: ``update``, ``epoch``, or ``auto``: whatever fits better.
    most
        The maximum number of updates: later rows are ignored.
    cancelled
        Called before each mistake that is tried; once it returns True, no more are tried.

    Raises
    ------
    ValueError
        Where the rows cannot belong to such a run: a sentence.
    """
    most = min(most, MOST_NUMBERS // run.objective.size)
    candidates = [updates[updates <= most] for updates in _alignments(run, notebook, every)]
    candidates = [updates for updates in candidates if len(updates)]
    if not candidates:
        raise ValueError(f"only the first {most} updates can be looked at; the rows begin later")
    judges = [Judge(run, notebook.params[: len(updates)], updates) for updates in candidates]
    judgements = [judge.judge(Student) for judge in judges]
    best = max(range(len(judges)), key=lambda i: (judgements[i].is_stepwise, judgements[i].matches))
    judge, updates = judges[best], judges[best].updates
    unseen = (f"Rows after update {most} were not looked at.",) if len(updates) < len(notebook.params) else ()
    others = [other for other in judges if other is not judge]
    judge, causes = _search(judge, judgements[best], others, cancelled)
    if judgements[best].is_stepwise and not causes:
        about, is_right = about_error(run, notebook)
        sentences = (praise(judge, judgements[best].largest_gap), *about_rounding(run, updates), *about, *unseen)
        return Verdict(is_right, sentences, None, (), updates, judge.rows)
    sentences = (*departure(judge, causes), *unseen)
    first = judge.judge(Student).matches
    return Verdict(False, sentences, int(judge.updates[first]), causes, judge.updates, judge.rows)


def _search(
    judge: Judge, judgement: Judgement, others: Sequence[Judge], cancelled: Callable[[], bool]
) -> tuple[Judge, tuple[type[Student], ...]]:
    """Return the mistakes that explain all rows, and the judge with the right interpretation of the rows.

    Rows that each follow from the row before are right, unless a single mistake explains the whole path.
    """
    if judgement.matches == len(judge.rows):
        return judge, ()
    if judgement.is_stepwise:
        return judge, tuple(one for one in _single(judge.run) if not cancelled() and judge.explains(one))
    return _causes(judge, others, cancelled)


def _alignments(run: Run, notebook: Notebook, every: str) -> list[Updates]:
    """Return the possible updates after which the rows were logged, the likeliest first."""
    rows = len(notebook.params)
    numbers = notebook.updates if notebook.updates is not None else notebook.epochs
    if numbers is not None:  # counted from 0 or from 1, and logged before the update or after it
        stride = 1 if notebook.updates is not None else run.per_epoch
        return _possible(run, [stride * (numbers + shift) for shift in (0, -1, 1) if numbers[0] + shift >= 0], rows)
    strides = {"update": [1], "epoch": [run.per_epoch], "auto": list(dict.fromkeys((1, run.per_epoch, *STRIDES)))}
    candidates = [stride * np.arange(begin, begin + rows) for stride in strides[every] for begin in (0, 1)]
    possible = _possible(run, candidates, rows)
    with np.errstate(all="ignore"):
        starts = np.abs(notebook.params[0] - run.start).max() < 1e-6
    return [updates for updates in possible if (updates[0] == 0) == starts] or possible


def _possible(run: Run, candidates: Sequence[Updates], rows: int) -> list[Updates]:
    possible = [updates for updates in candidates if updates[-1] <= run.total]
    if not possible:
        most = f"{run.total} updates" + (f" in {run.epochs} epochs" if run.per_epoch > 1 else "")
        raise ValueError(f"{rows} rows are more than the run has, {most}; --epochs or --updates says how many it has")
    return possible


def _causes(
    best: Judge, others: Sequence[Judge], cancelled: Callable[[], bool]
) -> tuple[Judge, tuple[type[Student], ...]]:
    """Return the mistakes that explain all rows, single ones or else pairs, and the judge for which they do."""
    run, judges = best.run, [best, *(others if len(best.rows) >= FEWEST else ())]
    for is_pair, students in ((False, _single(run)), (True, _pairs(run))):
        candidates = list(students)
        for judge in judges:
            affordable = takewhile(lambda _: not cancelled(), candidates)
            causes = tuple(one for one in affordable if (not is_pair or judge.may_explain(one)) and judge.explains(one))
            causes += tuple(solve(judge)) if not (causes or is_pair or cancelled()) else ()
            if causes or cancelled():
                return judge, causes
    likely = takewhile(lambda _: not cancelled(), _likely(best))
    return best, tuple(islice(solve_with(best, likely), 1))


def _likely(judge: Judge) -> list[type[Student]]:
    """Return the mistakes to try with another learning rate; empty unless the first rows already depart."""
    is_early = judge.judge(Student).matches < EARLY
    return _can_be_made(judge.run) if is_early and judge.run.objective.is_planar else []


def _single(run: Run) -> Iterator[type[Student]]:
    yield from MISTAKES
    yield from settings_of(run)


def _pairs(run: Run) -> Iterator[type[Student]]:
    """Yield students with two mistakes; none for expensive objectives, because there are so many pairs."""
    if run.objective.work > PAIRS_WORK:
        return
    can, values = _can_be_made(run), [*hyperparameters_of(run), *swaps(run)]
    for one, other in (*combinations(can, 2), *product(can, values)):
        if not (issubclass(one, other) or issubclass(other, one)):
            yield both(one, other)


def _can_be_made(run: Run) -> list[type[Student]]:
    return [mistake for mistake in MISTAKES if mistake().can_be_made(run)]
