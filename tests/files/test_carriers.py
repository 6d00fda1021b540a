"""Pictures and films carry their session: opened, they are the experiment again; damaged ones say so."""

import os
import random
import struct
import zlib

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QImage

import gdviz
from gdviz.cli import main
from gdviz.export.display import drawing_place
from gdviz.files import open_session, write_session
from gdviz.files.carriers import BEGIN, CARRIERS, embed, extract
from gdviz.scene.session import Session

MOST = 1 << 20
FLAGS = ["--size", "320x240", "--view", "contour", "--updates", "30", "--optimizer", "adam:eta=0.1"]


@pytest.fixture(scope="module")
def made(tmp_path_factory, qapp):
    """A picture or film of each kind, as the command line makes it."""
    folder = tmp_path_factory.mktemp("made")
    files = {}
    for ending in CARRIERS:
        files[ending] = folder / f"race{ending}"
        more = ["--frames", "3"] if ending in (".gif", ".mp4", ".webm") else ["--update", "20"]
        assert main(["render", *FLAGS, *more, "-o", str(files[ending])]) == 0
    return files


@pytest.mark.parametrize("ending", CARRIERS)
def test_it_is_the_experiment_again(made, ending):
    session = open_session(made[ending])
    (run,) = session.experiment.runs
    assert run.optimizer == gdviz.Adam(0.1) and run.updates == 30 and session.views.box is not None
    assert session.cursor == (20 if ending in (".png", ".svg", ".pdf") else 30)


@pytest.mark.parametrize("ending", CARRIERS)
def test_programs_that_show_it_pass_over_the_session(made, ending, tmp_path):
    bare = tmp_path / f"bare{ending}"
    more = ["--frames", "3"] if ending in (".gif", ".mp4", ".webm") else ["--update", "20"]
    assert main(["render", *FLAGS, *more, "--no-session", "-o", str(bare)]) == 0
    with pytest.raises(ValueError, match="carries no session"):
        open_session(bare)
    assert os.path.getsize(bare) < os.path.getsize(made[ending])
    assert (shown(made[ending]) == shown(bare)).all()


def shown(path):
    """What any program sees; of a PDF, how its table of contents is found."""
    if path.suffix == ".pdf":
        data = path.read_bytes()
        table, end = data[data.rfind(b"startxref") :].split()[1:]
        return np.array([data[int(table) : int(table) + 4] == b"xref", end == b"%%EOF"])
    if path.suffix in (".png", ".svg"):
        image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
        return np.frombuffer(image.constBits(), np.uint8).copy()
    with av.open(str(path)) as container:
        return np.array([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


def test_a_picture_of_a_pictures_session_is_the_same_picture(made, tmp_path):
    again = tmp_path / "again.png"
    flags = ["--session", str(made[".png"]), "--size", "320x240", "--view", "contour", "--update", "20"]
    assert main(["render", *flags, "-o", str(again)]) == 0
    assert (shown(again) == shown(made[".png"])).all()
    assert open_session(again) == open_session(made[".png"])


@pytest.mark.parametrize("ending", CARRIERS)
@pytest.mark.parametrize("length", [0, 1, 199, 200, 201, 3000, 100_000])
def test_any_text_comes_back(made, ending, length, tmp_path):
    path = tmp_path / f"any{ending}"
    path.write_bytes(made[ending].read_bytes())
    text = "".join(random.Random(length).choices("aé{}:end of session\n", k=length))
    embed(path, ending, text)
    assert extract(path, ending, MOST) == text  # the last one counts


def test_chunk_and_box_are_well_formed(made):
    data = made[".png"].read_bytes()
    at, kinds = 8, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        assert (
            zlib.crc32(data[at + 4 : at + 8 + length])
            == struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0]
        )
        kinds.append(kind)
        at += 12 + length
    assert kinds[-2:] == [b"tEXt", b"IEND"] and at == len(data)
    data, at, kinds = made[".mp4"].read_bytes(), 0, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        kinds.append(kind)
        at += length
    assert kinds[-1] == b"uuid" and at == len(data)


@pytest.mark.parametrize("ending", CARRIERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damage_is_one_sentence(made, ending, tmp_path, data):
    whole = bytearray(made[ending].read_bytes())
    begin = whole.rfind(BEGIN)
    path = tmp_path / f"damaged{ending}"
    if data.draw(st.booleans()):
        whole = whole[: data.draw(st.integers(0, len(whole)))]
    else:
        for _ in range(data.draw(st.integers(1, 5))):
            whole[data.draw(st.integers(begin, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(whole)
    try:
        open_session(path)
    except ValueError as error:
        assert "\n" not in str(error) and str(path) in str(error)


def test_a_bomb_is_not_unpacked(made, tmp_path):
    path = tmp_path / "bomb.png"
    path.write_bytes(made[".png"].read_bytes())
    embed(path, ".png", " " * (65 << 20))
    with pytest.raises(ValueError, match="larger than 64 MB"):
        open_session(path)


def test_what_is_not_the_programs_own_is_drawn_all_the_same(tmp_path, qapp):
    from gdviz.export.off_screen import OffScreen
    from gdviz.export.options import PictureOptions
    from gdviz.export.picture import save_picture

    class Mine(gdviz.GradientDescent):
        name = "mine"

    run = gdviz.Run(gdviz.Booth(), Mine(0.01), updates=20)
    with pytest.raises(ValueError):
        write_session(Session(gdviz.Experiment((run,))))
    with drawing_place():
        options = PictureOptions(view="contour", width=320, height=240)
        stage = OffScreen(Session(gdviz.Experiment((run,))), [gdviz.train(run)], options)
        save_picture(stage, tmp_path / "mine.png", 10)
        stage.close()
    assert QImage(str(tmp_path / "mine.png")).width() == 320
