"""The shares of a step are the lengths of what moves the run, and add up to 100 as they are printed."""

import numpy as np
import pytest

import gdviz
from gdviz.explaining.parts import shares_of
from gdviz.objectives import SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import usual
from tests.explaining.pieces import DECAY, VELOCITY, pieces

LECTURE = SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
every_optimizer = pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)


@every_optimizer
def test_the_shares_are_the_lengths_of_the_parts_and_add_up_to_100(cls):
    run = gdviz.Run(LECTURE, usual(cls, LECTURE), updates=60)
    for step in gdviz.steps(run):
        shares, parts = shares_of(step), pieces(step)
        assert sum(share.percent for share in shares) == 100
        lengths = {name: np.linalg.norm(piece) for name, piece in parts.items() if np.any(piece)}
        assert {share.word for share in shares} == set(lengths)
        for share in shares:
            assert share.percent == pytest.approx(100 * lengths[share.word] / sum(lengths.values()), abs=1.0)
            assert share.stage == ("gradient" if "gradient" in share.word.split()[0] else "memory")


def test_percents_add_up_where_rounding_would_not():
    step = next(gdviz.steps(gdviz.Run(gdviz.Booth(), gdviz.AdamW(0.3, weight_decay=0.9), (8, 8), updates=9)))
    assert sum(share.percent for share in shares_of(step)) == 100


def test_a_run_that_does_not_move_has_no_shares():
    step = next(gdviz.steps(gdviz.Run(gdviz.Saddle(), gdviz.GradientDescent(0.1), (0.0, 0.0), updates=3)))
    assert shares_of(step) == ()


def test_decay_beside_the_rule_is_a_part_of_its_own():
    network = gdviz.Network.on(gdviz.Network.load("moons"), layers="2-4-2", l2=0.01, decoupled=True)
    steps = list(gdviz.steps(gdviz.Run(network, gdviz.Momentum(0.1), updates=3)))
    assert [share.word for share in shares_of(steps[-1])] == [DECAY, VELOCITY, "gradient"]
