"""Drawing where there is no display: a virtual one is started and ended, or 3D is left out and that is said."""

import os
import shutil
import subprocess
import sys
import time
import uuid
from pathlib import Path

import numpy as np
import pytest

from gdviz.views.theme import LIGHT
from tests.command import gdviz, python, refused
from tests.export.drawn import count, pixels, without_display

pytestmark = [pytest.mark.once, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Xvfb is for Linux")]
SMALL = ["--size", "480x360", "--updates", "40"]
LEFT_OUT = "gdviz: the 3D surface was left out: "


@pytest.fixture
def mark():
    """Mark an environment: every process that inherits it can be found."""
    return f"GDVIZ_TEST_{uuid.uuid4().hex}"


def servers(mark):
    """Return the ids of the Xvfb, and of what watches over them, that inherited a marked environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if b"Xvfb" in (folder / "cmdline").read_bytes() and mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def have_locks(servers):
    """Return whether a lock of one of these servers is left."""
    texts = (lock.read_text() for lock in Path("/tmp").glob(".X*-lock") if lock.exists())
    return any(int(text) in servers for text in texts)


def shades(path):
    return len(np.unique(pixels(path).reshape(-1, 3), axis=0))


def test_it_starts_a_display_of_its_own_and_ends_it(tmp_path, mark):
    path = tmp_path / "race.png"
    done = gdviz("render", *SMALL, "--view", "surface", "-o", path, env=without_display(**{mark: 1}))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert shades(path) > 1000
    assert sum(count(pixels(path)[60:], LIGHT.run(index).color) > 10 for index in range(6)) >= 4
    assert servers(mark) == []


def test_a_refusal_ends_the_display_too(tmp_path, mark):
    path = tmp_path / "race.png"
    done = gdviz("render", *SMALL, "--update", "99", "-o", path, env=without_display(**{mark: 1}))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert servers(mark) == []


@pytest.mark.parametrize("moment", ["the server has just begun", "it draws"])
def test_a_killed_render_takes_its_display_along(tmp_path, mark, moment):
    command = [sys.executable, "-m", "gdviz", "render", *SMALL, "--view", "error", "--frames", "20000"]
    process = subprocess.Popen(
        [*command, "-o", str(tmp_path / "race.gif")], env=without_display(**{mark: 1}), stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 30
    while not (os.listdir(tmp_path) if moment == "it draws" else len(servers(mark)) == 2):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    begun = servers(mark)
    assert len(begun) == 2  # the server and its watch
    assert os.listdir(tmp_path) != ["race.gif"]
    process.kill()
    process.wait(20)
    assert not (tmp_path / "race.gif").exists()
    deadline = time.monotonic() + 10
    while servers(mark):
        assert time.monotonic() < deadline, "Xvfb is left"
        time.sleep(0.05)
    assert not have_locks(begun)


def bare(tmp_path, kind):
    """Return an environment without OpenGL: without any X server, or with OpenGL switched off."""
    if kind == "no Xvfb":
        (tmp_path / "bin").mkdir()
        return without_display(PATH=tmp_path / "bin")
    return without_display(GDVIZ_NO_OPENGL=1)


@pytest.mark.parametrize(("kind", "why"), [("no Xvfb", "offscreen"), ("no OpenGL", "GDVIZ_NO_OPENGL is set")])
def test_without_opengl_3d_is_left_out_and_that_is_said(tmp_path, kind, why):
    path = tmp_path / "race.png"
    done = gdviz("render", *SMALL, "-o", path, env=bare(tmp_path, kind))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith(LEFT_OUT)
    assert done.stderr.count("\n") == 1, done.stderr
    assert why in done.stderr
    shown = pixels(path)
    assert shown.shape == (360, 480, 3)
    for index in range(6):
        assert count(shown, LIGHT.run(index).color) > 40, index


@pytest.mark.parametrize("kind", ["no Xvfb", "no OpenGL"])
def test_only_the_surface_without_opengl_is_refused(tmp_path, kind):
    path = tmp_path / "race.png"
    done = gdviz("render", *SMALL, "--view", "surface", "-o", path, env=bare(tmp_path, kind))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("gdviz render: the surface cannot be drawn: ")
    assert done.stderr.count("\n") == 1, done.stderr
    assert not path.exists()


EGL, GLX = {"QT_XCB_GL_INTEGRATION": "xcb_egl"}, {"QT_XCB_GL_INTEGRATION": "xcb_glx"}
SERVERS = {
    "EGL chosen for Qt": EGL,
    "EGL chosen for PyOpenGL": {"PYOPENGL_PLATFORM": "egl"},
    "EGL chosen for both": {**EGL, "PYOPENGL_PLATFORM": "egl"},
    "GLX chosen for PyOpenGL": {"PYOPENGL_PLATFORM": "glx"},
    "a server without GLX": {},
}


@pytest.mark.parametrize("kind", SERVERS)
def test_the_surface_is_drawn_through_either_library(tmp_path, kind):
    path, environment = tmp_path / "race.png", without_display(**SERVERS[kind])
    if kind == "a server without GLX":
        server = tmp_path / "Xvfb"
        server.write_text(f'#!/bin/sh\nexec "{shutil.which("Xvfb")}" "$@" -extension GLX\n')
        server.chmod(0o755)
        environment["PATH"] = f"{tmp_path}{os.pathsep}{environment['PATH']}"
    done = gdviz("render", *SMALL, "--view", "surface", "-o", path, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert shades(path) > 1000


TOLD = "Qt has its OpenGL from {}, but PYOPENGL_PLATFORM is {}"
APART = {
    "EGL against GLX": ({**EGL, "PYOPENGL_PLATFORM": "glx"}, TOLD.format("EGL", "glx")),
    "GLX against EGL": ({**GLX, "PYOPENGL_PLATFORM": "egl"}, TOLD.format("GLX", "egl")),
    "neither": ({"QT_XCB_GL_INTEGRATION": "none"}, "no OpenGL context can be made"),
}


@pytest.mark.parametrize("kind", APART)
def test_where_qt_and_pyopengl_are_told_different_things_that_is_said(tmp_path, kind):
    more, why = APART[kind]
    path = tmp_path / "race.png"
    done = gdviz("render", *SMALL, "-o", path, env=without_display(**more))
    assert (done.returncode, done.stdout) == (0, "")
    ours = [line for line in done.stderr.splitlines() if not line.startswith("QXcb")]  # Qt may say it too
    assert ours == [f"{LEFT_OUT}{why}"]
    assert pixels(path).shape == (360, 480, 3)


BROKEN = """
import sys
from OpenGL import GL
def broken(*arguments):
    raise GL.GLError(1282, "it is Friday")
import gdviz.cli
from gdviz.views import gl
made = gl._canvas
def make():
    canvas = made()
    import pyqtgraph.opengl.items.GLMeshItem as items
    items.GL.glVertexAttribPointer = broken
    return canvas
make.cache_info = made.cache_info
make.cache_clear = made.cache_clear
gl._canvas = make
sys.exit(gdviz.cli.main())
"""


@pytest.mark.parametrize("view", ["all", "surface"])
def test_a_surface_that_opengl_fails_to_draw_says_why(tmp_path, view):
    path = tmp_path / "race.png"
    command = ["-c", BROKEN, "render", *SMALL, "--view", view, "-o", path]
    done = python(*command, env=without_display(PYOPENGL_PLATFORM="egl"))
    assert (done.returncode, done.stdout, path.exists()) == ((0, "", True) if view == "all" else (2, "", False))
    assert done.stderr.count("\n") == 1 and "OpenGL cannot draw: GLError" in done.stderr, done.stderr
    assert "it is Friday" in done.stderr


@pytest.mark.parametrize("flags", [["--view", "contour"]])
def test_a_view_without_3d_says_nothing_of_it(tmp_path, flags):
    path = tmp_path / "race.svg"
    done = gdviz("render", *SMALL, *flags, "-o", path, env=bare(tmp_path, "no Xvfb"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert path.stat().st_size > 10_000


def test_an_xvfb_that_cannot_start_is_as_good_as_none(tmp_path):
    folder = tmp_path / "bin"
    folder.mkdir()
    broken = folder / "Xvfb"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    path = tmp_path / "race.gif"
    done = gdviz("render", *SMALL, "--frames", "2", "-o", path, env=without_display(PATH=folder))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith(LEFT_OUT)
    assert done.stderr.count("\n") == 1, done.stderr


@pytest.mark.parametrize("display", [":4711", "nonsense"])
def test_a_display_that_does_not_answer_is_as_good_as_none(tmp_path, mark, display):
    """Qt would abort: an ended ssh session or a container leaves such a DISPLAY behind."""
    path = tmp_path / "race.png"
    environment = without_display(DISPLAY=display, **{mark: 1})
    done = gdviz("render", *SMALL, "--view", "error", "-o", path, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert pixels(path).shape == (360, 480, 3)
    assert servers(mark) == []


def test_bad_input_is_refused_before_a_display_is_started(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("gdviz.export.command.drawing_place", lambda: pytest.fail("a display was asked for"))
    for flags in (["--size", "0x0"], ["--data", "gone.csv"], ["--fps", "0"]):
        refused(capsys, "render", *flags, "-o", tmp_path / "race.png")
