"""Where the cursor stands while it moves by itself, at any speed; slowly, each update unfolds in its stages."""

from __future__ import annotations

import math

from gdviz.explaining.anatomy import STAGES

__all__ = ["USUAL_SPEED", "Playback"]

USUAL_SPEED = 30.0
"""Updates a second."""

SLOW = 2.0
"""Updates a second up to which each unfolds in its stages."""


class Playback:
    """A clock for the cursor; it is told the time and never asks for it.

    Attributes
    ----------
    playing
        Whether the cursor moves.
    speed
        Updates a second; infinite: with the newest update.
    stages
        How many stages of the step at the cursor are shown.
    """

    def __init__(self) -> None:
        self.playing = False
        self.speed = USUAL_SPEED
        self.stages = len(STAGES)
        self._position = 0.0
        self._last_time = 0.0
        self._stop_at: int | None = None

    def begin(self, now: float, cursor: int, stop_at: int | None = None) -> None:
        """Let the cursor move from where it stands, to update `stop_at` or to the end; `now` in seconds."""
        self.playing = True
        over = 1 if self.speed <= SLOW else 0  # what is shown whole need not unfold again
        cursor += over
        self._position, self._last_time, self._stop_at = float(cursor), now, stop_at

    def end(self) -> None:
        """Let the cursor rest, its step whole."""
        self.playing = False
        self.stages = len(STAGES)

    def set_speed(self, updates_per_second: float, cursor: int) -> None:
        """Go on from the cursor at another speed."""
        self.speed, self._position = updates_per_second, float(cursor)

    def at(self, now: float, reached: int, complete: bool) -> int:
        """Return where the cursor stands now.

        Parameters
        ----------
        now
            The time in seconds, of any clock that only rises.
        reached, complete
            The last update that there is, and whether there will be no more.
        """
        elapsed, self._last_time = now - self._last_time, now
        position = math.inf if math.isinf(self.speed) else self._position + self.speed * elapsed
        last = reached if self._stop_at is None else min(reached, self._stop_at)
        over = 1.0 if self.speed <= SLOW else 0.0  # played slowly, the last update unfolds too
        self._position = min(position, last + over)
        cursor = min(int(self._position), last)
        if self.speed <= SLOW:
            self.stages = min(1 + int((self._position - cursor) * len(STAGES)), len(STAGES))
        else:
            self.stages = len(STAGES)
        if complete and self._position >= last + over:
            self.end()
        return cursor
