"""The status line: how to begin and what just happened on the left, what is under the pointer on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gdviz.app.controls.keys import reach_by_tab
from gdviz.views.words import Label, named, set_tip
from gdviz.wording import sentence

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

__all__ = ["Hint"]

HEIGHT = 26
"""Pixels of the line, whether it says something or not."""
HOW_TO_BEGIN = "Space to run · drag any slider · click on the contour to start there · N for the lessons"


class Hint(QWidget):
    """One sentence, a button while something is offered, and a read-out; its room is always there."""

    def __init__(self) -> None:
        super().__init__()
        self.label = Label(HOW_TO_BEGIN, alignment=Qt.AlignmentFlag.AlignVCenter, objectName="hint")
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # whatever it says
        self.offer = named(QToolButton(), "offer", "What is offered")
        self.offer.hide()
        reach_by_tab(self.offer)
        self.readout = Label(
            objectName="readout", alignment=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        )
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 10, 0)
        layout.addWidget(self.label, 3)
        layout.addWidget(self.offer)
        layout.addStretch(0)
        layout.addWidget(self.readout, 2)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the room of one line, whether it says something or not."""
        return QSize(200, max(HEIGHT, self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:
        """Return the same height; what does not fit is in the tooltip."""
        return QSize(80, self.sizeHint().height())

    def show_readout(self, text: str) -> None:
        """Show what is under the pointer; an empty text: nothing."""
        self.readout.setText(sentence(text))

    def say(self, text: str, offer: QAction | None = None) -> None:
        """Say something and offer an action beside it; an empty text hides all."""
        self.label.setText(sentence(text))
        self.label.setVisible(bool(text))
        set_tip(self.label, sentence(text))
        self.offer.setVisible(offer is not None)
        if offer is not None:
            self.offer.setDefaultAction(offer)
            self.offer.setText(offer.text())
