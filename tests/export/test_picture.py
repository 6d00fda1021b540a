"""Stills: of the asked size, with every run in its colour, as pixels and as lines and text."""

import base64
import os
import re
import shutil
import subprocess
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from gdviz.cli import main
from gdviz.views.theme import DARK, LIGHT
from tests.app.driving import on_map
from tests.command import refused
from tests.export.drawn import count, pixels

pytestmark = pytest.mark.once

SIZE = ["--size", "640x480", "--updates", "60"]
VIEWS = ["contour", "surface", "error", "fit", "all"]


@pytest.fixture
def draw(tmp_path, capsys, qapp):
    """Render in this process, where a display is; nothing may be printed."""

    def render(*flags, name="race.png"):
        path = tmp_path / name
        assert main(["render", *SIZE, *flags, "-o", str(path)]) == 0
        assert capsys.readouterr() == ("", "")
        return path

    return render


def test_a_picture_has_the_asked_size_and_every_run_in_its_colour(draw, tmp_path):
    shown = pixels(draw())
    assert shown.shape == (480, 640, 3)
    for index in range(6):
        assert count(shown, LIGHT.run(index).color) > 60, index
    assert os.listdir(tmp_path) == ["race.png"]


@pytest.mark.parametrize("size", ["160x160", "320x240", "201x163", "1920x1080", "160x1000", "1000x160"])
def test_the_size_is_exact_however_small_or_narrow(draw, size):
    width, height = map(int, size.split("x"))
    assert pixels(draw("--size", size)).shape == (height, width, 3)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, qapp):
    """Draw each view once."""
    folder, views = tmp_path_factory.mktemp("views"), {}
    for view in VIEWS:
        assert main(["render", *SIZE, "--view", view, "-o", str(folder / f"{view}.png")]) == 0
        views[view] = pixels(folder / f"{view}.png")
    return views


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn_with_every_run(drawn, view):
    shown = drawn[view][62:]  # below the legend
    visible = 6 if view in ("contour", "error", "all") else 4
    colors = [(on_map(LIGHT, i), 20) if view == "contour" and i else (LIGHT.run(i).color, 12) for i in range(6)]
    seen = [count(shown, color, tolerance) > 12 for color, tolerance in colors]
    assert sum(seen) >= visible, seen


@pytest.mark.parametrize("view", VIEWS)
def test_the_legend_lies_above_the_views(drawn, view):
    """The strip has each run's marker, and nothing is drawn over it or left bare at the bottom."""
    shown = drawn[view]
    legend = shown[:62]
    for index in range(6):
        assert count(legend[:, :480], LIGHT.run(index).color) > 12, index
    assert count(legend, LIGHT.base, 0) > 0.7 * legend.shape[0] * legend.shape[1]
    assert count(shown[-2:], LIGHT.window, 0) < 40


def test_the_views_are_different_pictures(drawn):
    views = list(drawn.values())
    for i, one in enumerate(views):
        for other in views[:i]:
            assert np.abs(one - other).mean() > 1


def test_the_surface_has_many_shades(drawn):
    assert len(np.unique(drawn["surface"].reshape(-1, 3), axis=0)) > 1000


def test_the_update_is_the_asked_one(draw):
    first, middle, last = (pixels(draw("--update", update, name=f"{update}.png")) for update in ("0", "30", "60"))
    assert (first != middle).any(axis=2).mean() > 0.002
    assert (middle != last).any(axis=2).mean() > 0.001
    np.testing.assert_array_equal(last, pixels(draw(name="default.png")))


def test_dark_is_dark_and_light_is_light(draw):
    light, dark = pixels(draw(name="light.png")), pixels(draw("--theme", "dark", name="dark.png"))
    assert light.mean() > 170
    assert dark.mean() < 90
    assert count(dark, DARK.base, 0) > count(light, LIGHT.base, 0) / 4 > 0
    for index in range(6):
        assert count(dark, DARK.run(index).color) > 60


def rendered(path):
    """Return an SVG as pixels."""
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    assert renderer.viewBox().getRect() == (0, 0, 640, 480)
    image = QImage(640, 480, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return pixels(image)


@pytest.mark.parametrize("view", ["contour", "surface", "error", "all"])
def test_svg_shows_what_the_png_shows(draw, drawn, view):
    svg, png = rendered(draw("--view", view, name="race.svg")), drawn[view]
    assert np.abs(svg - png).mean() < 5
    for index in range(6):
        assert count(svg, LIGHT.run(index).color) > 0.5 * count(png, LIGHT.run(index).color)


@pytest.mark.parametrize("scale", [1, 3])
def test_the_surface_in_an_svg_has_the_asked_resolution(draw, scale):
    text = draw("--view", "surface", "--scale", str(scale), name="race.svg").read_text()
    image = QImage.fromData(base64.b64decode(re.search(r"data:image/png;base64,([^\"]+)", text)[1]))
    assert image.width() == 640 * scale


def test_text_is_text_in_an_svg(draw):
    root = ElementTree.parse(draw("--view", "contour", name="race.svg")).getroot()
    texts = ["".join(element.itertext()).strip() for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "update 60 / 60" in texts
    assert "Adam, η = 0.1" in " ".join(texts)
    assert {"w", "b"} <= set(texts)
    assert sum(bool(re.fullmatch(r"−?\d+(\.\d+)?", text)) for text in texts) > 10  # ticks and levels


def test_an_svg_has_the_asked_size_in_a_browser(draw):
    """In pixels, whatever the resolution of the display that drew it is."""
    root = ElementTree.parse(draw("--view", "error", name="race.svg")).getroot()
    assert (root.get("width"), root.get("height")) == ("640", "480")


def test_paths_are_lines_in_an_svg(draw):
    root = ElementTree.parse(draw("--view", "contour", name="race.svg")).getroot()
    colors = {element.get("stroke", "").lower() for element in root.iter()}
    assert {LIGHT.run(index).color.lower() for index in range(6)} <= colors


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm is not installed")
def test_pdf_shows_what_the_png_shows_on_a_page_of_its_size(draw, tmp_path):
    path, png = draw(name="race.pdf"), pixels(draw())
    subprocess.run(["pdftoppm", "-r", "96", "-png", str(path), str(tmp_path / "page")], check=True)
    pages = [name for name in os.listdir(tmp_path) if name.startswith("page")]
    assert len(pages) == 1
    shown = pixels(tmp_path / pages[0])
    assert shown.shape == (480, 640, 3)
    assert np.abs(shown - png).mean() < 6
    text = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True).stdout
    assert "update 60 / 60" in text
    assert "Adam" in text


def test_a_diverging_run_is_drawn_without_a_warning(tmp_path, capsys, qapp):
    flags = ["--objective", "rosenbrock", "--optimizer", "gd:eta=1", "--optimizer", "adam:eta=0.1"]
    for view in ("all", "error"):
        assert main(["render", *SIZE, *flags, "--view", view, "-o", str(tmp_path / "race.png")]) == 0
        err = capsys.readouterr().err
        assert re.fullmatch(r"gdviz: gd diverged at update \d+: .*\n", err)
    assert count(pixels(tmp_path / "race.png"), LIGHT.run(1).color) > 60


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_a_full_disk_is_one_sentence_and_nothing_is_left(capsys, full_disk, qapp, ending):
    path = full_disk / f"race{ending}"
    message = refused(capsys, "render", *SIZE, "-o", path)
    assert f"{path}: cannot be written" in message
    assert os.listdir(full_disk) == []


WRONG = [
    (["--size", "0x0"], ["--size", "160 to 8192", "'0x0'"]),
    (["--size", "abc"], ["--size", "1280x720", "'abc'"]),
    (["--size", "99999x1"], ["--size", "'99999x1'"]),
    (["--size", "640"], ["--size", "'640'"]),
    (["--size", "-640x480"], ["--size"]),
    (["--size", "640x480x3"], ["--size", "'640x480x3'"]),
    (["--size", "640.5x480"], ["--size", "'640.5x480'"]),
    (["--size", ""], ["--size", "''"]),
    (["--size", "x" * 3000], ["--size"]),
    (["--size"], ["--size", "expected one argument"]),
    (["--fps", "0"], ["--fps must be a number >= 0.1 and <= 240", "'0'"]),
    (["--fps", "-3"], ["--fps"]),
    (["--fps", "nan"], ["--fps", "'nan'"]),
    (["--fps", "inf"], ["--fps", "'inf'"]),
    (["--fps", "fast"], ["--fps", "'fast'"]),
    (["--fps", "1e9"], ["--fps", "'1e9'"]),
    (["--frames", "0"], ["--frames", "a whole number from 1", "'0'"]),
    (["--frames", "1.5"], ["--frames", "whole", "'1.5'"]),
    (["--frames", "-1"], ["--frames"]),
    (["--frames", "many"], ["--frames", "'many'"]),
    (["--frames", "9" * 5000], ["--frames"]),
    (["--theme", "sepia"], ["--theme", "'sepia'", "light", "dark"]),
    (["--view", "top"], ["--view", "'top'", "contour", "surface"]),
    (["--view", ""], ["--view", "''"]),
    (["--update", "61"], ["--update", "no update 61", "60"]),
    (["--update", "-1"], ["--update"]),
    (["--update", "last"], ["--update", "'last'"]),
    (["--update", "1e3"], ["--update", "whole", "'1e3'"]),
]


@pytest.mark.parametrize(("flags", "parts"), WRONG, ids=[" ".join(flags)[:30] for flags, _ in WRONG])
def test_wrong_input_is_refused_in_one_line_and_nothing_is_written(capsys, tmp_path, qapp, flags, parts):
    message = refused(capsys, "render", "--updates", "60", "--view", "error", "-o", tmp_path / "race.png", *flags)
    assert message.startswith("gdviz render: ")
    assert len(message) < 300
    for part in parts:
        assert part in message, message
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("race.bmp", ["race.bmp", ".png", ".svg", ".pdf", ".gif", ".mp4", ".webm"]),
        ("race", ["race", ".png"]),
        (".png", [".png"]),
        ("gone/race.png", ["gone/race.png", "there is no folder"]),
        ("folder.png", ["folder.png", "is a folder"]),
    ],
)
def test_a_wrong_target_is_refused(capsys, tmp_path, name, parts):
    (tmp_path / "folder.png").mkdir()
    message = refused(capsys, "render", *SIZE, "-o", tmp_path / name)
    for part in parts:
        assert part in message
    assert os.listdir(tmp_path) == ["folder.png"]


def test_the_target_must_be_named(capsys):
    assert "-o" in refused(capsys, "render", *SIZE)
