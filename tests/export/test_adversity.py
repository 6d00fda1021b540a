"""Whatever happens while a file is written, the old one or the new one is whole, and nothing else is left."""

import os
import random
import subprocess
import sys
import time

import pytest

import gdviz
from gdviz.files import open_session, save_session
from tests.command import ENVIRONMENT, refused
from tests.export.drawn import is_root

RACE = gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("oring")))
KILLS, AT_ONCE = 12, 4


@pytest.mark.once
@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_while_exporting_the_older_file_is_whole(tmp_path):
    dice = random.Random(5)
    endings = [".png", ".svg", ".pdf", ".gif", ".mp4", ".webm"]
    for first in range(0, KILLS, AT_ONCE):
        started = []
        for number in range(first, first + AT_ONCE):
            ending = endings[number % len(endings)]
            folder = tmp_path / str(number)
            folder.mkdir()
            path = folder / f"race mit ü{ending}"
            path.write_bytes(b"older")
            flags = ["--size", "320x240", "--view", "contour", "--updates", "60", "-o", str(path)]
            command = [sys.executable, "-m", "gdviz", "render", *flags]
            started.append((path, subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL)))
        time.sleep(dice.uniform(1.0, 4.0))
        for path, process in started:
            process.kill()
            process.wait()
            whole = path.read_bytes()
            if whole != b"older":
                assert len(whole) > 1000 and open_session(path).experiment.total == 60


def test_a_full_disk_loses_no_session(full_disk):
    path = full_disk / "race.gdviz"
    gdviz.save(RACE, path)
    (full_disk / "filler").write_bytes(b"x" * 8192)
    larger = gdviz.Experiment(RACE.runs * 8)
    with pytest.raises(ValueError, match="cannot be written: No space left on device"):
        save_session(larger, path)
    assert open_session(path).experiment == RACE
    assert sorted(os.listdir(full_disk)) == ["filler", "race.gdviz"]


@pytest.mark.skipif(is_root(), reason="root may write anywhere")
def test_a_folder_that_is_read_only(tmp_path):
    tmp_path.chmod(0o555)
    with pytest.raises(ValueError, match="cannot be written to"):
        gdviz.save(RACE, tmp_path / "race.gdviz")
    tmp_path.chmod(0o755)


def test_a_folder_that_is_missing_or_a_file(tmp_path, capsys):
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "none" / "race.gdviz", tmp_path / "file" / "race.gdviz"):
        with pytest.raises(ValueError, match="there is no folder"):
            gdviz.save(RACE, target)
    for command in (["train"], ["render"], ["script", "--optimizer", "gd"], ["grid"]):
        ending = {"train": ".csv", "render": ".png", "script": ".py", "grid": ".npz"}[command[0]]
        assert "there is no folder" in refused(capsys, *command, "-o", tmp_path / "none" / f"x{ending}")


def test_a_target_that_is_open_elsewhere_is_replaced(tmp_path):
    path = tmp_path / "race.gdviz"
    gdviz.save(RACE, path)
    old = path.read_text("utf-8")
    with path.open(encoding="utf-8") as reader:
        gdviz.save(gdviz.Experiment(RACE.runs[:1]), path)
        assert reader.read() == old  # whoever reads it reads the old one to its end
    assert len(gdviz.open(path).experiment.runs) == 1
