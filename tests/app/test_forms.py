"""One kind of field for every declared parameter: slider, number and default agree, and bad input changes nothing."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit

from gdviz.app.controls.forms import STEPS, ParamField, ParamForm
from gdviz.app.controls.shared_settings import STOP
from gdviz.optimizers import OPTIMIZERS
from gdviz.params import Param
from gdviz.training import SCHEDULES, STRATEGIES

CLASSES = (*OPTIMIZERS, *SCHEDULES, *STRATEGIES)
DECLARED = [(cls.name, declared) for cls in CLASSES for declared in cls.params()] + [("stop", one) for one in STOP]
NUMBERS = [pair for pair in DECLARED if not pair[1].choices and not pair[1].is_switch]
LINEAR = Param("share", "s", "a share", 0.25, low=-1, high=1, slider=(-1, 1))
LOG = Param("rate", "r", "a rate", 0.01, low=0, slider=(1e-4, 10), log=True)
WHOLE = Param("count", "n", "how many", 10, low=1, slider=(1, 1000), log=True)
FEW = Param("few", "k", "how few", 3, low=0, high=7, slider=(0, 7))
TICK = Param("flag", "flag", "yes or no", False, is_switch=True)
NUMBER = Param("flag", "flag", "yes or no, as a number", 1.0, is_switch=True)
CHOICE = Param("kind", "kind", "which", "b", choices=("a", "b", "c"))


def named(pairs):
    return [f"{owner}.{declared.name}" for owner, declared in pairs]


@pytest.fixture
def field(qapp):
    """Make fields that note what they say was edited."""
    made = []

    def make(declared):
        one = ParamField(declared)
        one.said = []
        one.edited.connect(lambda name, value: one.said.append((name, value)))
        made.append(one)
        return one

    yield make
    for one in made:
        one.deleteLater()


def type_in(field, text):
    field.editor.setText(text)
    field.editor.editingFinished.emit()


def double_click(widget):
    position = QPointF(widget.rect().center())
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(QEvent.Type.MouseButtonDblClick, position, position, left, left, none)
    QApplication.sendEvent(widget, event)


def typed(field):
    """Return the value that the field's text stands for."""
    return field.param.convert(field.editor.text())


@pytest.mark.parametrize(("owner", "declared"), DECLARED, ids=named(DECLARED))
def test_every_declared_parameter_has_its_kind_of_field(field, owner, declared):
    one = field(declared)
    kind = QComboBox if declared.choices else QCheckBox if declared.is_switch else QLineEdit
    assert isinstance(one.editor, kind)
    assert (one.slider is not None) == (kind is QLineEdit)
    assert one.value() == declared.default
    assert type(one.value()) is type(declared.default)
    assert one.objectName() == declared.name
    assert declared.name in one.editor.accessibleName()
    assert declared.help in one.toolTip()
    assert one.said == []


@pytest.mark.parametrize(("owner", "declared"), NUMBERS, ids=named(NUMBERS))
def test_every_place_of_every_slider_is_a_valid_value_that_both_controls_show(field, owner, declared):
    one = field(declared)
    values = []
    for position in (*range(0, STEPS, 37), STEPS):
        one.slider.setValue(position)
        value = one.value()
        assert declared.convert(value) == value
        assert type(value) is type(declared.default)
        assert typed(one) == value
        assert not one.problem.text()
        values.append(value)
        one.set_value(value)
        assert one.value() == value
        if isinstance(value, float):
            assert abs(one.slider.value() - position) <= 5  # values are rounded
    assert values == sorted(values)
    assert values[0] == pytest.approx(declared.slider[0])
    assert values[-1] == pytest.approx(declared.slider[1])
    assert one.said[-1] == (declared.name, values[-1])


@pytest.mark.parametrize("declared", [LINEAR, LOG, WHOLE, FEW], ids=lambda declared: declared.name)
def test_a_typed_number_moves_the_slider_and_is_said_once(field, declared):
    one = field(declared)
    low, high = declared.slider
    value = type(declared.default)(low + 0.4 * (high - low))
    type_in(one, f"{value:g}")
    assert one.value() == pytest.approx(value)
    assert one.said == [(declared.name, one.value())]
    bounds = (math.log(low), math.log(high), math.log(value)) if declared.log else (low, high, value)
    expected = (bounds[2] - bounds[0]) / (bounds[1] - bounds[0]) * STEPS
    assert one.slider.value() == pytest.approx(expected, abs=1)
    type_in(one, f"{value:g}")
    assert len(one.said) == 1


@pytest.mark.parametrize(("text", "value"), [("100", 100.0), ("1e-7", 1e-7), ("0", 0.0), ("0,5", 0.5), (" 2 ", 2.0)])
def test_values_beyond_the_slider_are_taken_where_they_are_valid(field, text, value):
    one = field(LOG)
    type_in(one, text)
    assert one.value() == (LOG.default if value is None else value)
    assert one.slider.value() in range(STEPS + 1)
    assert bool(one.problem.text()) == (value is None)


def test_a_minus_sign_of_either_kind_is_understood(field):
    one = field(LINEAR)
    type_in(one, "-0.5")
    assert (one.value(), one.editor.text()) == (-0.5, "−0.5")
    type_in(one, "−0.75")
    assert one.value() == -0.75


BAD = ["", "abc", "nan", "inf", "-inf", "1e999", "1 2", "0x10", "--1", "9" * 400]


@pytest.mark.parametrize("declared", [LINEAR, LOG, WHOLE, FEW], ids=lambda declared: declared.name)
@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:8])
def test_bad_input_is_refused_in_a_sentence_and_the_old_value_stays(field, declared, text):
    one = field(declared)
    slider = one.slider.value()
    type_in(one, text)
    assert one.problem.text().startswith(f"{declared.name} must be {declared.valid()}, not ")
    assert one.problem.text().endswith(".")
    assert len(one.problem.text()) < 160
    assert (one.value(), one.slider.value(), one.said) == (declared.default, slider, [])


@pytest.mark.parametrize(
    ("declared", "text"), [(LINEAR, "1.01"), (LOG, "-1"), (WHOLE, "0"), (WHOLE, "2.5"), (FEW, "8")]
)
def test_what_is_out_of_range_is_refused(field, declared, text):
    one = field(declared)
    type_in(one, text)
    assert one.problem.text()
    assert one.value() == declared.default


def test_a_good_value_ends_the_complaint(field):
    for mend in (lambda one: type_in(one, "2"), lambda one: one.slider.setValue(700), lambda one: one.set_value(3.0)):
        one = field(LOG)
        type_in(one, "much")
        assert one.problem.text()
        mend(one)
        assert not one.problem.text()
        assert typed(one) == one.value()


def test_typing_the_old_value_again_ends_the_complaint_and_says_nothing(field):
    one = field(LOG)
    type_in(one, "much")
    type_in(one, "0.01")
    assert not one.problem.text()
    assert one.said == []


@pytest.mark.parametrize("declared", [LINEAR, LOG, WHOLE, FEW], ids=lambda declared: declared.name)
@pytest.mark.parametrize("target", ["label", "slider"])
def test_a_double_click_is_the_default(field, declared, target):
    one = field(declared)
    one.slider.setValue(STEPS)
    assert one.value() != declared.default
    double_click(getattr(one, target))
    assert (one.value(), typed(one)) == (declared.default, declared.default)
    assert one.said[-1] == (declared.name, declared.default)
    before = one.slider.value()
    one.set_value(declared.default)
    assert one.slider.value() == before


@settings(max_examples=60, deadline=None)
@given(value=st.floats(1e-12, 1e9))
def test_passing_through_a_field_does_not_change_its_value(qapp, value):
    """A value from a file or the command line has more digits than are shown; leaving the field must not cut them."""
    one = ParamField(LOG)
    said = []
    one.edited.connect(lambda *edit: said.append(edit))
    one.set_value(value)
    one.editor.editingFinished.emit()
    assert (one.value(), said) == (value, [])
    one.deleteLater()


def test_passing_through_a_field_of_a_large_whole_number_does_not_change_it(field):
    one = field(WHOLE)
    one.set_value(1_234_567)
    one.editor.editingFinished.emit()
    assert (one.value(), one.said) == (1_234_567, [])
    assert "e" not in one.editor.text()


def test_a_box_to_tick(field):
    one = field(TICK)
    one.editor.click()
    assert (one.value(), one.said) == (True, [("flag", True)])
    one.set_value(False)
    assert not one.editor.isChecked()
    assert len(one.said) == 1
    one.editor.click()
    double_click(one.label)
    assert (one.value(), one.editor.isChecked()) == (False, False)


def test_a_box_that_stands_for_a_number(field):
    one = field(NUMBER)
    assert one.editor.isChecked()
    one.editor.click()
    assert (one.value(), type(one.value()), one.said) == (0.0, float, [("flag", 0.0)])
    one.set_value(1.0)
    assert one.editor.isChecked()


def test_a_list_to_choose_from(field):
    one = field(CHOICE)
    assert [one.editor.itemText(i) for i in range(one.editor.count())] == ["a", "b", "c"]
    assert one.editor.currentText() == "b"
    one.editor.setCurrentText("c")
    assert (one.value(), one.said) == ("c", [("kind", "c")])
    one.set_value("a")
    assert one.editor.currentText() == "a"
    assert len(one.said) == 1
    double_click(one.label)
    assert (one.value(), one.editor.currentText()) == ("b", "b")


def test_a_form_follows_the_declarations_and_keeps_its_fields_while_they_are_the_same(qapp):
    form, said = ParamForm(), []
    form.edited.connect(lambda name, value: said.append((name, value)))
    for cls in (*OPTIMIZERS, *SCHEDULES):
        made = cls()
        form.show_values(cls.params(), made.values())
        assert list(form.fields) == [declared.name for declared in cls.params()]
        assert {name: field.value() for name, field in form.fields.items()} == made.values()
        kept = dict(form.fields)
        form.show_values(cls.params(), made.values())
        assert form.fields == kept
    assert said == []
    form.show_values(OPTIMIZERS[0].params(), OPTIMIZERS[0]().values())
    type_in(form.fields["eta"], "0.5")
    assert said == [("eta", 0.5)]
    form.deleteLater()
