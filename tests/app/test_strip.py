"""The legend of the window: which run is which, its error now, and what a click does."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import gdviz
from gdviz.views.theme import DARK
from tests.app.driving import has_color, press, settle

pytestmark = pytest.mark.beside


def click(window, index, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.mouseClick(window.strip, Qt.MouseButton.LeftButton, modifier, window.strip.places()[index].center().toPoint())
    settle(window)


def test_it_says_each_runs_error_at_the_cursor(window):
    window.controller.move_to(40)
    settle(window)
    errors = [float(trajectory.error_at(np.array([40]))[0]) for trajectory in window.controller.trajectories]
    texts = [entry.result.replace("−", "-").replace("×10", "e").translate(SUPERSCRIPT) for entry in entries(window)]
    said = [float(text) for text in texts]
    np.testing.assert_allclose(said, errors, rtol=1e-3)
    assert [entry.title for entry in entries(window)] == list(window.controller.experiment.titles)
    assert [entry.is_best for entry in entries(window)] == [error == min(errors) for error in errors]


SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def entries(window):
    return window.strip.entries


@pytest.mark.parametrize("width", [120, 330, 520, 700, 1200])
@pytest.mark.parametrize("runs", [1, 6, 14, 40])
def test_cards_lie_side_by_side_inside_the_strip(window, runs, width):
    race = window.controller.experiment
    while len(race.runs) < runs:
        race = race.with_added(len(race.runs), race.runs[0])
    race = gdviz.Experiment(race.runs[:runs], race.looks[:runs])
    window.strip.show_experiment(race, 0)
    window.strip.resize(width, 46)
    places = window.strip.places()
    assert places and all(0 <= place.left() and place.right() <= width for place in places)
    for one, other in itertools.pairwise(places):
        assert one.right() <= other.left()
    assert len(places) == runs or width < 1200 or runs > 36


def test_nothing_moves_while_numbers_change(window):
    window.controller.move_to(0)
    settle(window)
    before = window.strip.places()
    for update in (3, 57, 300):
        window.controller.move_to(update)
        settle(window)
        assert window.strip.places() == before


def test_a_click_selects_ctrl_hides_and_a_double_click_shows_one_alone(window):
    click(window, 3)
    assert window.document.selected == 3 and entries(window)[3].is_selected
    click(window, 1, Qt.KeyboardModifier.ControlModifier)
    assert window.controller.experiment.looks[1].hidden and entries(window)[1].is_hidden
    click(window, 1, Qt.KeyboardModifier.ControlModifier)
    assert not window.controller.experiment.looks[1].hidden
    QTest.mouseDClick(
        window.strip,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        window.strip.places()[2].center().toPoint(),
    )
    settle(window)
    assert [look.hidden for look in window.controller.experiment.looks] == [i != 2 for i in range(6)]


def test_a_run_that_diverges_says_so(open_window):
    window = open_window(
        gdviz.Experiment.race(gdviz.Rosenbrock(), [gdviz.GradientDescent(1.0), gdviz.Adam(0.01)], updates=50)
    )
    settle(window)
    window.controller.move_to(50)
    settle(window)
    assert "diverge" in entries(window)[0].result and entries(window)[1].is_best


def test_every_run_is_seen_in_its_colour_in_both_themes(window):
    for _ in range(2):
        for index in range(6):
            assert has_color(window.strip, window.theme.run(index).color, 24) > 20, index
        press(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        settle(window)
    window.set_theme(DARK)
    assert "Momentum" in window.strip.accessibleDescription() and window.strip.accessibleName()
