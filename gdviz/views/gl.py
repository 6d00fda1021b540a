"""The surface as a picture: OpenGL draws it out of sight, with the depth of every pixel."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QGuiApplication, QImage, QMatrix4x4, QOffscreenSurface, QOpenGLContext

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from gdviz.views.terrain import Terrain
    from gdviz.views.theme import Theme

__all__ = ["Camera", "Picture", "draw_surface", "drop_canvas", "gl_problem"]

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


@cache
def gl_problem() -> str:
    """Return why there is no OpenGL here, or an empty text. To be asked after the QApplication is made."""
    platform = QGuiApplication.platformName()
    if platform in ("offscreen", "minimal", "linuxfb", "vnc"):
        return f"the display platform {platform} has no OpenGL"
    if os.environ.get("GDVIZ_NO_OPENGL"):
        return "GDVIZ_NO_OPENGL is set"
    context = QOpenGLContext()
    if not context.create():
        return "no OpenGL context can be made"
    surface = QOffscreenSurface()
    surface.setFormat(context.format())
    surface.create()
    if not surface.isValid() or not context.makeCurrent(surface):
        return "no OpenGL context can be used"
    version = context.format().version()
    context.doneCurrent()
    if not context.isOpenGLES() and version < (2, 1):
        return f"OpenGL 2.1 is needed, this is {version[0]}.{version[1]}"
    return ""


def draw_surface(terrain: Terrain, theme: Theme, camera: Camera, size: QSize) -> Picture:
    """Return the surface as seen by `camera`, in a picture of `size` pixels."""
    return _canvas().draw(terrain, theme, camera, size)


def drop_canvas() -> None:
    """Let go of OpenGL, before the QApplication ends."""
    if _canvas.cache_info().currsize:
        _canvas().close()
        _canvas().deleteLater()
        _canvas.cache_clear()


@cache
def _canvas() -> Any:
    """Return the one widget, never visible, that owns the OpenGL context."""
    if sys.platform.startswith("linux"):
        wayland = QGuiApplication.platformName().startswith("wayland")
        os.environ["PYOPENGL_PLATFORM"] = "egl" if wayland else "glx"
    from gdviz.views.canvas import Canvas

    return Canvas()
