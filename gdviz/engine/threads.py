"""Work that does not hold the interpreter, shared between the processor's cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["share", "threads_for"]

Item = TypeVar("Item")
Made = TypeVar("Made")
MUCH = 1e7
"""Nanoseconds of work from which on it pays: to wake a core that has nothing to do takes about as long."""


def threads_for(nanoseconds: float) -> int:
    """Return how many threads are worth while for so much work."""
    return (os.cpu_count() or 1) if nanoseconds > MUCH else 1


def share(function: Callable[[Item], Made], items: Sequence[Item], threads: int) -> list[Made]:
    """Return what the function makes of each item; whichever thread is free, the caller's too, takes the next.

    Nobody waits for a helper that has not begun: others may keep the pool busy for long.
    """
    if min(threads, len(items)) < 2:
        return [function(item) for item in items]
    made: dict[int, Made] = {}
    left = iter(range(len(items)))

    def work() -> None:
        for i in left:
            made[i] = function(items[i])

    helpers = [_pool().submit(work) for _ in range(threads - 1)]
    try:
        work()
    finally:
        begun = [helper for helper in helpers if not helper.cancel()]
        wait(begun)
    for helper in begun:
        helper.result()
    return [made[i] for i in range(len(items))]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max((os.cpu_count() or 1) - 1, 1), "gdviz-engine")
