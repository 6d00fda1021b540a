"""Undo leads back to the exact experiment and the exact picture, whatever was done."""

import random

import numpy as np
import pytest
from PySide6.QtTest import QTest

from gdviz.app.model.edits import ChooseRule, ChooseSchedule, SetHyperparameter, SetRun
from gdviz.objectives import OBJECTIVES
from gdviz.optimizers import OPTIMIZERS, lecture_values, paper_values
from gdviz.training import SCHEDULES, STRATEGIES
from tests.app.driving import pixels, settle

pytestmark = pytest.mark.once

EDITS = 200


def next_edit(window, dice):
    """What a hand might do next, as calls that the controls lead to."""
    edits, controller, for_all = window.edits, window.controller, dice.choice([True, False])

    def common(name, value):
        edits.apply(ChooseSchedule(value, for_all) if name == "schedule" else SetRun(name, value, for_all))

    run = controller.experiment.runs[controller.selected]
    return dice.choice(
        [
            lambda: edits.choose_objective(dice.choice(OBJECTIVES).name),
            lambda: edits.apply(ChooseRule(dice.choice(OPTIMIZERS).name)),
            lambda: edits.apply(SetHyperparameter("eta", run.optimizer.eta * dice.uniform(0.2, 1.5))),
            lambda: common("schedule", dice.choice(SCHEDULES).name),
            lambda: common("reduction", dice.choice(["lecture", "sum", "mean"])),
            lambda: common("epochs", dice.randint(5, 60)),
            lambda: common("seed", dice.randint(0, 9)),
            lambda: common("sampling", dice.choice(STRATEGIES)()),
            lambda: common("start", (dice.uniform(-2, 2), dice.uniform(-2, 2))),
            edits.add_run if len(controller.experiment.runs) < 9 else edits.lecture_six,
            lambda: edits.remove_run(dice.randrange(len(controller.experiment.runs))),
            lambda: edits.move_run(dice.choice([-1, 1])),
            lambda: edits.rename_run(0, dice.choice(["first", "", "a run"])),
            lambda: edits.hide_run(dice.randrange(len(controller.experiment.runs))),
            edits.recolour_run,
            edits.solo,
            window.action("fork").trigger,
            lambda: edits.take_defaults(dice.choice([lecture_values, paper_values])),
            lambda: window.sessions.show_lesson(dice.randrange(10)),
        ]
    )


def picture(window, spin):
    """The contour with its paths once all is computed, at the last update and in a box of its own."""
    controller = window.controller
    window.say("")
    spin(lambda: controller.complete and controller.settled)
    window.controller.fit()
    controller.move_to(controller.reached)
    settle(window)
    contour = window.board.contour
    spin(lambda: contour.terrain is not None and np.allclose(contour.terrain.box, contour.box()))
    seen = pixels(contour)
    for _ in range(40):  # a finer surface may follow a first one
        QTest.qWait(60)
        if (pixels(contour) == seen).all():
            return seen
        seen = pixels(contour)
    raise AssertionError("the picture does not settle")


def test_undo_restores_each_of_200_random_edits(window, spin):
    dice, controller = random.Random(4), window.controller
    refusals = []
    window.edits.refused.connect(lambda *reasons: refusals.append(reasons))
    done = 0
    while done < EDITS:
        if done % 20 == 0:
            seen = picture(window, spin)
        before = controller.experiment
        controller.document._key = None  # each is an edit of its own, however fast it follows
        refusals.clear()
        next_edit(window, dice)()
        assert not refusals or controller.experiment == before
        if controller.experiment == before:
            continue
        after = controller.experiment
        controller.document.undo()
        assert controller.experiment == before
        if done % 20 == 0:
            np.testing.assert_array_equal(picture(window, spin), seen)
        controller.document.redo()
        assert controller.experiment == after
        done += 1
    for _ in range(EDITS):
        controller.document.undo()
    assert not controller.document.can_undo
    assert controller.experiment.names == ("gd", "momentum", "nag", "adagrad", "rmsprop", "adam")


@pytest.mark.parametrize("edits_made", [12])
def test_undo_all_the_way_restores_the_first_picture(window, spin, edits_made):
    dice = random.Random(9)
    first, seen = window.controller.experiment, picture(window, spin)
    for _ in range(edits_made):
        window.controller.document._key = None
        next_edit(window, dice)()
        QTest.qWait(30)
    assert window.controller.experiment != first
    while window.controller.document.can_undo:
        window.action("undo").trigger()
    assert window.controller.experiment == first
    np.testing.assert_array_equal(picture(window, spin), seen)
