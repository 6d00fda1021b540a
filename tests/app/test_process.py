"""The program as a process: it ends when its window is closed, and says so where there is no display."""

import os
import signal
import subprocess
import sys
import time

from tests.command import ENVIRONMENT, gdviz


def environment() -> dict[str, str]:
    """Return the environment as it is now, with the virtual display."""
    return {**os.environ, "PYTHONPATH": ENVIRONMENT["PYTHONPATH"]}


CLOSING = """
import sys
from PySide6.QtCore import QTimer
from gdviz.app import application
from gdviz.training import lecture_race
from gdviz.objectives import SigmoidNeuron, load_data
made = application.create_window
def soon(*arguments):
    window = made(*arguments)
    QTimer.singleShot(1500, window.close)
    window.controller.play()
    return window
application.create_window = soon
sys.exit(application.run_window(lecture_race(SigmoidNeuron.on(load_data("lecture")))))
"""


def test_it_ends_when_its_window_is_closed_while_playing():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", CLOSING], env=environment(), capture_output=True, text=True, timeout=40
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_ctrl_c_in_the_terminal_closes_the_window(tmp_path):
    home = {**environment(), "XDG_DATA_HOME": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-m", "gdviz"], env=home, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob("gdviz/recovery/*.lock")):  # what is on the screen begins to be saved
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (0, "")


def test_without_a_display_it_says_so_and_exits_2():
    bare = {key: value for key, value in environment().items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
    for without in (bare, {**bare, "DISPLAY": ":4711"}):
        done = gdviz(env=without)
        assert done.returncode == 2
        assert done.stderr.startswith("gdviz: there is no display for the window")
        assert len(done.stderr.splitlines()) == 1


def test_an_unknown_command_is_named():
    done = gdviz("trian", env=environment())
    assert done.returncode == 2
    assert "unknown command 'trian'; known: train, render, pack, grid, check, script, list" in done.stderr
