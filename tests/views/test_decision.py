"""What the view of the data shows of a network: regions, curves, numbers against truth, and what is taken for what."""

import itertools
import re
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtGui import QColor

import gdviz
from gdviz.explaining.inside import confusion_of, inputs_of
from gdviz.objectives import Network
from gdviz.objectives.data.samples import Data
from gdviz.views.fit.confusion import Matrix
from gdviz.views.fit.curves import Curves, SaidAgainstTrue
from gdviz.views.fit.data_fit import DataFit, fit_for
from gdviz.views.fit.decision import SHARES, Regions
from gdviz.views.fit.fit import NoFit
from gdviz.views.palette import blend, class_colors
from gdviz.views.theme import DARK, LIGHT
from tests.views.networks import frame_of, is_near, moved_to, network_on, painted, written
from tests.views.test_colour_vision import GLANCE, SEEN, lab

pytestmark = pytest.mark.beside

THEMES = [LIGHT, DARK]


def numbers(inputs):
    X = np.random.default_rng(0).normal(size=(80, inputs))
    return Network.on(Data("numbers", X, X.sum(axis=1) + X[:, 0] ** 2))


def two_classes():
    X = np.random.default_rng(0).normal(size=80)
    return Network.on(Data("step", X, (X > 0).astype(float), classes=("low", "high")))


KINDS = {
    "neuron": (lambda: gdviz.SigmoidNeuron.on(gdviz.load_data("oring").standardized()), Curves),
    "moons": (lambda: network_on("moons"), Regions),
    "blobs": (lambda: network_on("blobs", validation=0), Regions),
    "one output": (lambda: network_on("moons", layers="2-6-1", output="logistic"), Regions),
    "curve": (lambda: network_on("curve"), Curves),
    "step": (two_classes, Curves),
    "hill": (lambda: numbers(2), Regions),
    "numbers": (lambda: numbers(3), SaidAgainstTrue),
    "iris": (lambda: network_on("iris", standardize=True), Matrix),
    "digits": (lambda: network_on("digits"), Matrix),
}


@pytest.fixture
def make_view(qapp):
    """Make views; none is left."""
    made = []

    def make(theme=LIGHT):
        made.append(DataFit(theme))
        return made[-1]

    yield make
    for view in made:
        view.close()
        view.deleteLater()


@pytest.mark.parametrize("kind", KINDS)
def test_every_objective_has_its_picture(make_view, kind):
    make, expected = KINDS[kind]
    objective = make()
    assert fit_for(objective) is expected
    frame, view = frame_of(objective), make_view()
    assert len(np.unique(painted(view, frame).reshape(-1, 3), axis=0)) > 20
    assert (painted(view, frame, (170, 130)) != np.array(QColor(LIGHT.base).getRgb()[:3])).any()
    assert written(view, frame)
    assert (painted(view, moved_to(frame, np.full(objective.size, np.nan)), (330, 260)) >= 0).all()


def test_a_surface_has_no_data_and_a_view_can_go_from_one_objective_to_another(make_view, qapp):
    view = make_view()
    assert fit_for(gdviz.Rosenbrock()) is NoFit
    surface, moons, iris = frame_of(gdviz.Rosenbrock()), frame_of(network_on("moons")), frame_of(network_on("iris"))
    first = {}
    for frame in (surface, moons, iris, surface, iris, moons):
        pixels = painted(view, frame)
        assert (pixels == first.setdefault(id(frame), pixels)).all()
    view.set_theme(DARK)
    qapp.processEvents()
    assert (painted(view)[2, 2] == QColor(DARK.base).getRgb()[:3]).all()


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("name", ["moons", "blobs", "spirals"])
def test_each_region_has_the_colour_of_the_class_that_is_said_there(make_view, theme, name):
    network = network_on(name)
    view, frame = make_view(theme), frame_of(network, 40)
    pixels = painted(view, frame)
    (x0, x1), (y0, y1) = view.view_box.viewRange()
    places = np.random.default_rng(0).uniform((x0, y0), (x1, y1), (400, 2))
    shares = network.predict(places, frame.selected_run.point)
    at, samples = view.to_pixels(places), view.to_pixels(network.data.X)
    is_free = np.hypot(*(at[:, None] - samples).transpose(2, 0, 1)).min(axis=1) > 11
    is_sure = shares.max(axis=1) > 0.9
    colors = [blend(theme.base, color, SHARES[theme.name]) for color in class_colors(shares.shape[1])]
    seen = pixels[at[:, 1].astype(int), at[:, 0].astype(int)]
    chosen = np.flatnonzero(is_free & is_sure)
    assert len(chosen) > 30
    for index in chosen:
        distances = [np.abs(seen[index] - np.array(color.getRgb()[:3])).sum() for color in colors]
        assert int(np.argmin(distances)) == int(shares[index].argmax())


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_samples_have_the_colour_of_their_class_and_those_kept_apart_a_hole(make_view, theme):
    network = network_on("spirals", validation=0.3)
    view = make_view(theme)
    pixels, colors = painted(view, frame_of(network, 0)), [QColor(color) for color in class_colors(3)]
    everything = view.to_pixels(
        np.concatenate([inputs_of(network, network.parts.training), network.parts.validation.X])
    )
    seen = [0, 0]
    for part, is_kept in ((network.parts.training, False), (network.parts.validation, True)):
        for point, true in zip(view.to_pixels(part.X), part.T.argmax(axis=1), strict=True):
            if np.sort(np.hypot(*(everything - point).T))[1] < 9:
                continue  # another one lies over it
            seen[is_kept] += 1
            x, y = point.astype(int)
            assert is_near(pixels[y, x], QColor(theme.base) if is_kept else colors[true], 60)
            assert is_near(pixels[y - 4 : y + 5, x - 4 : x + 5], colors[true], 40).any()
    assert min(seen) >= 8


def test_the_regions_follow_the_frame_and_the_batch_is_ringed(make_view):
    network = network_on("moons")
    view = make_view()
    start, early, late = (frame_of(network, update) for update in (0, 5, 100))
    pictures = [painted(view, frame) for frame in (start, early, late)]
    for one, other in itertools.combinations(pictures, 2):
        assert (one != other).any(axis=2).mean() > 0.1
    rings = [int(is_near(picture, QColor(LIGHT.accent)).sum()) for picture in pictures]
    assert rings[0] == 0
    assert min(rings[1:]) > 500
    assert (painted(view, start) == pictures[0]).all()


def test_borders_are_where_two_classes_are_equally_likely(make_view):
    network = network_on("blobs")
    view, frame = make_view(), frame_of(network, 60)
    painted(view, frame)
    lines = np.concatenate(view.fit._lines)
    shares = np.sort(network.predict(lines, frame.selected_run.point), axis=1)
    assert np.median(np.abs(shares[:, -1] - shares[:, -2])) < 0.1
    assert len(lines) > 60


def test_the_caption_says_update_run_and_how_good_it_is(make_view):
    view = make_view()
    frame = frame_of(network_on("moons"), 37)
    accuracy = dict(zip(frame.objective.score_names, frame.selected_run.scores[-1], strict=True))["validation_accuracy"]
    good = f"validation accuracy {100 * accuracy:.1f} %"
    assert f"update 37 · selected run: Adam · {good}" in written(view, frame)
    assert f"Adam · {good}" in written(view, frame, (330, 260))
    frame = frame_of(network_on("moons", validation=0), 37)
    assert any("training accuracy" in text for text in written(view, frame))
    frame = frame_of(network_on("curve"), 37)
    assert any("validation error" in text for text in written(view, frame))
    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("lecture"))
    assert not any("selected run" in text for text in written(view, frame_of(neuron, 3, 8)))


def test_params_of_standardised_data_are_told_in_their_own_unit(make_view):
    view, frame = make_view(), frame_of(KINDS["neuron"][0](), 3, 8)
    (said,) = (text for text in written(view, frame) if "own unit" in text)
    w, b = (float(number.replace("−", "-")) for number in re.findall(r"[wb] = (−?[0-9.e−]+)", said))
    raw, scaled = gdviz.load_data("oring"), frame.objective.data
    np.testing.assert_allclose(w * raw.X + b, np.stack([scaled.X, scaled.X**0]).T @ frame.selected_run.point, atol=0.05)


@pytest.mark.parametrize("name", ["iris", "digits"])
def test_the_matrix_has_each_count_that_is_not_0(make_view, name):
    network = network_on(name)
    view, frame = make_view(), frame_of(network, 25)
    counts = confusion_of(network, frame.selected_run.point).counts
    texts = written(view, frame)
    for count in np.unique(counts[counts > 0]):
        assert texts.count(str(count)) >= int((counts == count).sum())
    assert {"true", "said"} <= set(texts)
    assert set(network.data.classes) <= set(texts)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_right_cells_have_the_accent_and_wrong_ones_the_colour_of_warnings(make_view, theme):
    view, network = make_view(theme), network_on("iris", validation=0)
    frame = frame_of(network, 1)
    always_first = np.zeros(network.size)
    always_first[network.layout.layers[-1].b] = [9, 0, 0]
    pixels = painted(view, moved_to(frame, always_first))
    accent, warning = (is_near(pixels, QColor(color)) for color in (theme.accent, theme.warning))
    assert 1.8 < warning.sum() / accent.sum() < 2.2  # one class is right, two are taken for it


def test_pictures_that_are_read_wrong_come_first_with_what_is_said(make_view):
    network = network_on("digits")
    view, frame = make_view(), frame_of(network, 15)
    confusion = confusion_of(network, frame.selected_run.point)
    texts = written(view, frame, (900, 500))
    says = [text for text in texts if text.startswith("says ")]
    assert says == [f"says {said}" for said in confusion.predictions[confusion.wrong][: len(says)]]
    assert len(says) > 10
    assert f"{len(confusion.wrong)} of {len(confusion.true)} read wrong" in texts
    image = view.fit._image_of(confusion, 3)
    grey = np.array([[255 - image.pixelColor(x, y).red() for x in range(8)] for y in range(8)])
    ink = confusion.part.X[3].reshape(8, 8)
    assert np.corrcoef(grey.ravel(), ink.ravel())[0, 1] > 0.999


def test_numbers_said_right_lie_on_the_line(make_view):
    network = numbers(3)
    view, frame = make_view(), frame_of(network, 60)
    pixels, color = painted(view, frame), QColor(LIGHT.run(frame.selected_run.look.style).color)
    part = network.parts.training
    said = network.predict(part.X, frame.selected_run.point)
    places = view.to_pixels(np.concatenate([part.T, said], axis=1)).astype(int)
    inside = [(x, y) for x, y in places if 70 < x < 690 and 40 < y < 440]
    assert len(inside) > 40
    assert all(is_near(pixels[y - 2 : y + 3, x - 2 : x + 3], color, 90).any() for x, y in inside)


def test_a_curve_is_drawn_for_each_run_where_it_says(make_view):
    network = network_on("curve")
    view, frame = make_view(), frame_of(network, 60)
    pixels = painted(view, frame)
    for run in frame.runs:
        x = np.linspace(-2, 2, 200)
        places = view.to_pixels(np.stack([x, network.predict(x, run.point)[:, 0]], axis=1)).astype(int)
        color = QColor(LIGHT.run(run.look.style).color)
        hits = [is_near(pixels[y - 2 : y + 3, x - 2 : x + 3], color, 60).any() for x, y in places]
        assert np.mean(hits) > 0.5  # the rest are gaps between dashes, and samples


def test_class_colours_can_be_told_apart_by_everyone_and_from_the_accent():
    for matrix in SEEN.values():
        colors = [lab(QColor(color), np.array(matrix)) for color in class_colors(10)]
        distances = [np.linalg.norm(np.subtract(*pair)) for pair in itertools.combinations(colors, 2)]
        assert min(distances) > GLANCE
    accent = lab(QColor(LIGHT.accent), np.eye(3))
    assert all(np.linalg.norm(np.subtract(lab(QColor(c), np.eye(3)), accent)) > 2 * GLANCE for c in class_colors(4))


def test_a_hidden_run_is_still_the_selected_one(make_view):
    frame = frame_of(network_on("moons"), 10)
    view = make_view()
    assert (painted(view, frame) == painted(view, replace(frame, runs=frame.runs[:1]))).all()
