"""Times of who does the same work, taken in turns so that what disturbs the machine disturbs all of them."""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 3.0
"""Seconds that one entrant may take of a row; after that it waits until the others are done."""
TOO_LONG = 30.0
"""Seconds: who takes longer is not even run a second time."""
PAUSE = 0.02
"""Seconds between two entrants: the threads of the one before go to sleep."""


@dataclass
class Job:
    """A piece of work in one entrant's hands.

    Attributes
    ----------
    run
        What is timed; it is given what `prepare` returned.
    prepare
        Called before each run, not timed.
    read
        Makes the work's result from what `run` returned; not timed.
    note
        What is to be said about it.
    """

    run: Callable[[Any], Any]
    prepare: Callable[[], Any] = lambda: None
    read: Callable[[Any], Any] = lambda returned: returned
    note: str = ""


REST = 0.3
"""Seconds before a turn: threads of the entrant before it spin on for a while, and would take a processor away."""


@dataclass
class Entrant:
    """Who does the work, or as much of it as `part` is; `scale` times that is the whole."""

    name: str
    job: Job
    part: Any
    scale: float = 1.0
    result: Any = None
    times: list[float] = field(default_factory=list)

    @property
    def ms(self) -> float:
        """Milliseconds for the whole work: the median."""
        return statistics.median(self.times) * self.scale * 1e3

    def once(self) -> tuple[float, Any]:
        """Return the seconds that one run takes, and what it returned."""
        prepared = self.job.prepare()
        began = time.perf_counter()
        returned = self.job.run(prepared)
        return time.perf_counter() - began, returned

    def warm_up(self) -> None:
        """Run once for the result: a first run is often longer than the others, so its time does not count."""
        seconds, returned = self.once()
        self.result = self.job.read(returned)
        self.times = [seconds] if seconds > TOO_LONG else []

    def visit(self, seconds: float) -> None:
        """Take times for so long, at least one; the first of several is dropped, it finds the caches full of others."""
        times: list[float] = []
        time.sleep(REST)
        began = time.perf_counter()
        while not times or time.perf_counter() - began < seconds:
            times.append(self.once()[0])
        self.times += times[1:] or times


def take_turns(entrants: list[Entrant], rounds: int, seconds: float) -> None:
    """Run all entrants once, then time them in `rounds` turns of so many seconds each, slow ones in fewer."""
    for entrant in entrants:
        entrant.warm_up()
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            for entrant in entrants:
                if sum(entrant.times) < PATIENCE:
                    time.sleep(PAUSE)
                    entrant.visit(seconds)
    finally:
        gc.enable()
