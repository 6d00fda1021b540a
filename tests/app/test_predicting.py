"""Predict, then reveal: a click says where the next step leads, and the program says how near that came."""

import math
import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

import gdviz
from gdviz.explaining.guess import Guess
from tests.app.driving import has_color, press, settle

KEY = Qt.Key


def click(window, point):
    contour = window.board.contour
    x, y = contour.to_pixels(np.array([point], float))[0]
    QTest.mouseClick(contour.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))


def asked(window):
    """Where the step begins that is asked for, its displacement, and by how much it is to be magnified."""
    trajectory = window.controller.trajectories[window.controller.selected]
    at = window.controller.cursor
    factor = re.search(r"drawn (\S+) times", window.hint.text())
    (move,) = np.diff(trajectory.params[at : at + 2], axis=0)
    return trajectory.params[at], move, float(factor[1]) if factor else 1.0


def test_who_draws_the_step_as_it_is_is_told_so_and_goes_on(window):
    window.document.select(4)
    window.controller.move_to(3)
    settle(window)
    press(window, KEY.Key_P)
    for update in (4, 5, 6):
        assert f"where update {update} of RMSProp leads" in window.hint.text() and window.hint.isVisible()
        before, move, factor = asked(window)
        click(window, before + factor * move)
        settle(window)
        assert window.controller.cursor == update
        assert "Well seen" in window.hint.text() and "as long" in window.hint.text()
        assert has_color(window.board.contour, window.theme.accent) > 15
    assert "On average" in window.hint.text()
    assert window.controller.experiment.runs[0].start == (-2, -2)  # the clicks did not move the start
    press(window, KEY.Key_P)
    click(window, (1.0, 1.0))
    assert window.controller.experiment.runs[0].start != (-2, -2)


def test_who_draws_it_across_is_told_by_how_much(window):
    window.document.select(0)
    window.controller.move_to(30)
    settle(window)
    press(window, KEY.Key_P)
    before, move, factor = asked(window)
    click(window, before + 0.5 * factor * np.array([-move[1], move[0]]))
    assert "Not quite" in window.hint.text()
    degrees = float(re.search(r"(\d+)° off", window.hint.text())[1])
    assert 70 <= degrees <= 110
    assert float(re.search(r"and (\S+) times as long", window.hint.text())[1]) == pytest.approx(0.5, abs=0.15)


def test_what_was_asked_for_must_still_be_next(window):
    window.controller.move_to(10)
    press(window, KEY.Key_P)
    window.controller.move_to(50)
    settle(window)
    click(window, (0.0, 0.0))
    assert window.controller.cursor == 50 and "meanwhile" in window.hint.text() and "update 51" in window.hint.text()


def test_at_the_end_nothing_is_asked(window):
    window.controller.move_to(300)
    press(window, KEY.Key_P)
    assert "Click" not in window.hint.text()


@pytest.mark.parametrize(
    ("vector", "angle", "ratio"),
    [((1, 0), 0, 1), ((0, 2), 90, 2), ((-3, 0), 180, 3), ((1, 1), 45, math.sqrt(2)), ((0, 0), math.nan, 0)],
)
def test_angle_and_length_are_those_of_the_plane(vector, angle, ratio):
    step = next(gdviz.steps(gdviz.Run(gdviz.Ravine(steepness=1.0), gdviz.GradientDescent(0.5), (-2.0, 0.0), updates=1)))
    np.testing.assert_allclose(-step.step, (1, 0))
    guess = Guess(step, np.array(vector, float))
    assert guess.angle == pytest.approx(angle, nan_ok=True) and guess.ratio == pytest.approx(ratio)
    assert guess.sentence.endswith(".")
