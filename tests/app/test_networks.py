"""Networks in the window: the same numbers as without it, and what controls do."""

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QScrollArea

import gdviz
from gdviz.app.files.memory import Memory
from gdviz.app.model.edits import SetObjective
from gdviz.objectives import Network
from gdviz.training import Experiment
from tests.app.networks import MOONS, race, settle

pytestmark = pytest.mark.beside


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


def test_layers_and_activations_are_edited_on_the_drawing(shown):
    shown.panel.network.edited.emit(SetObjective("layers", "2-5-4-2"))
    shown.panel.network.edited.emit(SetObjective("activation", "relu-tanh"))
    settle(shown)
    network = shown.controller.experiment.objective
    assert network.sizes == (2, 5, 4, 2) and [a.name for a in network.activations] == ["relu", "tanh"]
    assert shown.views["layers"].isVisibleTo(shown) and shown.board.views["accuracy"].isVisibleTo(shown)


def test_other_data_change_inputs_and_outputs(shown):
    for name, ends, output in (("iris", (4, 3), "softmax"), ("curve", (1, 1), "linear"), ("moons", (2, 2), "softmax")):
        shown.importing.choose(name, False)
        settle(shown)
        network = shown.controller.experiment.objective
        assert (network.sizes[0], network.sizes[-1]) == ends and network.output == output and network.sizes[1] == 6
        assert shown.board.views["accuracy"].isVisibleTo(shown) == (output == "softmax")


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


def test_curves_are_drawn_over_epochs_and_time(shown):
    shown.action("axis").trigger()
    settle(shown)
    assert shown.board.views["error"].axis == "epoch"
    (_, high), _ = shown.board.views["error"].view_box.viewRange()
    assert high == pytest.approx(12, abs=0.5)
    shown.action("axis").trigger()
    settle(shown)
    assert shown.board.views["accuracy"].axis == "time" and shown.board.contour.frame.selected_run.pace > 0


def test_back_to_the_neuron_and_to_the_network_again(shown):
    for name in ("neuron", "network", "himmelblau", "network"):
        shown.edits.choose_objective(name)
        settle(shown)
        is_network = name == "network"
        assert shown.panel.plane.box.isVisibleTo(shown) == is_network
        assert shown.panel.network.isVisibleTo(shown) == is_network
        assert shown.views["layers"].isVisibleTo(shown.docks["layers"]) or not is_network
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
    window.panel.network.edited.emit(SetObjective("layers", "2-3-2"))
    assert window.controller.experiment.objective.layers == MOONS.layers and "leaves open" in window.hint.text()


def test_standardised_inputs_are_so_by_the_training_part(shown):
    shown.importing.choose("iris", True)
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


def test_the_editor_has_room_for_all_of_it_at_once(open_window):
    window = open_window()
    window.resize(1280, 720)
    window.edits.choose_objective("network")
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
        shown.importing.choose(name, False)
        settle(shown)
    for view in (shown.board.views["fit"], shown.board.contour, shown.board.views["error"]):
        for side in ("left", "bottom"):
            axis = view.getPlotItem().getAxis(side)
            assert axis.autoSIPrefixScale == axis.scale == 1


def test_starts_of_ones_own_stay_where_the_params_mean_the_same(open_window):
    network = Network.on(Network.load("moons"), layers="2-3-2")
    own, theirs = gdviz.Run(network, gdviz.Adam(0.05), epochs=5), (0.5,) * network.size
    window = open_window(Experiment((own, own.changed(start=theirs))))
    settle(window)
    for name, value in (("l2", 0.01), ("activation", "relu"), ("init_seed", 4)):
        window.panel.objective_params.edited.emit(name, value)
        first, second = window.controller.experiment.runs
        assert second.start == theirs and first.start == first.objective.start
    assert first.start != own.start, "it begins where the network does"
    window.panel.network.edited.emit(SetObjective("layers", "2-4-2"))
    assert [run.start for run in window.controller.experiment.runs] == [
        window.controller.experiment.objective.start
    ] * 2


def test_who_closes_the_layers_is_left_alone(shown):
    assert shown.docks["layers"].isVisibleTo(shown) and shown.docks["layers"].toggleViewAction().isVisible()
    shown.docks["layers"].close()
    shown.panel.objective_params.edited.emit("l2", 0.01)
    settle(shown)
    assert shown.docks["layers"].isHidden()
    shown.docks["layers"].toggleViewAction().trigger()
    assert not shown.docks["layers"].isHidden()
    shown.edits.choose_objective("beale")
    settle(shown)
    assert shown.docks["layers"].isHidden() and not shown.docks["layers"].toggleViewAction().isVisible()
    shown.use_usual_layout()
    assert shown.docks["layers"].isHidden()


def test_a_layout_of_a_network_leaves_no_layers_to_a_neuron(open_window, tmp_path):
    memory = Memory(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    memory.save(open_window(race()), "light", None)
    window = open_window()
    memory.restore(window)
    assert window.docks["layers"].isHidden()
