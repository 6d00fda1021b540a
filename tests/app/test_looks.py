"""How an experiment is looked at is kept: in files, in exports and over undo, whatever part of the window shows it."""

import pytest
from PySide6.QtCore import Qt

import gdviz
from gdviz.export.off_screen import OffScreen
from gdviz.export.options import PictureOptions
from gdviz.files import open_session, read_session, write_session
from gdviz.scene.planes import TwoWeights
from gdviz.scene.session import Session, Views
from tests.app import networks
from tests.app.driving import choose, press, settle, whole

pytestmark = pytest.mark.once


HANDS = {
    "camera": lambda window: window.board.surface.turn(30, 5),
    "arrows": lambda window: press(window, Qt.Key.Key_A),
    "fan": lambda window: press(window, Qt.Key.Key_G),
    "axis": lambda window: press(window, Qt.Key.Key_X),
    "speed": lambda window: choose(window, "speed", "300/s"),
    "plane": lambda window: choose(window, "plane", "weights"),
    "box": lambda window: window.board.contour.box_chosen.emit(((0.0, 1.0), (0.0, 2.0))),
    "tab": lambda window: window.docks["layers"].raise_(),
}
SEEN = {
    "camera": lambda window: window.board.surface.camera.azimuth,
    "arrows": lambda window: window.board.contour.arrows.is_shown,
    "fan": lambda window: window.board.contour.arrows.has_fan,
    "axis": lambda window: [window.board.views[name].axis for name in ("error", "accuracy")],
    "speed": lambda window: (window.controller.playback.speed, window.timeline.speed.currentText()),
    "plane": lambda window: (window.controller.viewport.rule, window.panel.plane.choice.currentText()),
    "box": lambda window: window.document.session.views.box,
    "tab": lambda window: not window.docks["layers"].visibleRegion().isEmpty(),
}


def test_every_field_of_the_views_is_tried():
    assert set(HANDS) == set(SEEN) == set(Views.__dataclass_fields__)


@pytest.mark.parametrize("name", HANDS)
def test_a_hand_changes_it_a_file_keeps_it_and_no_undo_takes_it_back(open_window, tmp_path, name):
    window = open_window(networks.race(epochs=3))
    networks.settle(window)
    before, usual = SEEN[name](window), window.document.session.views
    HANDS[name](window)
    settle(window)
    now, views = SEEN[name](window), window.document.session.views
    assert now != before and getattr(views, name) != getattr(usual, name)
    assert not window.document.can_undo
    window.sessions.save_to(tmp_path / "kept.gdviz")
    assert open_session(tmp_path / "kept.gdviz").views == views
    window.sessions.show(Session(networks.race(epochs=3)))
    settle(window)
    if name not in ("arrows", "speed"):  # a file that says nothing of it leaves the speed as it is
        assert getattr(window.document.session.views, name) == getattr(usual, name)
    window.action("undo").trigger()
    settle(window)
    assert SEEN[name](window) == now and window.document.session.views == views
    window.sessions.open(tmp_path / "kept.gdviz")
    settle(window)
    assert SEEN[name](window) == now


def test_a_file_holds_what_older_versions_know_and_more_only_where_it_is_used():
    session = Session(networks.race(epochs=3), views=Views(axis="time", tab="layers"))
    usual = write_session(Session(networks.race(epochs=3)))
    assert '"axis"' not in usual and '"tab"' not in usual and '"plane"' not in usual
    assert read_session(write_session(session)).views == session.views
    with pytest.raises(ValueError, match=r"views\.axis must be one of update, epoch, time, not 'week'"):
        read_session(write_session(session).replace('"time"', '"week"'))


def test_a_picture_has_the_axis_of_the_session(window):
    press(window, Qt.Key.Key_X)
    session = window.sessions.current()
    stage = OffScreen(session, whole(session.experiment), PictureOptions(view="error"))
    assert stage.board.views["error"].axis == "epoch"
    stage.close()


def test_an_unknown_tab_or_one_that_is_not_offered_is_passed_over(open_window):
    for tab in ("nonsense", "layers"):
        window = open_window(Session(gdviz.lecture_race(gdviz.Booth(), updates=5), views=Views(tab=tab)))
        settle(window)
        assert not window.docks.first.visibleRegion().isEmpty()


def test_a_plane_is_not_kept_where_there_are_two_params(qapp, open_window):
    window = open_window(Session(networks.race(epochs=3), views=Views(plane=TwoWeights(0, 3))))
    settle(window)
    window.edits.choose_objective("booth")
    assert window.sessions.current().views.plane is None
    window.document.undo()
    assert window.sessions.current().views.plane == TwoWeights(0, 3)
