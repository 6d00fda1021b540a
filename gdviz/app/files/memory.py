"""What the program remembers from one start to the next: where things are in the window, and its colours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter

from gdviz.views.theme import THEMES

if TYPE_CHECKING:
    from gdviz.app.window import MainWindow

__all__ = ["Memory"]

RECENT = 8
VERSION = 1
"""Of the layout; one that another version left is not taken."""


class Memory:
    """Keeps a window's layout in settings; what it finds there may be anything.

    Parameters
    ----------
    settings
        Where it is kept; by default the user's settings of this program.
    """

    def __init__(self, settings: QSettings | None = None) -> None:
        self._settings = settings or QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gdviz", "gdviz")

    @property
    def theme(self) -> str | None:
        """The name of the theme that was last chosen; None: there is none."""
        name = self._settings.value("theme")
        return name if isinstance(name, str) and name in THEMES else None

    @property
    def recent(self) -> list[str]:
        """The sessions that were last opened or saved, the newest first."""
        value = self._settings.value("recent")
        paths = value if isinstance(value, list) else [value]
        return [path for path in paths if isinstance(path, str) and path][:RECENT]

    def add_recent(self, path: str) -> None:
        """Remember a session's file."""
        self._settings.setValue("recent", [path, *(other for other in self.recent if other != path)][:RECENT])

    @property
    def session_file(self) -> Path | None:
        """The file that the session on the screen came from or went to when the window was closed."""
        path = self._settings.value("session")
        return Path(path) if isinstance(path, str) and path else None

    def save(self, window: MainWindow) -> None:
        """Remember the window as it is; full screen is a mode, not a layout."""
        self._settings.setValue("theme", window.theme.name)
        path = window.sessions.path
        self._settings.setValue("session", "" if path is None else str(path.absolute()))
        if not window.isFullScreen():
            self._settings.setValue("geometry", window.saveGeometry())
            self._settings.setValue("layout", window.saveState(VERSION))
            for splitter in window.findChildren(QSplitter):
                self._settings.setValue(splitter.objectName(), splitter.saveState())
        self._settings.sync()

    def restore(self, window: MainWindow) -> None:
        """Lay the window out as it was, as far as that is known."""
        if (geometry := self._bytes("geometry")) is not None:
            window.restoreGeometry(geometry)
        if (layout := self._bytes("layout")) is not None:
            window.restoreState(layout, VERSION)
            window.view_docks.hide_what_is_not_offered()
        for splitter in window.findChildren(QSplitter):
            if (sizes := self._bytes(splitter.objectName())) is not None:
                splitter.restoreState(sizes)

    def _bytes(self, key: str) -> QByteArray | None:
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else None
