"""What the view of the layers shows is what happens inside the selected run's network."""

import numpy as np
import pytest
from PySide6.QtGui import QColor

import gdviz
from gdviz.explaining.inside import inside_of
from gdviz.notation.numbers import short
from gdviz.views import pace
from gdviz.views.layers import layers as module
from gdviz.views.layers.layer_bars import Bars
from gdviz.views.layers.layers import LayersView
from gdviz.views.layers.neurons import MOST
from gdviz.views.palette import sign_colors, signed
from gdviz.views.theme import DARK, LIGHT
from tests.views.networks import frame_of, is_near, moved_to, network_on, painted, written

pytestmark = pytest.mark.beside

THEMES = [LIGHT, DARK]


@pytest.fixture
def make_view(qapp):
    """Make views; none is left."""
    made = []

    def make(theme=LIGHT):
        made.append(LayersView(theme))
        return made[-1]

    yield make
    for view in made:
        view.close()
        view.deleteLater()


def test_it_can_be_found_and_read_aloud(make_view):
    view = make_view()
    assert view.objectName() == "layers"
    assert view.accessibleName()


def test_only_networks_have_layers(make_view):
    view = make_view()
    assert written(view, frame_of(gdviz.Rosenbrock())) == ["Only a network has layers."]
    assert (painted(make_view()) == 255).all()


@pytest.mark.parametrize("layers", ["2-2", "2-16-16-2", "2-3-40-5-2", "2-8-8-8-8-8-8-8-8-2"])
@pytest.mark.parametrize("size", [(160, 120), (330, 260), (320, 560), (700, 500)])
def test_every_network_is_drawn_in_every_size(make_view, layers, size):
    network = network_on("moons", layers=layers)
    view, frame = make_view(), frame_of(network, 10)
    assert (painted(view, frame, size) != 255).any(axis=2).mean() > 0.02
    assert (painted(view, moved_to(frame, np.full(network.size, np.nan)), size) >= 0).all()
    assert (painted(view, moved_to(frame, np.full(network.size, 1e200)), size) >= 0).all()
    assert (painted(view, moved_to(frame, np.zeros(network.size)), size) >= 0).all()


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_the_colour_of_a_line_is_the_sign_of_its_weight(make_view, theme):
    network = network_on("moons", layers="2-1-2")
    view, frame = make_view(theme), frame_of(network, 0)
    below, above = (QColor(color) for color in sign_colors(theme.base))
    for weight, there, absent in ((2.0, above, below), (-2.0, below, above)):
        point = np.zeros(network.size)
        point[network.layout.layers[0].W] = weight
        pixels = painted(view, moved_to(frame, point))[30:330]
        assert is_near(pixels, there).sum() > 200
        assert not is_near(pixels, absent).any()


def test_a_larger_weight_is_a_wider_line(make_view):
    network = network_on("moons", layers="2-2")
    view, frame = make_view(), frame_of(network, 0)
    ink = []
    for small in (0.0, 0.2, 0.4, 0.7, 1.0):
        point = np.zeros(network.size)
        point[:4] = [1.0, small, 0, 0]
        ink.append((255 - painted(view, moved_to(frame, point))[40:330, 60:600]).sum())
    assert ink == sorted(set(ink))


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_a_wide_layer_is_a_map_of_its_weights(make_view, theme):
    network = network_on("moons", layers="2-20-2")
    assert MOST < 20
    point = np.zeros(network.size)
    W = network.layout.weights(point, 0)
    W[0], W[1, :10], W[1, 10:] = 1.0, -1.0, -0.5
    view = make_view(theme)
    pixels = painted(view, moved_to(frame_of(network, 0), point))[30:330]
    shares = [
        is_near(pixels, QColor(*signed(theme.base, np.array(value), 1.0).tolist()), 3).sum() for value in (1, -1, -0.5)
    ]
    assert shares[0] > 10_000
    assert shares[1] / shares[0] == pytest.approx(0.5, abs=0.05)
    assert shares[2] / shares[0] == pytest.approx(0.5, abs=0.05)


def test_of_a_column_that_is_too_long_the_rest_is_counted(make_view):
    view = make_view()
    frame = frame_of(network_on("moons", layers="2-50-2"), 3)
    assert f"+{50 - MOST}" in written(view, frame)
    shown = [text for text in written(view, frame, (330, 260)) if text.startswith("+")]
    assert len(shown) == 1
    assert 50 - MOST < int(shown[0]) < 50


def test_the_numbers_are_those_of_the_layers(make_view):
    network = network_on("iris", layers="4-6-5-3", activation="tanh-relu", standardize=True)
    view, frame = make_view(), frame_of(network, 12)
    texts = written(view, frame)
    for layer in inside_of(network, frame.selected_run.point).layers:
        assert short(layer.spread) in texts
        assert short(layer.slope) in texts
        assert f"|W| ≤ {short(np.abs(layer.weights).max())}" in texts
        assert layer.activation in texts
    assert f"update {frame.selected_run.update} · selected run: Adam" in texts
    assert {"weight < 0", "weight > 0", "outputs", "spread", "gradient", "dead or sat."} <= set(texts)


def test_dead_neurons_are_said_in_the_colour_of_warnings(make_view):
    network = network_on("moons", layers="2-4-2", activation="relu")
    view, frame = make_view(), frame_of(network, 0)
    point = np.array(frame.selected_run.point)
    point[network.layout.layers[0].b] = -99
    texts = written(view, moved_to(frame, point))
    assert "dead" in texts
    assert "100 %" in texts
    assert is_near(painted(view), QColor(LIGHT.warning), 60)[470:].sum() > 20
    point[network.layout.layers[0].b] = 99
    assert "0 %" in written(view, moved_to(frame, point))
    assert not is_near(painted(view), QColor(LIGHT.warning), 60)[470:].any()


def test_a_vanishing_gradient_is_a_low_bar(make_view):
    network = network_on("moons", layers="2-8-8-8-8-8-8-2", activation="logistic", init="uniform")
    view, frame = make_view(), frame_of(network, 0)
    pixels = painted(view, frame)
    slopes = [layer.slope for layer in inside_of(network, frame.selected_run.point).layers]
    assert slopes[0] < 1e-3 * slopes[-1]
    tops = np.flatnonzero(is_near(pixels, QColor(LIGHT.gradient)).any(axis=0))
    heights = [int(np.flatnonzero(is_near(pixels[:, x], QColor(LIGHT.gradient)))[0]) for x in tops[[0, -1]]]
    assert heights[0] > heights[1]


def test_the_rows_end_where_their_height_says(qapp, make_view):
    from PySide6.QtGui import QImage, QPainter

    network = network_on("moons", layers="2-4-2")
    frame = frame_of(network, 3)
    image = QImage(300, 300, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    with QPainter(image) as painter:
        bars = Bars(painter, LIGHT, [120, 220], 60, 6, 20)
        bars.paint(10, inside_of(network, frame.selected_run.point))
        height = bars.height
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(300, 300, 4)[..., :3]
    rows = np.flatnonzero((pixels != 255).any(axis=(1, 2)))
    assert 10 <= rows[0]
    assert rows[-1] <= 10 + height


def test_a_large_network_is_looked_into_seldom_on_the_screen_and_always_in_exports(make_view, monkeypatch, qapp, spin):
    network = network_on("moons")
    seen = []
    monkeypatch.setattr(pace, "LARGE", 10)
    monkeypatch.setattr(module, "inside_of", lambda *given: seen.append(given) or inside_of(*given))
    view, frames = make_view(), [frame_of(network, update) for update in range(4)]
    view.resize(400, 300)
    view.show_frame(frames[0])
    view.show()
    spin(lambda: len(seen) == 1)
    for frame in frames[1:3]:
        view.show_frame(frame)
        view.repaint()
    assert len(seen) == 1
    spin(lambda: len(seen) == 2, 3)
    assert seen[-1][1] is frames[2].selected_run.point
    painted(view, frames[3])
    assert seen[-1][1] is frames[3].selected_run.point
    view.repaint()
    assert len(seen) == 3


def test_it_follows_the_frame_and_the_theme(make_view):
    view, network = make_view(), network_on("moons")
    first, second = painted(view, frame_of(network, 2)), painted(view, frame_of(network, 60))
    assert (first != second).any(axis=2).mean() > 0.02
    view.set_theme(DARK)
    assert (painted(view)[2, 2] == QColor(DARK.base).getRgb()[:3]).all()
