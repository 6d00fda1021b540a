"""A line below the views: how to begin, what just happened, and at times an action that is offered beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QWidget

from gdviz.app.controls.keys import reach_by_tab
from gdviz.views.words import Label, named
from gdviz.wording import sentence

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

__all__ = ["Hint"]

HOW_TO_BEGIN = "Space to run · drag any slider · click on the contour to start there · N for the lessons"


class Hint(QWidget):
    """One sentence, and a button while something is offered."""

    def __init__(self) -> None:
        super().__init__()
        self.label = Label(HOW_TO_BEGIN, alignment=Qt.AlignmentFlag.AlignCenter, objectName="hint", wordWrap=True)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # whatever it says
        self.offer = named(QToolButton(), "offer", "What is offered")
        self.offer.hide()
        reach_by_tab(self.offer)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.offer)

    def say(self, text: str, offer: QAction | None = None) -> None:
        """Say something and offer an action beside it; an empty text hides all."""
        self.label.setText(sentence(text))
        self.label.setVisible(bool(text))
        self.offer.setVisible(offer is not None)
        if offer is not None:
            self.offer.setDefaultAction(offer)
            self.offer.setText(offer.text())
        self.setVisible(bool(text))
