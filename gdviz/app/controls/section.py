"""Controls below a heading that opens and closes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gdviz.app.controls.keys import reach_by_tab
from gdviz.views.words import named, set_tip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gdviz.params import Param

__all__ = ["Section"]


class Section(QWidget):
    """Fields below a heading that opens and closes them; closed, it says what differs from the usual."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title
        self.heading = named(QToolButton(), f"section_{title}", title)
        self.heading.setCheckable(True)
        self.heading.setAutoRaise(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.heading.toggled.connect(self._open)
        reach_by_tab(self.heading)
        self.body = QWidget()
        inner = self.fields = QVBoxLayout(self.body)
        inner.setContentsMargins(8, 0, 0, 4)
        inner.setSpacing(3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.heading)
        layout.addWidget(self.body)
        self._open(False)

    def _open(self, is_open: bool) -> None:
        self.heading.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.body.setVisible(is_open)

    def show_only(self, left_open: Sequence[str] | None) -> None:
        """Show the section where an exercise leaves something in it open, unfolded; None: all is open."""
        fields = self.body.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        names = {field.objectName() for field in fields}
        is_there = left_open is None or bool(names & set(left_open))
        self.setVisible(is_there)
        if left_open is not None:
            self.heading.setChecked(is_there)

    def summarise(self, values: Mapping[Param, Any]) -> None:
        """Say in the heading what is not as usual."""
        unusual = ((param, value) for param, value in values.items() if value != param.default)
        parts = [param.symbol if param.is_switch else f"{param.symbol} {value}" for param, value in unusual]
        self.heading.setText(f"{self._title}: {', '.join(parts)}" if parts else self._title)
        set_tip(self.heading, self.heading.text())
