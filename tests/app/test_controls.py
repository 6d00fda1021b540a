"""Every control does what it says, and bad input is refused beside it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QTextBrowser, QWidget

from gdviz.cli import main
from gdviz.training import MiniBatch
from tests.app.driving import choose, settle

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    "name",
    "objective data runs optimizer strategy batch_size schedule reduction timeline speed eta "
    "contour surface error_curve data_fit arithmetic".split(),
)
def test_every_promised_widget_is_there_and_accessible(window, name):
    widget = window.findChild(QWidget, name)
    assert widget is not None
    assert widget.accessibleName()


def test_every_promised_action_is_there(window):
    for name in "play step back reset export_image export_animation undo redo".split():
        assert window.action(name).objectName() == name


def test_a_click_on_the_contour_is_the_new_start(window, spin):
    contour = window.board.contour
    point = contour.to_pixels(np.array([[1.0, 2.0]]))[0]
    position = QPoint(round(point[0]), round(point[1]))
    QTest.mouseClick(contour.viewport(), Qt.MouseButton.LeftButton, pos=position)
    spin(lambda: window.controller.experiment.runs[0].start != (-2, -2))
    starts = {run.start for run in window.controller.experiment.runs}
    assert len(starts) == 1
    assert starts.pop() == pytest.approx((1.0, 2.0), abs=0.05)


def test_a_bad_number_is_refused_beside_the_field(window, qapp):
    field = window.panel.hyperparameters.fields["eta"]
    field.editor.setText("-3")
    field.editor.editingFinished.emit()
    assert field.problem.isVisible()
    assert field.problem.text() == "eta must be a number >= 0, not '-3'."
    assert window.controller.experiment.runs[0].optimizer.eta == 1
    field.editor.setText("0.25")
    field.editor.editingFinished.emit()
    assert not field.problem.isVisible()
    assert window.controller.experiment.runs[0].optimizer.eta == 0.25


def test_a_bad_batch_size_is_refused_beside_the_field(window):
    choose(window, "strategy", "minibatch")
    window.panel.shared_settings.batch_size.setCurrentText("0")
    window.panel.shared_settings.batch_size.lineEdit().editingFinished.emit()
    assert "size must be a whole number >= 1" in window.panel.shared_settings.sampling_problem.text()
    assert window.controller.experiment.runs[0].sampling == MiniBatch(32)


def test_undo_and_redo_step_through_experiments(window):
    first = window.controller.experiment
    choose(window, "schedule", "cosine")
    choose(window, "reduction", "mean")
    changed = window.controller.experiment
    window.action("undo").trigger()
    window.action("undo").trigger()
    assert window.controller.experiment == first
    assert not window.action("undo").isEnabled()
    window.action("redo").trigger()
    window.action("redo").trigger()
    assert window.controller.experiment == changed


def test_dragging_a_slider_is_one_undo(window):
    first = window.controller.experiment
    for position in (300, 400, 500):
        window.panel.hyperparameters.fields["eta"].slider.setValue(position)
    window.action("undo").trigger()
    assert window.controller.experiment == first


def test_standardised_oring_ends_as_on_the_command_line(window, spin, tmp_path):
    choose(window, "data", "oring")
    window.panel.standardize.click()
    spin(lambda: window.controller.complete)
    target = tmp_path / "oring.csv"
    assert main(["train", "--data", "oring", "--standardize", "-o", str(target)]) == 0
    rows = [line.split(",") for line in target.read_text().splitlines()[1:]]
    for name, trajectory in zip(window.controller.experiment.names, window.controller.trajectories, strict=True):
        last = [row for row in rows if row[0] == name][-1]
        assert [float(value) for value in last[3:]] == [*trajectory.params[-1], trajectory.error[-1]]


def test_runs_are_added_changed_and_removed(window, spin):
    window.action("duplicate").trigger()
    assert window.controller.experiment.names[:2] == ("gd", "gd#2")
    assert window.controller.selected == 1
    choose(window, "optimizer", "adam")
    assert window.controller.experiment.names[1] == "adam"
    window.panel.remove_run.click()
    assert window.controller.experiment.names == ("gd", "momentum", "nag", "adagrad", "rmsprop", "adam")
    for _ in range(5):
        window.panel.remove_run.click()
    assert len(window.controller.experiment.runs) == 1
    assert not window.panel.remove_run.isEnabled()


def test_a_diverging_run_says_so_and_the_others_go_on(window, spin):
    choose(window, "objective", "rosenbrock")
    window.panel.hyperparameters.fields["eta"]._try(1.0)
    spin(lambda: window.controller.complete)
    window.controller.move_to(window.controller.reached)
    settle(window)
    assert "diverged at update" in window.views["step"].note()
    assert window.controller.cursor == 300


def test_a_file_that_is_no_data_is_refused_beside_the_list(window, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("x,y\n1,abc\n")
    window.panel.data_chosen.emit(str(bad), False)
    assert "line 2: 'abc' is not a number" in window.panel.data_problem.text()
    assert window.panel.data.currentData() == "lecture"


def test_f1_shows_the_keys(window, qapp):
    window.action("keys").trigger()
    dialog = window.findChild(QDialog, "keys")
    assert "Space" in dialog.findChild(QTextBrowser).toPlainText()
    assert dialog.height() < window.height()
    dialog.close()
