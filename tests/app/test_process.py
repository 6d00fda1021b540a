"""The program as a process: it ends when its window is closed, and says so where there is no display."""

import os
import shutil
import signal
import subprocess
import sys
import time

import pytest

from gdviz.files import open_session
from tests.command import ENVIRONMENT, gdviz

pytestmark = pytest.mark.once


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


def started(home, **more):
    """Start the window; return its process once what is on the screen is saved."""
    environ = {**environment(), "XDG_DATA_HOME": str(home), **more}
    process = subprocess.Popen([sys.executable, "-m", "gdviz"], env=environ, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not list(home.glob("gdviz/recovery/*.gdviz")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    return process


def is_kept(home):
    """Return whether what was on the screen is left to the next start, and nothing else."""
    assert list((home / "gdviz" / "recovery").iterdir()) == []
    return open_session(home / "gdviz" / "left.gdviz") is not None


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_the_window_in_order(tmp_path, number, code):
    process = started(tmp_path)
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, errors) == (code, "")
    assert is_kept(tmp_path)


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs an X server to kill")
def test_the_display_is_gone_and_nothing_is_lost(tmp_path):
    """Qt says so and leaves its event loop; without more the threads would still run, and the program abort (134)."""
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with server:
        process = started(tmp_path, DISPLAY=f":{server.stdout.readline().strip()}")
        server.terminate()
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert "The X11 connection broke" in errors and "QThread" not in errors and "Traceback" not in errors
    assert is_kept(tmp_path)


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
