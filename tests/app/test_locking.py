"""An exercise shows what its author left open, and nothing else can be changed, by whichever way it is tried."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog

import gdviz
from gdviz.app.model.edits import SetHyperparameter, SetRun
from gdviz.app.model.exercise import changes, controls_of
from gdviz.files import open_session
from gdviz.objectives import OBJECTIVES
from gdviz.optimizers import OPTIMIZERS
from gdviz.scene.session import Session
from gdviz.training import SCHEDULES
from tests.app.driving import choose, press, settle

pytestmark = pytest.mark.once

RACE = gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("oring").standardized()), epochs=20)


@pytest.fixture
def exercise(window, spin):
    window.sessions.show(Session(RACE, open_controls=("eta", "start")))
    spin(lambda: window.controller.complete and window.controller.settled)
    return window


def test_only_what_is_open_is_there(exercise):
    panel = exercise.panel
    fields = panel.hyperparameters.fields
    assert fields["eta"].isVisible() and panel.shared_settings.stop_and_start.fields["start w"].isVisible()
    hidden = (
        panel.objective,
        panel.data,
        panel.standardize,
        panel.optimizer,
        panel.shared_settings.strategy,
        panel.add_run,
    )
    assert not any(widget.isVisible() for widget in (*hidden, panel.shared_settings.stop_and_start.fields["epochs"]))
    exercise.controller.document.select(5)
    settle(exercise)
    fields = panel.hyperparameters.fields
    assert fields["eta"].isVisible() and not fields["beta1"].isVisible()
    exercise.controller.document.undo()  # back to what was there before: all of it
    assert panel.objective.isVisible() and panel.hyperparameters.fields["eta"].isVisible()
    assert panel.shared_settings.stop_and_start.fields["epochs"].isVisible()


def test_what_is_open_can_be_changed(exercise):
    exercise.edits.apply(SetHyperparameter("eta", 0.25))
    exercise.panel.shared_settings.edit("start", (1.0, 1.0))
    runs = exercise.controller.experiment.runs
    assert runs[0].optimizer.eta == 0.25 and {run.start for run in runs} == {(1.0, 1.0)}


def test_nothing_else_can(exercise, tmp_path):
    before = exercise.controller.experiment
    samples = tmp_path / "mine.csv"
    samples.write_text("x,y\n1,0\n2,1\n")
    choose(exercise, "objective", "booth")
    choose(exercise, "optimizer", "lion")
    choose(exercise, "schedule", "cosine")
    choose(exercise, "strategy", "stochastic")
    exercise.importing.choose(str(samples), False)
    exercise.edits.apply(SetRun("epochs", 5))
    for key in (Qt.Key.Key_D, Qt.Key.Key_Delete):
        press(exercise, key)
    press(exercise, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    exercise.controller.move_to(5)
    press(exercise, Qt.Key.Key_K)
    assert exercise.controller.experiment == before
    assert exercise.hint.text() == "This exercise leaves open: eta, start."
    assert exercise.panel.objective.currentData() == "neuron"


def test_how_runs_look_is_free(exercise):
    press(exercise, Qt.Key.Key_H)
    assert exercise.controller.experiment.looks[0].hidden


def test_an_author_makes_one(window, monkeypatch, tmp_path):
    path = tmp_path / "exercise.gdviz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    window.action("save_exercise").trigger()
    dialog = window.findChild(object, "exercise")
    assert set(dialog.boxes) == set(controls_of(window.controller.experiment))
    for name in ("gamma", "seed"):
        dialog.boxes[name].setChecked(True)
    next(b for b in dialog.findChild(QDialogButtonBox).buttons() if b.text() == "Save as …").click()
    assert open_session(path).open_controls == ("gamma", "seed")
    assert window.sessions.current().open_controls is None  # the author's own window is not locked


def test_every_change_is_the_change_of_a_control():
    first = gdviz.Experiment(RACE.runs[:1])
    run = first.runs[0]
    for cls in OPTIMIZERS[1:]:
        other = first.with_run(0, optimizer=cls())
        assert changes(first, other) == {"optimizer"}
        for declared in cls.params():
            value = 1 - declared.default if declared.is_switch else 0.5
            changed = first.with_run(0, optimizer=cls(**{declared.name: value}))
            assert changes(other, changed) == {declared.name}
    assert changes(first, first.with_all(schedule=SCHEDULES[1]())) == {"schedule"}
    assert changes(first.with_all(schedule=gdviz.StepDecay()), first.with_all(schedule=gdviz.StepDecay(drop=0.1))) == {
        "drop"
    }
    assert (
        changes(first, first.with_added(1, run)) == {"runs"} == changes(first, first.with_run(0, fork=None)) | {"runs"}
    )
    for objective in (cls() for cls in OBJECTIVES[1:3]):
        other = gdviz.Experiment((gdviz.Run(objective, run.optimizer, epochs=20),))
        assert "objective" in changes(first, other)
    assert changes(first, first) == set()
