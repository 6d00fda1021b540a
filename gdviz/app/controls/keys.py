"""Who gets a key or a turn of the wheel: the control that uses it, or the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["InputRouter", "NumberKeys", "reach_by_tab"]

Key = Qt.Key
USED: dict[type[QWidget], tuple[Qt.Key, ...]] = {
    QAbstractSlider: (Key.Key_Left, Key.Key_Right, Key.Key_Home, Key.Key_End),
    QAbstractButton: (Key.Key_Space,),
    QComboBox: (Key.Key_Space, Key.Key_Home, Key.Key_End),
}
"""Keys that are shortcuts of the window, but belong to a control of this kind while it has the focus."""
WINDOWS = (Key.Key_Space, Key.Key_PageUp, Key.Key_PageDown)
"""Keys that belong to the window even while a number is typed: they run the race and step through it."""


class InputRouter(QObject):
    """An event filter of the application: controls keep the keys they use, and the wheel scrolls past them."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim a key for the control that uses it; keep the wheel from a control that it only passes over."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_typed_into = isinstance(watched, QComboBox) and watched.isEditable()  # it has the keys of a number
            keys = next((keys for kind, keys in USED.items() if isinstance(watched, kind) and not is_typed_into), ())
            if event.key() in keys and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                event.accept()
                return True
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and _is_passed_over(watched):
            event.ignore()  # what the control lies on may scroll
            return True
        return False


def _is_passed_over(control: QWidget) -> bool:
    """Return whether the wheel must not change a control: never a closed list, a number only where it has the focus."""
    if isinstance(control, QComboBox):
        return True  # an open one shows another widget, which gets the wheel
    if not isinstance(control, (QAbstractSpinBox, QAbstractSlider)) or isinstance(control, QScrollBar):
        return False
    return not control.hasFocus() and _lies_in_scroll_area(control)


def _lies_in_scroll_area(widget: QWidget | None) -> bool:
    while widget is not None and not isinstance(widget, QScrollArea):
        widget = widget.parentWidget()
    return widget is not None


class NumberKeys(QObject):
    """Shares the keys between a number field and its window.

    Those that edit text belong to the field; Space and the page keys to the window, and so do undo and redo unless
    something is being typed. Escape shows the value again and gives all keys to the window.

    Parameters
    ----------
    field
        A line, an editable list or a spin box.
    show_value
        Shows the value in place of what was typed.
    """

    def __init__(self, field: QLineEdit | QComboBox | QAbstractSpinBox, show_value: Callable[[], None]) -> None:
        super().__init__(field)
        self._field, self._show_value = field, show_value
        self._line = _line_of(field)
        signal = field.editingFinished if isinstance(field, QAbstractSpinBox) else self._line.editingFinished
        signal.connect(lambda: self._line.setModified(False))
        field.installEventFilter(self)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel, which would change it then

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the window its keys, and give it all of them on Escape."""
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(event, QKeyEvent):
            return False
        is_escape = event.key() == Key.Key_Escape
        if event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(is_escape)
            return is_escape or self._is_for_window(event)
        if is_escape:
            self._show_value()
            self._line.setModified(False)
            around = self._field.parentWidget()
            if around is not None:
                around.setFocus()  # Tab goes on from here
        return is_escape

    def _is_for_window(self, event: QKeyEvent) -> bool:
        if event.key() in WINDOWS and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            return True
        is_history = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        return is_history and not self._line.isModified()


def _line_of(field: QLineEdit | QComboBox | QAbstractSpinBox) -> QLineEdit:
    line = field if isinstance(field, QLineEdit) else field.lineEdit()
    assert line is not None  # a list that is not editable has none
    return line


def reach_by_tab(*widgets: QWidget) -> None:
    """Let the widgets take the focus by Tab, not by a click: after a drag the arrow keys still step."""
    for widget in widgets:
        widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
