"""What the tests of exports share: an environment without a display, and what a file shows as pixels."""

import os
from fractions import Fraction

import av
import numpy as np
from PySide6.QtGui import QColor, QImage

from tests.command import ENVIRONMENT

DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "QT_QPA_PLATFORM", "GDVIZ_NO_OPENGL")


def without_display(**more):
    """Return an environment in which no display is to be found."""
    kept = {name: value for name, value in ENVIRONMENT.items() if name not in DISPLAYS}
    return {**kept, **{name: str(value) for name, value in more.items()}}


def pixels(image):
    """Return a QImage, or the picture in a file, as ints of shape (height, width, 3)."""
    image = image if isinstance(image, QImage) else QImage(str(image))
    assert not image.isNull()
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2::-1].astype(int)


def decoded(path):
    """Return a film's frames as pixels, its rate, and the seconds from the first frame to the last."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        times = [frame.time for frame in frames]
        shown = [frame.to_ndarray(format="rgb24").astype(int) for frame in frames]
        return shown, Fraction(stream.average_rate), times[-1] - times[0]


def count(shown, color, tolerance=12):
    """Return how many of the pixels have a colour, or nearly so."""
    return int((np.abs(shown - QColor(color).getRgb()[:3]).max(axis=-1) <= tolerance).sum())


def nearest(shown, x, y, color, radius=4):
    """Return how far the colour nearest to `color` within a radius of (x, y) is from it, 0 to 255."""
    x, y = round(x), round(y)
    patch = shown[max(y - radius, 0) : y + radius + 1, max(x - radius, 0) : x + radius + 1]
    return int(np.abs(patch - QColor(color).getRgb()[:3]).max(axis=-1).min())


def is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0
