"""Controls made from declared parameters: one kind of field for all of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from gdviz.app.controls.keys import NumberKeys, reach_by_tab
from gdviz.app.controls.section import Section
from gdviz.views.words import Label, set_tip
from gdviz.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdviz.params import Param

__all__ = ["ParamField", "ParamForm", "Problem"]

STEPS = 1000
"""Positions of a slider."""


class Problem(Label):
    """One sentence about what is wrong, beside what caused it; takes no room while all is well."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setProperty("problem", True)
        self.hide()

    def say(self, text: str) -> None:
        """Show the sentence; an empty one hides it."""
        self.setText(sentence(text))
        self.setVisible(bool(text))


class ParamField(QWidget):
    """Symbol, slider and editable number of one parameter; a box to tick or a list where it is not a number.

    Signals
    -------
    edited(str, object)
        The parameter's name and its new, valid value.
    """

    edited = Signal(str, object)

    def __init__(self, param: Param) -> None:
        super().__init__()
        self.param = param
        self.setObjectName(param.name)
        self.problem = Problem()
        self.slider: QSlider | None = None
        self._value: Any = param.default
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(6)
        layout.setVerticalSpacing(1)
        self.label = Label(param.symbol)
        self.label.setMinimumWidth(30)
        self.label.installEventFilter(self)
        layout.addWidget(self.label, 0, 0)
        self.editor = self._make_editor(layout)
        self.editor.setAccessibleName(f"{param.name}: {param.help}")
        self.setAccessibleName(param.name)
        layout.addWidget(self.problem, 1, 0, 1, 3)
        layout.setColumnStretch(1, 1)
        about = f"{param.symbol} ({param.name}): {param.help}."
        set_tip(self, f"{about}\nValid: {param.valid()}. Double click: {param.default}")
        self.set_value(param.default)

    def _make_editor(self, layout: QGridLayout) -> QWidget:
        if self.param.choices:
            choice = QComboBox()
            choice.addItems(self.param.words)
            choice.currentTextChanged.connect(self._try)
            reach_by_tab(choice)
            layout.addWidget(choice, 0, 1, 1, 2)
            return choice
        if isinstance(self.param.default, str):
            line = QLineEdit()
            line.editingFinished.connect(lambda: self._try(line.text()))
            layout.addWidget(line, 0, 1, 1, 2)
            return line
        if self.param.is_switch:
            tick = QCheckBox(self.param.name if self.param.name != self.param.symbol else "")
            tick.toggled.connect(self._try)
            reach_by_tab(tick)
            layout.addWidget(tick, 0, 1, 1, 2)
            return tick
        return self._make_number(layout)

    def _make_number(self, layout: QGridLayout) -> QLineEdit:
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, STEPS)
        self.slider.setPageStep(STEPS // 20)
        self.slider.setObjectName(f"{self.param.name}_slider")
        self.slider.setAccessibleName(f"{self.param.name} slider")
        self.slider.valueChanged.connect(self._slid)
        self.slider.installEventFilter(self)
        reach_by_tab(self.slider)
        layout.addWidget(self.slider, 0, 1)
        edit = QLineEdit()
        edit.setObjectName(f"{self.param.name}_edit")
        edit.setFixedWidth(78)
        edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        edit.editingFinished.connect(self._typed)
        NumberKeys(edit, self._show_number)
        layout.addWidget(edit, 0, 2)
        return edit

    def value(self) -> Any:
        """Return the value, always a valid one."""
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a value without saying that it was edited."""
        self._value = value
        self.problem.say("")
        self._show_value()

    def _show_value(self) -> None:
        if isinstance(self.editor, QLineEdit) and self.slider is None:
            self.editor.setText(self._value)
            return
        if isinstance(self.editor, QLineEdit):
            if not self.editor.hasFocus() or self._text_differs(self.editor.text()):
                self.editor.setText(_shortest(self._value))
            assert self.slider is not None
            with QSignalBlocker(self.slider):
                self.slider.setValue(self._position(self._value))
            return
        with QSignalBlocker(self.editor):
            if isinstance(self.editor, QComboBox):
                self.editor.setCurrentText(self._value)
            elif isinstance(self.editor, QCheckBox):
                self.editor.setChecked(bool(self._value))

    def _text_differs(self, text: str) -> bool:
        try:
            return bool(self.param.convert(text) != self._value)
        except ValueError:
            return True

    def _typed(self) -> None:
        assert isinstance(self.editor, QLineEdit)
        if self.editor.text() == _shortest(self._value):  # it may have more digits than are shown
            self.problem.say("")
        else:
            self._try(self.editor.text())
        if self.editor.hasFocus():  # Return was pressed: another number can be typed at once
            self.editor.selectAll()

    def _show_number(self) -> None:
        """Show the value in place of what was typed."""
        assert isinstance(self.editor, QLineEdit)
        self.set_value(self._value)
        self.editor.setText(_shortest(self._value))

    def _try(self, value: object) -> None:
        """Take what was typed, or say why not and keep the old value."""
        try:
            value = self.param.convert(value)
        except ValueError as error:
            self.problem.say(f"{error}.")
            return
        self.problem.say("")
        if value != self._value:
            self._value = value
            self._show_value()
            self.edited.emit(self.param.name, value)

    def _slid(self, position: int) -> None:
        low, high = self.param.slider
        share = position / STEPS
        value = low * (high / low) ** share if self.param.log else low + share * (high - low)
        digits = 3 if self.param.log else max(0, 2 - math.floor(math.log10(high - low)))
        value = float(f"{value:.{digits}g}") if self.param.log else round(value, digits)
        self._try(round(value) if isinstance(self.param.default, int) else value)

    def _position(self, value: float) -> int:
        low, high = self.param.slider
        value = min(max(value, low), high)
        share = math.log(value / low) / math.log(high / low) if self.param.log else (value - low) / (high - low)
        return round(share * STEPS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return to the default on a double click on symbol or slider."""
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._try(self.param.default)
            return True
        return super().eventFilter(watched, event)


class ParamForm(QWidget):
    """A field for each of several parameters.

    Signals
    -------
    edited(str, object)
        The name of the parameter that was edited, and its new value.
    """

    edited = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, ParamField] = {}
        self.sections: dict[str, Section] = {}
        self._params: tuple[Param, ...] = ()
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)

    def _place(self, group: str) -> QVBoxLayout:
        """Return where the fields of a group stand: below its heading, where it has one."""
        if not group:
            return self._column
        if group not in self.sections:
            self.sections[group] = Section(group)
            self._column.addWidget(self.sections[group])
        return self.sections[group].fields

    def show_values(self, params: Sequence[Param], values: Mapping[str, Any]) -> None:
        """Show these parameters with their values; the fields are made anew only where the parameters differ."""
        if tuple(params) != self._params:
            self._rebuild(tuple(params))
        for name, value in values.items():
            if name in self.fields:
                self.fields[name].set_value(value)
        for group, section in self.sections.items():
            section.summarise({f.param: f.value() for f in self.fields.values() if f.param.group == group})

    def _rebuild(self, params: tuple[Param, ...]) -> None:
        self._params = params
        for field in self.fields.values():
            self._column.removeWidget(field)
            field.setParent(None)
            field.deleteLater()
        self.fields = {}
        for section in self.sections.values():
            self._column.removeWidget(section)
            section.setParent(None)
            section.deleteLater()
        self.sections = {}
        for one in params:
            field = ParamField(one)
            field.edited.connect(self.edited)
            self.fields[one.name] = field
            self._place(one.group).addWidget(field)
            field.show()
        width = max((field.label.sizeHint().width() for field in self.fields.values()), default=0)
        for field in self.fields.values():  # the sliders begin below each other
            field.label.setMinimumWidth(max(width, field.label.minimumWidth()))


def _shortest(value: float) -> str:
    return (str(value) if isinstance(value, int) else f"{value:.6g}").replace("-", "−")
