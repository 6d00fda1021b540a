"""Preparation of samples for a network: validation split, standardisation, and random moves of pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gdviz.wording import plain

if TYPE_CHECKING:
    from gdviz.elementary import Array

__all__ = ["Indices", "Scaler", "Split", "move_pictures", "split"]

Indices = NDArray[np.intp]


class Split(NamedTuple):
    """Which samples are trained on and which are held back, both in the order of the data."""

    train: Indices
    validation: Indices


def split(Y: Array, share: float, seed: int = 0, stratified: bool = True) -> Split:
    """Hold back a random share of the samples for validation.

    Parameters
    ----------
    Y
        Shape (N,).
    share
        The share of samples to hold back, rounded to whole samples; 0 holds back none.
    seed
        The seed of the choice.
    stratified
        Whether each value of Y is a class, of which the same share is held back, to within one sample. Every class then
        keeps at least one sample for training, even if less than `share` is held back in total.

    Raises
    ------
    ValueError
        Where the share is negative or leaves no sample to train on: a sentence.
    """
    if not 0 <= share < 1:
        raise ValueError(f"the share for validation must be a number >= 0 and < 1, not {plain(share)}")
    held_back = round(share * len(Y))
    if held_back == len(Y):
        raise ValueError(f"a share of {plain(share)} for validation leaves none of {len(Y)} sample(s) to train on")
    random = np.random.default_rng(seed)
    order = random.permutation(len(Y))
    is_held = np.zeros(len(Y), bool)
    if stratified:
        _, classes, sizes = np.unique(Y, return_inverse=True, return_counts=True)
        for index, count in enumerate(_of_each(sizes, share, held_back)):
            is_held[order[classes[order] == index][:count]] = True
    else:
        is_held[order[:held_back]] = True
    return Split(np.flatnonzero(~is_held), np.flatnonzero(is_held))


def _of_each(sizes: Indices, share: float, total: int) -> Indices:
    """Return how many samples of each class are held back: together `total`, by the method of largest remainders."""
    exact = share * sizes
    counts = np.floor(exact).astype(np.intp)
    counts[np.argsort(counts - exact, kind="stable")[: total - counts.sum()]] += 1
    return np.asarray(np.minimum(counts, sizes - 1))


@dataclass(frozen=True, eq=False)
class Scaler:
    """Standardises inputs with the mean and standard deviation of the training samples.

    Attributes
    ----------
    mean, deviation
        For each input, shape (d,); shape () where X has shape (N,).
    """

    mean: Array
    deviation: Array

    @classmethod
    def of(cls, X: Array) -> Scaler:
        """Return the scaler of the samples X, shape (N, d) or (N,); a constant input gets deviation 1."""
        # Through rounding, a constant may have a spread of 1e-17; and the square of a spread below 1e-162 is 0.
        spread = X.std(axis=0)
        varies = (X.min(axis=0) < X.max(axis=0)) & (spread > 0)
        return cls(np.asarray(X.mean(axis=0)), np.where(varies, spread, 1.0))

    def apply(self, X: Array) -> Array:
        """Return X shifted and scaled, in its shape."""
        return np.asarray((X - self.mean) / self.deviation)


def move_pictures(X: Array, image: tuple[int, ...], shift: Array, angle: Array) -> Array:
    """Turn each picture about its centre, then shift it, with bilinear interpolation and 0 outside the picture.

    Parameters
    ----------
    X
        Shape (N, h·w): pictures row by row.
    image
        Their rows and columns, h and w.
    shift
        Shape (N, 2): how many pixels down and to the right; whole ones are exact where the angle is 0.
    angle
        Shape (N,): degrees, counterclockwise.

    Returns
    -------
    array
        Shape (N, h·w).
    """
    pictures = X.reshape(len(X), *image)
    rows, columns = _sources(image, shift, np.radians(angle))
    top, left = np.floor(rows).astype(np.intp), np.floor(columns).astype(np.intp)
    down, right = rows - top, columns - left
    # A source is at most one pixel outside the picture, so its neighbours are at most two.
    padded = np.pad(pictures, ((0, 0), (1, 2), (1, 2)))
    number, top, left = np.arange(len(X))[:, None, None], top + 1, left + 1
    upper = (1 - right) * padded[number, top, left] + right * padded[number, top, left + 1]
    lower = (1 - right) * padded[number, top + 1, left] + right * padded[number, top + 1, left + 1]
    return np.asarray((1 - down) * upper + down * lower).reshape(X.shape)


def _sources(image: tuple[int, ...], shift: Array, angle: Array) -> tuple[Array, Array]:
    """Return the row and column, each of shape (N, h, w), from which each pixel of the moved pictures comes."""
    height, width = image
    middle = (height - 1) / 2, (width - 1) / 2
    y = np.arange(height)[:, None] - middle[0] - shift[:, 0, None, None]
    x = np.arange(width) - middle[1] - shift[:, 1, None, None]
    cos, sin = np.cos(angle)[:, None, None], np.sin(angle)[:, None, None]
    rows, columns = cos * y + sin * x + middle[0], cos * x - sin * y + middle[1]
    return np.clip(rows, -1, height), np.clip(columns, -1, width)
