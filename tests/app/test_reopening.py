"""Quit keeps the work: the next start shows it, and never again what could not be opened."""

import json
import subprocess
import sys

import pytest

import gdviz
from gdviz.app.files.autosave import Autosave
from gdviz.app.files.reopening import AS_LEFT, RECOVERED, Reopening
from gdviz.app.files.sessions import usual_session
from gdviz.app.model.edits import SetHyperparameter
from gdviz.app.wiring import wire_reopening
from gdviz.files import save_session
from gdviz.scene.session import Session
from tests.app.driving import settle
from tests.app.test_process import environment

pytestmark = pytest.mark.once
STARTED = """
import json, os, sys
from PySide6.QtCore import QTimer
from gdviz import cli
from gdviz.app import application
from gdviz.app.model.edits import SetHyperparameter
made, what = application.create_window, sys.argv[1]
def started(*arguments):
    window = made(*arguments)
    QTimer.singleShot(100 if what == "crash" else 600, lambda: act(window))
    return window
def act(window):
    if what == "crash":
        os._exit(9)
    if what == "edit":
        window.edits.apply(SetHyperparameter("eta", 0.3))
        window.controller.move_to(7)
    run = window.controller.experiment.runs[0]
    names = window.controller.experiment.names
    print(json.dumps([run.optimizer.eta, window.document.session.cursor, names, window.hint.text()]))
    window.close()
application.create_window = started
sys.exit(cli.main(sys.argv[2:]))
"""


@pytest.fixture
def start(tmp_path, qapp):
    """Start the program with a home of its own, let it do something and end; return what it showed.

    The application of the tests stays connected to the display: a server that loses its last client starts afresh.
    """

    def run(what, *arguments):
        home = {**environment(), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
        command = [sys.executable, "-c", STARTED, what, *map(str, arguments)]
        done = subprocess.run(command, env=home, capture_output=True, text=True, timeout=60)
        assert done.returncode == (9 if what == "crash" else 0), done.stderr
        return json.loads(done.stdout) if done.stdout else None

    return run


def test_the_next_start_opens_as_it_was_left_and_only_the_programs_own(start, tmp_path):
    first = start("look")
    assert first[:2] == [1.0, 0] and "Space to run" in first[3]
    assert "Space to run" in start("look")[3]  # nothing was done, nothing is said
    start("edit")
    eta, cursor, names, said = start("look")
    assert (eta, cursor, said) == (0.3, 7, AS_LEFT) and len(names) == 6
    race = tmp_path / "race.gdviz"
    gdviz.save(usual_session().experiment, race)
    assert start("look", race)[:2] == [1.0, 0]
    start("edit")
    assert start("look", "--optimizer", "gd:eta=0.5")[2] == ["gd"]


@pytest.mark.parametrize("kind", ["left", "recovered"])
def test_what_crashes_while_it_is_opened_is_not_opened_again(start, tmp_path, kind):
    folder = tmp_path / "gdviz"
    if kind == "left":
        start("edit")
    else:
        (folder / "recovery").mkdir(parents=True)
        session = usual_session()
        changed = Session(session.experiment.with_run(0, optimizer=gdviz.GradientDescent(0.3)))
        save_session(changed, folder / "recovery" / "1-a.gdviz")
    start("crash")
    eta, _, _, said = start("look")
    assert eta == 1.0 and "could not be opened" in said
    (aside,) = folder.rglob("*.bad")
    assert str(aside) in said and gdviz.open(aside).experiment.runs[0].optimizer.eta == 0.3
    assert start("look")[0] == 1.0


@pytest.fixture
def reopening(open_window, tmp_path):
    """Open a window as the program does when it starts."""

    def make():
        window = open_window()
        window.autosave = Autosave(window.sessions, tmp_path / "recovery")
        window.reopening = Reopening(window.sessions, window.autosave, tmp_path)
        wire_reopening(window, window.reopening)
        window.reopening.begin()
        return window

    return make


def test_one_click_gives_the_lectures_race(reopening, spin):
    window = reopening()
    window.edits.choose_objective("booth")
    window.close()
    again = reopening()
    spin(lambda: again.controller.complete and again.controller.settled)
    assert again.controller.experiment.objective.name == "booth"
    offer = again.status.offer
    assert again.hint.text() == AS_LEFT and again.hint.isVisible() and offer.isVisible()
    assert offer.text() == "The lecture's race"
    offer.click()
    assert again.controller.experiment == usual_session().experiment and not offer.isVisible()
    again.controller.document.undo()
    assert again.controller.experiment.objective.name == "booth"


def test_a_window_that_others_make_opens_the_lectures_race(open_window):
    assert open_window().controller.experiment == usual_session().experiment


def test_what_a_crash_left_comes_first_and_both_are_kept(reopening, tmp_path):
    window = reopening()
    window.edits.apply(SetHyperparameter("eta", 0.4))
    window.close()
    save_session(Session(gdviz.lecture_race(gdviz.Booth(), epochs=20)), tmp_path / "recovery" / "1-a.gdviz")
    again = reopening()
    assert again.hint.text() == RECOVERED and again.controller.experiment.objective.name == "booth"
    again.close()
    assert not list((tmp_path / "recovery").glob("*.gdviz"))
    assert reopening().controller.experiment.objective.name == "booth"


def test_two_that_start_at_once_do_not_take_each_other_for_crashed(reopening, tmp_path):
    window = reopening()
    window.edits.apply(SetHyperparameter("eta", 0.4))
    window.close()
    first = reopening()
    first.reopening._proof.stop()  # however long the second one takes to start
    second = reopening()
    etas = [one.controller.experiment.runs[0].optimizer.eta for one in (first, second)]
    assert etas == [0.4, 1.0] and not list(tmp_path.rglob("*.bad"))
    first.reopening.finish()
    assert not (tmp_path / "opening").exists()


def test_a_file_that_cannot_be_read_is_the_lectures_race(reopening, tmp_path):
    (tmp_path / "left.gdviz").write_text("{")
    window = reopening()
    settle(window)
    assert window.controller.experiment == usual_session().experiment
    window.close()
    assert gdviz.open(tmp_path / "left.gdviz").experiment == usual_session().experiment


def test_a_folder_that_cannot_be_written_to_bothers_nobody(open_window, tmp_path):
    (tmp_path / "file").write_text("")
    window = open_window()
    window.autosave = Autosave(window.sessions, tmp_path / "file" / "recovery")
    window.reopening = Reopening(window.sessions, window.autosave, tmp_path / "file")
    window.reopening.begin()
    window.close()
