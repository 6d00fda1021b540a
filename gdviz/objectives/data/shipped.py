"""Data sets for networks: points of the plane with classes, a curve, flowers, and pictures of digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdviz.assets import asset
from gdviz.objectives.data.samples import Data, DataSet
from gdviz.registry import Registry
from gdviz.tables import read_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gdviz.elementary import Array

__all__ = ["LABELLED", "blobs", "checkerboard", "circles", "curve", "digits", "iris", "moons", "spirals", "xor"]


LABELLED: Registry[DataSet] = Registry("data set")
"""Every data set that is for networks alone."""


@LABELLED
def blobs(samples: int = 300, seed: int = 0, noise: float = 0.3) -> Data:
    """Return points about the corners of a square, four classes; `noise` is their standard deviation.

    Parameters
    ----------
    samples
        The number of samples. The sizes of classes differ by one at most, here and in all sets below.
    seed
        The seed of the random numbers.
    noise
        The standard deviation of the noise on each coordinate.

    Returns
    -------
    data
        X of shape (samples, 2), roughly within [−2, 2], in random order.
    """
    random, Y = _begin(samples, seed, classes=4)
    corners = np.array([(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)])
    about = "Four clouds that straight lines can part: no hidden layer is needed."
    return _planar("blobs", _noisy(corners[Y], noise, random), Y, 4, about)


@LABELLED
def moons(samples: int = 300, seed: int = 0, noise: float = 0.1) -> Data:
    """Return points on two half circles that reach into each other, two classes; parameters as for :func:`blobs`."""
    random, Y = _begin(samples, seed, classes=2)
    half = _on_circle(random.uniform(0, np.pi, samples))
    points = np.where(Y[:, None] == 0, half - (0.5, 0.25), (0.5, 0.25) - half)
    about = "Two half circles that reach into each other: a straight line errs, a bent one need not."
    return _planar("moons", _noisy(points, noise, random), Y, 2, about)


@LABELLED
def circles(samples: int = 300, seed: int = 0, noise: float = 0.1) -> Data:
    """Return points on a circle around another, two classes; parameters as for :func:`blobs`."""
    random, Y = _begin(samples, seed, classes=2)
    points = _on_circle(random.uniform(0, 2 * np.pi, samples)) * np.array([0.7, 1.6])[Y, None]
    about = "One circle around another: to close a line around the inner one takes three hidden neurons."
    return _planar("circles", _noisy(points, noise, random), Y, 2, about)


@LABELLED
def spirals(samples: int = 300, seed: int = 0, noise: float = 0.04) -> Data:
    """Return points on three arms that turn about 0, three classes; parameters as for :func:`blobs`."""
    random, Y = _begin(samples, seed, classes=3)
    # The position along the arm, from the centre; each arm makes two thirds of a turn.
    along = random.uniform(0.1, 1.0, samples)
    points = 1.9 * along[:, None] * _on_circle(2 * np.pi / 3 * (Y + 2 * along))
    about = "Three arms wound around each other: hard, and easier with a second hidden layer."
    return _planar("spirals", _noisy(points, noise, random), Y, 3, about)


@LABELLED
def xor(samples: int = 300, seed: int = 0, noise: float = 0.1) -> Data:
    """Return points of class 1 where the coordinates' signs differ, otherwise 0; parameters as for :func:`blobs`."""
    random, Y = _begin(samples, seed, classes=2)
    sign = random.choice([-1.0, 1.0], samples)
    signs = np.stack([sign, np.where(Y == 0, sign, -sign)], axis=1)
    points = signs * random.uniform(0.1, 1.9, (samples, 2))
    about = "Exclusive or: the classic that one neuron cannot learn and two hidden ones can."
    return _planar("xor", _noisy(points, noise, random), Y, 2, about)


@LABELLED
def checkerboard(samples: int = 400, seed: int = 0) -> Data:
    """Return points on a board of 4 × 4 squares, two classes by colour; parameters as for :func:`blobs`."""
    random, Y = _begin(samples, seed, classes=2)
    row, pair = random.integers(4, size=samples), random.integers(2, size=samples)
    corner = np.stack([2 * pair + (row + Y) % 2, row], axis=1) - 2.0
    about = "Four by four squares of two colours: many pieces, for which a network needs many neurons."
    return _planar("checkerboard", corner + random.uniform(size=(samples, 2)), Y, 2, about)


@LABELLED
def curve(samples: int = 200, seed: int = 0, noise: float = 0.1) -> Data:
    """Return y = sin 3x + 0.3x with noise for x within [−2, 2]: one input, X of shape (samples,), y a number."""
    random = np.random.default_rng(seed)
    x = random.uniform(-2, 2, samples)
    y = np.sin(3 * x) + 0.3 * x + random.normal(0, noise, samples)
    return Data("curve", x, y, about="A wave that climbs: y is a number, and the network draws a curve through them.")


@LABELLED
def iris() -> Data:
    """Return Fisher's 150 iris flowers, 50 of each of three species, four lengths in cm.

    R. A. Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7, 1936, with the numbers
    of the paper: the file of the UCI repository is wrong in two flowers.
    """
    *lengths, species = read_table(asset("data/iris.csv")).columns
    X = np.stack([column.numbers(".") for column in lengths], axis=1)
    names, Y = np.unique(list(species.cells()), return_inverse=True)
    about = "Flowers of three species by four lengths: real measurements, of which two species overlap."
    return Data(
        "iris",
        X,
        Y.astype(np.float64),
        y_label=species.name,
        about=about,
        inputs=tuple(column.name for column in lengths),
        classes=tuple(names.tolist()),
    )


@LABELLED
def digits() -> Data:
    """Return 1797 handwritten digits as pictures of 8 × 8 pixels: X of shape (1797, 64), 0 for paper and 1 for ink.

    Optical Recognition of Handwritten Digits, UCI repository (E. Alpaydin and C. Kaynak, 1998): its test part, as
    scikit-learn ships it.
    """
    with asset("data/digits.csv").open(encoding="utf-8") as file:
        header = file.readline().strip().split(",")
        table = np.loadtxt(file, delimiter=",")
    return Data(
        "digits",
        table[:, :-1] / 16,
        table[:, -1].copy(),
        y_label=header[-1],
        about="Handwritten digits as small pictures: a network learns to read them.",
        inputs=tuple(header[:-1]),
        classes=_number_names(10),
        image=(8, 8),
    )


def _begin(samples: int, seed: int, classes: int) -> tuple[np.random.Generator, NDArray[np.intp]]:
    """Return a random generator and each sample's class, in random order; the classes have nearly equal sizes."""
    random = np.random.default_rng(seed)
    return random, random.permutation(np.arange(samples) % classes)


def _on_circle(angle: Array) -> Array:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _noisy(points: Array, noise: float, random: np.random.Generator) -> Array:
    return points + random.normal(0, noise, points.shape)


def _planar(name: str, X: Array, Y: NDArray[np.intp], classes: int, about: str) -> Data:
    return Data(
        name, X, Y.astype(np.float64), y_label="class", about=about, inputs=("x₁", "x₂"), classes=_number_names(classes)
    )


def _number_names(classes: int) -> tuple[str, ...]:
    return tuple(str(index) for index in range(classes))
