"""SVG: every viewer shows the same, for there is nothing in it that only some of them know."""

import re
import shutil
import subprocess
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontInfo, QImage, QLinearGradient, QPainter, QPen, QPolygonF
from PySide6.QtSvg import QSvgRenderer

import gdviz
from gdviz.cli import main
from gdviz.export.families import SANS, SERIF, css_families
from gdviz.export.off_screen import OffScreen
from gdviz.export.svg import SvgWriter
from gdviz.files import open_session, save_session
from gdviz.objectives import Network
from gdviz.objectives.data.shipped import moons
from gdviz.scene.session import Session
from gdviz.training import Experiment
from tests.export.drawn import pixels

pytestmark = pytest.mark.once

WIDTH, HEIGHT = 640, 480
TAG = "{http://www.w3.org/2000/svg}"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_librsvg = pytest.mark.skipif(
    not shutil.which("rsvg-convert"), reason="rsvg-convert (librsvg2-bin) is not installed"
)
BLOCK = 32
"""Pixels: dashes begin elsewhere in a line that the screen draws, and blocks of this size do not see it."""
ALIKE = 6.0
"""Of 255, by which a block may be darker: the edges of lines and letters are 4 in each of the viewers, a line that
keeps its width where it should not, or a label that is missing, is more than 20."""


@pytest.fixture(scope="module")
def drawn(tmp_path_factory, qapp):
    """Draw the views of the lecture's race and of a network as SVG and as PNG; return the folder."""
    folder = tmp_path_factory.mktemp("svg")
    network = Network("2-5-2", validation=0.2, data=moons(40))
    runs = [gdviz.Run(network, rule, updates=30) for rule in (gdviz.Adam(0.05), gdviz.Nesterov(0.05))]
    save_session(Session(Experiment(tuple(runs))), folder / "network.gdviz")
    sources = {"race": ["--updates", "60"], "network": ["--session", str(folder / "network.gdviz")]}
    for source, views in (
        ("race", ("contour", "surface", "error", "fit", "all")),
        ("network", ("accuracy", "layers", "fit", "all")),
    ):
        for view in views:
            for ending in ("svg", "png"):
                path = folder / f"{source}-{view}.{ending}"
                look = ["--view", view, "--size", f"{WIDTH}x{HEIGHT}", "--title", "Six rules & one start"]
                assert main(["render", *sources[source], *look, "-o", str(path)]) == 0
    return folder


def blocks(shown):
    """Return the mean colours of the blocks of a picture."""
    rows = shown[: HEIGHT // BLOCK * BLOCK].reshape(HEIGHT // BLOCK, BLOCK, WIDTH // BLOCK, BLOCK, 3)
    return rows.mean(axis=(1, 3))


def assert_alike(shown, path):
    assert shown.shape == (HEIGHT, WIDTH, 3), path.name
    away = np.abs(blocks(shown) - blocks(pixels(path.with_suffix(".png"))))
    assert away.max() < ALIKE, path.name


@needs_librsvg
def test_librsvg_shows_what_the_png_shows(drawn):
    for path in sorted(drawn.glob("*.svg")):
        assert_alike(pixels(by_librsvg(path.read_bytes())), path)


@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
def test_a_browser_shows_what_the_png_shows(drawn, tmp_path):
    paths = sorted(drawn.glob("*.svg"))
    images = "".join(f'<img src="{path.as_uri()}" style="display: block">' for path in paths)
    (tmp_path / "page.html").write_text(f'<body style="margin: 0">{images}', "utf-8")
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--allow-file-access-from-files"]
    size = f"--window-size={WIDTH},{HEIGHT * len(paths)}"
    places = [f"--user-data-dir={tmp_path / 'user'}", f"--screenshot={tmp_path / 'shown.png'}"]
    page = (tmp_path / "page.html").as_uri()
    subprocess.run([CHROMIUM, *flags, size, *places, page], check=True, capture_output=True, timeout=60)
    shown = pixels(tmp_path / "shown.png")
    for at, path in enumerate(paths):
        assert_alike(shown[at * HEIGHT : (at + 1) * HEIGHT], path)


def by_librsvg(svg):
    png = subprocess.run(["rsvg-convert"], input=svg, capture_output=True, check=True).stdout
    return QImage.fromData(png)


def by_qt(svg):
    """Return what Qt's own renderer shows, which cuts nothing off."""
    renderer = QSvgRenderer(svg)
    image = QImage(renderer.defaultSize(), QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        renderer.render(painter)
    return image


def test_there_is_nothing_that_only_some_viewers_know(drawn):
    for path in drawn.glob("*.svg"):
        text, root = path.read_text("utf-8"), ElementTree.parse(path).getroot()
        assert not re.search(r"vector-effect|baseProfile|stylesheet|<style|@font-face", text), path.name
        size = [root.get(name) for name in ("width", "height", "viewBox")]
        assert size == [str(WIDTH), str(HEIGHT), f"0 0 {WIDTH} {HEIGHT}"]
        for element in root.iter():
            if element.tag == f"{TAG}text":
                families = [name.strip(" '") for name in element.get("font-family").split(",")]
                assert families[-1] in ("sans-serif", "serif") and "Sans Serif" not in families
                assert {*SANS, *SERIF} > {*families[1:]} and families[0] == QFontInfo(QFont(families[0])).family()
                assert float(element.get("font-size")) >= 8


def test_titles_and_the_legend_are_text_in_one_piece(drawn):
    for path in drawn.glob("*.svg"):
        texts = ["".join(text.itertext()) for text in ElementTree.parse(path).getroot().iter(f"{TAG}text")]
        assert "Six rules & one start" in texts
        assert "Adam, η = " in " ".join(text[:10] for text in texts), path.name
        if path.name.startswith("race"):
            assert "Gradient descent, η = 1" in texts and "update 60 / 60" in texts


def test_the_session_is_found_again(drawn):
    for path in drawn.glob("*.svg"):
        experiment = open_session(path).experiment
        assert [run.optimizer.name for run in experiment.runs][-1] == ("adam" if "race" in path.name else "nag")


def test_lines_are_as_wide_as_they_look(drawn):
    """No line but those of letters and pictures is left to a transform."""
    for path in drawn.glob("*.svg"):
        for element in ElementTree.parse(path).getroot().iter(f"{TAG}path"):
            assert element.get("transform") is None and float(element.get("stroke-width", "1")) <= 6


def test_lines_stay_lines_where_the_plane_is_magnified_a_million_times(stage):
    """Six digits of w and b would make stairs of them."""
    usual = stage(width=WIDTH, height=HEIGHT)
    session = replace(usual.session, views=replace(usual.session.views, box=((2.1, 2.100001), (0.5, 0.500001))))
    near = OffScreen(session, usual.trajectories, usual.options)
    try:
        writer = SvgWriter(WIDTH, HEIGHT, 96)
        with QPainter(writer) as painter:
            near.paint(painter, vector=True)
        lines = [path.get("d") for path in ElementTree.fromstring(writer.svg("")).iter(f"{TAG}path")]
    finally:
        near.close()
    longest = max(lines, key=len)
    points = np.array([pair.split(",") for pair in re.findall(r"-?[\d.]+,-?[\d.]+", longest)], float)
    steps = np.linalg.norm(np.diff(points[:40], axis=0), axis=1)
    assert len(points) > 100 and 0 < np.median(steps) < 10


# -- the writer by itself


def painted(paint, render=by_qt, width=240, height=160):
    """Return what is painted on white as pixels, drawn by Qt and read from SVG, and the SVG."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    writer = SvgWriter(width, height, 96)
    for device in (image, writer):
        with QPainter(device) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(0, 0, width, height, QColor("white"))
            paint(painter)
    svg = writer.svg("title")
    return pixels(image), pixels(render(svg)), svg.decode()


def cosmetic(painter):
    pen = QPen(QColor("red"), 3)
    pen.setCosmetic(True)
    painter.scale(40, 0.5)
    painter.setPen(pen)
    painter.drawPolyline(QPolygonF([QPointF(0.5, 20), QPointF(3, 280), QPointF(5.5, 40)]))


def distorted(painter):
    painter.setPen(QPen(QColor("blue"), 4))
    painter.scale(3, 1)
    painter.drawEllipse(QPointF(40, 80), 30, 60)


def enlarged(painter):
    painter.translate(120, 80)
    painter.rotate(30)
    painter.scale(2, 2)
    painter.setPen(QPen(QColor("green"), 3, Qt.PenStyle.DashLine))
    painter.setBrush(QColor(255, 160, 0, 90))
    painter.drawRect(QRectF(-30, -20, 60, 40))


def cut_off(painter):
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor("navy"))
    painter.setClipRect(QRectF(20, 20, 150.2, 120))
    painter.save()
    painter.setClipRect(QRect(100, 0, 200, 90), Qt.ClipOperation.IntersectClip)
    painter.drawEllipse(QPointF(120, 80), 100, 100)
    painter.restore()
    painter.setBrush(QColor("orange"))
    painter.drawEllipse(QPointF(40, 120), 50, 50)
    painter.setClipping(False)
    painter.drawRect(200, 100, 30, 50)


def translucent(painter):
    painter.setOpacity(0.4)
    painter.fillRect(10, 10, 100, 100, QColor("black"))
    painter.setPen(QPen(QColor(0, 0, 255, 128), 12))
    painter.drawLine(QLineF(5, 5, 200, 150))
    image = QImage(20, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("purple"))
    painter.drawImage(QRectF(150, 20, 60, 60), image)


def gradient(painter):
    ramp = QLinearGradient(0, 0, 240, 0)
    ramp.setColorAt(0, QColor("red"))
    ramp.setColorAt(1, QColor("yellow"))
    painter.fillRect(20, 20, 200, 100, QBrush(ramp))


def points(painter):
    painter.setPen(QPen(QColor("teal"), 14))
    painter.drawPoints(QPolygonF([QPointF(30, 30), QPointF(120, 90)]))
    painter.setPen(QPen(QColor("maroon"), 14, c=Qt.PenCapStyle.RoundCap))
    painter.drawPoint(QPointF(200, 40))


def part_of_a_picture(painter):
    image = QImage(40, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as inner:
        inner.fillRect(0, 0, 20, 20, QColor("crimson"))
    painter.drawImage(QRectF(20, 20, 100, 100), image, QRectF(10, 10, 20, 20))


PAINTED = [cosmetic, distorted, enlarged, translucent, gradient, points, part_of_a_picture]


@pytest.mark.parametrize(
    ("paint", "render"),
    [*((paint, by_qt) for paint in PAINTED), pytest.param(cut_off, by_librsvg, marks=needs_librsvg)],
)
def test_what_is_painted_is_what_the_svg_shows(qapp, paint, render):
    image, shown, _ = painted(paint, render)
    assert np.abs(image - 255).mean() > 2
    assert np.abs(image - shown).mean() < 0.6
    assert (np.abs(image - shown).max(axis=2) > 100).mean() < 0.002


def test_nothing_is_cut_off_that_lies_inside(qapp):
    def paint(painter):
        painter.setClipRect(20, 20, 200, 120)
        painter.drawLine(30, 30, 200, 100)
        painter.drawText(40, 60, "inside")
        painter.fillRect(0, 200, 30, 30, QColor("red"))

    assert "clip" not in painted(paint)[2] and "inside" in painted(paint)[2] and "#ff0000" not in painted(paint)[2]


def test_letters_that_xml_may_not_have_do_not_break_it(qapp):
    texts = ["a\x0bb", "1 < 2 & 3", "￾"]

    def paint(painter):
        for at, text in enumerate(texts):
            painter.drawText(10, 30 * (at + 1), text)

    root = ElementTree.fromstring(painted(paint)[2])
    assert "1 < 2 & 3" in ["".join(text.itertext()) for text in root.iter(f"{TAG}text")]


def test_an_error_while_qt_paints_is_raised(qapp, monkeypatch):
    def broken(*args):
        raise OSError("no outline")

    monkeypatch.setattr("gdviz.export.svg.as_outline", broken)
    with pytest.raises(OSError, match="no outline"):
        painted(lambda painter: painter.drawLine(0, 0, 10, 10))


@pytest.mark.parametrize(("family", "generic"), [("Sans Serif", "sans-serif"), ("DejaVu Serif", "serif")])
def test_families_begin_with_the_one_that_was_drawn_and_end_with_a_generic_one(qapp, family, generic):
    names = [name.strip("'") for name in css_families(family).split(", ")]
    assert names[0] == QFontInfo(QFont(family)).family() and names[-1] == generic and len(names) == len(set(names))
