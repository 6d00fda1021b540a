"""Networks in the window: the same numbers as without it, planes through the params, and what controls do."""

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

import gdviz
from gdviz.files import read_session, write_session
from gdviz.objectives import Network
from gdviz.training import Experiment, MiniBatch
from gdviz.training.cuts import CUTS, Principal, RandomDirections, TwoWeights
from tests.app.driving import settle as painted

pytestmark = pytest.mark.beside

MOONS = Network.on(Network.load("moons"), layers="2-6-2", init_seed=3)


def race(network=MOONS, **common):
    rules = [gdviz.GradientDescent(0.5), gdviz.Adam(0.05)]
    return Experiment.race(network, rules, **{"sampling": MiniBatch(64, shuffle=True), "epochs": 12, **common})


def settle(window):
    """Wait until all is computed and painted."""
    for _ in range(1500):
        painted(window)
        if window.controller.complete and window.controller.settled and window.board.contour.terrain is not None:
            return
        QTest.qWait(20)
    raise AssertionError("the window does not settle")


@pytest.fixture
def shown(open_window):
    window = open_window(race())
    settle(window)
    return window


def test_the_window_ends_where_the_command_line_does(shown):
    for trajectory in shown.controller.trajectories:
        alone = gdviz.train(trajectory.run)
        np.testing.assert_array_equal(trajectory.params, alone.params)
        np.testing.assert_array_equal(trajectory.error_at([0, 12, trajectory.last]), alone.error[[0, 12, -1]])


@pytest.mark.parametrize("cls", CUTS, ids=lambda cls: cls.name)
def test_every_plane_can_be_looked_at(shown, spin, cls):
    choice = shown.panel.plane.choice
    choice.setCurrentIndex(choice.findData(cls.name))
    choice.activated.emit(choice.currentIndex())
    settle(shown)
    plane = shown.controller.plane.slice
    assert isinstance(shown.controller.plane.cut, cls) and shown.board.contour.frame.plane is plane

    def is_its_surface():
        terrain = shown.board.contour.terrain
        a, b = terrain.a[len(terrain.a) // 3], terrain.b[len(terrain.b) // 2]
        truth = float(MOONS.value(plane.lifted(np.array([a, b]))))
        found = terrain.values[len(terrain.a) // 3, len(terrain.b) // 2]
        return abs(found - truth) <= 1e-6 * terrain.highest

    spin(is_its_surface)


def test_frozen_weights_follow_the_cursor(shown):
    shown.controller.cut(TwoWeights(0, 5))
    settle(shown)
    for update in (10, 40):
        shown.controller.move_to(update)
        settle(shown)
        plane, trajectory = shown.controller.plane.slice, shown.controller.trajectories[0]
        point = trajectory.params_at(update)
        np.testing.assert_array_equal(plane.lifted(point[[0, 5]]), point)
        frame = shown.board.contour.frame
        np.testing.assert_array_equal(frame.chosen.path[-1], point[[0, 5]])
        assert frame.aside.error == pytest.approx(frame.aside.error_on_plane, rel=1e-12)
        assert frame.names == (MOONS.name_of(0), MOONS.name_of(5))


def test_what_lies_off_the_plane_is_said(shown):
    shown.controller.cut(Principal())
    shown.controller.move_to(20)
    settle(shown)
    frame, plane = shown.board.contour.frame, shown.controller.plane.slice
    start, point = np.array(MOONS.start), shown.controller.trajectories[0].params_at(20)
    along = plane.directions @ (point - start)  # orthonormal
    assert frame.aside.share == pytest.approx(1 - along @ along / ((point - start) @ (point - start)), abs=1e-9)
    assert frame.aside.error == pytest.approx(float(MOONS.value(point)), rel=1e-12)


def test_a_click_starts_at_that_point_of_the_plane(shown):
    shown.controller.cut(RandomDirections(1))
    settle(shown)
    plane = shown.controller.plane.slice
    shown.board.contour.start_chosen.emit(0.25, -0.5)
    np.testing.assert_allclose(shown.controller.experiment.runs[1].start, plane.lifted(np.array([0.25, -0.5])))
    shown.controller.undo()
    assert shown.controller.experiment.runs[1].start == MOONS.start


def test_layers_and_activations_are_edited_on_the_drawing(shown):
    shown.panel.network.layers_edited.emit("2-5-4-2")
    shown.panel.network.activation_edited.emit("relu-tanh")
    settle(shown)
    network = shown.controller.experiment.objective
    assert network.sizes == (2, 5, 4, 2) and [a.name for a in network.activations] == ["relu", "tanh"]
    assert shown.board.layers.isVisibleTo(shown) and shown.board.accuracy_curve.isVisibleTo(shown)


def test_other_data_change_inputs_and_outputs(shown):
    for name, ends, output in (("iris", (4, 3), "softmax"), ("curve", (1, 1), "linear"), ("moons", (2, 2), "softmax")):
        shown.intents.choose_data(name, False)
        settle(shown)
        network = shown.controller.experiment.objective
        assert (network.sizes[0], network.sizes[-1]) == ends and network.output == output and network.sizes[1] == 6
        assert shown.board.accuracy_curve.isVisibleTo(shown) == (output == "softmax")


def test_regularisation_is_a_field_each(shown):
    form = shown.panel.objective_params
    for name, value in (("l2", 0.01), ("dropout", "0.2"), ("batchnorm", True), ("validation", 0.3)):
        form.fields[name].edited.emit(name, value)
        settle(shown)
        assert getattr(shown.controller.experiment.objective, name) == value
    assert form.sections["Regularisation"].heading.text() == "Regularisation: λ 0.01, dropout 0.2, batchnorm"


def test_a_run_is_stopped_by_its_validation_error(open_window):
    window = open_window(race(epochs=400, patience=3))
    settle(window)
    trajectory = window.controller.trajectories[1]
    assert trajectory.last < trajectory.run.total and "no lower validation error" in trajectory.ended
    assert window.controller.complete


def test_a_session_keeps_network_and_plane(shown):
    shown.controller.cut(TwoWeights(2, 7))
    settle(shown)
    session = shown.sessions.current()
    again = read_session(write_session(session))
    assert again == session and again.views.cut == TwoWeights(2, 7)
    shown.controller.cut(Principal())
    shown.sessions.show(again)
    settle(shown)
    assert shown.controller.plane.cut == TwoWeights(2, 7)


def test_a_step_can_be_predicted_on_two_weights_only(shown):
    shown.controller.cut(Principal())
    shown.intents.predict()
    assert "two weights" in shown.hint.text()
    shown.controller.cut(TwoWeights())
    settle(shown)
    shown.intents.predict()
    shown.intents.take_guess((0.0, 0.0))
    assert shown.board.contour.guess is not None
    shown.intents.stop_predicting()


def test_curves_are_drawn_over_epochs_and_time(shown):
    shown.action("axis").trigger()
    settle(shown)
    assert shown.board.error_curve.axis == "epoch"
    (_, high), _ = shown.board.error_curve.view_box.viewRange()
    assert high == pytest.approx(12, abs=0.5)
    shown.action("axis").trigger()
    settle(shown)
    assert shown.board.accuracy_curve.axis == "time" and shown.board.contour.frame.chosen.pace > 0


def test_back_to_the_neuron_and_to_the_network_again(shown):
    for name in ("neuron", "network", "himmelblau", "network"):
        shown.intents.choose_objective(name)
        settle(shown)
        is_network = name == "network"
        assert shown.panel.plane.box.isVisibleTo(shown) == is_network
        assert shown.panel.network.isVisibleTo(shown) == is_network
        assert shown.board.layers.isVisibleTo(shown.layers_dock) or not is_network
        assert (shown.board.contour.frame.plane is None) != is_network


def test_an_exercise_leaves_open_what_its_author_ticked(open_window):
    exercise = gdviz.Session(race(), open_controls=("l2", "data"))
    window = open_window(exercise)
    settle(window)
    form, sections = window.panel.objective_params, window.panel.objective_params.sections
    assert form.fields["l2"].isVisibleTo(window) and not form.fields["dropout"].isVisibleTo(window)
    assert not sections["Augmentation"].isVisibleTo(window) and not window.panel.network.isVisibleTo(window)
    assert window.panel.plane.box.isVisibleTo(window), "how it is looked at is always free"
    form.fields["l2"].edited.emit("l2", 0.1)
    settle(window)
    assert window.controller.experiment.objective.l2 == 0.1
    window.panel.network.layers_edited.emit("2-3-2")
    assert window.controller.experiment.objective.layers == MOONS.layers and "leaves open" in window.hint.text()


def test_standardised_inputs_are_so_by_the_training_part(shown):
    shown.intents.choose_data("iris", True)
    settle(shown)
    network = shown.controller.experiment.objective
    assert network.standardize and shown.panel.standardize.isChecked()
    np.testing.assert_allclose(network.parts.training.X.mean(axis=0), 0, atol=1e-12)
    assert np.abs(network.parts.validation.X.mean(axis=0)).max() > 1e-3


def test_a_table_of_ones_own_is_read_with_all_its_columns(shown, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("a,b,c,kind\n" + "\n".join(f"{i},{i * i},{-i},{'big' if i > 9 else 'small'}" for i in range(20)))
    shown.sessions.take(path)
    settle(shown)
    network = shown.controller.experiment.objective
    assert network.sizes[0] == 3 and network.data.classes == ("big", "small")
    path.write_text("a,b,c,kind\n1,2,x,big\n")
    shown.sessions.take(path)
    assert "'x' is not a number" in shown.panel.data_problem.text()


def test_a_session_that_is_opened_again_has_its_landscape_again(shown):
    session = shown.sessions.current()
    for _ in range(2):
        shown.sessions.show(session)
        settle(shown)
        assert shown.controller.plane.slice is not None


def test_a_session_without_a_plane_shows_the_usual_one(shown):
    shown.controller.cut(TwoWeights(0, 5))
    settle(shown)
    shown.sessions.show(gdviz.Session(race()))
    settle(shown)
    assert shown.controller.plane.cut == Principal() and shown.panel.plane.choice.currentData() == "principal"


def test_what_a_session_looks_at_stays_in_view(shown):
    box = ((-0.5, 0.5), (-0.25, 0.5))
    shown.sessions.show(gdviz.Session(race(), views=gdviz.Views(box=box)))
    settle(shown)
    assert np.allclose(shown.controller.plane._box, box)
    shown.intents.fit()
    assert shown.controller.plane._box == shown.controller.plane.slice.box


def test_the_editor_has_room_for_all_of_it_at_once(open_window):
    window = open_window()
    window.resize(1280, 720)
    window.intents.choose_objective("network")
    settle(window)
    area = window.panel.network.findChild(QScrollArea, "network_columns")
    assert area.widget().minimumSizeHint().height() <= area.height()


def test_a_network_of_two_params_can_be_made_larger_again(open_window):
    window = open_window(
        gdviz.lecture_race(Network(layers="1-1", output="logistic-squared", X=[0.5, 2.5], Y=[0.2, 0.9]))
    )
    settle(window)
    assert window.board.contour.frame.plane is None and window.panel.network.isVisibleTo(window)
    window.panel.network.add_layer.click()
    settle(window)
    assert len(window.controller.experiment.objective.sizes) == 3
    assert window.board.contour.frame.plane is not None


def test_axes_show_the_values_themselves(shown):
    for name in ("curve", "lecture"):
        shown.intents.choose_data(name, False)
        settle(shown)
    for view in (shown.board.data_fit, shown.board.contour, shown.board.error_curve):
        for side in ("left", "bottom"):
            axis = view.getPlotItem().getAxis(side)
            assert axis.autoSIPrefixScale == axis.scale == 1
