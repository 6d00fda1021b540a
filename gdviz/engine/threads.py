"""Distributes work that releases the interpreter lock over the processor's cores."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["share", "threads_for"]

Item = TypeVar("Item")
Result = TypeVar("Result")
MUCH = 1e7
"""Nanoseconds of work above which threads pay: waking an idle core takes about as long."""


def threads_for(nanoseconds: float) -> int:
    """Return the number of threads that is worthwhile for some nanoseconds of work."""
    return (os.cpu_count() or 1) if nanoseconds > MUCH else 1


def share(function: Callable[[Item], Result], items: Sequence[Item], threads: int) -> list[Result]:
    """Return ``function(item)`` for each item; each free thread, the caller's included, takes the next item.

    Helpers that have not started are cancelled rather than awaited: other work may occupy the pool for long.
    """
    if min(threads, len(items)) < 2:
        return [function(item) for item in items]
    results: dict[int, Result] = {}
    indices = iter(range(len(items)))

    def work() -> None:
        for i in indices:
            results[i] = function(items[i])

    helpers = [_pool().submit(work) for _ in range(threads - 1)]
    try:
        work()
    finally:
        busy = [helper for helper in helpers if not helper.cancel()]
        wait(busy)
    for helper in busy:
        helper.result()
    return [results[i] for i in range(len(items))]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max((os.cpu_count() or 1) - 1, 1), "gdviz-engine")
