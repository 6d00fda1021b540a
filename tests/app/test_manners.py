"""What belongs to the window's good manners: a list to add from, views that come back, speeds for slow readers."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

import gdviz
from gdviz.app.model.edits import SetRun
from gdviz.app.model.playback import Playback
from gdviz.files import read_session, write_session
from gdviz.optimizers import OPTIMIZERS
from gdviz.scene.planes import Principal, TwoWeights
from gdviz.views.camera import Camera
from tests.app import networks
from tests.app.driving import has_color, press, rest, settle
from tests.app.test_predicting import asked, click

pytestmark = pytest.mark.beside

KEY = Qt.Key


def test_add_opens_the_list_of_rules_and_what_is_chosen_races(window, spin):
    window.document.select(2)
    window.edits.apply(SetRun("start", (1.0, -1.0)))
    window.panel.add_run.click()
    rules = window.panel.rules
    assert rules.isVisible() and [action.text() for action in rules.actions()] == [cls.label for cls in OPTIMIZERS]
    assert len(window.controller.experiment.runs) == 6
    lion = [cls.name for cls in OPTIMIZERS].index("lion")
    for _ in range(lion + 1):
        QTest.keyClick(rules, KEY.Key_Down)
    QTest.keyClick(rules, KEY.Key_Return)
    assert not rules.isVisible()
    runs = window.controller.experiment.runs
    assert len(runs) == 7 and window.controller.selected == 3
    assert runs[3].optimizer.name == "lion" and runs[3].start == (1.0, -1.0)
    press(window, KEY.Key_D)
    assert window.controller.experiment.runs[4] == runs[3]


@pytest.mark.parametrize("end", ["P", "another session", "the last update"])
def test_the_arrow_of_a_prediction_goes_when_it_ends(window, end):
    window.document.select(4)
    window.controller.move_to(299 if end == "the last update" else 3)
    settle(window)
    press(window, KEY.Key_P)
    before, move, factor = asked(window)
    click(window, before + factor * move)
    settle(window)
    accent = has_color(window.board.contour, window.theme.accent)
    assert window.board.contour.guess is not None and accent > 15
    if end == "another session":
        window.sessions.show(gdviz.Session(window.controller.experiment))
    else:
        assert "P ends it" in window.hint.text() and window.hint.isVisible()
        press(window, KEY.Key_P)
        assert not window.hint.isVisible()
    settle(window)
    assert window.board.contour.guess is None
    assert has_color(window.board.contour, window.theme.accent) < accent - 10


def test_f_brings_the_camera_back_too(window):
    window.board.surface.turn(40, -10)
    window.board.contour.show_box(((-1.0, 1.0), (-1.0, 1.0)))
    press(window, KEY.Key_F)
    assert window.board.surface.camera == Camera()
    (a0, a1), _ = window.board.contour.box()
    assert a0 <= -4 and a1 >= 4


@pytest.mark.parametrize("cut", [Principal(), TwoWeights(0, 5)], ids=["principal", "two weights"])
def test_a_network_that_is_opened_again_shows_its_whole_paths_unless_its_view_was_chosen(open_window, cut):
    window = open_window(networks.race())
    window.document.look(plane=cut)
    networks.settle(window)
    session = read_session(write_session(window.sessions.current()))
    assert session.views.box is None
    window.sessions.show(session)
    networks.settle(window)
    rest(window)
    plane, ((a0, a1), (b0, b1)) = window.controller.viewport.plane, window.board.contour.box()
    for trajectory in window.controller.trajectories:
        a, b = plane.projected(trajectory.params).T
        assert a0 <= a.min() and a.max() <= a1 and b0 <= b.min() and b.max() <= b1
    box = ((-0.5, 0.5), (-0.25, 0.5))
    window.board.contour.show_box(box)
    window.controller.viewport.look_at(box)
    window.sessions.show(read_session(write_session(window.sessions.current())))
    networks.settle(window)
    rest(window)
    np.testing.assert_allclose(window.board.contour.box(), box, rtol=1e-6)


@pytest.mark.parametrize(("speed", "text"), [(0.1, "1 in 10 s"), (0.2, "1 in 5 s"), (0.5, "1 in 2 s")])
def test_speeds_below_one_update_a_second(window, speed, text):
    box = window.timeline.speed
    at = box.findText(text)
    assert at >= 0 and box.itemData(at) == speed
    box.setCurrentIndex(at)
    box.activated.emit(at)
    assert window.controller.playback.speed == speed
    session = read_session(write_session(window.sessions.current()))
    window.document.look(speed=30)
    window.sessions.show(session)
    assert window.controller.playback.speed == speed and box.currentText() == text


def test_a_speed_of_a_session_is_told_as_it_is(window):
    for speed, text in ((0.25, "1 in 4 s"), (0.3, "0.3/s"), (7.0, "7/s"), (0.1, "1 in 10 s")):
        window.timeline.show_speed(speed)
        assert window.timeline.speed.currentText() == text


def test_an_update_in_ten_seconds_unfolds_in_ten_seconds():
    playback, times = Playback(), np.arange(0.2, 40, 0.5)
    playback.set_speed(0.1, 0)
    playback.begin(0.0, 0)
    cursors = [playback.at(now, 100, True) for now in times]
    assert cursors == [1 + int(now / 10) for now in times]
