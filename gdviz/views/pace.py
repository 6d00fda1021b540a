"""How often a view looks into a large network: passing all samples through it takes longer than a frame may."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdviz.scene.frame import Frame

__all__ = ["Pace"]

LARGE, EVERY = 200_000, 0.5
"""The number of parameters from which on a network is large, and the seconds between two looks into it."""


class Pace:
    """Says which frame a view paints on the screen: the newest, or of a large network one of half a second ago.

    Parameters
    ----------
    view
        The view; it is painted again as soon as the newest frame may be.
    """

    def __init__(self, view: QWidget) -> None:
        self._last: Frame | None = None
        self._last_time = 0.0
        self._later = QTimer(view, singleShot=True)
        self._later.timeout.connect(view.viewport().update if hasattr(view, "viewport") else view.update)

    def saw(self, frame: Frame | None) -> None:
        """Take note of a frame that was painted, whether or not it had to be."""
        if frame is not self._last:
            self._last, self._last_time = frame, time.monotonic()

    def frame(self, newest: Frame | None) -> Frame | None:
        """Return the frame to paint now."""
        last = self._last
        is_other = last is None or newest is None or newest is last or last.objective is not newest.objective
        is_small = newest is None or newest.objective.size <= LARGE
        wait = 0.0 if is_other or is_small else self._last_time + EVERY - time.monotonic()
        if wait <= 0:
            self.saw(newest)
            return newest
        if not self._later.isActive():
            self._later.start(round(1000 * wait) + 1)
        return last
