"""The window with real threads: driven as a user would, checked by what is drawn and by what is left behind."""

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget

import gdviz
from gdviz.training import MiniBatch


def whole(experiment):
    return [gdviz.train(run) for run in experiment.runs]


def pixels(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB32)
    array = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return array[:, : image.width(), 2::-1].astype(int)


def has_color(widget: QWidget, color: str, tolerance: int = 12) -> int:
    red_green_blue = QColor(color).getRgb()[:3]
    return int((np.abs(pixels(widget) - red_green_blue).max(axis=2) <= tolerance).sum())


def settle(window) -> None:
    """Wait until what is shown is up to date and painted."""
    for _ in range(4000):
        QTest.qWait(1)
        if window.controller.settled:
            return
    raise AssertionError("the window does not settle")


def choose(window, name: str, data: str) -> None:
    box = window.findChild(QComboBox, name)
    box.setCurrentIndex(box.findData(data) if box.findData(data) >= 0 else box.findText(data))
    box.activated.emit(box.currentIndex())


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.board.contour, key, modifier)


def test_it_opens_on_the_lectures_race_at_update_0(window):
    assert window.controller.cursor == 0
    assert window.controller.experiment.names == ("gd", "momentum", "nag", "adagrad", "rmsprop", "adam")
    assert window.controller.experiment.runs[0].start == (-2, -2)


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


def test_steps_forward_and_back_by_key(window):
    for key, expected in [(Qt.Key.Key_Right, 1), (Qt.Key.Key_Right, 2), (Qt.Key.Key_Left, 1)]:
        press(window, key)
        assert window.controller.cursor == expected
    press(window, Qt.Key.Key_Home)
    assert window.controller.cursor == 0
    press(window, Qt.Key.Key_Left)
    assert window.controller.cursor == 0


def test_plays_pauses_and_ends_where_training_ends(window, spin):
    window.controller.set_speed(300)
    press(window, Qt.Key.Key_Space)
    spin(lambda: window.controller.cursor > 20)
    press(window, Qt.Key.Key_Space)
    paused_at = window.controller.cursor
    QTest.qWait(80)
    assert window.controller.cursor == paused_at < 300
    press(window, Qt.Key.Key_Space)
    spin(lambda: not window.controller.playing)
    assert window.controller.cursor == 300
    press(window, Qt.Key.Key_Space)  # from the start again
    spin(lambda: 0 < window.controller.cursor < 300)


def test_one_update_a_second_is_one_update_a_second(window, spin):
    window.controller.set_speed(1)
    window.controller.play()
    QTest.qWait(1300)
    assert window.controller.cursor == 1


def test_scrubbing_shows_the_update_in_every_view(window, qapp):
    window.timeline.slider.setValue(137)
    qapp.processEvents()
    settle(window)
    assert window.board.contour.frame.cursor == 137
    assert window.board.surface.frame.cursor == 137
    assert "update 137" in window.timeline.label.text()
    step = next(step for step in gdviz.steps(window.controller.experiment.runs[0]) if step.update == 137)
    shown = window.board.contour.frame.chosen.step
    np.testing.assert_array_equal(shown.params, step.params)


def test_the_window_computes_what_train_computes(window):
    for shown, expected in zip(window.controller.trajectories, whole(window.controller.experiment), strict=True):
        np.testing.assert_array_equal(shown.params, expected.params)
        np.testing.assert_array_equal(shown.error, expected.error)


def test_dragging_a_slider_while_running_recomputes_only_that_run(window, spin):
    controller = window.controller
    controller.set_speed(300)
    controller.play()
    spin(lambda: controller.cursor > 10)
    before = list(controller.trajectories)
    slider = window.panel.hyperparameters.fields["eta"].slider
    for position in range(500, 900, 40):
        slider.setValue(position)
        QTest.qWait(5)
    spin(lambda: controller.complete)
    assert controller.experiment.runs[0].optimizer.eta == pytest.approx(1e-4 * 1e5**0.86, rel=0.01)
    assert controller.trajectories[0] is not before[0]
    assert controller.trajectories[1:] == before[1:]
    np.testing.assert_array_equal(controller.trajectories[0].params, gdviz.train(controller.experiment.runs[0]).params)


def test_closing_while_running_leaves_no_thread(open_window, spin):
    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("sparse"))
    window = open_window(gdviz.lecture_race(neuron, updates=1_000_000))
    window.controller.set_speed(math.inf)
    window.controller.play()
    spin(lambda: window.controller.cursor > 50)
    window.close()
    assert not any(thread.isRunning() for thread in window.controller.threads)


def test_no_update_is_lost_while_streaming(open_window, spin):
    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("oring").standardized())
    window = open_window(gdviz.lecture_race(neuron, sampling=MiniBatch(5, shuffle=True), updates=700, seed=3))
    window.controller.set_speed(math.inf)
    window.controller.play()
    spin(lambda: not window.controller.playing, 60)
    assert window.controller.cursor == 700
    for shown, expected in zip(window.controller.trajectories, whole(window.controller.experiment), strict=True):
        np.testing.assert_array_equal(shown.params, expected.params)
        np.testing.assert_array_equal(shown.error, expected.error)


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
    window.panel.batch_size.setCurrentText("0")
    window.panel.batch_size.lineEdit().editingFinished.emit()
    assert "size must be a whole number >= 1" in window.panel.sampling_problem.text()
    assert window.controller.experiment.runs[0].sampling == MiniBatch(32)


def test_every_run_is_seen_in_its_colour_on_contour_and_surface(window, spin):
    window.controller.move_to(300)
    settle(window)
    for view in (window.board.contour, window.board.surface):
        for index in range(6):
            assert has_color(view, window.theme.run(index).color) > 20, (view.objectName(), index)


def test_the_contour_shows_height_as_colour(window, spin):
    """The middle of each quarter of the contour has the colour of its error, not another quarter's."""
    contour, terrain = window.board.contour, window.board.contour.terrain
    shown = pixels(contour.viewport())
    for corner in [(-3, 3.4), (3.2, 2.6), (-3.5, -3.3), (3.5, -0.5)]:
        x, y = contour.to_pixels(np.array([corner], float))[0].round().astype(int)
        value = float(window.controller.experiment.objective.value(np.array(corner, float)))
        wanted = window.theme.colors(terrain.height(np.array([value])))[0, :3].astype(int)
        around = shown[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3)
        assert np.abs(around - wanted).max(axis=1).min() <= 6, corner


def test_turning_the_surface_changes_its_pixels(window, qapp):
    surface = window.board.surface
    before = pixels(surface)
    assert len(np.unique(before.reshape(-1, 3), axis=0)) > 200
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(surface, QPoint(160, 110))
    QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=QPoint(160, 110))
    surface.turn(40, 0)
    qapp.processEvents()
    assert (pixels(surface) != before).any(axis=2).mean() > 0.1


def test_a_path_behind_a_ridge_is_faint(window):
    surface = window.board.surface
    window.controller.move_to(300)
    settle(window)
    color = window.theme.run(1).color
    seen = has_color(surface, color)
    surface.turn(180, -25)
    settle(window)
    assert has_color(surface, color) < 0.7 * seen


def test_zooming_asks_for_the_surface_there(window, spin):
    before = window.board.contour.terrain.box
    window.board.contour.view_box.scaleBy((0.5, 0.5))
    window.board.contour.box_chosen.emit(window.board.contour.box())
    spin(lambda: window.board.contour.terrain.box != before)
    (low, high), _ = window.board.contour.terrain.box
    assert high - low == pytest.approx(4, rel=1e-6)


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
    from gdviz.cli import main

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
    window.panel.add_run.click()
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


@pytest.mark.parametrize("objective", ["himmelblau", "rosenbrock", "beale", "neuron"])
def test_every_objective_is_drawn(window, spin, objective):
    choose(window, "objective", "rosenbrock" if objective == "neuron" else "neuron")
    choose(window, "objective", objective)
    spin(lambda: window.controller.complete)
    window.controller.move_to(window.controller.reached)
    spin(lambda: window.board.contour.terrain.box == window.controller.experiment.objective.box)
    settle(window)
    assert has_color(window.board.contour, window.theme.run(5).color) > 20


def test_a_diverging_run_says_so_and_the_others_go_on(window, spin):
    choose(window, "objective", "rosenbrock")
    window.panel.hyperparameters.fields["eta"]._try(1.0)
    spin(lambda: window.controller.complete)
    window.controller.move_to(window.controller.reached)
    settle(window)
    assert "diverged at update" in window.arithmetic.note()
    assert window.controller.cursor == 300


def test_a_file_that_is_no_data_is_refused_beside_the_list(window, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("x,y\n1,abc\n")
    window.panel.data_chosen.emit(str(bad), False)
    assert "line 2: 'abc' is not a number" in window.panel.data_problem.text()
    assert window.panel.data.currentData() == "lecture"


def test_light_and_dark_are_two_looks(window, qapp):
    light = pixels(window).mean()
    window.action("theme").trigger()
    qapp.processEvents()
    assert window.theme.name == "dark"
    assert pixels(window).mean() < light - 60
    window.action("theme").trigger()


def test_full_screen_and_back(window, qapp):
    size = window.board.size()
    window.action("full_screen").trigger()
    QTest.qWait(100)
    assert window.isFullScreen()
    assert window.theme.path_width == 3
    window.action("full_screen").trigger()
    QTest.qWait(100)
    assert not window.isFullScreen()
    assert window.theme.path_width == 2
    assert size.width() > 0


def test_f1_shows_the_keys(window, qapp):
    window.action("keys").trigger()
    box = next(widget for widget in qapp.topLevelWidgets() if widget.inherits("QMessageBox"))
    assert "Space" in box.text()
    box.close()


def test_hovering_the_error_curve_shows_the_values(window):
    window.controller.move_to(200)
    settle(window)
    curve = window.board.error_curve
    before = pixels(curve.viewport())
    middle = curve.plot_area().center().toPoint()
    QTest.mouseMove(curve.viewport(), middle + QPoint(-20, 0))
    curve.mouseMoveEvent(_move(QPointF(middle)))
    settle(window)
    assert (pixels(curve.viewport()) != before).any()


def _move(position: QPointF):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    none = Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, position, position, none, none, Qt.KeyboardModifier.NoModifier)
