"""The widget that owns the OpenGL context; to be imported only where there is OpenGL: see :mod:`gdviz.views.gl`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyqtgraph.opengl as gl
from OpenGL import GL
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QMatrix4x4

from gdviz.views.camera import HEIGHT, Camera, Picture

if TYPE_CHECKING:
    from PySide6.QtCore import QSize

    from gdviz.scene.terrain import Terrain
    from gdviz.views.theme import Theme

__all__ = ["Canvas"]


class Hill(gl.GLSurfacePlotItem):
    """A surface that keeps the error of its drawing, which GLViewWidget would only print."""

    error: Exception | None = None

    def paint(self) -> None:
        """Draw the surface, or keep why it cannot be drawn."""
        try:
            super().paint()
        except Exception as error:
            self.error = error


class Canvas(gl.GLViewWidget):
    """A GLViewWidget whose camera, picture and depths are ours.

    Qt calls what is below from C++, where no exception can pass: errors are kept, and :meth:`draw` raises them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # it must not keep the program running
        self.surface: Any = None
        self.scene_key: tuple[object, ...] = ()
        self.depth: np.ndarray | None = None
        self.error: Exception | None = None
        self.camera = Camera()

    def projectionMatrix(self, region: object, viewport: object) -> QMatrix4x4:
        """Return the camera's whole matrix; the view matrix is the identity."""
        return QMatrix4x4(self.camera.matrix(self.width() / self.height()).ravel().tolist())

    def viewMatrix(self) -> QMatrix4x4:
        """Return the identity."""
        return QMatrix4x4()

    def initializeGL(self) -> None:
        """Make ready to draw."""
        try:
            super().initializeGL()
        except Exception as error:
            self.error = error

    def paintGL(self) -> None:
        """Draw, and read how deep each pixel lies."""
        if self.error is None:
            try:
                self._paint()
            except Exception as error:
                self.error = error

    def _paint(self) -> None:
        super().paintGL()
        if self.surface is not None and self.surface.error is not None:
            raise self.surface.error
        self.depth = None
        if not self.context().isOpenGLES():
            depth = GL.glReadPixels(0, 0, self.width(), self.height(), GL.GL_DEPTH_COMPONENT, GL.GL_FLOAT)
            self.depth = np.array(depth, np.float32).reshape(self.height(), self.width())[::-1]

    def draw(self, terrain: Terrain, theme: Theme, camera: Camera, size: QSize) -> Picture:
        """Return the picture.

        Raises
        ------
        Exception
            What OpenGL or PyOpenGL says, where it cannot be drawn.
        """
        self.camera = camera
        self.resize(size)
        self.setBackgroundColor(theme.base)
        self._set_surface(terrain, theme)
        if not self.isVisible():
            self.show()
        image = self.grabFramebuffer().convertToFormat(QImage.Format.Format_RGB32)
        if self.error is not None:
            raise self.error
        if image.isNull():
            raise RuntimeError("there is no picture")
        image.setDevicePixelRatio(1)
        if theme.is_clear and self.depth is not None:
            image = _without(image, self.depth >= 1)
        return Picture(image, self.depth)

    def _set_surface(self, terrain: Terrain, theme: Theme) -> None:
        if self.scene_key == (terrain, theme):
            return
        self.scene_key = (terrain, theme)
        height = np.nan_to_num(terrain.height(terrain.values)).astype(np.float32)
        colors = theme.colors(height).astype(np.float32) / 255
        colors[..., :3] = np.clip(colors[..., :3] * terrain.shade[..., None], 0, 1)
        a, b = (np.linspace(-1, 1, n, dtype=np.float32) for n in height.shape)
        if self.surface is not None:
            self.removeItem(self.surface)
        self.surface = Hill(x=a, y=b, z=HEIGHT * height, colors=colors.reshape(-1, 4), computeNormals=False)
        self.addItem(self.surface)


def _without(image: QImage, background: np.ndarray) -> QImage:
    """Return the picture with nothing where the background, shape (height, width), is."""
    image = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    pixels = np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    pixels[:, : image.width()][background] = 0
    return image
