"""What killed processes left is removed by the next write beside it; what somebody still writes is not."""

import os
import re
import signal
import subprocess
import sys

import pytest

from gdviz.files import leftovers, replacing
from gdviz.files.leftovers import part_name, sweep
from tests.command import ENVIRONMENT
from tests.export.drawn import is_root

pytestmark = pytest.mark.beside

WRITING = """
import sys, time
from pathlib import Path
from gdviz.files import replacing
with replacing(Path(sys.argv[1])) as part, replacing(Path(sys.argv[2]), is_folder=True) as folder:
    part.write_text("half")
    (folder / "file").write_text("half")
    print(part.name, folder.name, sep="\\n", flush=True)
    time.sleep(60)
"""


def writing(folder):
    """Start a process that writes a file and a folder; return it and the names of their parts."""
    command = [sys.executable, "-c", WRITING, str(folder / "race.gdviz"), str(folder / "pack")]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    return process, {process.stdout.readline().strip() for _ in range(2)}


def write(folder):
    with replacing(folder / "other.csv") as part:
        part.write_text("whole")


def test_only_the_parts_of_processes_that_are_gone_are_removed(tmp_path):
    killed, _ = writing(tmp_path)
    alive, parts = writing(tmp_path)
    try:
        killed.kill()
        killed.wait()
        write(tmp_path)
        assert set(os.listdir(tmp_path)) == {"other.csv", *parts}
    finally:
        alive.kill()
        alive.communicate()
        killed.communicate()
    write(tmp_path)
    assert os.listdir(tmp_path) == ["other.csv"]


@pytest.mark.skipif(sys.platform != "linux", reason="zombies of Linux")
def test_a_killed_process_that_nobody_has_waited_for_is_gone(tmp_path):
    process, _ = writing(tmp_path)
    process.send_signal(signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    write(tmp_path)
    assert os.listdir(tmp_path) == ["other.csv"]
    process.communicate()


@pytest.mark.skipif(sys.platform != "linux", reason="reads when a process began")
def test_an_id_that_was_given_again_does_not_protect_a_part(tmp_path):
    """The part's process had this one's id, but began at another time, or before the computer was started anew."""
    name = part_name("race", ".csv")
    beginning = re.fullmatch(r"\.race-\d+-(\w+)-.*", name)[1]
    for other in (f"{beginning[:-1]}{(int(beginning[-1], 16) + 1) % 16:x}", f"{'0' * 8}{beginning[8:]}"):
        (tmp_path / name.replace(beginning, other)).write_text("half")
    (tmp_path / name).write_text("of this process")
    sweep(tmp_path)
    assert os.listdir(tmp_path) == [name]


def test_parts_of_another_computer_and_what_is_no_part_stay(tmp_path, monkeypatch):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    with monkeypatch.context() as patch:
        patch.setattr(leftovers.platform, "node", lambda: "another")
        elsewhere = part_name("race", ".csv").replace(str(os.getpid()), str(gone.pid))
    ours = part_name("race", ".csv").replace(str(os.getpid()), str(gone.pid))
    names = {elsewhere, f"x{ours}", f"{ours}~", ".race-0a1b2c3d.part.csv", ".part", "race.csv"}
    for name in (*names, ours):
        (tmp_path / name).write_text("")
    sweep(tmp_path)
    assert set(os.listdir(tmp_path)) == names


@pytest.mark.skipif(not is_root(), reason="only root may give files away")
def test_parts_of_another_user_stay(tmp_path):
    name = part_name("race", ".csv").replace(f"-{os.getpid()}-", "-999999999-")
    (tmp_path / name).write_text("")
    os.chown(tmp_path / name, 65534, 65534)
    sweep(tmp_path)
    assert os.listdir(tmp_path) == [name]
    os.chown(tmp_path / name, 0, 0)
    sweep(tmp_path)
    assert os.listdir(tmp_path) == []


def test_without_proc_a_part_stays_while_its_process_is_there(tmp_path, monkeypatch):
    monkeypatch.setattr(leftovers, "PROC", tmp_path / "none")
    process, folder = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE), tmp_path / "folder"
    folder.mkdir()
    ours = part_name("race", ".csv")
    theirs = ours.replace(f"-{os.getpid()}-", f"-{process.pid}-")
    for name in (ours, theirs):
        (folder / name).write_text("")
    sweep(folder)
    assert set(os.listdir(folder)) == {ours, theirs}
    process.communicate()
    sweep(folder)
    assert os.listdir(folder) == [ours]


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_a_part_that_is_a_link_takes_nothing_along(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_text("")
    (tmp_path / part_name("race").replace(f"-{os.getpid()}-", "-999999999-")).symlink_to("folder")
    sweep(tmp_path)
    assert os.listdir(tmp_path) == ["folder"] and os.listdir(tmp_path / "folder") == ["file"]


def test_names_of_parts_are_short_enough():
    assert len(part_name("𝄞" * 300, ".gdviz").encode()) < 255
