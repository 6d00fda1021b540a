"""Where the surface is looked at from, and the picture that is seen from there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QImage, QMatrix4x4

__all__ = ["FIELD_OF_VIEW", "HEIGHT", "Camera", "Picture"]

HEIGHT = 1.1
"""The height of the surface; its base is 2 by 2."""
FIELD_OF_VIEW = 32.0
"""Vertical, in degrees: narrow, so that parallel lines stay nearly parallel."""


@dataclass(frozen=True)
class Camera:
    """Where the surface is looked at from: angles in degrees, distance from its middle."""

    azimuth: float = -52.0
    elevation: float = 36.0
    distance: float = 5.1

    def matrix(self, aspect: float) -> np.ndarray:
        """Return the matrix, shape (4, 4), from the surface's coordinates to OpenGL's cube."""
        matrix = QMatrix4x4()
        matrix.perspective(FIELD_OF_VIEW / min(1.0, aspect / 1.15), aspect, 0.3 * self.distance, 2.5 * self.distance)
        matrix.translate(0, 0, -self.distance)
        matrix.rotate(self.elevation - 90, 1, 0, 0)
        matrix.rotate(self.azimuth + 90, 0, 0, -1)
        matrix.translate(0, 0, -0.36 * HEIGHT)
        return np.array(matrix.copyDataTo()).reshape(4, 4)


@dataclass(frozen=True)
class Picture:
    """The surface as it is seen.

    Attributes
    ----------
    image
        The picture.
    depth
        The depth of each of its pixels, 0 (near) to 1 (far), shape (height, width), first row on top; None where
        the system does not tell.
    """

    image: QImage
    depth: np.ndarray | None
