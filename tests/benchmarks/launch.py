"""How long until the window is there? ``python tests/benchmarks/launch.py [--quick]``.

Starts in turns, each in a fresh process, a bare script that shows one pyqtgraph plot beside one OpenGL view, and
gdviz's window. Prints the medians from the process's start to the first paint, for gdviz also to the first frame in
which every view has painted the error surface and whole paths, and the ratio to the bare script.

Both have their modules' bytecode, as installed programs have, also where Python is told not to write any.
Needs a display with OpenGL; on Linux without one it starts Xvfb, if that is installed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication, QWidget

ROUNDS, QUICK_ROUNDS = 9, 3
TARGET = 1.5
"""gdviz may take so many times as long as the bare script."""
SIZE = (1280, 720)
PATIENCE = 60
"""Seconds for a window to come up."""


def main() -> None:
    """Measure; as a child, show a window and say when it is painted."""
    if "bare" in sys.argv:
        sys.exit(bare())
    elif "gdviz" in sys.argv:
        sys.exit(gdviz())
    else:
        with display():
            report(QUICK_ROUNDS if "--quick" in sys.argv else ROUNDS)


def say(moment: str) -> None:
    print(moment, flush=True)


def bare() -> int:
    """Show a plot and an OpenGL view; say when both are painted."""
    import numpy as np
    import pyqtgraph as pg
    import pyqtgraph.opengl as gl
    from PySide6.QtWidgets import QApplication, QSplitter

    application = QApplication(sys.argv[:1])
    axis = np.linspace(-4, 4, 100)
    unpainted = {"plot", "view"}

    def painted(what: str) -> None:
        unpainted.discard(what)
        if not unpainted:
            say("painted")
            application.quit()

    class Plot(pg.PlotWidget):
        def paintEvent(self, event: object) -> None:
            super().paintEvent(event)
            painted("plot")

    window, plot, view = QSplitter(), Plot(), gl.GLViewWidget()
    plot.plot(axis, np.sin(axis))
    view.addItem(gl.GLSurfacePlotItem(x=axis, y=axis, z=np.outer(np.sin(axis), np.cos(axis)), shader="heightColor"))
    view.frameSwapped.connect(lambda: painted("view"))
    window.addWidget(plot)
    window.addWidget(view)
    return show(application, window)


def gdviz() -> int:
    """Show gdviz's window; say when it is painted, and when all that it shows is there."""
    from PySide6.QtCore import QTimer

    from gdviz.app import create_application, create_window
    from gdviz.views.gl import drop_canvas

    application = create_application()
    window = create_window()
    controller, board = window.controller, window.board

    def drawn() -> None:
        say("painted")
        if board.surface.has_terrain and 0 < controller.reached == board.contour.frame.cursor:
            say("usable")
            window.painting.drawn.disconnect(drawn)
            application.quit()

    def show_paths() -> None:
        if controller.reached == controller.experiment.total and board.surface.has_terrain:
            waiting.stop()
            controller.move_to(controller.reached)

    window.painting.drawn.connect(drawn)
    waiting = QTimer(interval=1, timeout=show_paths)
    waiting.start()
    code = show(application, window)
    drop_canvas()
    return code


def show(application: QApplication, window: QWidget) -> int:
    """Show the window until it says that it is painted; return 1 where that takes too long."""
    from PySide6.QtCore import QTimer

    QTimer.singleShot(PATIENCE * 1000, lambda: application.exit(1))
    window.resize(*SIZE)
    window.show()
    code = application.exec()
    window.close()
    return code


def moments_of(who: str, bytecode: str) -> dict[str, float]:
    """Return the seconds from a process's start to when it first tells each moment; its bytecode is in that folder."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": bytecode, "PYTHONDONTWRITEBYTECODE": ""}
    moments = {}
    began = time.perf_counter()
    command = [sys.executable, str(Path(__file__)), who]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        for line in process.stdout:
            moments.setdefault(line.strip(), time.perf_counter() - began)
    if process.returncode or not moments:
        raise SystemExit(f"{who}: its window was not painted (exit code {process.returncode}); is there OpenGL?")
    return moments


def report(rounds: int) -> None:
    """Take turns, after a first one that fills the caches, and print the medians."""
    times: dict[str, list[float]] = {}
    with TemporaryDirectory() as bytecode:
        for turn in range(rounds + 1):
            for who in ("bare", "gdviz"):
                for moment, seconds in moments_of(who, bytecode).items():
                    if turn:
                        times.setdefault(f"{who} {moment}", []).append(seconds * 1e3)
    medians = {name: statistics.median(values) for name, values in times.items()}
    print(f"from the start of a fresh process, medians of {rounds}, ms")
    for name, text in (
        ("bare painted", "bare script: a plot and an OpenGL view painted"),
        ("gdviz painted", "gdviz: every view painted"),
        ("gdviz usable", "gdviz: error surface and whole paths painted"),
    ):
        ratio = medians[name] / medians["bare painted"]
        verdict = "" if name != "gdviz usable" else f"  target ≤ {TARGET:g}  {'met' if ratio <= TARGET else 'MISSED'}"
        print(f"  {text:48}{medians[name]:8,.0f}{ratio:7.2f}×{verdict}")


@contextmanager
def display() -> Iterator[None]:
    """Let windows be shown in this block; on Linux without a display, on a virtual one."""
    given = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if given or not sys.platform.startswith("linux"):
        yield
        return
    program = shutil.which("Xvfb")
    if program is None:
        raise SystemExit("a display is needed: set DISPLAY, or install Xvfb")
    reader, writer = os.pipe()
    command = [program, "-displayfd", str(writer), "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as numbers:
            os.environ["DISPLAY"] = f":{numbers.readline().strip()}"
        yield
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
