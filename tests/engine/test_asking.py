"""Whoever asks for a loop, from whichever thread, gets the same one, and waits only where he wants to."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import numpy as np
import pytest

import gdviz
from gdviz.engine import is_compiled, is_prepared, prepare
from gdviz.engine.library import Loop, gradient_loop, lanes_loop, update_loop
from gdviz.training import Point
from tests.engine import outsiders
from tests.engine.outsiders import NEURON


def test_everybody_who_asks_at_once_gets_the_same_loop():
    """Were it another, what one thread prepared the others would not see."""
    pytest.importorskip("numba")

    class Slow(gdviz.GradientDescent):
        @classmethod
        def params(cls):
            time.sleep(0.1)
            return super().params()

    together = Barrier(8)

    def ask(_):
        together.wait(10)
        loop = update_loop(Slow)
        return loop, loop.get()

    with ThreadPoolExecutor(8) as pool:
        loops, compiled = zip(*pool.map(ask, range(8)), strict=True)
    assert compiled[0] is not None and len({id(one) for one in compiled}) == 1
    assert len({id(loop) for loop in loops}) == 1 and loops[0] is update_loop(Slow)


def test_who_does_not_want_to_wait_does_not_wait_for_others_either():
    """A window asks what is there while another thread compiles something else."""
    begun, go_on = Event(), Event()

    class Long(Loop):
        def _compile(self):
            begun.set()
            go_on.wait(30)

    class Another(gdviz.GradientDescent):
        name = "another"

        @staticmethod
        def rule(g, t, eta):
            return 2 * eta * g, (), ()

    run = gdviz.Run(outsiders.Line(), Another(), updates=5)
    with ThreadPoolExecutor(2) as pool:
        compiling = pool.submit(Long("kernels.none").get)
        try:
            assert begun.wait(10)
            asking = pool.submit(lambda: (is_prepared(run), is_compiled(run), update_loop(Another).get(wait=False)))
            assert asking.result(3)[1:] == (False, None)
        finally:
            go_on.set()
        assert compiling.result(10) is None


def test_many_threads_compile_different_loops_at_once():
    pytest.importorskip("numba")
    runs = [gdviz.Run(surface, gdviz.Momentum(0.001), updates=30) for surface in (outsiders.Bowl(), gdviz.Booth())]
    with ThreadPoolExecutor(8) as pool:
        trajectories = list(pool.map(gdviz.train, runs * 4))
    assert all(is_compiled(run) for run in runs)
    for i, trajectory in enumerate(trajectories):
        np.testing.assert_array_equal(trajectory.params, trajectories[i % 2].params)


def test_who_does_not_wait_gets_what_is_there():
    pytest.importorskip("numba")

    class Fresh(gdviz.GradientDescent):
        name = "fresh"

        @staticmethod
        def rule(g, t, eta):
            return eta * g, (), ()

    run = gdviz.Run(NEURON, Fresh(), updates=20)
    assert not is_prepared(run) and update_loop(Fresh).get(wait=False) is None
    (chunk,) = gdviz.engine.advance([run], [Point.start(run)])
    assert len(chunk.params) == 20 and not is_prepared(run)
    prepare(run)
    assert update_loop(Fresh).get(wait=False) is update_loop(Fresh).get()
    assert lanes_loop(Fresh, False) is not lanes_loop(Fresh, True)
    assert gradient_loop(NEURON) is gradient_loop(gdviz.SigmoidNeuron([0.0], [1.0]))
