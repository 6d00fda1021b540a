"""The surface as a picture: OpenGL draws it out of sight, with the depth of every pixel."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext

from gdviz.views.camera import Camera, Picture
from gdviz.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.scene.terrain import Terrain
    from gdviz.views.theme import Theme

__all__ = ["draw_surface", "drop_canvas", "follow_pyopengl", "gl_problem", "try_to_draw"]


def follow_pyopengl() -> None:
    """Let Qt's OpenGL come from the library that PYOPENGL_PLATFORM names. To be called before QApplication is made."""
    name = os.environ.get("PYOPENGL_PLATFORM", "")
    if sys.platform.startswith("linux") and name in ("egl", "glx"):
        os.environ.setdefault("QT_XCB_GL_INTEGRATION", f"xcb_{name}")


_failures: list[str] = []
"""Why OpenGL, which is there, could not draw."""


def gl_problem() -> str:
    """Return why OpenGL cannot draw here, or an empty text. To be asked after the QApplication is made."""
    return _failures[0] if _failures else _context_problem()


@cache
def _context_problem() -> str:
    """Return why there is no OpenGL context that Qt and PyOpenGL share, or an empty text."""
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
    try:
        version = context.format().version()
        if not context.isOpenGLES() and version < (2, 1):
            return f"OpenGL 2.1 is needed, this is {version[0]}.{version[1]}"
        return _pyopengl_problem() if sys.platform.startswith("linux") else ""
    finally:
        context.doneCurrent()


def _pyopengl_problem() -> str:
    """Import PyOpenGL for the library that Qt's current context comes from; return why that fails, or an empty text.

    A PYOPENGL_PLATFORM that the user set is obeyed.
    """
    name = _library_of_current_context()
    try:
        with _in_environment("PYOPENGL_PLATFORM", os.environ.get("PYOPENGL_PLATFORM") or name):
            from OpenGL import platform
        is_seen = bool(platform.GetCurrentContext())
    except Exception as error:  # a missing library, or whatever else PyOpenGL finds on this system
        return f"PyOpenGL cannot be used: {_one_line(error)}"
    if is_seen:
        return ""
    library = os.environ.get("PYOPENGL_PLATFORM")
    why = f"PYOPENGL_PLATFORM is {library}" if library else "PyOpenGL was imported for another one"
    return f"Qt has its OpenGL from {name.upper()}, but {why}"


def _library_of_current_context() -> str:
    """Return ``egl`` or ``glx``. X servers without GLX, Wayland, and QT_XCB_GL_INTEGRATION=xcb_egl lead to EGL."""
    try:
        current = ctypes.CDLL("libEGL.so.1").eglGetCurrentContext
    except (OSError, AttributeError):
        return "glx"
    current.restype = ctypes.c_void_p
    return "egl" if current() else "glx"


@contextmanager
def _in_environment(name: str, value: str) -> Iterator[None]:
    """Let a variable of the environment have a value in this block."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def draw_surface(terrain: Terrain, theme: Theme, camera: Camera, size: QSize) -> Picture | None:
    """Return the surface as seen by `camera`, in a picture of `size` pixels; None: :func:`gl_problem` says why not."""
    try:
        picture: Picture = _canvas().draw(terrain, theme, camera, size)
    except Exception as error:  # whatever a driver or PyOpenGL finds; the other views go on
        _failures.append(f"OpenGL cannot draw: {_one_line(error)}")
        return None
    return picture


@cache
def try_to_draw() -> None:
    """Draw a small piece of a plane once, so that :func:`gl_problem` knows what only drawing can show."""
    from gdviz.scene.terrain import Terrain
    from gdviz.views.theme import LIGHT

    if not gl_problem():
        ends = np.arange(3.0)
        draw_surface(Terrain(ends, ends, np.add.outer(ends, ends)), LIGHT, Camera(), QSize(8, 8))


def _one_line(error: Exception) -> str:
    """Return an error in one line; those of PyOpenGL show all arguments of the call."""
    return sentence(f"{type(error).__name__} {' '.join(str(error).split())}")


def drop_canvas() -> None:
    """Let go of OpenGL, and of what is known of it, before the QApplication ends."""
    if _canvas.cache_info().currsize:
        _canvas().close()
        _canvas().deleteLater()
        _canvas.cache_clear()
        from pyqtgraph.opengl.shaders import initShaders

        initShaders()  # the programs compiled so far went with their context
    _context_problem.cache_clear()
    try_to_draw.cache_clear()
    _failures.clear()


@cache
def _canvas() -> Any:
    """Return the one widget, never visible, that owns the OpenGL context."""
    from gdviz.views.canvas import Canvas

    return Canvas()
