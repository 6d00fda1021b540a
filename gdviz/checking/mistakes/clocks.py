"""Mistakes in counters: the t of the bias correction, and that of the schedule."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from gdviz.checking.mistakes.base import MISTAKES, Student
from gdviz.training import ConstantRate

if TYPE_CHECKING:
    from gdviz.training import Run


class OfTheCounter(Student):
    """A mistake in t."""

    def can_be_made(self, run: Run) -> bool:
        """Return whether the rule uses t."""
        return any("ᵗ" in line for line in run.optimizer.written())


class OfTheSchedule(Student):
    """A mistake in the learning-rate schedule."""

    def can_be_made(self, run: Run) -> bool:
        """Return whether the rate changes."""
        return not isinstance(run.schedule, ConstantRate)


@MISTAKES
class CounterFrom0(OfTheCounter):
    """t = 0 in the first update."""

    cause = "the counter t of the bias correction starts at 0"

    def counter(self, run: Run, update: int) -> int:
        """Count from 0."""
        return update


@MISTAKES
class CounterFrom0Guarded(OfTheCounter):
    """t = 0, but at least 1."""

    cause = "the counter t of the bias correction starts at 0, and is 1 in the first two updates"

    def counter(self, run: Run, update: int) -> int:
        """Count from 0, at least 1."""
        return max(update, 1)


@MISTAKES
class CounterFrom2(OfTheCounter):
    """t = 2 in the first update."""

    cause = "the counter t of the bias correction starts at 2"

    def counter(self, run: Run, update: int) -> int:
        """Count from 2."""
        return update + 2


@MISTAKES
class CounterRestarted(OfTheCounter):
    """t = 1 at the beginning of every epoch."""

    cause = "the counter t of the bias correction was started again with every epoch"

    def counter(self, run: Run, update: int) -> int:
        """Count within the epoch."""
        return update % run.per_epoch + 1


@MISTAKES
class CountedEpochs(OfTheCounter):
    """t = the epoch."""

    cause = "the counter t of the bias correction counts epochs, not updates"

    def counter(self, run: Run, update: int) -> int:
        """Count the epochs."""
        return update // run.per_epoch + 1


@MISTAKES
class ScheduleMissing(OfTheSchedule):
    """η stays."""

    cause = "the learning rate stays as it is: the schedule is missing"

    def own_run(self, run: Run) -> Run:
        """Keep the rate."""
        return super().own_run(run).changed(schedule=ConstantRate())


@MISTAKES
class ScheduleOtherClock(OfTheSchedule):
    """t counts updates in place of epochs, or the other way round."""

    cause = "the schedule's t counts updates where it is to count epochs, or the other way round"

    def own_run(self, run: Run) -> Run:
        """Exchange the clock."""
        run = super().own_run(run)
        per = "epoch" if run.schedule.per == "update" else "update"
        return run.changed(schedule=replace(run.schedule, per=per))  # type: ignore[type-var]


@MISTAKES
class ScheduleFromOne(OfTheSchedule):
    """t = 1 at first."""

    cause = "the schedule's t starts at 1, not at 0"

    def eta(self, run: Run, update: int) -> float:
        """Return the rate one unit of t later."""
        return super().eta(run, update + (1 if run.schedule.per == "update" else run.per_epoch))


@MISTAKES
class ScheduleCompounded(OfTheSchedule):
    """The rate that was lowered is lowered again."""

    cause = "the schedule was applied to the rate that it had lowered before, not to the first one"

    def eta(self, run: Run, update: int) -> float:
        """Return the product of all factors so far."""
        stride = 1 if run.schedule.per == "update" else run.per_epoch
        rates = [super(ScheduleCompounded, self).eta(run, earlier) for earlier in range(0, update + 1, stride)]
        return run.optimizer.eta * float(np.prod(np.array(rates) / run.optimizer.eta))
