"""``gdviz.cli.main`` is a function like any other: it can be called again, with any command, and leaves no trace."""

import os
import sys

import pytest

from gdviz.assets import asset
from tests.command import python
from tests.export.drawn import without_display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc, and Xvfb, of Linux")

LESSON = str(asset("lessons/01-gentle-slopes.gdviz"))
COMMANDS = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from gdviz.app import application
from gdviz.cli import main

folder, display, lesson, few = Path(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4] == "few"
made = application.create_window
def soon(*arguments):
    window = made(*arguments)
    QTimer.singleShot(300, window.close)
    return window
application.create_window = soon
small = ["--size", "320x240", "--updates", "9"]
train = ["train", "--optimizer", "gd:eta=0.1", "--updates", "9", "-o", str(folder / "run.csv")]
commands = [
    train,
    ["check", str(folder / "run.csv"), "--optimizer", "gd:eta=0.1", "--updates", "9"],
    ["grid", "--points", "9", "-o", str(folder / "grid.npz")],
    ["script", "--optimizer", "gd", "-o", str(folder / "run.py")],
    ["list", "schedules"],
    ["render", "--view", "surface", *small, "-o", str(folder / "race.png")],
    ["render", "--view", "contour", *small, "-o", str(folder / "race.gif")],
    [],
    ["pack", lesson, "--updates", "2", "-o", str(folder / "pack")],
]
if few:
    commands = [command for command in commands if not command or command[-1].endswith((".csv", ".png"))]
def state():
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    return {name: value for name, value in os.environ.items() if name != "PYOPENGL_PLATFORM"}, handlers
seen = []
for number in range(2):
    for command in commands:
        os.environ.update({"DISPLAY": display} if not command else {})
        before = state()
        code = main(command)
        assert code == 0, (command, code)
        assert state() == before, command
        os.environ.pop("DISPLAY", None)
    seen.append({path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()})
    for path in folder.glob("pack/*"):
        path.unlink()
differing = [str(name) for name in seen[0] if seen[0][name] != seen[1].get(name) and name.suffix != ".npz"]
assert not differing, differing
print("done", len(seen[0]))
"""


@pytest.mark.beside
@pytest.mark.parametrize("commands", ["few", pytest.param("all", marks=pytest.mark.slow)])
def test_each_command_twice_in_one_process(tmp_path, qapp, commands):
    (tmp_path / "out").mkdir()
    environment = without_display(XDG_DATA_HOME=tmp_path, XDG_CONFIG_HOME=tmp_path)
    program = ["-W", "error", "-c", COMMANDS, tmp_path / "out", os.environ["DISPLAY"], LESSON, commands]
    done = python(*program, env=environment, timeout=110)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("done")


BROKEN = """
import os, sys
from gdviz.cli import main
reader, writer = os.pipe()
os.close(reader)
if sys.argv[1] == "pipe":
    os.dup2(writer, 1)
else:
    os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
def state():
    return os.readlink("/proc/self/fd/1"), len(os.listdir("/proc/self/fd"))
before = state()
codes = [main(["list", "optimizers"]) for _ in range(3)]
assert state() == before
sys.exit(codes[0] if len(set(codes)) == 1 else 99)
"""


@pytest.mark.parametrize(("kind", "code", "lines"), [("pipe", 141, 0), ("full disk", 2, 3)])
def test_standard_output_stays_where_it_was(kind, code, lines):
    done = python("-c", BROKEN, kind)
    assert done.returncode == code
    assert done.stderr == "gdviz: standard output: No space left on device\n" * lines
