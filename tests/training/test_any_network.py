"""Any network trains, on any samples: the engine makes the readable loop's numbers, and every plane a frame."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.optimizers import OPTIMIZERS
from gdviz.scene.frame import frame_at
from gdviz.scene.planes import PLANES
from gdviz.training import STRATEGIES, usual
from tests.texts.networks import networks

REDUCTIONS = ["lecture", "sum", "mean"]
pytestmark = pytest.mark.beside


@settings(max_examples=80, deadline=None)
@given(networks(), st.sampled_from(OPTIMIZERS), st.sampled_from(STRATEGIES), st.sampled_from(REDUCTIONS))
def test_the_engine_makes_the_loops_numbers(network, cls, strategy, reduction):
    run = gdviz.Run(network, usual(cls, network), sampling=strategy(), reduction=reduction, updates=7, seed=3)
    trajectory, steps = gdviz.train(run), list(gdviz.steps(run))
    assert trajectory.last == len(steps)
    for step in steps:
        np.testing.assert_array_equal(trajectory.params_at(step.update), step.params)
        np.testing.assert_array_equal(trajectory.step(step.update).step, step.step)
    if not trajectory.diverged:
        assert np.isfinite(trajectory.error).all() and np.isfinite(trajectory.scores).all()


@settings(max_examples=40, deadline=None)
@given(networks(), st.sampled_from(PLANES))
def test_any_plane_through_it_makes_a_frame(network, cut):
    experiment = gdviz.lecture_race(network, epochs=4)
    trajectories = gdviz.engine.train_all(experiment.runs)
    plane = None if network.size == 2 else cut().plane(network, trajectories, 1, 3)
    frame = frame_at(experiment, trajectories, 3, 1, plane=plane)
    assert frame.selected_run.path.shape == (frame.selected_run.update + 1, 2)
    assert frame.working and len(frame.names) == 2
    assert all(mark.at.shape == mark.vector.shape == (2,) for mark in frame.anatomy.marks)
    if plane is not None:
        assert 0 <= frame.off_plane.share <= 1
        a, b = (np.linspace(low, high, 5) for low, high in plane.box)
        values = gdviz.error_grid(plane, a, b)
        truth = plane.grid(a, b)
        np.testing.assert_allclose(values, truth, rtol=0, atol=1e-6 * np.abs(truth).max())
