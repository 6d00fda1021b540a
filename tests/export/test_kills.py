"""Killed at any moment, whatever is written is whole, the old one or the new one, and the next write clears up."""

import json
import os
import random
import shutil
import subprocess
import sys
import time

import pytest

from gdviz.app.files.autosave import Autosave
from tests.app.test_autosave import PLAYING
from tests.command import ENVIRONMENT, python
from tests.export.killing import KINDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs fork, and /proc to tell who is gone")
KILLS = 50


def killed(kind, folder):
    done = python("-m", "tests.export.killing", kind, folder, KILLS, timeout=1700)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def check(seen):
    interrupted = seen.pop("interrupted")
    assert seen == {"kills": KILLS, "broken": 0, "left": 0}
    assert interrupted >= KILLS // 5  # otherwise the kills came when nothing was being written


@pytest.mark.once
def test_a_session_is_whole(tmp_path):
    check(killed("session", tmp_path))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "session"])
def test_it_is_whole(tmp_path, kind):
    check(killed(kind, tmp_path))


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_what_is_on_the_screen_is_recovered(open_window, tmp_path):
    """A window that changes all the time is killed while it saves every second; the next start finds a session."""
    dice, window = random.Random(7), open_window()
    for number in range(KILLS):
        home = tmp_path / str(number)
        environment = {**ENVIRONMENT, "XDG_DATA_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
        process = subprocess.Popen([sys.executable, "-c", PLAYING], env=environment, stdout=subprocess.DEVNULL)
        folder, deadline = home / "gdviz" / "recovery", time.monotonic() + 60
        while not list(folder.glob("[0-9]*.gdviz")):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(dice.uniform(0, 2.5))
        process.kill()
        process.wait()
        autosave = Autosave(window.sessions, folder)
        assert autosave.recover() is not None
        autosave.start()
        autosave.stop()
        assert os.listdir(folder) == []
