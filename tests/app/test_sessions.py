"""Sessions in the window: opened, saved, dropped, remembered, undone."""

import math
import os

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMenu

import gdviz
from gdviz.app.files.memory import Memory
from gdviz.app.model.edits import SetHyperparameter, SetRun
from gdviz.cli import main
from gdviz.files import open_session, save_session
from gdviz.files.lessons import lessons
from gdviz.scene.session import Session, Views
from tests.app.driving import press, settle

pytestmark = pytest.mark.beside


def computed(window, spin):
    spin(lambda: window.controller.complete and window.controller.settled)


@pytest.fixture
def session():
    race = gdviz.lecture_race(gdviz.Booth(), epochs=80)
    return Session(race, 55, 2, Views(((-4.0, 4.0), (-3.0, 5.0)), (10.0, 40.0, 6.0), arrows=True, speed=math.inf))


def test_a_session_is_shown_as_it_was_left(window, spin, session, tmp_path):
    path = tmp_path / "booth.gdviz"
    save_session(session, path)
    before = window.controller.experiment
    window.sessions.open(path)
    computed(window, spin)
    spin(lambda: window.controller.cursor == 55)
    assert window.sessions.current() == session
    assert window.windowTitle() == "booth.gdviz – gdviz"
    window.document.undo()
    assert window.controller.experiment == before


def test_what_is_saved_comes_back(window, spin, tmp_path):
    path = tmp_path / "mine.gdviz"
    window.edits.apply(SetHyperparameter("eta", 0.3))
    computed(window, spin)
    window.controller.move_to(17)
    settle(window)
    saved = window.sessions.current()
    window.sessions.save_to(path)
    assert open_session(path) == saved
    window.sessions.save_to(tmp_path / "none" / "x.gdviz")
    assert "there is no folder" in window.hint.text()


def test_a_file_that_is_no_session_is_a_sentence_and_nothing_changes(window, tmp_path):
    path, before = tmp_path / "bad.gdviz", window.controller.experiment
    path.write_text("{")
    window.sessions.open(path)
    assert "not JSON" in window.hint.text() and window.controller.experiment == before
    assert window.width() == 1280  # however long the sentence


def test_an_edit_after_a_session_with_a_late_update_is_no_trouble(window, spin, session, tmp_path):
    window.sessions.show(session)
    computed(window, spin)
    window.sessions.go_on(1)
    window.document.undo()
    for key, value in (("epochs", 10), ("seed", 3)):
        window.edits.apply(SetRun(key, value))
    window.edits.choose_objective("rosenbrock")
    press(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    assert window.controller.experiment.objective.name == "rosenbrock"


# -- dropped


def drop(widget, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(widget.rect().center(), *how)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(widget.rect().center()), *how))
    return enter.isAccepted()


def test_sessions_pictures_and_samples_are_dropped_on_the_window(window, spin, session, tmp_path):
    save_session(session, tmp_path / "a.gdviz")
    assert drop(window, tmp_path / "a.gdviz")
    assert window.controller.experiment == session.experiment
    picture = tmp_path / "race.png"
    assert main(["render", "--view", "error", "--size", "320x240", "--updates", "9", "-o", str(picture)]) == 0
    assert drop(window, picture)
    assert window.controller.experiment.total == 9
    samples = tmp_path / "mine.csv"
    samples.write_text("x,y\n1,0.1\n2,0.9\n")
    assert drop(window, samples)
    assert window.controller.experiment.objective.X.tolist() == [1, 2]
    assert not drop(window, tmp_path / "program.exe")


# -- remembered


def test_recent_sessions_are_in_the_menu(open_window, session, tmp_path):
    window = open_window()
    window.memory = Memory(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    for name in "abcdefghij":
        window.sessions.save_to(tmp_path / f"{name}.gdviz")
    window.sessions.open(tmp_path / "c.gdviz")
    assert [os.path.basename(path) for path in window.memory.recent] == [f"{name}.gdviz" for name in "cjihgfed"]
    window.findChild(QMenu, "recent").aboutToShow.emit()
    window.findChild(QMenu, "recent").actions()[2].trigger()
    assert window.sessions.path.name == "i.gdviz"
    window.memory = None


# -- undo and sessions


def test_after_an_undo_ctrl_s_does_not_write_into_the_other_sessions_file(window, spin, session, tmp_path, monkeypatch):
    booth, mine = tmp_path / "booth.gdviz", tmp_path / "mine.gdviz"
    save_session(session, booth)
    window.sessions.save_to(mine)
    window.sessions.open(booth)
    assert window.sessions.path == booth
    window.document.undo()
    assert window.sessions.path == mine and window.windowTitle() == "mine.gdviz – gdviz"
    window.edits.apply(SetHyperparameter("eta", 0.123))
    window.action("save_session").trigger()
    assert open_session(booth) == session
    assert open_session(mine).experiment.runs[0].optimizer.eta == 0.123
    window.document.undo()
    window.document.redo()
    window.document.redo()
    assert window.sessions.path == mine


def test_undo_of_an_edit_does_not_move_what_is_looked_at(window, spin):
    window.sessions.show_lesson(1)
    computed(window, spin)
    window.edits.apply(SetRun("seed", 5))
    computed(window, spin)
    window.controller.move_to(20)
    window.document.look(speed=300)
    window.sessions.show_lesson(2)
    computed(window, spin)
    window.document.undo()
    computed(window, spin)
    assert (window.controller.cursor, window.controller.playback.speed) == (20, 300)
    window.document.undo()
    computed(window, spin)
    assert (window.controller.cursor, window.controller.playback.speed) == (20, 300)
    assert window.controller.document.session.lesson.title.startswith("Momentum")


def test_a_lesson_that_was_closed_is_closed(window):
    window.sessions.show_lesson(len(lessons()) - 1)
    assert not window.action("next_lesson").isEnabled()
    window.edits.apply(SetRun("seed", 5))
    window.action("close_lesson").trigger()
    assert window.action("next_lesson").isEnabled() and not window.action("previous_lesson").isEnabled()
    window.document.undo()
    assert window.docks.lesson.isHidden() and window.sessions.current().lesson is None


def test_the_window_starts_with_nothing_to_undo_and_its_arrows_on(open_window, session):
    for one in (None, session.experiment, session):
        window = open_window(one)
        assert not window.action("undo").isEnabled() and window.document.session.views.arrows
    assert window.document.session.cursor == 55 and window.sessions.current() == session


def test_what_an_exercise_leaves_open_is_kept(window, session, tmp_path):
    exercise = Session(session.experiment, open_controls=("eta",))
    window.sessions.show(exercise)
    window.sessions.save_to(tmp_path / "exercise.gdviz")
    assert open_session(tmp_path / "exercise.gdviz").open_controls == ("eta",)


@pytest.mark.parametrize("title", ["👨‍👩‍👧 run", "a\u00adb", "temp\u00a0F", "δείγμα", "\u202fx"])
def test_any_name_that_can_be_given_can_be_opened_again(window, tmp_path, title):
    window.edits.rename_run(0, title)
    window.sessions.save_to(tmp_path / "named.gdviz")
    assert open_session(tmp_path / "named.gdviz").experiment == window.controller.experiment


def test_a_race_and_its_forks_stay_as_large_as_can_be_opened(window, spin, tmp_path):
    for _ in range(120):
        window.edits.add_run()
    assert len(window.controller.experiment.runs) == 100 and "at most 100 runs" in window.hint.text()
    window.edits.lecture_six()
    computed(window, spin)
    window.controller.move_to(9)
    for _ in range(25):
        window.action("fork").trigger()
        spin(lambda: window.controller.complete)
    assert "20 deep" in window.hint.text()
    window.sessions.save_to(tmp_path / "deep.gdviz")
    assert open_session(tmp_path / "deep.gdviz").experiment == window.controller.experiment


# -- on the command line


def test_flags_change_a_session(tmp_path, session):
    path, table = tmp_path / "booth.gdviz", tmp_path / "race.csv"
    save_session(session, path)
    assert main(["train", "--session", str(path), "--start", "1,1", "--epochs", "5", "-o", str(table)]) == 0
    rows = [line.split(",") for line in table.read_text().splitlines()[1:]]
    assert len(rows) == 6 * 6 and rows[0][:5] == ["gd", "0", "0", "1.0", "1.0"]
    assert main(["train", "--session", str(path), "--optimizer", "lion", "-o", str(table)]) == 0
    assert {line.split(",")[0] for line in table.read_text().splitlines()[1:]} == {"lion"}
    assert main(["train", "--session", str(path), "--objective", "neuron", "--data", "oring", "-o", str(table)]) == 0
    assert table.read_text().startswith("run,update,epoch,w,b,error")


def test_standardize_is_of_the_sessions_own_data(tmp_path):
    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("oring"))
    path, picture = tmp_path / "oring.gdviz", tmp_path / "race.png"
    gdviz.save(gdviz.lecture_race(neuron, epochs=3), path)
    flags = ["--session", str(path), "--standardize", "--view", "error", "--size", "320x240"]
    assert main(["render", *flags, "-o", str(picture)]) == 0
    data = gdviz.open(picture).experiment.objective.data
    assert data.is_standardized and data.name == "oring" and data.X.mean() == pytest.approx(0, abs=1e-12)


def test_a_session_that_is_none_is_one_line(tmp_path, capsys):
    assert main([str(tmp_path / "none.gdviz")]) == 2
    assert "none.gdviz: cannot be read: No such file" in capsys.readouterr().err
    assert main(["train", "--session", "x.png", "-o", "-"]) == 2


def test_a_flag_changes_what_each_run_has(tmp_path):
    lesson, picture = "resources/lessons/08-strategies.gdviz", tmp_path / "race.png"
    flags = ["--session", lesson, "--no-shuffle", "--view", "error", "--size", "320x240"]
    assert main(["render", *flags, "-o", str(picture)]) == 0
    samplings = [run.sampling for run in gdviz.open(picture).experiment.runs]
    assert samplings == [gdviz.Batch(), gdviz.MiniBatch(4), gdviz.Stochastic()]


def test_a_name_that_is_no_text_is_drawn_all_the_same(tmp_path):
    samples, picture = tmp_path / "b\udcff.csv", tmp_path / "race.png"
    samples.write_text("x,y\n1,0\n2,1\n")
    flags = ["--data", str(samples), "--updates", "5", "--view", "error", "--size", "320x240"]
    assert main(["render", *flags, "-o", str(picture)]) == 0
    with pytest.raises(ValueError, match="carries no session"):
        gdviz.open(picture)
