"""Runs can be told apart by people who see colours differently, and where there are none.

Dichromacy is simulated as Machado, Oliveira and Fernandes (2009) do, differences are CIE76 in CIELAB: about 2.3 is just
noticeable, 10 is seen at a glance.
"""

import itertools

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

from gdviz.optimizers import LECTURE
from gdviz.views.ink import draw_marker, draw_path
from gdviz.views.theme import DARK, LIGHT

SEEN = {
    "all": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
)
GLANCE = 10.0


def lab(color, matrix):
    """CIELAB of an sRGB colour as seen through a matrix on linear light, white D65."""
    rgb = np.array(QColor(color).getRgbF()[:3])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = TO_XYZ @ np.clip(np.asarray(matrix) @ linear, 0, 1) / TO_XYZ.sum(axis=1)
    f = np.where(seen > 216 / 24389, np.cbrt(seen), (24389 / 27 * seen + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def difference(one, other, matrix):
    return float(np.linalg.norm(lab(one, matrix) - lab(other, matrix)))


def test_the_simulation_knows_what_is_confused():
    assert difference("#ffffff", "#000000", np.eye(3)) == pytest.approx(100, abs=0.01)
    assert lab("#ff0000", np.eye(3)) == pytest.approx([53.24, 80.09, 67.20], abs=0.02)
    red, green = "#c05000", "#6f8000"  # a red and a green of one lightness
    assert difference(red, green, SEEN["deuteranopia"]) < 12 < 40 < difference(red, green, SEEN["tritanopia"])


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("vision", SEEN)
def test_any_two_of_the_six_colours_differ_at_a_glance(vision, theme):
    for one, other in itertools.combinations([theme.run(style).color for style in range(6)], 2):
        assert difference(one, other, SEEN[vision]) >= GLANCE, (one, other)


def sample(theme, style):
    """A piece of a run's path with its marker, as in legend and list, as grey values."""
    image = QImage(120, 24, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.base))
    painter = QPainter(image)
    draw_path(painter, np.array([[4.0, 12.0], [116.0, 12.0]]), theme.run(style), theme.path_width)
    draw_marker(painter, np.array([60.0, 12.0]), theme.run(style), theme.base, theme.marker_size)
    painter.end()
    grey = image.convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(grey.constBits(), np.uint8).reshape(24, grey.bytesPerLine())[:, :120].astype(int)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_in_grey_any_two_of_ten_runs_differ_in_their_marker(theme):
    samples = [sample(theme, style) for style in range(10)]
    for (i, one), (j, other) in itertools.combinations(enumerate(samples), 2):
        assert theme.run(i).marker != theme.run(j).marker
        assert (np.abs(one - other) > 60).sum() >= 12, (i, j)  # pixels that differ clearly


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
def test_each_run_of_the_lectures_race_stands_out_from_the_paper(theme):
    for style in range(len(LECTURE)):
        assert difference(theme.run(style).color, theme.base, np.eye(3)) > 35
        assert (np.abs(sample(theme, style) - QColor(theme.base).lightness()) > 40).sum() > 60
