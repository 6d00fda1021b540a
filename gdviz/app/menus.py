"""The menus of the window: its actions, the files that were open last, and the lessons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from gdviz.app.actions import MENUS
from gdviz.files.lessons import lessons
from gdviz.views.words import untouched
from gdviz.wording import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenuBar

__all__ = ["Menus"]

LESSON_ACTIONS = 4
"""The menu of lessons before they are listed: next, previous, close, a line."""


class Menus(QObject):
    """Fills a menu bar.

    Parameters
    ----------
    bar
        The menu bar.
    actions
        The actions by their names.
    recent
        Returns the paths of the files that were open last.

    Signals
    -------
    file_chosen(str)
        The path of a file that was open before.
    lesson_chosen(int)
        The number of a lesson, the first one being 0.
    """

    file_chosen = Signal(str)
    lesson_chosen = Signal(int)

    def __init__(
        self,
        bar: QMenuBar,
        actions: Mapping[str, QAction],
        recent: Callable[[], Sequence[str]],
    ) -> None:
        super().__init__(bar)
        self._recent_paths = recent
        for title, names in MENUS.items():
            menu = bar.addMenu(title)
            for name in names:
                menu.addAction(actions[name])
            if title == "&View":
                menu.addSeparator()
                self._docks = menu
            if title == "&File":
                self._recent = QMenu("Open recent", menu)
                self._recent.setObjectName("recent")
                self._recent.aboutToShow.connect(self._list_recent)
                menu.insertMenu(actions["save_session"], self._recent)
            if title == "Lesso&ns":
                menu.addSeparator()
                self._lessons = menu
                menu.aboutToShow.connect(self._list_lessons)

    def show_docks(self, actions: Sequence[QAction]) -> None:
        """List the actions that show and hide docks."""
        for action in actions:  # one that is there already goes to the end
            self._docks.addAction(action)

    def _list_recent(self) -> None:
        self._recent.clear()
        for path in self._recent_paths():
            entry = self._recent.addAction(untouched(visible(path)))
            entry.triggered.connect(lambda _=False, path=path: self.file_chosen.emit(path))

    def _list_lessons(self) -> None:
        """Add the lessons to their menu when it is opened for the first time; to read them takes a moment."""
        if len(self._lessons.actions()) == LESSON_ACTIONS:
            for index, session in enumerate(lessons()):
                entry = self._lessons.addAction(f"{index + 1}  {session.lesson.title if session.lesson else ''}")
                entry.triggered.connect(lambda _=False, index=index: self.lesson_chosen.emit(index))
