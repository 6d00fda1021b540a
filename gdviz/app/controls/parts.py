"""Small pieces that the panel is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from gdviz.views.words import Browser, named

if TYPE_CHECKING:
    from gdviz.registry import Registry

__all__ = ["Column", "Picker", "fitted", "make_choice", "make_group", "make_row", "show_choice", "show_text"]

TEXT_WIDTH, AROUND = 520, 50
"""Pixels of a text in a dialog, and of the margins around it and its buttons."""
TITLE = 150
"""Pixels of a run's name over a group of controls."""


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
    choice = named(QComboBox(), name, about, about)
    choice.setMinimumContentsLength(8)
    for label, data in items:
        choice.addItem(label, data)
    return choice


class Picker(QComboBox):
    """A list to choose one thing of a registry from, by its label; what a plug-in adds later is in it too.

    Parameters
    ----------
    name, about
        The name by which it is found, and what it is for.
    registry
        The things, each with a ``label`` and a ``name``.
    """

    def __init__(self, name: str, about: str, registry: Registry[Any]) -> None:
        super().__init__()
        named(self, name, about, about)
        self.setMinimumContentsLength(8)
        self._registry = registry
        self._fill()

    def _fill(self) -> None:
        for thing in self._registry[self.count() :]:
            self.addItem(thing.label, thing.name)

    def show_name(self, name: str) -> None:
        """Show the thing of a name, without saying that it was chosen."""
        with QSignalBlocker(self):
            self._fill()
            self.setCurrentIndex(self.findData(name))


def show_choice(choice: QComboBox, data: str) -> None:
    """Show what stands for `data`, without saying that it was chosen."""
    with QSignalBlocker(choice):
        choice.setCurrentIndex(choice.findData(data))


class Column(QScrollArea):
    """Scrolls a widget up and down, and is never narrower than it needs, whatever is in it."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._widget = widget
        self.setWidget(widget)
        self._fit()

    def _fit(self) -> None:
        self.setMinimumWidth(self._widget.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what the widget needs."""
        is_filtered = super().eventFilter(watched, event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.FontChange) and watched is self._widget:
            self._fit()
        return is_filtered


def show_text(parent: QWidget, title: str, text: str) -> None:
    """Show a text in a dialog of its own, as high as the text; it scrolls where the screen is low."""
    dialog = named(QDialog(parent), title.lower())
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    browser = named(Browser(), "text", title)
    browser.setOpenLinks(False)
    browser.setHtml(text)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.addWidget(browser)
    layout.addWidget(buttons)
    browser.document().setTextWidth(TEXT_WIDTH)
    height = int(browser.document().size().height()) + buttons.sizeHint().height() + AROUND
    dialog.resize(TEXT_WIDTH + AROUND, min(height, 600, parent.height() - 60))
    dialog.open()


def fitted(title: str, widget: QWidget) -> str:
    """Return a title so short that it does not make what it stands over wider."""
    return widget.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, TITLE)


def make_row(*widgets: QWidget) -> QWidget:
    """Return the widgets side by side."""
    row = QFrame()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        layout.addWidget(widget, 1 if not isinstance(widget, (QCheckBox, QLabel)) else 0)
    return row
