"""The set-up: what start.py hands on, what is installed and with whose leave, and that what is lost comes back."""

import importlib.metadata
import os
import pty
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import gdviz
from gdviz.cli import COMMANDS

pytestmark = pytest.mark.beside

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
LOCKS = [PACKAGING / "requirements.txt", PACKAGING / "requirements-test.txt"]
ASKING = """
import system_packages as s
needs = [s.Need("Xvfb", "xvfb"), s.Need("a font", "fonts-dejavu-core")]
print([s.install([need], "for the tests") for need in needs])
"""


@pytest.fixture
def scripts(monkeypatch):
    """Import the scripts as they import each other."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    import setup_env
    import start

    return start, setup_env


@pytest.mark.parametrize("command", [*COMMANDS, "sweep", "assignment", "trian", "-h", "--help", "--version"])
def test_commands_are_handed_on(scripts, command):
    assert not scripts[0].wants_window([command, "x.csv"])


@pytest.mark.parametrize("arguments", [[], ["race.gdviz"], ["my data.csv"], ["--data", "oring"], ["--theme", "dark"]])
def test_the_rest_is_for_the_window(scripts, arguments):
    assert scripts[0].wants_window(arguments)


@pytest.fixture
def fake_apt(tmp_path):
    """Give a PATH on which apt-get writes down what it is asked, and sudo does as it is told."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for name, text in {"apt-get": f'echo "$@" >> {tmp_path / "asked"}', "sudo": '[ "$1" = -n ] && shift; "$@"'}.items():
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)
    environment = {**os.environ, "PATH": f"{folder}:/usr/bin:/bin", "PYTHONPATH": str(PACKAGING)}
    return environment, tmp_path / "asked"


def installed(asked):
    return asked.read_text().count("install -y") if asked.exists() else 0


def on_a_terminal(environment, answer):
    """Run the question with a terminal for all three streams; return what was shown."""
    master, slave = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", ASKING], env=environment, stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    os.write(master, answer.encode())
    shown = b""
    while True:
        try:
            part = os.read(master, 4096)
        except OSError:  # the other side is gone
            break
        if not part:
            break
        shown += part
    assert process.wait(timeout=60) == 0
    os.close(master)
    return shown.decode()


@pytest.mark.parametrize(("answer", "times"), [("\n", 2), ("y\n", 2), ("n\n", 0), ("no\n", 0), ("\x04", 0)])
def test_a_person_is_asked_once(fake_apt, answer, times):
    environment, asked = fake_apt
    shown = on_a_terminal(environment, answer)
    assert shown.count("May apt-get install xvfb, for the tests? [Y/n]") == 1 and shown.count("[Y/n]") == 1
    assert installed(asked) == times


def test_without_a_terminal_it_is_said_and_done(fake_apt):
    environment, asked = fake_apt
    done = subprocess.run([sys.executable, "-c", ASKING], env=environment, input="", capture_output=True, text=True)
    assert "Installing xvfb by apt-get, for the tests" in done.stderr and done.stdout == "[True, True]\n"
    assert installed(asked) == 2


def test_the_flag_forbids_it(fake_apt):
    environment, asked = fake_apt
    text = f"import setup_env\nprint(setup_env.own_flag(['--no-system-packages', 'train']))\n{ASKING}"
    done = subprocess.run([sys.executable, "-c", text], env=environment, input="", capture_output=True, text=True)
    assert done.stdout == "['train']\n[False, False]\n" and not asked.exists()


@pytest.mark.parametrize("poppler", [False, True])
def test_only_tests_need_poppler(scripts, monkeypatch, poppler):
    import qt_libraries

    wanted = []
    monkeypatch.setattr(qt_libraries.shutil, "which", lambda _: None)
    monkeypatch.setattr(qt_libraries, "install", lambda needs, _: wanted.extend(need.name for need in needs))
    monkeypatch.setattr(qt_libraries, "missing", lambda *_: [])
    qt_libraries.ensure_libraries(Path(), True, poppler)
    assert wanted == (["pdftoppm"] if poppler else [])


def test_a_package_that_is_gone_is_noticed(scripts, monkeypatch, tmp_path):
    _, setup_env = scripts
    monkeypatch.setattr(setup_env, "VENV", tmp_path)
    folder = setup_env.site_packages()
    for name in ("numba", "numba-1.dist-info", "numpy", "six.py"):
        (folder / name).mkdir(parents=True)
    setup_env.stamp_file("test").write_text("\n".join(["stamp", *setup_env.packages()]))
    assert setup_env.missing_packages() == []
    (folder / "numba").rmdir()
    (folder / "six.py").rmdir()
    assert setup_env.missing_packages() == ["numba", "six.py"]


def pins(path):
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text("utf-8"), re.M))


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_every_pin_has_its_hashes(path):
    text = path.read_text("utf-8")
    requirements = [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]
    assert len(requirements) == len(pins(path)) > 15
    assert all("--hash=sha256:" in line for line in requirements)
    assert "://" not in text


def test_starting_and_testing_install_the_same_versions():
    run, test = map(pins, LOCKS)
    assert run.items() <= test.items()
    there = {name: importlib.metadata.version(name) for name in test if name not in ("colorama",)}
    assert there == {name: test[name] for name in there}


def test_an_index_shows_the_readme_without_pictures_it_has_not(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    done = subprocess.run(build, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    metadata = zipfile.ZipFile(wheel).read(f"gdviz-{gdviz.__version__}.dist-info/METADATA").decode()
    assert "See how gradient descent moves, and why." in metadata and "## Two minutes" in metadata
    assert re.findall(r"\]\((?!https?:)", metadata) == []
    assert "gdviz/ARCHITECTURE.md" in metadata
