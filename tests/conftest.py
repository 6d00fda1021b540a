"""What every test with a window needs: the application as the program makes it, and a look at what is left behind."""

from __future__ import annotations

import gc
import os
import sys
import time
import weakref
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QThread

import gdviz
from gdviz.app import MainWindow, create_application, create_window
from tests.plugin import install

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

    from gdviz.training import Experiment


@pytest.fixture(scope="session")
def qapp() -> QApplication:
    return create_application()


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep what the program remembers apart from what it remembers of whoever runs the tests."""
    home = tmp_path_factory.mktemp("home")
    for folder in ("CONFIG", "DATA"):
        os.environ[f"XDG_{folder}_HOME"] = str(home)


@pytest.fixture(scope="session", autouse=True)
def kernels() -> None:
    """Load what the lecture's race is computed with; from then on all of its numbers are the same to the last bit."""
    for run in gdviz.lecture_race(gdviz.SigmoidNeuron([0.0], [0.0])).runs:
        gdviz.engine.prepare(run)
    # What is there for good, libraries and the tests themselves, need not be searched after each window.
    gc.collect()
    gc.freeze()


@pytest.fixture
def spin(qapp: QApplication) -> Callable[..., None]:
    """Let the event loop run until something holds; fail after some seconds."""

    def until(holds: Callable[[], bool], seconds: float = 20) -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, "it did not happen in time"
            qapp.processEvents()
            time.sleep(0.001)

    return until


CLOSED: list[weakref.ref[MainWindow]] = []
"""The windows of the test before."""


@pytest.fixture
def open_window(qapp: QApplication, spin: Callable[..., None]) -> Iterator[Callable[..., MainWindow]]:
    """Open windows; afterwards no widget, no thread and nothing in Python may be left of them."""
    gc.collect()
    left = [window for window in CLOSED if window() is not None]
    CLOSED.clear()
    # A test that failed keeps its window for the report.
    assert not left or hasattr(sys, "last_value"), "a window of the test before is left"
    opened: list[MainWindow] = []

    def make(experiment: Experiment | None = None, theme: str = "light") -> MainWindow:
        window = create_window(experiment, theme)
        window.show()
        opened.append(window)
        window.activateWindow()
        spin(window.isActiveWindow)
        return window

    yield make
    threads = [thread for window in opened for thread in window.controller.threads]
    CLOSED.extend(map(weakref.ref, opened))
    while opened:
        opened[-1].close()
        opened.pop().deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not any(isinstance(thread, QThread) and thread.isRunning() for thread in threads), "a thread is left"
    assert not any(isinstance(widget, MainWindow) for widget in qapp.topLevelWidgets()), "a window is left"


@pytest.fixture
def window(open_window: Callable[..., MainWindow], spin: Callable[..., None]) -> MainWindow:
    """Open the lecture's race, drawn and computed."""
    window = open_window()
    spin(lambda: window.controller.complete and window.controller.settled and window.board.surface.has_terrain)
    return window


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """Return a folder in which a package with plug-ins is installed."""
    install(tmp_path)
    return tmp_path
