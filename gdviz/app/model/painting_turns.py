"""Frames handed on to the views one by one, so that no drawing keeps the window from answering for long.

All views together take longer to paint than a hand on the mouse should wait. Here each is painted in a turn of the
event loop of its own; between two turns the window reacts to what came in. A frame that arrives meanwhile replaces
the one that is being handed on, so that there is never a queue.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

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

    def __init__(self, receivers: Sequence[Receiver]) -> None:
        super().__init__()
        self._receivers = tuple(receivers)
        self._waiting: list[Receiver] = []
        self._frame: Frame | None = None
        self._is_newer = False
        self._is_stopped = False
        self._turns = QTimer(self, interval=0, timeout=self._next)

    def send(self, frame: Frame) -> None:
        """Let every view draw the frame, soon."""
        if self._is_stopped:
            return
        self._frame = frame
        self._is_newer = bool(self._waiting)
        if not self._waiting:
            self._waiting = list(self._receivers)
            self._turns.start()

    def stop(self) -> None:
        """Hand nothing on from now on."""
        self._is_stopped = True
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
        if self._waiting or self._is_stopped:
            return
        self._turns.stop()
        if self._is_newer:
            self.send(self._frame)
        else:
            self.drawn.emit()
