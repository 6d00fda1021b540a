"""Who gets a key or a turn of the wheel: number fields keep text, the window steps and plays, the wheel scrolls."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QSlider,
    QSpinBox,
    QTextBrowser,
    QWidget,
)

from tests.app.driving import choose, settle

pytestmark = pytest.mark.beside

KEY, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def strike(key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key wherever the focus is."""
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


@pytest.fixture(params=["eta_edit", "batch_size", "neurons_1"])
def number(request, window, spin):
    """A number field of each kind that has the focus, with what it stands for and a number that can be typed."""
    if request.param == "neurons_1":
        window.edits.choose_objective("network")
    if request.param == "batch_size":
        choose(window, "data", "oring")
        choose(window, "strategy", "minibatch")
        window.document.undo()  # what is edited now is an edit of its own
        window.document.redo()
    spin(lambda: window.controller.complete and window.controller.settled)
    field = window.findChild(QWidget, request.param)
    line = field if isinstance(field, QLineEdit) else field.lineEdit()
    values = {
        "eta_edit": lambda: window.controller.experiment.runs[0].optimizer.eta,
        "batch_size": lambda: window.controller.experiment.runs[0].sampling.size,
        "neurons_1": lambda: window.controller.experiment.objective.sizes[1],
    }
    field.setFocus()
    line.selectAll()
    spin(lambda: QApplication.focusWidget() is field)
    return window, field, line, values[request.param]


def test_return_takes_a_number_and_leaves_it_selected(number, spin):
    window, field, line, value = number
    for text in ("7", "9"):
        QTest.keyClicks(field, text)
        strike(KEY.Key_Return)
        spin(lambda: window.controller.complete and window.controller.settled)
        assert value() == float(text)
        assert QApplication.focusWidget() is field and line.selectedText() == text


def test_space_plays_and_the_page_keys_step_while_a_number_is_typed(number, spin):
    window, field, line, _value = number
    before = line.text()
    strike(KEY.Key_PageDown)
    strike(KEY.Key_PageDown)
    strike(KEY.Key_PageUp)
    assert window.controller.cursor == 1
    strike(KEY.Key_Space)
    assert window.controller.playing
    strike(KEY.Key_Space)
    assert not window.controller.playing
    assert line.text() == before and QApplication.focusWidget() is field


def test_arrows_belong_to_the_text_and_escape_gives_the_keys_back(number, spin):
    window, field, line, value = number
    before, was = line.text(), value()
    QTest.keyClicks(field, "12")
    strike(KEY.Key_Left)
    QTest.keyClicks(field, "3")
    assert line.text() == "132" and window.controller.cursor == 0
    strike(KEY.Key_Escape)
    assert (line.text(), value()) == (before, was)
    strike(KEY.Key_Right)
    assert window.controller.cursor == 1 and QApplication.focusWidget() is not field


def test_undo_is_of_the_text_while_it_is_typed_and_of_the_race_once_it_is_taken(number, spin):
    window, field, line, _value = number
    before, first = line.text(), window.controller.experiment
    QTest.keyClicks(field, "7")
    strike(KEY.Key_Z, CONTROL)
    assert line.text() == before and window.controller.experiment == first
    line.selectAll()
    QTest.keyClicks(field, "7")
    strike(KEY.Key_Return)
    assert window.controller.experiment != first
    strike(KEY.Key_Z, CONTROL)
    assert window.controller.experiment == first and line.text() == before


def test_the_page_keys_step_wherever_the_focus_is(window):
    settle(window)
    names = "objective data runs optimizer strategy schedule reduction timeline speed eta_slider contour surface"
    for at, name in enumerate(names.split()):
        widget = window.findChild(QWidget, name)
        widget.setFocus()
        assert QApplication.focusWidget() is widget
        experiment, selected = window.controller.experiment, window.controller.selected
        strike(KEY.Key_PageDown)
        strike(KEY.Key_PageDown)
        strike(KEY.Key_PageUp)
        assert window.controller.cursor == at + 1, name
        assert (window.controller.experiment, window.controller.selected) == (experiment, selected), name


def test_no_key_without_a_modifier_is_a_digit(window):
    keys = [key.toString() for action in window.actions_by_name.values() for key in action.shortcuts()]
    assert not [key for key in keys if key.isdigit()]
    window.document.edit(window.controller.experiment.without(0))
    strike(KEY.Key_6)
    assert len(window.controller.experiment.runs) == 5
    strike(KEY.Key_6, CONTROL)
    assert len(window.controller.experiment.runs) == 6


def test_f1_shows_every_key(window):
    window.action("keys").trigger()
    dialog = window.findChild(QDialog, "keys")
    text = dialog.findChild(QTextBrowser).toPlainText()
    native = QKeySequence.SequenceFormat.NativeText
    for action in window.actions_by_name.values():
        assert ", ".join(key.toString(native) for key in action.shortcuts()) in text
    assert "PgDown" in text and "Enter" in text
    dialog.close()


def turn_wheel(window, widget, by=-120):
    """Turn the wheel with the pointer over a widget."""
    at = widget.mapTo(window, widget.rect().center())
    assert window.childAt(at) in (widget, *widget.findChildren(QWidget)), widget.objectName()
    QTest.wheelEvent(window.windowHandle(), QPointF(at), QPoint(0, by))


def state(control):
    return control.currentText() if isinstance(control, QComboBox) else control.value()


@pytest.mark.parametrize("objective", ["neuron", "network"])
def test_the_wheel_changes_no_control_of_the_panel_but_scrolls_it(window, spin, objective):
    window.edits.choose_objective(objective)
    window.resize(1280, 500)
    area = window.panel.parent().parent()
    bar = area.verticalScrollBar()
    spin(lambda: window.controller.complete and window.controller.settled and bar.maximum() > 0)
    kinds = (QComboBox, QSlider, QSpinBox)
    controls = [one for kind in kinds for one in window.panel.findChildren(kind) if one.isVisible() and one.isEnabled()]
    assert len(controls) > 8 and {type(one) for one in controls} >= {QComboBox, QSlider}
    for control in controls:
        before, first = state(control), window.controller.experiment
        area.ensureWidgetVisible(control)
        bar.setValue(min(bar.value(), bar.maximum() - 1))
        at = bar.value()
        turn_wheel(window, control)
        assert (state(control), window.controller.experiment) == (before, first), control.objectName()
        assert bar.value() > at, control.objectName()


def test_a_closed_list_does_not_turn_even_with_the_focus(window):
    for name in ("speed", "optimizer", "batch_size"):
        control = window.findChild(QComboBox, name)
        control.setEnabled(True)
        control.setFocus()
        before = control.currentText()
        for by in (-120, 120):
            turn_wheel(window, control, by)
            assert control.currentText() == before, name


def test_the_wheel_turns_a_number_that_has_the_focus_the_timeline_and_what_scrolls(window, spin):
    slider = window.findChild(QSlider, "eta_slider")
    slider.setFocus()
    before = slider.value()
    turn_wheel(window, slider)
    assert slider.value() != before
    window.controller.move_to(50)
    settle(window)
    window.board.contour.setFocus()
    turn_wheel(window, window.timeline.slider)
    assert window.controller.cursor != 50
    area = window.panel.parent().parent()
    bar = area.verticalScrollBar()
    window.resize(1280, 500)
    spin(lambda: window.childAt(bar.mapTo(window, bar.rect().center())) is bar)
    turn_wheel(window, bar)
    assert bar.value() > 0
