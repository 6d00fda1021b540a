"""What was on the screen when the program ended unexpectedly is recovered, and nothing else."""

import math
import os
import signal
import socket
import stat
import subprocess
import sys
import time

import pytest

import gdviz
from gdviz.app.files.autosave import Autosave
from gdviz.files import open_session, save_session
from gdviz.files.leftovers import part_name
from gdviz.scene.session import Session, Views
from tests.app.test_process import environment

pytestmark = pytest.mark.beside


@pytest.fixture
def session():
    race = gdviz.lecture_race(gdviz.Booth(), epochs=80)
    return Session(race, 55, 2, Views(((-4.0, 4.0), (-3.0, 5.0)), (10.0, 40.0, 6.0), arrows=True, speed=math.inf))


PLAYING = """
import sys
from PySide6.QtCore import QTimer
from gdviz.app import application
from gdviz.app.model.edits import SetHyperparameter
from gdviz.objectives import Booth
from gdviz.training import lecture_race
made = application.create_window
def soon(*arguments):
    window = made(*arguments)
    def edit():
        window.edits.apply(SetHyperparameter("eta", window.controller.experiment.runs[0].optimizer.eta * 0.99))
        print(window.controller.experiment.runs[0].optimizer.eta, flush=True)
    timer = QTimer(window, interval=50, timeout=edit)
    timer.start()
    return window
application.create_window = soon
sys.exit(application.run_window(lecture_race(Booth())))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("after", [2.2, 3.7])
def test_killed_the_work_of_up_to_the_last_second_is_recovered(open_window, tmp_path, after):
    home = {**environment(), "XDG_DATA_HOME": str(tmp_path)}
    process = subprocess.Popen([sys.executable, "-c", PLAYING], env=home, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    etas = [float(line) for line in process.communicate()[0].split()]
    folder = tmp_path / "gdviz" / "recovery"
    assert len(list(folder.glob("[0-9]*.gdviz"))) == 1  # perhaps beside a part of the next one
    window = open_window()
    autosave = Autosave(window.sessions, folder)
    recovered = autosave.recover()
    eta = recovered.experiment.runs[0].optimizer.eta
    assert eta in etas[-26:]  # 1 s of edits, 50 ms apart, and a few more
    assert len(list(folder.glob("[0-9]*.gdviz"))) == 1  # until it is saved anew
    window.sessions.show(recovered)
    autosave.start()
    (path,) = folder.glob("*.gdviz")
    assert open_session(path).experiment == recovered.experiment
    autosave.stop()
    assert not list(folder.glob("*.gdviz")) and Autosave(window.sessions, folder).recover() is None


def test_a_clean_end_leaves_nothing_to_recover(open_window, tmp_path):
    window = open_window()
    window.autosave = Autosave(window.sessions, tmp_path)
    window.autosave.start()
    window.autosave.save()
    other = Autosave(open_window().sessions, tmp_path)
    assert len(list(tmp_path.glob("*.gdviz"))) == 1 and other.recover() is None  # it is still there
    window.close()
    assert list(tmp_path.iterdir()) == []


def test_what_is_damaged_is_not_recovered(open_window, tmp_path):
    (tmp_path / "1-a.gdviz").write_text("{")
    assert Autosave(open_window().sessions, tmp_path).recover() is None
    assert [path.suffix for path in tmp_path.iterdir()] == [".bad"]  # put aside, not thrown away


def test_of_two_that_crashed_each_is_recovered_in_its_turn(open_window, session, tmp_path):
    other = Session(gdviz.lecture_race(gdviz.Ackley(), epochs=5))
    for name, one in (("1-a", session), ("2-b", other)):
        save_session(one, tmp_path / f"{name}.gdviz")
        os.utime(tmp_path / f"{name}.gdviz", (int(name[0]), int(name[0])))
    save_session(session, tmp_path / ".3-c-0000.part.gdviz")  # what another window is just writing
    found = []
    for _ in range(3):
        window = open_window()
        autosave = Autosave(window.sessions, tmp_path)
        found.append(autosave.recover())
        if found[-1] is not None:
            window.sessions.show(found[-1])
        autosave.start()
        autosave.stop()
    assert found == [other, session, None]
    assert [path.name for path in tmp_path.iterdir()] == [".3-c-0000.part.gdviz"]


def test_a_folder_that_cannot_be_written_to_bothers_nobody(open_window, tmp_path):
    (tmp_path / "file").write_text("")
    autosave = Autosave(open_window().sessions, tmp_path / "file" / "folder")
    autosave.start()
    autosave.save()
    autosave.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="modes, owners and links of POSIX")
class TestFolder:
    def test_it_is_the_users_alone(self, open_window, tmp_path):
        folder = tmp_path / "gdviz" / "recovery"
        folder.mkdir(parents=True)
        folder.chmod(0o755)
        Autosave(open_window().sessions, folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        Autosave(open_window().sessions, tmp_path / "new")
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700

    @pytest.mark.parametrize("kind", ["link", "foreign"])
    def test_one_that_is_not_is_neither_written_to_nor_read(self, open_window, session, tmp_path, kind):
        (tmp_path / "real").mkdir()
        save_session(session, tmp_path / "real" / "1-a.gdviz")
        folder = tmp_path / "real"
        if kind == "link":
            folder = tmp_path / "recovery"
            folder.symlink_to("real")
        elif os.geteuid() == 0:
            os.chown(folder, 65534, 65534)
        else:
            pytest.skip("only root can give a folder away")
        autosave = Autosave(open_window().sessions, folder)
        assert autosave.recover() is None
        autosave.start()
        autosave.save()
        autosave.stop()
        assert os.listdir(tmp_path / "real") == ["1-a.gdviz"]

    def test_what_is_no_session_in_it_holds_nobody_up(self, open_window, session, tmp_path):
        os.mkfifo(tmp_path / "9-pipe.gdviz")
        (tmp_path / "8-folder.gdviz").mkdir()
        (tmp_path / "8-folder.bad" / "full").mkdir(parents=True)  # so that the other cannot be put aside
        (tmp_path / "7-device.gdviz").symlink_to("/dev/zero")
        (tmp_path / "6-loop.gdviz").symlink_to("6-loop.gdviz")
        save_session(session, tmp_path / "1-a.gdviz")
        os.mkfifo(tmp_path / "5-b.lock")
        save_session(session, tmp_path / "5-b.gdviz")
        os.utime(tmp_path / "1-a.gdviz", (1, 1))
        autosave = Autosave(open_window().sessions, tmp_path)
        assert autosave.recover() == session
        autosave.start()
        autosave.stop()
        assert {"5-b.lock", "5-b.gdviz", "9-pipe.bad"} < set(os.listdir(tmp_path))

    def test_what_killed_programs_left_is_removed(self, open_window, tmp_path):
        part = part_name("1-a", ".gdviz").replace(f"-{os.getpid()}-", "-999999999-")
        for name in (part, "999999999-1.lock"):
            (tmp_path / name).write_text(f"999999999\npython\n{socket.gethostname()}\n")
        autosave = Autosave(open_window().sessions, tmp_path)
        autosave.start()
        autosave.stop()
        assert os.listdir(tmp_path) == []
