"""Timers that belong to an object and end with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["make_timer"]


def make_timer(parent: QObject, milliseconds: int, timeout: Callable[[], object], once: bool = False) -> QTimer:
    """Return a timer that is not started yet.

    Parameters
    ----------
    parent
        What it ends with.
    milliseconds
        The time until `timeout` is called.
    timeout
        What is called: a method of `parent`.
    once
        Whether it stops then; otherwise it goes on until it is stopped.
    """
    timer = QTimer(parent)
    timer.setInterval(milliseconds)
    timer.setSingleShot(once)
    timer.timeout.connect(timeout)
    return timer
