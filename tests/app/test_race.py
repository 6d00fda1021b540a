"""The race list: what can be done with its runs, by mouse and by keys, is seen everywhere and can be undone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

import gdviz
from gdviz.app.model.edits import SetRun
from gdviz.optimizers import LECTURE
from tests.app.driving import choose, has_color, on_map, press, settle

KEY, ALT = Qt.Key, Qt.KeyboardModifier.AltModifier


def end(window):
    window.controller.move_to(300)
    settle(window)


def test_a_hidden_run_is_left_out_of_every_picture_and_comes_back(window):
    end(window)
    window.document.select(1)
    settle(window)
    color, board = window.theme.run(1).color, window.board
    views = (board.contour, board.surface, board.views["error"])
    seen = [has_color(view, color) for view in views]
    assert min(seen) > 10
    press(window, KEY.Key_H)
    settle(window)
    assert max(has_color(view, color) for view in views) < 5
    assert window.panel.runs.item(1).checkState() == Qt.CheckState.Unchecked
    window.panel.runs.item(1).setCheckState(Qt.CheckState.Checked)
    settle(window)
    assert [has_color(view, color) for view in views] == pytest.approx(seen, rel=0.1)


def test_all_can_be_hidden(window):
    for index in range(6):
        window.document.select(index)
        press(window, KEY.Key_H)
    end(window)
    assert window.board.contour.frame.runs == () and window.views["step"].frame.working
    window.board.grab()


def test_solo_shows_one_alone_and_all_again(window):
    window.document.select(4)
    press(window, KEY.Key_S)
    settle(window)
    assert [run.title for run in window.board.contour.frame.runs] == ["RMSProp"]
    press(window, KEY.Key_S)
    settle(window)
    assert len(window.board.contour.frame.runs) == 6


def test_removing_a_run_does_not_recolour_the_others(window):
    end(window)
    window.document.select(0)
    settle(window)
    before = has_color(window.board.contour, window.theme.run(0).color)
    press(window, KEY.Key_Delete)
    settle(window)
    assert [run.look.style for run in window.board.contour.frame.runs] == [1, 2, 3, 4, 5]
    assert has_color(window.board.contour, window.theme.run(0).color) < before / 2  # ink has nearly that colour
    assert has_color(window.board.contour, on_map(window.theme, 5), 20) > 5
    press(window, KEY.Key_D)  # the duplicate takes the colour that is free
    assert window.controller.experiment.looks[1].style == 0
    assert window.panel.runs.item(1).text().startswith("Momentum#2")


def test_the_last_run_stays(window):
    for _ in range(8):
        press(window, KEY.Key_Delete)
    assert len(window.controller.experiment.runs) == 1


def test_a_run_is_renamed_in_its_row_and_everywhere(window, qapp):
    runs = window.panel.runs
    window.document.select(5)
    runs.setFocus()
    QTest.keyClick(runs, KEY.Key_F2)
    editor = runs.findChild(QLineEdit)
    assert editor.text() == "Adam"
    editor.selectAll()
    QTest.keyClicks(editor, "  the  champion ")
    QTest.keyClick(editor, KEY.Key_Return)
    settle(window)
    assert runs.item(5).text().startswith("the champion   η")
    assert window.board.contour.frame.selected_run.title == "the champion"
    assert window.panel.run_box.title().endswith("the champion")
    window.document.undo()
    assert runs.item(5).text().startswith("Adam   η")


def test_a_run_gets_a_colour_that_is_free(window):
    window.document.select(0)
    for expected in (6, 7, 8):
        press(window, KEY.Key_L)
        assert window.controller.experiment.looks[0].style == expected


def test_runs_are_moved_and_keep_their_paths_and_looks(window, spin):
    end(window)
    before = window.controller.trajectories[0]
    window.document.select(0)
    for _ in range(2):
        press(window, KEY.Key_Down, ALT)
    settle(window)
    assert window.controller.selected == 2 and window.controller.trajectories[2] is before
    assert [look.style for look in window.controller.experiment.looks] == [1, 2, 0, 3, 4, 5]
    for _ in range(4):
        press(window, KEY.Key_Up, ALT)
    assert window.controller.selected == 0
    assert [look.style for look in window.controller.experiment.looks] == [0, 1, 2, 3, 4, 5]


def test_the_lectures_six_come_with_one_key_under_the_common_settings(window, spin):
    for _ in range(5):
        press(window, KEY.Key_Delete)
    choose(window, "optimizer", "lion")
    window.edits.apply(SetRun("start", (1.0, -1.0)))
    press(window, KEY.Key_6, Qt.KeyboardModifier.ControlModifier)
    spin(lambda: window.controller.complete)
    experiment = window.controller.experiment
    assert tuple(type(run.optimizer) for run in experiment.runs) == LECTURE
    assert {run.start for run in experiment.runs} == {(1.0, -1.0)} and window.controller.selected == 0


def test_defaults_of_the_lecture_and_of_the_papers(window):
    press(window, KEY.Key_P, ALT)
    adam = window.controller.experiment.runs[5].optimizer
    assert (adam.eta, adam.beta1, adam.beta2) == (0.001, 0.9, 0.999)
    assert window.controller.experiment.runs[0].optimizer == gdviz.GradientDescent(1)  # no paper says which
    press(window, KEY.Key_L, ALT)
    assert [run.optimizer for run in window.controller.experiment.runs] == [cls() for cls in LECTURE]
    window.document.select(5)
    assert "Kingma and Ba" in window.panel.optimizer.toolTip() and "β₂ = 0.999" in window.panel.optimizer.toolTip()


def test_what_can_be_done_with_a_run_is_in_its_menu(window):
    texts = [action.text() for action in window.panel.runs.actions()]
    assert {"Duplicate", "Rename", "Solo", "Hide / show", "Remove", "The lecture's six"} <= set(texts)
