"""A place to draw where there is no display: a virtual one, or Qt's own without OpenGL."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["display", "drawing_place"]

PATIENCE = 20
"""Seconds that a virtual display may take to answer."""
WATCH = '"$@" & exec >&-; read -r _; kill $!; wait'
"""Runs a server until standard input ends."""


@contextmanager
def drawing_place() -> Iterator[None]:
    """Let a QApplication be made in this block: with OpenGL where that can be had.

    On Linux without a display that answers it starts Xvfb, if that is installed, and ends it with the block;
    otherwise Qt's `offscreen` platform draws what needs no OpenGL. A platform that the user chose is left as it is.
    """
    with display() as is_there:
        if is_there:
            yield
            return
    with _xvfb() as server, _environment({"DISPLAY": server, "QT_QPA_PLATFORM": "xcb" if server else "offscreen"}):
        yield


@contextmanager
def _environment(variables: dict[str, str | None]) -> Iterator[None]:
    """Set variables of the environment in this block; those that are None stay as they are."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update({name: value for name, value in variables.items() if value is not None})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


@contextmanager
def display() -> Iterator[bool]:
    """Tell whether a QApplication can show a window that is made in this block: a display answers, or is chosen."""
    if _is_chosen():
        yield True
        return
    with _x_server() as answers:
        yield answers


def _is_chosen() -> bool:
    """Return whether it is not for us to look for a display: on another system, or where the user chose a platform."""
    is_chosen = any(os.environ.get(name) for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    return is_chosen or not sys.platform.startswith("linux")


@contextmanager
def _x_server() -> Iterator[bool]:
    """Tell whether the display that DISPLAY names answers, where Qt would only abort.

    The connection is held in the block: a server that loses its last one starts afresh.
    """
    if not os.environ.get("DISPLAY"):
        yield False
        return
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        yield True
        return
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    try:
        yield not xcb.xcb_connection_has_error(connection)
    finally:
        xcb.xcb_disconnect(connection)


@contextmanager
def _xvfb() -> Iterator[str | None]:
    """Give the display of an Xvfb that runs while this block does; None where there is none.

    A shell watches over it: it ends the server once nobody holds the other end of the shell's standard input, be it
    that the block has ended or that this process was killed. So the server can remove its lock in /tmp.
    """
    program = shutil.which("Xvfb")
    if program is None:
        yield None
        return
    arguments = ["-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp"]
    with subprocess.Popen(
        ["/bin/sh", "-c", WATCH, "sh", program, *arguments],
        start_new_session=True,  # Ctrl+C is for us; we end the server
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as watch:
        assert watch.stdout is not None
        number = _read_line(watch.stdout.fileno())
        if not number:
            os.killpg(watch.pid, signal.SIGKILL)
        yield f":{number}" if number else None


def _read_line(descriptor: int) -> str:
    """Return the number that Xvfb writes once it is ready; nothing where it fails or hangs."""
    import select

    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], PATIENCE)
        piece = os.read(descriptor, 16) if ready else b""
        if not piece:
            return ""
        text += piece
    return text.decode().strip()
