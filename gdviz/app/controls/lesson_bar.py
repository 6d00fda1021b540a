"""What a lesson says, above the views: what is to be seen, a question, something to try."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QWidget

from gdviz.app.controls.keys import reach_by_tab
from gdviz.files.lessons import lessons, number_of
from gdviz.views.words import Label, escape

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QResizeEvent

    from gdviz.scene.session import Lesson

__all__ = ["LessonBar"]


class LessonBar(QWidget):
    """The text of a lesson, and the given actions as buttons beside its title."""

    def __init__(self, actions: list[QAction]) -> None:
        super().__init__()
        self.setObjectName("lesson")
        self.setAccessibleName("Lesson")
        layout = self._grid = QGridLayout(self)
        layout.setContentsMargins(12, 6, 8, 8)
        layout.setHorizontalSpacing(24)
        self.title = Label(objectName="lesson_title", textFormat=Qt.TextFormat.RichText)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        for action in actions:
            button = QToolButton(autoRaise=True)
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            reach_by_tab(button)
            head.addWidget(button)
        layout.addLayout(head, 0, 0, 1, 2)
        self.text, self.more = (
            Label(objectName=name, textFormat=Qt.TextFormat.RichText) for name in ("lesson_text", "lesson_more")
        )
        for column, label in enumerate((self.text, self.more)):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(label, 1, column)
            layout.setColumnStretch(column, (5, 4)[column])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the text needs in the width there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        height = self._grid.totalHeightForWidth(self.width())
        if height > 0:
            self.setFixedHeight(height)

    def show_lesson(self, lesson: Lesson) -> None:
        """Show what a lesson says, and which one of how many it is."""
        at = number_of(lesson)
        place = "" if at is None else f"lesson {at + 1} of {len(lessons())}"
        self.title.setText(f"<b>{escape(lesson.title)}</b>" + (f"&nbsp;&nbsp;{place}" if place else ""))
        self.text.setText(escape(lesson.text))
        parts = [("Question", lesson.question), ("Try", lesson.task)]
        self.more.setText("<br>".join(f"<b>{name}:</b> {escape(text)}" for name, text in parts if text))
        self._fit()
