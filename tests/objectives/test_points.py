"""Samples for networks: balanced, seeded, where their formulas put them, and the real ones as they were published."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.assets import asset
from gdviz.objectives.data import shipped as points
from gdviz.objectives.data.shipped import LABELLED

pytestmark = pytest.mark.beside

CLASSES = {"blobs": 4, "moons": 2, "circles": 2, "spirals": 3, "xor": 2, "checkerboard": 2}
NOISY = [name for name in CLASSES if name != "checkerboard"]


@pytest.mark.parametrize("name", LABELLED.names)
def test_every_set_is_named_explained_and_well_formed(name):
    data = LABELLED[name]()
    assert data.name == name
    assert data.about.endswith(".") and data.about.count(".") == 1
    assert data.X.dtype == data.Y.dtype == np.float64
    assert len(data.X) == len(data.Y) and np.isfinite(data.X).all() and np.isfinite(data.Y).all()
    assert len(data.inputs) == (data.X.shape[1] if data.X.ndim == 2 else 0)
    if data.classes:
        assert set(data.Y) == set(range(len(data.classes)))
    assert data == LABELLED[name]()


def test_all_sets_are_listed():
    assert list(LABELLED.names) == [*CLASSES, "curve", "iris", "digits"]


@pytest.mark.parametrize("name", CLASSES)
@given(samples=st.integers(1, 400), seed=st.integers(0, 2**32))
def test_classes_are_as_equal_as_can_be(name, samples, seed):
    data = LABELLED[name](samples=samples, seed=seed)
    counts = np.bincount(data.Y.astype(int), minlength=CLASSES[name])
    assert data.X.shape == (samples, 2)
    assert len(counts) == CLASSES[name] and counts.sum() == samples
    assert counts.max() - counts.min() <= 1
    assert np.abs(data.X).max() < 3.2


@pytest.mark.parametrize("name", [*CLASSES, "curve"])
def test_points_follow_from_the_seed_in_random_order(name):
    data = LABELLED[name]()
    assert 200 <= len(data.X) <= 400
    assert LABELLED[name](seed=1) != data
    along = data.Y if data.classes else data.X
    assert (LABELLED[name](seed=1).Y != data.Y).any(), "the order should follow from the seed too"
    halves = np.array_split(along, 2)
    assert abs(halves[0].mean() - halves[1].mean()) < 0.5 * along.std(), "the samples should not be ordered by class"
    assert 1 < np.abs(data.X).max() < 2.5


@pytest.mark.parametrize("name", [*NOISY, "curve"])
def test_noise_is_a_standard_deviation(name):
    clean, noisy = (LABELLED[name](samples=5000, noise=noise) for noise in (0, 0.2))
    assert (noisy.X - clean.X if name != "curve" else noisy.Y - clean.Y).std() == pytest.approx(0.2, rel=0.05)


def test_blobs_lie_about_the_corners_and_the_signs_tell_them_apart():
    assert set(map(tuple, points.blobs(noise=0).X)) == {(-1, -1), (1, -1), (-1, 1), (1, 1)}
    data = points.blobs()
    assert ((data.X[:, 0] > 0) + 2 * (data.X[:, 1] > 0) == data.Y).mean() > 0.97


def test_moons_are_half_circles_of_radius_1():
    data = points.moons(noise=0)
    for index, centre, side in ((0, (-0.5, -0.25), 1), (1, (0.5, 0.25), -1)):
        offset = data.X[data.Y == index] - centre
        np.testing.assert_allclose(np.hypot(*offset.T), 1, rtol=1e-12)
        assert (side * offset[:, 1] >= -1e-12).all()


def test_circles_have_two_radii():
    data = points.circles(noise=0)
    np.testing.assert_allclose(np.hypot(*data.X.T), np.where(data.Y == 0, 0.7, 1.6), rtol=1e-12)


def test_spirals_are_one_arm_turned_by_a_third():
    data = points.spirals(noise=0)
    radius = np.hypot(*data.X.T)
    wound = np.arctan2(*data.X.T[::-1]) - data.Y * 2 * np.pi / 3 - radius / 1.9 * 4 * np.pi / 3
    np.testing.assert_allclose(np.cos(wound), 1, atol=1e-12)
    assert 0.19 <= radius.min() and radius.max() <= 1.9


def test_xor_is_one_where_the_signs_differ():
    data = points.xor(noise=0)
    assert ((data.X[:, 0] * data.X[:, 1] < 0) == data.Y).all()
    assert len(set(map(tuple, np.sign(data.X)))) == 4


def test_checkerboard_has_16_squares_in_two_colours():
    data = points.checkerboard()
    squares = np.floor(data.X).astype(int)
    assert (squares.sum(axis=1) % 2 == data.Y).all()
    assert set(map(tuple, squares)) == {(x, y) for x in range(-2, 2) for y in range(-2, 2)}


def test_curve_is_its_formula():
    data = points.curve(noise=0)
    assert data.X.shape == data.Y.shape and data.classes == ()
    np.testing.assert_allclose(data.Y, np.sin(3 * data.X) + 0.3 * data.X, rtol=1e-12)


def test_iris_has_the_means_of_fishers_paper():
    data = points.iris()
    assert data.X.shape == (150, 4) and data.classes == ("setosa", "versicolor", "virginica")
    assert np.bincount(data.Y.astype(int)).tolist() == [50, 50, 50]
    assert data.inputs == ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    means = [data.X[data.Y == index].mean(axis=0) for index in range(3)]
    fisher = [(5.006, 3.428, 1.462, 0.246), (5.936, 2.770, 4.260, 1.326), (6.588, 2.974, 5.552, 2.026)]
    np.testing.assert_allclose(means, fisher, atol=1e-9)


def test_iris_is_the_papers_where_the_uci_file_errs():
    X = points.iris().X
    assert X[[34, 37]].tolist() == [[4.9, 3.1, 1.5, 0.2], [4.9, 3.6, 1.4, 0.1]]


def test_digits_are_the_published_ones():
    data = points.digits()
    assert data.X.shape == (1797, 64) and data.image == (8, 8) and data.classes == tuple("0123456789")
    assert np.bincount(data.Y.astype(int)).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    assert (data.X.min(), data.X.max()) == (0, 1)
    pixels = 16 * data.X
    assert (pixels == np.round(pixels)).all()
    assert pixels[0].reshape(8, 8)[:2].tolist() == [[0, 0, 5, 13, 9, 1, 0, 0], [0, 0, 13, 15, 10, 15, 5, 0]]
    assert data.Y[:12].tolist() == [*range(10), 0, 1]


def test_digits_add_up_to_their_file():
    rows = asset("data/digits.csv").read_text("utf-8").splitlines()[1:]
    total = sum(sum(map(int, row.split(",")[:-1])) for row in rows)
    assert (16 * points.digits().X).sum() == total == 561718


def test_digits_load_quickly():
    def seconds():
        began = time.perf_counter()
        points.digits()
        return time.perf_counter() - began

    assert min(seconds() for _ in range(5)) < 0.05


@pytest.mark.parametrize("wrong", [{"samples": "many"}, {"seed": -1}, {"noise": -1}])
def test_nonsense_is_refused(wrong):
    with pytest.raises((TypeError, ValueError)):
        points.blobs(**wrong)
