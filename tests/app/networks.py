"""A small race of networks, and a window that has computed and painted all of it."""

import gdviz
from gdviz.objectives import Network
from gdviz.training import Experiment, MiniBatch
from tests.app.driving import wait

MOONS = Network.on(Network.load("moons"), layers="2-6-2", init_seed=3)


def race(network=MOONS, **common):
    rules = [gdviz.GradientDescent(0.5), gdviz.Adam(0.05)]
    return Experiment.race(network, rules, **{"sampling": MiniBatch(64, shuffle=True), "epochs": 12, **common})


def settle(window):
    """Wait until all is computed and painted."""
    for _ in range(6000):
        wait(0.005)
        if window.controller.complete and window.controller.settled and window.board.contour.terrain is not None:
            return
    raise AssertionError("the window does not settle")
