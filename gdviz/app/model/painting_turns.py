"""Frames handed on to the views one by one, so that no drawing keeps the window from answering for long.

All views together take longer to paint than a hand on the mouse should wait. Here each is painted in a turn of the
event loop of its own; between two turns the window reacts to what came in. A frame that arrives meanwhile replaces
the one that is being handed on, so that there is never a queue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from gdviz.app.model.timers import make_timer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.scene.frame import Frame

__all__ = ["PaintingTurns"]


class Receiver(Protocol):
    """What draws frames."""

    def show_frame(self, frame: Frame) -> None:
        """Draw the frame from now on."""


class PaintingTurns(QObject):
    """Hands frames on.

    Signals
    -------
    drawn()
        Every view has painted the newest frame.
    """

    drawn = Signal()

    def __init__(self, receivers: Sequence[Receiver], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._receivers = tuple(receivers)
        self._waiting: list[Receiver] = []
        self._frame: Frame | None = None
        """The newest frame."""
        self._first: Frame | None = None
        """The frame that the first view has drawn."""
        self._turns = make_timer(self, 0, self._next)

    def add_receivers(self, receivers: Sequence[Receiver]) -> None:
        """Hand frames to more views from now on, and the newest one at once."""
        self._receivers = (*self._receivers, *receivers)
        if self._frame is not None and receivers:
            self._waiting += receivers
            self._turns.start()

    def send(self, frame: Frame) -> None:
        """Let every view draw the frame, soon."""
        self._frame = frame
        if not self._waiting and self._receivers:
            self._first, self._waiting = frame, list(self._receivers)
            self._turns.start()

    def stop(self) -> None:
        """Hand nothing on from now on."""
        self._receivers = ()
        self._turns.stop()
        self._waiting = []

    def _next(self) -> None:
        assert self._frame is not None
        try:
            self._hand_to(self._waiting.pop(0))
        finally:  # a view that fails must not stop the others
            self._go_on()

    def _hand_to(self, receiver: Receiver) -> None:
        assert self._frame is not None
        receiver.show_frame(self._frame)
        if isinstance(receiver, QAbstractScrollArea):
            receiver.viewport().repaint()
        elif isinstance(receiver, QWidget):
            receiver.repaint()

    def _go_on(self) -> None:
        assert self._frame is not None
        if self._waiting or not self._receivers:
            return
        self._turns.stop()
        if self._frame is self._first:
            self.drawn.emit()
        else:
            self.send(self._frame)
