"""What was on the screen when the program ended is there again when it starts, unless it could not be opened."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, Signal

from gdviz.app.controls.hint import HOW_TO_BEGIN
from gdviz.app.model.timers import make_timer
from gdviz.disk import private_folder
from gdviz.files import ENDING, open_session, save_session

if TYPE_CHECKING:
    from gdviz.app.files.autosave import Autosave
    from gdviz.app.files.sessions import Sessions
    from gdviz.scene.session import Session

__all__ = ["Reopening"]

LEFT = f"left{ENDING}"
MARK = "opening"
PROOF = 3000
"""Milliseconds on the screen after which a session counts as opened."""
AS_LEFT = "This is what you left. The lecture's race is one click away."
RECOVERED = "Recovered what was on the screen when gdviz ended unexpectedly. Ctrl+Z leads back."
FAILED = "What was open last could not be opened. It is kept as {}."


class Reopening(QObject):
    """Saves the session on the screen when the program ends, and shows it when the program starts.

    While a session is opened a mark names its file; what finds the mark of a program that is gone knows that
    opening this file failed, and puts it aside.

    Parameters
    ----------
    sessions, autosave
        The sessions, and what saves them for the case of a crash: what a crash left comes first.
    folder
        Where the session is saved.
    file
        The file that the session was known by when the window was closed; None: there is none.

    Signals
    -------
    news(str, bool)
        What is on the screen, or what could not be opened, and whether the lecture's race is offered in its place.
    """

    news = Signal(str, bool)

    def __init__(self, sessions: Sessions, autosave: Autosave, folder: Path, file: Path | None = None) -> None:
        super().__init__(sessions)
        self._sessions, self._autosave, self._file = sessions, autosave, file
        self._left, self._mark = folder / LEFT, folder / MARK
        self._lock = QLockFile(str(folder / f"{MARK}.lock"))
        self._lock.setStaleLockTime(0)  # a lock is stale when its process is gone, however old it is
        self._is_opening = False
        self._proof = make_timer(self, PROOF, self.finish, once=True)

    def begin(self) -> None:
        """Show what was on the screen, and say so; it is saved from time to time once it has proved sound."""
        try:
            is_mine = private_folder(self._left.parent) and self._lock.tryLock(0)
        except OSError:
            is_mine = False
        leftover = self._find() if is_mine else None  # otherwise another program is opening what was left
        if leftover is None:
            self._lock.unlock()
            self._autosave.start()
            return
        self._is_opening = True
        self._show(*leftover)
        self._proof.start()

    def _find(self) -> tuple[Session, str] | None:
        """Return what was left, marked as being opened, and the word to say about it."""
        try:
            self._put_aside()
            session, word, path = self._autosave.recover(), RECOVERED, self._autosave.recovered_from
            if session is None and self._left.exists():
                session, word, path = open_session(self._left), AS_LEFT, self._left
            if session is not None:
                self._mark.write_text(str(path), "utf-8")
        except (OSError, ValueError):  # it cannot be read, or no mark can be set
            return None
        return None if session is None else (session, word)

    def _put_aside(self) -> None:
        """Put aside what the program could not open the last time."""
        if not self._mark.is_file():
            return
        path = Path(self._mark.read_text("utf-8"))
        if path.exists():
            aside = path.with_suffix(".bad")
            path.replace(aside)
            self.news.emit(FAILED.format(aside), False)
        self._mark.unlink()

    def _show(self, session: Session, word: str) -> None:
        first = self._sessions.current()
        self._sessions.show(session)
        is_usual = (session.experiment, session.lesson, session.cursor) == (first.experiment, first.lesson, 0)
        if word == AS_LEFT and self._file is not None:
            self._sessions.name(self._file)
        self.news.emit(HOW_TO_BEGIN if is_usual else word, not is_usual)

    def finish(self) -> None:
        """Take note that what was reopened is on the screen and sound."""
        if self._is_opening:
            self._is_opening = False
            self._proof.stop()
            _remove(self._mark)
            self._lock.unlock()
            self._autosave.start()

    def keep(self) -> None:
        """Save what is on the screen: the program ends as it should."""
        self.finish()
        try:
            save_session(self._sessions.current(), self._left)
        except ValueError:  # a full disk, or a rule that is not the program's own: older work would be a surprise
            _remove(self._left)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
