"""The same experiment is the same bytes whenever it is exported: no time, no random number, no order of hashes."""

import re
import time

import pytest
from PySide6.QtCore import QHashSeed

import gdviz
from gdviz.export.film import FILMS, film
from gdviz.export.options import Shot
from gdviz.export.pack import pack
from gdviz.export.picture import PICTURES, save_picture
from gdviz.scene.session import Session


@pytest.fixture
def another_process():
    """Make Qt's hashes as random again as in a process of its own."""
    yield QHashSeed.resetRandomGlobalSeed
    QHashSeed.resetRandomGlobalSeed()


def exported(stage, folder):
    """Write each kind of file; return their bytes by their endings."""
    folder.mkdir()
    for ending in PICTURES:
        save_picture(stage, folder / f"race{ending}", 20)
    for ending in FILMS:
        list(film(stage, folder / f"race{ending}", [Shot(update) for update in range(0, 40, 4)], 10))
    return {path.suffix: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.once
def test_pictures_and_films(stage, tmp_path, another_process):
    began = time.time()
    one = exported(stage(), tmp_path / "1")
    time.sleep(max(0.0, began + 1.1 - time.time()))  # a PDF would tell the second
    another_process()
    two = exported(stage(), tmp_path / "2")
    assert set(one) == {*PICTURES, *FILMS}
    assert {ending for ending in one if one[ending] != two[ending]} == set()


def test_the_fonts_of_a_pdf_come_in_one_order(stage, tmp_path, another_process):
    made, seen = stage(view="all"), set()
    for number in range(8):
        another_process()
        save_picture(made, tmp_path / f"{number}.pdf", 20)
        seen.add((tmp_path / f"{number}.pdf").read_bytes())
    assert len(seen) == 1 and seen.pop().count(b"/FontName") > 1


def test_a_pdf_tells_no_time_and_is_named_by_what_is_in_it(stage, tmp_path):
    made = stage(view="contour")
    for update in (1, 2):
        save_picture(made, tmp_path / f"{update}.pdf", update)
    names = []
    for path in tmp_path.iterdir():
        data = path.read_bytes()
        assert not re.search(rb"Date|D:\\d", data[:4000])
        (name,) = set(re.findall(rb"uuid:([0-9a-f-]{36})", data))
        assert data.count(name.hex().encode()) == 2
        assert int(re.search(rb"startxref\s+(\d+)", data)[1]) == data.index(b"xref\n0 ")
        names.append(name)
    assert len(set(names)) == 2


@pytest.mark.slow
def test_packs(tmp_path, another_process):
    session = Session(gdviz.lecture_race(gdviz.Booth(), updates=6))
    trajectories = [gdviz.train(run) for run in session.experiment.runs]
    for name in ("1", "2"):
        another_process()
        list(pack(session, trajectories, tmp_path / name))
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("1", "2"))
    assert len(one) > 10 and {name for name in one if one[name] != two.get(name)} == set() and set(one) == set(two)
