"""Signals that ask the program to end: work is broken off, and what it had begun is cleaned up on the way out."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Stopped", "check_stopped", "is_stopped", "noted", "stoppable", "unbroken"]

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
_received: list[int] = []
"""The signals that came since the outermost :func:`stoppable` began."""


class Stopped(KeyboardInterrupt):
    """Raised where a signal breaks the work off; `number` tells which signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def stoppable() -> Iterator[None]:
    """Let signals break off the block with :class:`Stopped`; those that are ignored from outside stay ignored."""
    _received.clear()
    try:
        with _on_signal(_break_off):
            yield
            check_stopped()  # Qt prints an exception that rises while it paints, and goes on
    finally:
        _received.clear()


@contextmanager
def unbroken() -> Iterator[None]:
    """Let nothing be broken off in this block, where Qt paints; a signal counts at the next :func:`check_stopped`."""
    check_stopped()
    with _on_signal(_received.append):
        yield
    check_stopped()


@contextmanager
def noted() -> Iterator[Sequence[int]]:
    """Only take note of signals in this block, which answers for them; give the list of those that have come."""
    signals = _received.copy()
    _received.clear()
    with _on_signal(signals.append):
        yield signals


def is_stopped() -> bool:
    """Return whether a signal has come that counts at the next :func:`check_stopped`."""
    return bool(_received)


def check_stopped() -> None:
    """Raise :class:`Stopped` where a signal has come."""
    if _received:
        raise Stopped(_received[0])


@contextmanager
def _on_signal(handle: Callable[[int], object]) -> Iterator[None]:
    """Call `handle` with the number of each signal that comes in this block; only the main thread can hear them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    heard = [number for number, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    for number in heard:
        signal.signal(number, lambda number, _: handle(number))
    try:
        yield
    finally:
        for number in heard:
            signal.signal(number, before[number])


def _break_off(number: int) -> NoReturn:
    _received.append(number)
    raise Stopped(number)
