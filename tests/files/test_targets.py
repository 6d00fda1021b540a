"""The target's name stands for a whole file, always: the old one or the new one, and nothing is left beside it."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

import gdviz
from gdviz.files import TABLES, check_target, replacing, write_table
from tests.command import ENVIRONMENT, ROOT, python
from tests.command import gdviz as command

OLD = "the old file\n"
BIG = """
import sys, numpy, gdviz
from gdviz.training import Chunk, Point
n = 10**6
trajectory = gdviz.Trajectory(gdviz.Run(gdviz.Beale(), updates=n))
numbers = numpy.random.default_rng(0).normal(size=(n, 2))
trajectory.append(Chunk(numbers, numbers[:, 0], numpy.empty((n // 16, 0, 2)), Point(n, numbers[-1], ())))
from gdviz.files import write_table
write_table(sys.argv[1], {"gd": trajectory})
"""


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text(OLD)
    return path


def race():
    return {"gd": gdviz.train(gdviz.Run(gdviz.Beale(), updates=3))}


def alone(path):
    return [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("name", ["a b.csv", "Übung №1 √v.csv", "'quoted\".csv", "-o.csv", "x" * 250 + ".csv"])
def test_names(tmp_path, name):
    write_table(tmp_path / name, race())
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert len((tmp_path / name).read_text().splitlines()) == 5


def test_a_new_file_takes_the_old_ones_place(old):
    write_table(old, race())
    assert old.read_text().startswith("run,update,") and alone(old)


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, MemoryError])
def test_an_exception_keeps_the_old_file(old, error):
    with pytest.raises(error), replacing(old) as part:
        part.write_text("half a fi")
        raise error
    assert old.read_text() == OLD and alone(old)


def test_the_system_refusing_is_a_sentence(old):
    with pytest.raises(ValueError, match=r"out\.csv: cannot be written: No space left on device$"):
        with replacing(old):
            raise OSError(28, "No space left on device")
    assert old.read_text() == OLD and alone(old)


@pytest.mark.parametrize("ending", TABLES)
def test_no_more_room_keeps_the_old_file(tmp_path, ending):
    """The system stops the file at 8 KiB, as a full disk would."""
    path = tmp_path / f"out{ending}"
    path.write_text(OLD)
    limited = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))\n"
    limited += "from gdviz.cli import main; sys.exit(main(sys.argv[1:]))"
    done = python("-c", limited, "train", "--epochs", 1000, "-o", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"gdviz train: {path}: cannot be written: File too large\n"
    assert path.read_text() == OLD and alone(path)


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 64 KiB, where this process may mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no right to mount a small file system")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_keeps_the_old_file(small_disk):
    path = small_disk / "out.csv"
    path.write_text(OLD)
    done = command("train", "--epochs", 1000, "-o", path)
    assert done.stderr == f"gdviz train: {path}: cannot be written: No space left on device\n"
    assert (done.returncode, done.stdout) == (2, "")
    assert path.read_text() == OLD and alone(path)


AS_NOBODY = """
import os, sys, gdviz
from gdviz.files import write_table
race = {"gd": gdviz.train(gdviz.Run(gdviz.Beale(), updates=3))}
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    write_table(sys.argv[1], race)
except ValueError as error:
    print(error)
"""


@pytest.fixture
def locked():
    """A folder that nobody but root may write to; pytest's own folders are hidden from others."""
    with tempfile.TemporaryDirectory() as outer:
        folder = Path(outer, "locked")
        folder.mkdir()
        (folder / "out.csv").write_text(OLD)
        folder.chmod(0o555)
        Path(outer).chmod(0o755)
        yield folder
        folder.chmod(0o755)


@pytest.mark.parametrize("name", ["out.csv", "new.csv"])
def test_a_folder_that_cannot_be_written_to(locked, name):
    done = python("-c", AS_NOBODY, locked / name)
    assert (done.stdout, done.stderr) == (f"{locked / name}: the folder {locked} cannot be written to\n", "")
    assert (locked / "out.csv").read_text() == OLD and alone(locked / "out.csv")


def test_targets_that_cannot_be(tmp_path):
    (tmp_path / "folder.csv").mkdir()
    for name, sentence in (
        ("out.txt", r"the name must end in \.csv or \.json or \.npz$"),
        ("out", r"the name must end in"),
        ("folder.csv", r"is a folder; the name of a file is needed$"),
        ("gone/out.csv", r"there is no folder .*gone$"),
        ("x" * 300 + ".csv", r"cannot be written: File name too long$"),
    ):
        with pytest.raises(ValueError, match=sentence):
            check_target(tmp_path / name, list(TABLES))
    assert [file.name for file in tmp_path.iterdir()] == ["folder.csv"]


def test_a_kill_in_the_middle_of_writing_leaves_the_old_file_whole(old):
    process = subprocess.Popen([sys.executable, "-c", BIG, str(old)], cwd=ROOT, env=ENVIRONMENT)
    try:
        until = time.monotonic() + 20
        while written(old.parent) < 100_000:
            assert process.poll() is None and time.monotonic() < until, "it should be writing beside the target"
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert old.read_text() == OLD


def written(folder):
    """How many bytes of a new file there are."""
    with contextlib.suppress(FileNotFoundError):
        return max((part.stat().st_size for part in folder.glob(".*.part*")), default=0)
    return 0
