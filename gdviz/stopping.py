"""Signals that ask the program to end: they interrupt the work, which cleans up on its way out."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = ["Stopped", "check_stopped", "is_stopped", "noted", "stoppable", "unbroken"]

SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
_arrivals: list[int] = []
"""The signals that have arrived since the outermost :func:`stoppable` began."""


class Stopped(KeyboardInterrupt):
    """Raised where a signal interrupts the work; `number` is the signal's number."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def stoppable() -> Iterator[None]:
    """Let signals interrupt the block with :class:`Stopped`; signals that the caller ignores stay ignored."""
    _arrivals.clear()
    try:
        with _on_signal(_break_off):
            yield
            check_stopped()  # Qt prints an exception that is raised while it paints, and goes on
    finally:
        _arrivals.clear()


@contextmanager
def unbroken() -> Iterator[None]:
    """Delay signals in this block, where Qt paints, until the next :func:`check_stopped`."""
    check_stopped()
    with _on_signal(_arrivals.append):
        yield
    check_stopped()


@contextmanager
def noted() -> Iterator[Sequence[int]]:
    """Collect the signals that arrive in this block, which must handle them itself; yield the growing list of them."""
    signals = _arrivals.copy()
    _arrivals.clear()
    with _on_signal(signals.append):
        yield signals


def is_stopped() -> bool:
    """Return whether a signal has arrived for which the next :func:`check_stopped` will raise."""
    return bool(_arrivals)


def check_stopped() -> None:
    """Raise :class:`Stopped` if a signal has arrived."""
    if _arrivals:
        raise Stopped(_arrivals[0])


@contextmanager
def _on_signal(handle: Callable[[int], object]) -> Iterator[None]:
    """Call `handle` with the number of each signal that arrives in this block; only the main thread gets them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    numbers = [number for number, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    for number in numbers:
        signal.signal(number, lambda number, _: handle(number))
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, before[number])


def _break_off(number: int) -> NoReturn:
    _arrivals.append(number)
    raise Stopped(number)
