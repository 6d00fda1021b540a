"""Hundreds of switches at random while the race plays: nothing is left behind, and memory does not grow."""

import gc
import random

import pytest
from PySide6.QtCore import QEvent, QThread
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from gdviz.objectives import OBJECTIVES
from gdviz.optimizers import OPTIMIZERS
from tests import memory
from tests.app.driving import choose

SWITCHES = 500
KINDS = {
    "objective": [cls.name for cls in OBJECTIVES],
    "data": ["lecture", "oring", "sparse"],
    "optimizer": [cls.name for cls in OPTIMIZERS],
}


def switch(window, dice):
    """Switch objective, data or optimizer as a hand does, and look at another run or update now and then."""
    kind = dice.choice(list(KINDS))
    if kind == "data" and not window.panel.data.isEnabled():
        kind = "objective"
    choose(window, kind, dice.choice(KINDS[kind]))
    if dice.random() < 0.3:
        window.document.select(dice.randrange(6))
    if dice.random() < 0.1:
        window.controller.move_to(dice.randrange(300))
    window.controller.play()


def widgets(window, qapp):
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    return len(window.findChildren(QWidget)), len(qapp.topLevelWidgets()), len(window.findChildren(QThread))


@pytest.mark.once
def test_500_switches_under_play(window, qapp, spin):
    dice = random.Random(2)
    window.document.look(speed=1000)
    window.document.look(fan=True)
    for kind in KINDS:  # every face of the window is seen once before anything is counted
        for name in KINDS[kind]:
            if kind != "data" or window.panel.data.isEnabled():
                choose(window, kind, name)
                QTest.qWait(5)
        choose(window, "objective", "neuron")
    measured, counted = [], []
    for done in range(SWITCHES + 1):
        if done % 100 == 0:
            choose(window, "objective", "booth")
            choose(window, "objective", "neuron")
            choose(window, "optimizer", "adam")
            window.controller.pause()
            spin(lambda: window.controller.complete and window.controller.settled, 60)
            counted.append(widgets(window, qapp))
            measured.append(memory.now())
        switch(window, dice)
        QTest.qWait(dice.choice([0, 1, 20]))
    assert len(set(counted[1:])) == 1, counted
    assert measured[-1] <= 1.05 * measured[1], measured
