"""Colours of classes and of signs: muted beside those of the runs, and to be told apart on white and on black."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QColor

__all__ = ["blend", "class_colors", "ink_on", "rgb", "sign_colors", "signed"]

CLASSES = (
    "#8A6FC4", "#E08A2E", "#3BA17C", "#A33244", "#A9CF6B", "#34449B", "#8A3A78", "#DCA3DC", "#7FD6C2", "#D9D45F",
)  # fmt: skip
"""For the first ten classes; more begin again. None of the first is like the accent, which rings the batch."""
SIGNS = {"light": ("#C2571A", "#2166AC"), "dark": ("#F09A5A", "#6FB1EA")}
"""Below and above 0, for each theme: orange and blue, which every kind of colour vision tells apart."""


def rgb(color: str) -> np.ndarray:
    """Return a colour as numbers from 0 to 255, shape (3,)."""
    return np.array(_channels(color), float)


def _channels(color: str) -> tuple[int, int, int]:
    return QColor(color).red(), QColor(color).green(), QColor(color).blue()


def blend(paper: str, ink: str, share: float) -> QColor:
    """Return `paper` with a share of `ink` in it."""
    parts = zip(_channels(paper), _channels(ink), strict=True)
    return QColor(*(round(one + share * (other - one)) for one, other in parts))


@lru_cache(maxsize=64)
def class_colors(classes: int) -> tuple[str, ...]:
    """Return a colour for each class."""
    return tuple(CLASSES[index % len(CLASSES)] for index in range(classes))


def sign_colors(base: str) -> tuple[str, str]:
    """Return the colours of what is below and of what is above 0, on a background of the colour `base`."""
    return SIGNS["dark" if QColor(base).lightness() < 128 else "light"]


def signed(base: str, values: np.ndarray, most: float) -> np.ndarray:
    """Return colours, uint8 of shape (..., 3): the background `base` for 0, the sign's for `most` and beyond."""
    below, above = map(rgb, sign_colors(base))
    share = np.clip(np.nan_to_num(values / most if most > 0 else np.zeros_like(values)), -1, 1)[..., None]
    ink = np.where(share < 0, below, above)
    paper = rgb(base)
    return np.asarray(paper + np.abs(share) * (ink - paper)).astype(np.uint8)


def ink_on(paper: QColor) -> QColor:
    """Return black or white, whichever can be read on `paper`: white where both can."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (paper.redF(), paper.greenF(), paper.blueF())
    ]
    luminance = float(np.dot(linear, [0.2126, 0.7152, 0.0722]))
    return QColor("#000000") if luminance > 0.183 else QColor("#ffffff")
