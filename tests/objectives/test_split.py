"""Held-back samples, scaled inputs and moved pictures, against counting, the definition and loops over pixels."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gdviz.objectives.data.split import Scaler, move_pictures, split

pytestmark = pytest.mark.beside

labels = st.lists(st.integers(0, 4), min_size=1, max_size=60).map(lambda values: np.array(values, float))
shares = st.floats(0, 0.95)


@given(Y=labels, share=shares, seed=st.integers(0, 2**32), stratified=st.booleans())
def test_each_sample_is_on_one_side_in_the_order_of_the_data(Y, share, seed, stratified):
    if round(share * len(Y)) == len(Y):
        with pytest.raises(ValueError, match=r"leaves none of \d+ sample\(s\) to train on"):
            split(Y, share, seed, stratified)
        return
    train, validation = split(Y, share, seed, stratified)
    assert sorted([*train, *validation]) == list(range(len(Y)))
    assert train.tolist() == sorted(train) and validation.tolist() == sorted(validation)
    assert len(train) > 0
    assert [part.tolist() for part in split(Y, share, seed, stratified)] == [train.tolist(), validation.tolist()]
    if not stratified:
        assert abs(len(validation) - share * len(Y)) <= 0.5 + 1e-9


@given(Y=labels, share=shares, seed=st.integers(0, 2**32))
def test_each_class_has_its_share_within_one_sample_and_keeps_one(Y, share, seed):
    if round(share * len(Y)) == len(Y):
        return
    train, validation = split(Y, share, seed, stratified=True)
    for label in set(Y):
        held = np.count_nonzero(Y[validation] == label)
        assert abs(held - share * np.count_nonzero(Y == label)) <= 1 + 1e-9
        assert label in Y[train]
    sizes = [np.count_nonzero(Y == label) for label in set(Y)]
    if all(math.floor(share * size) + 1 < size for size in sizes):
        assert len(validation) == round(share * len(Y))


def test_the_share_of_many_small_classes_is_the_share_of_all():
    train, validation = split(np.repeat(np.arange(100.0), 4), 0.2, stratified=True)
    assert (len(train), len(validation)) == (320, 80)


def test_the_sample_to_spare_comes_from_the_class_that_lacks_most():
    Y = np.repeat([0.0, 1.0], [5, 3])
    assert np.bincount(Y[split(Y, 0.3).validation].astype(int)).tolist() == [1, 1]


def test_the_seed_decides_and_every_sample_can_be_held_back():
    Y = np.repeat([0.0, 1.0], 10)
    for stratified in (False, True):
        held = [tuple(split(Y, 0.25, seed, stratified).validation) for seed in range(200)]
        assert len(set(held)) > 100
        often = np.bincount(np.concatenate(held), minlength=20)
        assert often.min() > 25 and often.max() < 75, "each sample should be held back some 50 times"


def test_numbers_are_split_too():
    train, validation = split(np.linspace(0, 1, 10), 0.3, stratified=False)
    assert (len(train), len(validation)) == (7, 3)


def test_share_0_holds_back_nothing():
    train, validation = split(np.array([0.0, 1, 1]), 0)
    assert (train.tolist(), validation.tolist()) == ([0, 1, 2], [])
    assert train.dtype == validation.dtype == np.intp


@pytest.mark.parametrize("share", [-0.1, 1, 1.5, math.nan, math.inf])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match=r"share for validation must be a number >= 0 and < 1, not"):
        split(np.zeros(10), share)


@pytest.mark.parametrize(("samples", "share"), [(0, 0), (1, 0.9), (10, 0.99)])
@pytest.mark.parametrize("stratified", [False, True])
def test_a_share_that_leaves_nothing_to_train_on_is_refused(samples, share, stratified):
    with pytest.raises(ValueError, match=rf"leaves none of {samples} sample\(s\) to train on"):
        split(np.zeros(samples), share, stratified=stratified)


tables = hnp.arrays(float, st.tuples(st.integers(1, 20), st.integers(1, 4)), elements=st.floats(-1e6, 1e6, width=32))


@given(X=tables)
def test_scaled_samples_are_those_of_the_definition(X):
    scaler = Scaler.of(X)
    scaled = scaler.apply(X)
    assert scaled.shape == X.shape and scaler.mean.shape == scaler.deviation.shape == (X.shape[1],)
    for column, mean, deviation in zip(X.T, scaler.mean, scaler.deviation, strict=True):
        expected = math.fsum(column) / len(column)
        assert mean == pytest.approx(expected, rel=1e-12, abs=1e-9)
        spread = math.sqrt(math.fsum((value - mean) ** 2 for value in column) / len(column))
        assert deviation == (pytest.approx(spread, rel=1e-9) if len(set(column)) > 1 else 1)
    assert np.isfinite(scaled).all()


def test_the_scaler_of_some_is_applied_to_others():
    scaler = Scaler.of(np.array([[0.0, 5], [2, 5]]))
    assert scaler.apply(np.array([[4.0, 6]])).tolist() == [[3, 1]]


@pytest.mark.parametrize("x", [0.1, 7.0, 1e9 / 3])
def test_a_constant_input_is_only_shifted(x):
    scaler = Scaler.of(np.array([[x, 1.0]] * 2 + [[x, 2.0]]))
    assert scaler.deviation[0] == 1
    assert scaler.apply(np.array([[x + 1, 1.0]]))[0, 0] == pytest.approx(1, abs=1e-6)


def test_a_spread_too_small_to_be_squared_divides_nothing_by_0():
    assert np.isfinite(Scaler.of(np.array([[0.0], [1e-200]])).apply(np.array([[1.0]]))).all()


def test_one_input_is_scaled_as_data_standardizes():
    X = np.array([1.0, 2, 4])
    scaler = Scaler.of(X)
    np.testing.assert_array_equal(scaler.apply(X), (X - X.mean()) / X.std())


def still(pictures):
    return np.zeros((len(pictures), 2)), np.zeros(len(pictures))


def by_pixel(picture, shift, angle):
    """One picture moved the long way round: every pixel asks where it comes from."""
    height, width = picture.shape
    result = np.zeros((height, width))
    turn = complex(math.cos(math.radians(angle)), math.sin(math.radians(angle)))
    for row in range(height):
        for column in range(width):
            # As a complex number: to the right is real, up is imaginary.
            place = complex(column - (width - 1) / 2 - shift[1], -(row - (height - 1) / 2 - shift[0])) / turn
            x, y = place.real + (width - 1) / 2, -place.imag + (height - 1) / 2
            for i in range(height):
                for j in range(width):
                    result[row, column] += picture[i, j] * max(0, 1 - abs(y - i)) * max(0, 1 - abs(x - j))
    return result


shapes = st.tuples(st.integers(1, 4), st.integers(1, 6), st.integers(1, 6))
pictures = hnp.arrays(float, shapes, elements=st.floats(0, 1, width=16))


@given(images=pictures, data=st.data())
def test_pictures_move_as_pixel_by_pixel(images, data):
    n, *image = images.shape
    shift = data.draw(hnp.arrays(float, (n, 2), elements=st.floats(-4, 4)))
    angle = data.draw(hnp.arrays(float, n, elements=st.floats(-360, 360)))
    result = move_pictures(images.reshape(n, -1), tuple(image), shift, angle)
    assert result.shape == (n, image[0] * image[1])
    expected = [by_pixel(*each) for each in zip(images, shift, angle, strict=True)]
    np.testing.assert_allclose(result.reshape(images.shape), expected, atol=1e-12)


@given(images=pictures, down=st.integers(-8, 8), right=st.integers(-8, 8))
def test_whole_pixels_are_exact(images, down, right):
    n, height, width = images.shape
    wide = np.pad(images, ((0, 0), (8, 8), (8, 8)))
    expected = wide[:, 8 - down : 8 - down + height, 8 - right : 8 - right + width]
    result = move_pictures(images.reshape(n, -1), (height, width), np.tile([float(down), right], (n, 1)), np.zeros(n))
    np.testing.assert_array_equal(result.reshape(images.shape), expected)


@given(images=pictures)
def test_a_quarter_turn_is_counterclockwise(images):
    square = images[:, : min(images.shape[1:]), : min(images.shape[1:])]
    n, side, _ = square.shape
    result = move_pictures(square.reshape(n, -1), (side, side), np.zeros((n, 2)), np.full(n, 90.0))
    np.testing.assert_allclose(result.reshape(square.shape), np.rot90(square, axes=(1, 2)), atol=1e-12)


def test_it_is_turned_first_and_shifted_then():
    picture = np.zeros((1, 3, 3))
    picture[0, 1, 2] = 1
    result = move_pictures(picture.reshape(1, 9), (3, 3), np.array([[1.0, 0.0]]), np.array([90.0]))
    np.testing.assert_allclose(result.reshape(3, 3), [[0, 0, 0], [0, 1, 0], [0, 0, 0]], atol=1e-15)


@pytest.mark.parametrize("far", [1e3, -1e20, 1e300])
def test_what_is_moved_far_away_is_gone(far):
    ink = np.ones((2, 6))
    assert not move_pictures(ink, (2, 3), np.array([[far, 0], [0, far]]), np.array([0.0, 30.0])).any()


def test_pictures_stay_what_they_were():
    ink = np.arange(12.0).reshape(2, 6)
    before = ink.copy()
    result = move_pictures(ink, (2, 3), *still(ink))
    np.testing.assert_array_equal(result, before)
    result[:] = -1
    np.testing.assert_array_equal(ink, before)


def test_no_pictures_give_none_and_a_wrong_size_is_refused():
    assert move_pictures(np.empty((0, 6)), (2, 3), *still([])).shape == (0, 6)
    with pytest.raises(ValueError):
        move_pictures(np.ones((4, 6)), (2, 2), *still(range(4)))
