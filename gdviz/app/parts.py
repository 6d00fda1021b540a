"""Small pieces that the panel is made of."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QFrame, QGroupBox, QHBoxLayout, QLabel, QWidget

__all__ = ["make_choice", "make_group", "make_row", "show_choice"]


def make_group(title: str) -> tuple[QGroupBox, QFormLayout]:
    """Return a titled box and the form in it."""
    group = QGroupBox(title)
    form = QFormLayout(group)
    form.setContentsMargins(8, 6, 8, 8)
    form.setVerticalSpacing(5)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return group, form


def make_choice(name: str, about: str, items: list[tuple[str, str]]) -> QComboBox:
    """Return a list to choose from: texts and what they stand for."""
    choice = QComboBox(objectName=name, accessibleName=about, toolTip=about)
    choice.setMinimumContentsLength(8)
    for label, data in items:
        choice.addItem(label, data)
    return choice


def show_choice(choice: QComboBox, data: str) -> None:
    """Show what stands for `data`, without saying that it was chosen."""
    with QSignalBlocker(choice):
        choice.setCurrentIndex(choice.findData(data))


def make_row(*widgets: QWidget) -> QWidget:
    """Return the widgets side by side."""
    row = QFrame()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget, 1 if not isinstance(widget, (QCheckBox, QLabel)) else 0)
    return row
