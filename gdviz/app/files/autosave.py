"""What is on the screen, saved every second, so that nothing is lost when the program ends unexpectedly."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import QLockFile, QObject

from gdviz.app.model.timers import make_timer
from gdviz.disk import private_folder
from gdviz.files import ENDING, open_session, save_session
from gdviz.files.leftovers import sweep

if TYPE_CHECKING:
    from gdviz.app.files.sessions import Sessions
    from gdviz.scene.session import Session

__all__ = ["Autosave", "recovery_folder"]

EVERY = 1000
"""Milliseconds from save to save."""
LARGE, SELDOM = 50_000, 30.0
"""Inputs that take long to write, and the seconds from save to save where there are as many."""


def recovery_folder() -> Path:
    """Return the folder of what is saved for the case of a crash."""
    return Path(platformdirs.user_data_dir("gdviz", appauthor=False)) / "recovery"


class Autosave(QObject):
    """Saves the session on the screen, where it changed, to a file of its own; a clean end removes it.

    A lock beside the file tells whether the program that wrote it is still there. A folder that is not the user's alone
    is neither written to nor read from.
    """

    def __init__(self, sessions: Sessions, folder: Path) -> None:
        super().__init__(sessions)
        self._sessions, self._folder, self._is_usable = sessions, folder, _is_usable(folder)
        self._path = folder / f"{os.getpid()}-{id(sessions):x}{ENDING}"
        self._last: Session | None = None
        self._when = 0.0
        self._lock: QLockFile | None = None
        self._recovery: tuple[Path, QLockFile] | None = None
        self._timer = make_timer(self, EVERY, self.save)

    def start(self) -> None:
        """Begin to save; where the folder cannot be used, nothing is saved and nobody is bothered."""
        if not self._is_usable:
            return
        self._tidy()
        self._lock = _lock_of(self._path)
        if _take(self._lock):
            if self._recovery is not None:  # it is to be whole again at once; otherwise the start is to be quick
                self.save()
            self._timer.start()

    def save(self) -> None:
        """Save the session, if it is another than the last time."""
        if not self._is_usable:
            return
        session = self._sessions.current()
        data = session.experiment.objective.data
        is_large = data is not None and data.X.size > LARGE
        if session == self._last or (is_large and time.monotonic() - self._when < SELDOM):
            return
        try:
            save_session(session, self._path)
        except ValueError:  # a full disk, or a rule that is not the program's own
            return
        self._last, self._when = session, time.monotonic()
        self._let_go()

    def recover(self) -> Session | None:
        """Return what was on the screen of a program that is no longer there, the newest; others wait their turn.

        Its file stays until :meth:`save` has written the session anew; one that cannot be read is put aside.
        """
        paths = self._folder.glob(f"*{ENDING}") if self._is_usable else ()
        for path in sorted(paths, key=_age):
            lock = _lock_of(path)
            if path == self._path or path.name.startswith(".") or not _take(lock):
                continue
            try:
                session = open_session(path)
            except ValueError:
                with suppress(OSError):
                    path.replace(path.with_suffix(".bad"))
                lock.unlock()
                continue
            self._recovery = path, lock
            return session
        return None

    @property
    def recovered_from(self) -> Path | None:
        """The file of what was recovered, as long as it is not saved anew."""
        return self._recovery[0] if self._recovery is not None else None

    def _let_go(self) -> None:
        """Remove the file of what was recovered: it is saved anew."""
        if self._recovery is not None:
            path, lock = self._recovery
            self._recovery = None
            path.unlink(missing_ok=True)
            lock.unlock()

    def _tidy(self) -> None:
        """Remove what killed programs left that is no session: parts of files, locks of files that are not there."""
        sweep(self._folder)
        for path in self._folder.glob("*.lock"):
            lock = _lock_of(path)
            if not path.with_suffix(ENDING).exists() and _take(lock):
                lock.unlock()

    def stop(self) -> None:
        """Remove the file: the program ends as it should."""
        self._timer.stop()
        if self._lock is not None and self._lock.isLocked():
            self._path.unlink(missing_ok=True)
            self._lock.unlock()


def _is_usable(folder: Path) -> bool:
    try:
        return private_folder(folder)
    except OSError:
        return False


def _take(lock: QLockFile) -> bool:
    """Take a lock that nobody holds; one that is no file is left alone, for a pipe would be waited for."""
    path = Path(lock.fileName())
    return (path.is_file() or not path.exists()) and lock.tryLock(0)


def _lock_of(path: Path) -> QLockFile:
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)  # a lock is stale when its process is gone, however old it is
    return lock


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:
        return 0.0
