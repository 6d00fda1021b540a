"""Work is shared, in order, and nobody waits for a helper that never began."""

import threading
import time

import pytest

from gdviz.engine import threads


def test_every_item_is_made_once_and_in_order():
    made = threads.share(lambda item: (item, time.sleep(0.001))[0], range(40), 2)
    assert made == list(range(40))


def test_who_shares_does_not_wait_for_a_busy_pool():
    begun, go_on = threading.Event(), threading.Event()
    pool = threads._pool()
    busy = [pool.submit(lambda: (begun.set(), go_on.wait(30))) for _ in range(pool._max_workers)]
    try:
        assert begun.wait(10)
        began = time.monotonic()
        assert threads.share(lambda item: 2 * item, range(5), 2) == [0, 2, 4, 6, 8]
        assert time.monotonic() - began < 5
    finally:
        go_on.set()
    for one in busy:
        one.result(10)


def test_an_error_of_any_item_is_raised():
    def make(item):
        time.sleep(0.002)
        if item == 7:
            raise KeyError(item)
        return item

    with pytest.raises(KeyError):
        threads.share(make, range(20), 2)
