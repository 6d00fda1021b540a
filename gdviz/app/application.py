"""The QApplication with the attributes the program needs, and the window on it."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QApplication

from gdviz.app.files.autosave import Autosave, recovery_folder
from gdviz.app.files.memory import Memory
from gdviz.app.files.reopening import Reopening
from gdviz.app.files.sessions import usual_session
from gdviz.app.help import explain_controls
from gdviz.app.model.timers import make_timer
from gdviz.app.window import MainWindow
from gdviz.app.wiring import wire, wire_reopening
from gdviz.export.display import display
from gdviz.scene.session import Session
from gdviz.stopping import noted
from gdviz.views.gl import drop_canvas, follow_pyopengl
from gdviz.views.theme import THEMES, Theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.training import Experiment

__all__ = ["create_application", "create_window", "run_window"]


def create_application() -> QApplication:
    """Return the QApplication; the first call makes it."""
    existing = QApplication.instance()
    if existing is None:
        follow_pyopengl()
        QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
        existing = QApplication(sys.argv[:1])
    assert isinstance(existing, QApplication)
    existing.setApplicationName("gdviz")
    existing.setStyle("Fusion")
    return existing


def create_window(
    session: Session | Experiment | None = None, theme: str | None = None, memory: Memory | None = None
) -> MainWindow:
    """Return the window, not shown yet.

    Parameters
    ----------
    session
        What it opens with, an experiment or a whole session; the lecture's race by default.
    theme
        ``light`` or ``dark``; by default what is remembered, or what the system prefers.
    memory
        From where the layout is taken, and where it is kept when the window is closed; None: nowhere.
    """
    session = usual_session() if session is None else session
    session = session if isinstance(session, Session) else Session(session)
    window = MainWindow(session, _theme(theme or (memory.theme if memory else None)))
    wire(window)
    explain_controls(window)
    window.controller.start()
    window.resize(1280, 720)
    if memory is not None:
        memory.restore(window)
        window.memory = memory
        window.show_lesson(window.document.session.lesson)  # whatever was there the last time
    return window


def _theme(name: str | None) -> Theme:
    if name is None:
        dark = QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        name = "dark" if dark else "light"
    return THEMES[name]


def run_window(
    session: Session | Experiment,
    theme: str | None = None,
    is_chosen: bool = False,
    path: str | None = None,
    table: str | None = None,
) -> int:
    """Show the window and return the exit code once it is closed.

    Closed by the user, or with Ctrl+C in the terminal, it is 0. Where a signal such as SIGTERM ends the program it is
    128 and the signal's number, where the display is gone 1. The next start shows what was on the screen.

    Parameters
    ----------
    session, theme
        As for :func:`create_window`.
    is_chosen
        Whether `session` was asked for; otherwise what was on the screen when the program ended is shown.
    path
        The file that it comes from.
    table
        A file with samples or a run's log, which the window opens once it is there.

    Raises
    ------
    ValueError
        Where there is no display to show it on: a sentence.
    """
    with noted() as signals:
        with display() as is_there:
            if not is_there:
                raise ValueError("there is no display for the window; gdviz render and gdviz train need none")
            application = create_application()
        window = create_window(session, theme, Memory())
        if path is not None:
            window.sessions.name(Path(path))
        window.autosave = Autosave(window.sessions, recovery_folder())
        file = window.memory.session_file if window.memory is not None else None
        window.reopening = Reopening(window.sessions, window.autosave, recovery_folder().parent, file)
        wire_reopening(window, window.reopening)
        if is_chosen:
            window.autosave.start()
        else:
            window.reopening.begin()
        window.show()
        if table is not None:
            window.sessions.take(Path(table))
        return _run(application, window, signals)


def _run(application: QApplication, window: MainWindow, signals: Sequence[int]) -> int:
    """Run the event loop until the window is closed, there is one of the `signals` or the display is gone."""

    def end() -> None:
        if signals:
            application.closeAllWindows()  # dialogs first
            application.exit()

    awake = make_timer(application, 200, end)  # Python hears a signal only while it runs
    awake.start()
    code = application.exec()
    awake.stop()
    if window.isVisible():  # the display is gone
        window.close()
        return code
    drop_canvas()
    return 128 + signals[0] if signals and signals[0] != signal.SIGINT else code
