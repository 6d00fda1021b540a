"""Going from moment to moment, and forking, by the keys alone."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton

import gdviz
from gdviz.app.model.edits import SetRun
from gdviz.explaining import moments as m
from gdviz.training import Experiment
from tests.app.driving import choose, has_color, press, settle

KEY = Qt.Key


@pytest.fixture
def swinging(open_window, spin):
    """Momentum in a ravine, and gradient descent beside it."""
    runs = [gdviz.Momentum(0.05), gdviz.GradientDescent(0.05)]
    window = open_window(Experiment.race(gdviz.Ravine(steepness=30.0), runs, updates=400))
    spin(lambda: window.controller.complete and window.controller.settled and window.board.surface.has_terrain)
    return window


def test_keys_lead_from_turn_to_turn_and_overshoot_to_overshoot(swinging):
    trajectory = swinging.controller.trajectories[0]
    for key, find in ((KEY.Key_U, m.next_turn), (KEY.Key_O, m.next_overshoot)):
        press(swinging, KEY.Key_Home)
        at = 0
        for _ in range(4):
            at = find(trajectory, at)
            press(swinging, key)
            assert swinging.controller.cursor == at
    press(swinging, KEY.Key_End)
    press(swinging, KEY.Key_U)
    assert swinging.controller.cursor == 400  # there is no other: nothing happens


def test_a_key_leads_to_the_end_of_the_epoch(open_window, spin):
    oring = gdviz.SigmoidNeuron.on(gdviz.load_data("oring").standardized())
    window = open_window(gdviz.lecture_race(oring, sampling=gdviz.MiniBatch(10), epochs=5))
    spin(lambda: window.controller.complete)
    for at in (3, 6, 9):
        press(window, KEY.Key_E)
        assert window.controller.cursor == at


def test_it_runs_until_all_have_come_to_rest(swinging, spin):
    stop = max(m.converged_at(trajectory) for trajectory in swinging.controller.trajectories)
    assert 50 < stop < 400
    swinging.document.look(speed=3000)
    for _ in range(2):  # from the start, and once more from where it stands
        press(swinging, KEY.Key_C)
        assert swinging.controller.playing
        spin(lambda: not swinging.controller.playing)
        assert swinging.controller.cursor == stop
    press(swinging, KEY.Key_Space)
    spin(lambda: swinging.controller.cursor > stop)  # it does not stop there for ever


def test_a_fork_goes_its_own_way_from_where_it_was_made(window, spin):
    controller = window.controller
    controller.document.select(1)
    controller.move_to(37)
    press(window, KEY.Key_K)
    spin(lambda: controller.complete)
    assert len(controller.experiment.runs) == 7 and controller.selected == 2 and controller.cursor == 37
    assert window.panel.runs.item(2).text().endswith(", from 37")
    old, new = controller.trajectories[1:3]
    np.testing.assert_array_equal(old.params, new.params)
    slider = window.panel.hyperparameters.fields["eta"].slider
    slider.setValue(slider.value() - 300)
    spin(lambda: controller.complete and controller.settled)
    old, new = controller.trajectories[1:3]
    np.testing.assert_array_equal(old.params[:38], new.params[:38])
    assert abs(old.params[60] - new.params[60]).max() > 1e-3
    controller.move_to(60)
    settle(window)
    assert has_color(window.board.contour, window.theme.run(2).color) > 60
    controller.document.undo()
    controller.document.undo()
    spin(lambda: controller.complete)
    assert len(controller.experiment.runs) == 6


def test_at_the_start_there_is_nothing_to_fork(window):
    press(window, KEY.Key_K)
    assert len(window.controller.experiment.runs) == 6


def test_a_fork_is_made_by_a_button_too_and_follows_the_common_settings(window, spin):
    window.controller.move_to(20)
    button = next(b for b in window.timeline.findChildren(QToolButton) if b.defaultAction() is window.action("fork"))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    window.edits.apply(SetRun("start", (1.0, 1.0)))
    spin(lambda: window.controller.complete)
    assert {run.start for run in window.controller.experiment.runs} == {(1.0, 1.0)}
    choose(window, "objective", "booth")
    spin(lambda: window.controller.complete)
    assert all(run.fork is None for run in window.controller.experiment.runs)


def test_another_rule_for_a_fork_is_refused_beside_the_list(window, spin):
    window.controller.move_to(20)
    press(window, KEY.Key_K)
    choose(window, "optimizer", "adam")
    assert "keeps its rule" in window.panel.run_problem.text()
    assert window.panel.optimizer.currentData() == "gd"
    window.document.select(0)
    assert window.panel.run_problem.text() == ""


def test_letters_that_are_shortcuts_can_be_typed_into_a_number(window, spin):
    edit = window.findChild(QLineEdit, "eta_edit")
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "1e-3")
    QTest.keyClick(edit, KEY.Key_Return)
    assert window.controller.experiment.runs[0].optimizer.eta == 1e-3
    assert window.controller.cursor == 0 and len(window.controller.experiment.runs) == 6
