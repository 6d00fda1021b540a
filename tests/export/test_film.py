"""Animations decode to what was asked for, and what is broken off leaves nothing half-written."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint

from gdviz.cli import main
from gdviz.export.film import film
from gdviz.export.options import FilmOptions, Shot
from gdviz.views.theme import LIGHT
from tests.command import ENVIRONMENT, gdviz, refused
from tests.export.drawn import decoded, nearest, pixels

pytestmark = pytest.mark.beside

ASKED = ["--view", "contour", "--size", "320x240", "--updates", "40"]
LOSS = {".gif": 3, ".mp4": 4, ".webm": 6}
"""How far a codec's pixels may be from the still's, on average over the picture."""


@pytest.fixture(scope="module", params=list(LOSS))
def made(request, tmp_path_factory):
    """Render twelve frames in a fresh process, and the stills they should be like in this one."""
    path = tmp_path_factory.mktemp("film") / f"race{request.param}"
    done = gdviz("render", *ASKED, "--frames", "12", "--fps", "12", "-o", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert os.listdir(path.parent) == [path.name]
    return path


def still(folder, update):
    path = folder / f"{update}.png"
    assert main(["render", *ASKED, "--update", str(update), "-o", str(path)]) == 0
    return pixels(path)


def test_a_film_has_the_asked_frames_size_and_rate(made):
    frames, rate, seconds = decoded(made)
    assert [frame.shape for frame in frames] == [(240, 320, 3)] * 12
    assert float(rate) == pytest.approx(12, rel=0.05)  # a GIF counts in hundredths of a second
    assert seconds == pytest.approx(11 / 12, abs=0.03)


def test_first_and_last_frame_are_the_stills_of_their_updates(made, tmp_path, qapp):
    frames, _, _ = decoded(made)
    for frame, update in ((frames[0], 0), (frames[-1], 40)):
        difference = np.abs(frame - still(tmp_path, update)).mean()
        assert difference < LOSS[made.suffix], update
    last = frames[-1]
    assert np.abs(last - still(tmp_path, 40)).mean() < np.abs(last - still(tmp_path, 36)).mean()


def test_the_last_frame_shows_the_runs_ends(made, stage):
    frames, _, _ = decoded(made)
    drawn = stage()
    contour = drawn.board.contour
    corner = contour.mapTo(drawn.board, QPoint(0, 0)).toTuple()
    ends = contour.to_pixels(np.array([run.params[-1] for run in drawn.trajectories])) + corner
    start = contour.to_pixels(np.array([(-2, -2)]))[0] + corner
    seen = 0
    for index, (x, y) in enumerate(ends):
        if all(np.hypot(*(ends[index] - other)) > 10 for other in ends[:index]):  # no marker lies over it
            color = LIGHT.run(index).color
            assert nearest(frames[-1], x, y, color) < 45, index
            seen += 1
            if np.hypot(*(ends[index] - start)) > 20:
                assert nearest(frames[0], x, y, color) > nearest(frames[-1], x, y, color) + 15, index
    assert seen >= 3


def test_without_frames_every_update_is_a_frame_up_to_ten_seconds(tmp_path, qapp):
    path = tmp_path / "race.gif"
    assert main(["render", *ASKED[:4], "--updates", "5", "--fps", "10", "-o", str(path)]) == 0
    assert len(decoded(path)[0]) == 6
    assert FilmOptions().shots(299) == shots(range(300))
    assert len(FilmOptions().shots(10_000)) == 300


def shots(updates):
    return [Shot(update) for update in updates]


@given(last=st.integers(1, 10**6), fps=st.floats(0.1, 240), frames=st.none() | st.integers(2, 500))
def test_frames_go_evenly_from_the_start_to_the_end(last, fps, frames):
    updates = [shot.update for shot in FilmOptions(fps=fps).shots(last, frames)]
    if len(updates) > 1:
        assert updates[0] == 0
        gaps = np.diff(updates)
        assert gaps.min() >= 0
        assert gaps.max() - gaps.min() <= 1
    assert updates[-1] == last
    assert frames in (None, len(updates))


def test_30_frames_a_second_is_no_faster_or_slower_in_a_gif(tmp_path, stage):
    path = tmp_path / "race.gif"
    assert list(film(stage(), path, shots([0, 1] * 15 + [2]), 30)) == list(range(1, 32))
    frames, _, seconds = decoded(path)
    assert len(frames) == 31
    assert seconds == pytest.approx(1, abs=0.04)


def test_a_gif_shows_the_runs_exact_colours(tmp_path, stage):
    """A palette of 256 colours must not blur what tells the runs apart."""
    drawn = stage(480, 320)
    path = tmp_path / "race.gif"
    list(film(drawn, path, shots([0, 40]), 2))
    shown, exact = decoded(path)[0][-1], pixels(drawn.picture(Shot(40)))
    for index in range(6):
        color = LIGHT.run(index).color
        y, x = np.argwhere(np.abs(exact - list(bytes.fromhex(color[1:]))).max(axis=2) == 0)[0]
        assert nearest(shown, x, y, color, radius=1) <= 24, index


@pytest.mark.parametrize("size", ["321x240", "320x241"])
def test_mp4_of_an_odd_size_is_refused(capsys, tmp_path, qapp, size):
    message = refused(capsys, "render", "--size", size, "-o", tmp_path / "race.mp4")
    assert "even width and height" in message
    assert size in message
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("ending", [".gif", ".webm"])
def test_an_odd_size_is_kept_where_it_can_be(tmp_path, qapp, ending):
    path = tmp_path / f"race{ending}"
    assert main(["render", "--view", "contour", "--size", "321x241", "--frames", "2", "-o", str(path)]) == 0
    assert decoded(path)[0][0].shape == (241, 321, 3)


@pytest.mark.parametrize("ending", list(LOSS))
def test_a_film_that_is_broken_off_leaves_nothing_behind(tmp_path, stage, ending):
    old = tmp_path / f"race{ending}"
    old.write_bytes(b"an older film")
    for path in (old, tmp_path / f"new{ending}"):
        frames = film(stage(), path, shots(range(41)), 10)
        assert [next(frames), next(frames), next(frames)] == [1, 2, 3]
        frames.close()
        assert os.listdir(tmp_path) == [old.name]
        assert old.read_bytes() == b"an older film"


def test_an_error_while_drawing_leaves_nothing_behind(tmp_path, stage, monkeypatch):
    drawn = stage()
    frames = film(drawn, tmp_path / "race.mp4", shots(range(41)), 10)
    next(frames)
    monkeypatch.setattr(drawn, "picture", lambda update: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        next(frames)
    assert os.listdir(tmp_path) == []


def start_long_film(path):
    """Start a film that takes long; return its process once the file is being written."""
    command = [sys.executable, "-m", "gdviz", "render", *ASKED, "--frames", "20000", "-o", str(path)]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not any(".part" in name for name in os.listdir(path.parent)):
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.1)
    return process


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_killed_half_way_the_older_film_is_whole(tmp_path):
    path = tmp_path / "race.mp4"
    path.write_bytes(b"an older film")
    process = start_long_film(path)
    process.kill()
    process.communicate()
    assert path.read_bytes() == b"an older film"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ended_half_way_it_cleans_up_and_says_one_line(tmp_path, ending):
    path = tmp_path / "race.gif"
    path.write_bytes(b"an older film")
    process = start_long_film(path)
    process.send_signal(ending)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (128 + ending, "", "gdviz: stopped\n")
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_bytes() == b"an older film"


@pytest.mark.parametrize("ending", list(LOSS))
def test_a_full_disk_is_one_sentence_and_nothing_is_left(capsys, full_disk, qapp, ending):
    path = full_disk / f"race{ending}"
    message = refused(capsys, "render", *ASKED, "--frames", "20", "-o", path)
    assert f"{path}: cannot be written: No space left on device" in message
    assert os.listdir(full_disk) == []
