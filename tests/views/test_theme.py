"""Both colour schemes can be read, and runs can be told apart."""

import itertools

import numpy as np
import pytest
from PySide6.QtGui import QColor, QPalette

from gdviz.views.theme import DARK, LIGHT, STYLES

THEMES = [LIGHT, DARK]


def luminance(color):
    """Return the relative luminance as WCAG 2 defines it."""
    parts = [part / 255 for part in QColor(color).getRgb()[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ink", ["text", "quiet", "warning", "gradient", "memory", "scaling"])
@pytest.mark.parametrize("paper", ["window", "base"])
def test_text_can_be_read(theme, ink, paper):
    assert contrast(getattr(theme, ink), getattr(theme, paper)) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_selected_text_and_the_accent_can_be_seen(theme):
    palette = theme.palette()
    highlighted = palette.color(QPalette.ColorRole.HighlightedText).name()
    assert contrast(highlighted, palette.color(QPalette.ColorRole.Highlight).name()) >= 4.5
    assert contrast(theme.accent, theme.base) >= 3


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_disabled_text_can_still_be_read(theme):
    color = theme.palette().color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText).name()
    assert contrast(color, theme.window) >= 3


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_runs_differ_in_colour_and_marker(theme):
    styles = [theme.run(index) for index in range(6)]
    for attribute in ("color", "marker"):
        assert len({getattr(style, attribute) for style in styles}) == 6
    assert len({theme.run(index).marker for index in range(10)}) == 10
    assert not any(theme.run(index).dash for index in range(STYLES)), "a dash is for paper with one ink"
    for one, other in itertools.combinations(styles, 2):
        difference = np.subtract(QColor(one.color).getRgb(), QColor(other.color).getRgb())
        assert np.abs(difference).max() >= 40
    every = [theme.run(index) for index in range(STYLES)]
    assert len({(style.color, style.marker) for style in every}) == STYLES
    assert theme.run(STYLES) == theme.run(0)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_higher_ground_is_brighter_than_lower(theme):
    colors = theme.colors(np.linspace(0, 1, 12))
    assert colors.shape == (12, 4)
    assert (colors[:, 3] == 255).all()
    brightness = [luminance(QColor(*map(int, color[:3]))) for color in colors]
    assert all(later > earlier for earlier, later in itertools.pairwise(brightness))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_heights_out_of_range_and_holes_have_the_colours_of_the_ends(theme):
    colors = theme.colors(np.array([0.0, 1.0, -5.0, 7.0, np.nan, np.inf]))
    np.testing.assert_array_equal(colors[2], colors[0])
    np.testing.assert_array_equal(colors[3], colors[1])
    np.testing.assert_array_equal(colors[4], colors[0])
    np.testing.assert_array_equal(colors[5], colors[1])


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_runs_and_signs_stand_out_from_every_height_of_the_map(theme):
    grounds = [QColor(*map(int, color[:3])) for color in theme.colors(np.linspace(0, 1, 21))]
    for ink in (*theme.runs, theme.map.goal):
        assert min(contrast(ink, ground) for ground in grounds) >= 3, ink
    assert min(contrast(theme.map.label, ground) for ground in grounds) >= 4.5


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_edges_can_be_seen_and_panels_be_read(theme):
    for paper in (theme.window, theme.panel, theme.base, theme.selection):
        assert contrast(theme.text, paper) >= 4.5
    for paper in (theme.window, theme.panel, theme.base):
        assert contrast(theme.edge, paper) >= 3
