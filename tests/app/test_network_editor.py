"""The editor of a network's layers says what is wished for, and only that."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSpinBox, QToolButton, QWidget

from gdviz.app.controls.activation_button import ActivationButton
from gdviz.app.controls.network_columns import DRAWN, WIDEST
from gdviz.app.controls.network_editor import DEEPEST, NetworkEditor
from gdviz.objectives import Network
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.network.activations import ACTIVATIONS
from gdviz.views.theme import DARK, LIGHT
from tests.app.fitting import faults

pytestmark = pytest.mark.beside

PANEL = 280
"""Pixels of the panel for the editor."""


def network(layers="2-16-16-2", activation="tanh"):
    data = LABELLED["digits" if layers.startswith("64") else "moons"]()
    return Network.on(data, layers=layers, activation=activation)


@pytest.fixture
def editor(qapp):
    """Open editors that note what they say; none is left."""
    made = []

    def make(layers="2-16-16-2", activation="tanh"):
        one = NetworkEditor()
        one.said = []
        one.edited.connect(
            lambda edit: one.said.append((edit.value, edit.activation) if edit.activation else edit.value)
        )
        one.resize(PANEL, 220)
        one.show_network(network(layers, activation))
        one.show()
        qapp.processEvents()
        made.append(one)
        return one

    yield make
    for one in made:
        one.close()
        one.deleteLater()


def child(editor, name):
    return editor.findChild(QWidget, name)


def picture(widget):
    image = widget.grab().toImage().convertToFormat(widget.grab().toImage().Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[..., 2::-1].astype(int)


@pytest.mark.parametrize("layers", ["2-2", "2-1-2", "2-16-16-2", "64-512-32-16-16-8-8-8-8-10"])
def test_showing_a_network_says_nothing_and_reads_back(editor, layers):
    one = editor()
    one.show_network(network(layers, "relu"))
    assert one.said == []
    assert (one.layers, one.activation) == (layers, "relu")
    hidden = layers.split("-")[1:-1]
    assert [child(one, f"neurons_{i}").value() for i in range(1, len(hidden) + 1)] == list(map(int, hidden))
    assert child(one, f"neurons_{len(hidden) + 1}") is None


def test_every_control_has_its_name_and_can_be_read_aloud(editor):
    one = editor()
    for name in ["network_editor", "add_layer", "remove_layer"] + [
        f"{what}_{layer}" for what in ("neurons", "fewer", "more", "activation") for layer in (1, 2)
    ]:
        widget = one if name == "network_editor" else child(one, name)
        assert widget.accessibleName(), name
    names = [widget.accessibleName() for kind in (QSpinBox, QToolButton) for widget in one.findChildren(kind)]
    assert len(set(names)) == len(names)
    assert child(one, "activation_2").accessibleName().endswith("hidden layer 2 compute: tanh")


def test_more_and_fewer_neurons(editor):
    one = editor("2-16-16-2")
    child(one, "more_1").click()
    child(one, "more_1").click()
    child(one, "fewer_2").click()
    assert one.said == ["2-17-16-2", "2-18-16-2", "2-18-15-2"]


def test_a_typed_number_is_said_once_it_is_complete(editor):
    one = editor()
    field = child(one, "neurons_2")
    field.selectAll()
    QTest.keyClicks(field, "128")
    assert one.said == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert one.said == ["2-16-128-2"]


def test_neurons_stay_within_their_limits(editor):
    one = editor(f"2-1-{WIDEST}-2")
    child(one, "fewer_1").click()
    child(one, "more_2").click()
    assert one.said == []
    child(one, "neurons_2").setValue(10**6)
    assert one.layers == f"2-1-{WIDEST}-2"


def test_a_wider_layer_than_can_be_chosen_is_shown_as_it_is(editor):
    one = editor("2-2000-2")
    assert child(one, "neurons_1").value() == 2000
    assert one.said == []
    child(one, "fewer_1").click()
    assert one.said == ["2-1900-2"]


def test_layers_are_added_and_removed_down_to_none(editor):
    one = editor("2-16-4-2", "relu")
    one.add_layer.click()
    one.remove_layer.click()
    one.remove_layer.click()
    one.remove_layer.click()
    assert not one.remove_layer.isEnabled()
    one.add_layer.click()
    assert one.said == ["2-16-4-4-2", "2-16-4-2", "2-16-2", "2-2", "2-8-2"]
    assert one.activation == "relu"


def test_no_more_layers_than_can_be_chosen(editor):
    one = editor("2-3-2")
    for _ in range(DEEPEST + 3):
        one.add_layer.click()
    assert one.said[-1] == "-".join(["2", *["3"] * DEEPEST, "2"])
    assert len(one.said) == DEEPEST - 1
    assert not one.add_layer.isEnabled()


def test_an_activation_is_chosen_by_menu_and_by_arrow_keys(editor):
    one = editor()
    button = child(one, "activation_1")
    assert len(button.menu().actions()) == len(ACTIVATIONS)
    next(action for action in button.menu().actions() if action.text().startswith("relu")).trigger()
    assert one.said == ["relu-tanh"]
    QTest.keyClick(child(one, "activation_2"), Qt.Key.Key_Down)
    assert one.said[1:] == ["relu"]
    QTest.keyClick(button, Qt.Key.Key_Up)
    assert one.said[2:] == ["tanh-relu"]
    next(action for action in button.menu().actions() if action.text().startswith("tanh")).trigger()
    assert len(one.said) == 3


def test_where_activations_differ_both_are_said_at_once(editor):
    one = editor("2-5-6-2", "tanh-relu")
    one.add_layer.click()
    one.remove_layer.click()
    one.remove_layer.click()
    assert one.said == [
        ("2-5-6-6-2", "tanh-relu-relu"),
        ("2-5-6-2", "tanh-relu"),
        ("2-5-2", "tanh"),
    ]
    one.add_layer.click()
    assert one.said[3:] == ["2-5-5-2"]


def test_all_that_is_said_makes_a_network(editor):
    one, random = editor(), np.random.default_rng(0)
    for _ in range(60):
        buttons = [one.add_layer, one.remove_layer, *one.findChildren(QToolButton)]
        choice = buttons[random.integers(len(buttons))]
        if isinstance(choice, ActivationButton):
            QTest.keyClick(choice, Qt.Key.Key_Down)
        elif choice.objectName() in ("add_layer", "remove_layer") or choice.objectName().startswith(("more", "fewer")):
            choice.click()
        made = network(one.layers, one.activation)
        one.show_network(made)
        assert (one.layers, one.activation) == (made.layers, made.activation)


def test_all_controls_are_reached_by_tab_in_their_order(editor, spin):
    one = editor()
    one.activateWindow()
    spin(one.isActiveWindow)
    child(one, "neurons_1").setFocus(Qt.FocusReason.TabFocusReason)
    order = []
    for _ in range(10):
        order.append(QApplication.focusWidget().objectName())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    expected = [f"{what}_{layer}" for layer in (1, 2) for what in ("neurons", "fewer", "more", "activation")]
    assert order == [*expected, "add_layer", "remove_layer"]
    assert one.said == []


def test_the_focus_stays_while_the_network_is_shown_again(editor, spin):
    one = editor()
    one.activateWindow()
    spin(one.isActiveWindow)
    field = child(one, "neurons_2")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up)
    one.show_network(network(one.layers))
    assert QApplication.focusWidget() is field
    assert one.said == ["2-16-17-2"]


@pytest.mark.parametrize("layers", ["2-2", "2-16-16-2", "2-128-16-512-5-2"])
def test_four_hidden_layers_fit_the_panel(editor, layers):
    one = editor(layers, "logistic")
    assert not one._area.horizontalScrollBar().isVisible()
    assert one._columns.minimumSizeHint().width() <= PANEL
    assert not faults(one)
    assert one.minimumSizeHint().width() <= PANEL


def test_more_layers_scroll_sideways(editor, qapp):
    one = editor("64-512-32-16-16-8-8-8-8-10")
    qapp.processEvents()
    assert one._area.horizontalScrollBar().maximum() > 0
    assert one._area.viewport().height() >= one._columns.minimumSizeHint().height()
    one.show_network(network("2-4-2"))
    qapp.processEvents()
    assert one._area.horizontalScrollBar().maximum() == 0


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("neurons", [1, 3, DRAWN, DRAWN + 1, 300])
def test_so_many_neurons_are_drawn(editor, qapp, theme, neurons):
    before = qapp.palette()
    qapp.setPalette(theme.palette())
    try:
        one = editor(f"2-{neurons}-2")
        column = child(one, "neurons_1").parentWidget().geometry().center().x()
        pixels = picture(one._columns)[:84, column]
    finally:
        qapp.setPalette(before)
    is_dot = (np.abs(pixels - np.array(QColor(theme.accent).getRgb()[:3])) < 30).all(axis=1)
    lengths = [len(list(run)) for is_on, run in itertools.groupby(is_dot.tolist()) if is_on]
    assert sum(length >= 5 for length in lengths) == (neurons if neurons <= DRAWN else DRAWN - 1)


def test_the_curves_follow_the_theme(editor, qapp):
    before = qapp.palette()
    try:
        qapp.setPalette(LIGHT.palette())
        one = editor()
        icon = child(one, "activation_1").icon().pixmap(28, 18).toImage()
        qapp.setPalette(DARK.palette())
        qapp.processEvents()
        assert child(one, "activation_1").icon().pixmap(28, 18).toImage() != icon
    finally:
        qapp.setPalette(before)
