"""Planes through the params of a network, in the window."""

import numpy as np
import pytest

import gdviz
from gdviz.files import read_session, write_session
from gdviz.scene.planes import PLANES, Principal, RandomDirections, TwoWeights
from tests.app.networks import MOONS, race, settle

pytestmark = pytest.mark.beside


@pytest.fixture
def shown(open_window):
    window = open_window(race())
    settle(window)
    return window


@pytest.mark.parametrize("cls", PLANES, ids=lambda cls: cls.name)
def test_every_plane_can_be_looked_at(shown, spin, cls):
    choice = shown.panel.plane.choice
    choice.setCurrentIndex(choice.findData(cls.name))
    choice.activated.emit(choice.currentIndex())
    settle(shown)
    plane = shown.controller.viewport.plane
    assert isinstance(shown.controller.viewport.rule, cls) and shown.board.contour.frame.plane is plane

    def is_its_surface():
        terrain = shown.board.contour.terrain
        a, b = terrain.a[len(terrain.a) // 3], terrain.b[len(terrain.b) // 2]
        truth = float(MOONS.value(plane.lifted(np.array([a, b]))))
        found = terrain.values[len(terrain.a) // 3, len(terrain.b) // 2]
        return abs(found - truth) <= 1e-6 * terrain.highest

    spin(is_its_surface)


def test_frozen_weights_follow_the_cursor(shown):
    shown.document.look(plane=TwoWeights(0, 5))
    settle(shown)
    for update in (10, 40):
        shown.controller.move_to(update)
        settle(shown)
        plane, trajectory = shown.controller.viewport.plane, shown.controller.trajectories[0]
        point = trajectory.params_at(update)
        np.testing.assert_array_equal(plane.lifted(point[[0, 5]]), point)
        frame = shown.board.contour.frame
        np.testing.assert_array_equal(frame.selected_run.path[-1], point[[0, 5]])
        assert frame.off_plane.error == pytest.approx(frame.off_plane.error_on_plane, rel=1e-12)
        assert frame.names == (MOONS.name_of(0), MOONS.name_of(5))


def test_what_lies_off_the_plane_is_said(shown):
    shown.document.look(plane=Principal())
    shown.controller.move_to(20)
    settle(shown)
    frame, plane = shown.board.contour.frame, shown.controller.viewport.plane
    start, point = np.array(MOONS.start), shown.controller.trajectories[0].params_at(20)
    along = plane.directions @ (point - start)  # orthonormal
    assert frame.off_plane.share == pytest.approx(1 - along @ along / ((point - start) @ (point - start)), abs=1e-9)
    assert frame.off_plane.error == pytest.approx(float(MOONS.value(point)), rel=1e-12)


def test_a_click_starts_at_that_point_of_the_plane(shown):
    shown.document.look(plane=RandomDirections(1))
    settle(shown)
    plane = shown.controller.viewport.plane
    shown.board.contour.start_chosen.emit(0.25, -0.5)
    np.testing.assert_allclose(shown.controller.experiment.runs[1].start, plane.lifted(np.array([0.25, -0.5])))
    shown.controller.document.undo()
    assert shown.controller.experiment.runs[1].start == MOONS.start


def test_a_session_keeps_network_and_plane(shown):
    shown.document.look(plane=TwoWeights(2, 7))
    settle(shown)
    session = shown.sessions.current()
    again = read_session(write_session(session))
    assert again == session and again.views.plane == TwoWeights(2, 7)
    shown.document.look(plane=Principal())
    shown.sessions.show(again)
    settle(shown)
    assert shown.controller.viewport.rule == TwoWeights(2, 7)


def test_a_step_can_be_predicted_on_two_weights_only(shown):
    shown.document.look(plane=Principal())
    shown.predicting.switch()
    assert "two weights" in shown.hint.text()
    shown.document.look(plane=TwoWeights())
    settle(shown)
    shown.predicting.switch()
    shown.predicting.take_guess(0.0, 0.0)
    assert shown.board.contour.guess is not None
    shown.predicting.stop()


def test_a_session_that_is_opened_again_has_its_landscape_again(shown):
    session = shown.sessions.current()
    for _ in range(2):
        shown.sessions.show(session)
        settle(shown)
        assert shown.controller.viewport.plane is not None


def test_a_session_without_a_plane_shows_the_usual_one(shown):
    shown.document.look(plane=TwoWeights(0, 5))
    settle(shown)
    shown.sessions.show(gdviz.Session(race()))
    settle(shown)
    assert shown.controller.viewport.rule == Principal() and shown.panel.plane.choice.currentData() == "principal"


def test_what_a_session_looks_at_stays_in_view(shown):
    box = ((-0.5, 0.5), (-0.25, 0.5))
    shown.sessions.show(gdviz.Session(race(), views=gdviz.Views(box=box)))
    settle(shown)
    assert np.allclose(shown.controller.viewport._box, box)
    shown.controller.fit()
    assert shown.controller.viewport._box == shown.controller.viewport.plane.box
