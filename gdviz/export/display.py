"""A place to draw where there is no display: a virtual one, or Qt's own without OpenGL."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["drawing_place", "has_display"]

PATIENCE = 20
"""Seconds that a virtual display may take to answer."""


@contextmanager
def drawing_place() -> Iterator[None]:
    """Let a QApplication be made in this block: with OpenGL where that can be had.

    On Linux without a display that answers it starts Xvfb, if that is installed, and ends it with the block;
    otherwise Qt's `offscreen` platform draws what needs no OpenGL. A platform that the user chose is left as it is.
    """
    chosen = any(os.environ.get(name) for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if not sys.platform.startswith("linux") or chosen:
        yield
        return
    with _x_server() as answers:
        if answers:
            yield
            return
    server = _start_xvfb()
    if server is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    try:
        yield
    finally:
        if server is not None:
            server.terminate()
            server.wait()


def has_display() -> bool:
    """Return whether a window can be shown: a display answers, or the user chose a platform."""
    chosen = any(os.environ.get(name) for name in ("WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if not sys.platform.startswith("linux") or chosen:
        return True
    with _x_server() as answers:
        return answers


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


def _start_xvfb() -> subprocess.Popen[bytes] | None:
    """Return a running Xvfb with DISPLAY set to it, or None where there is none."""
    program = shutil.which("Xvfb")
    if program is None:
        return None
    reader, writer = os.pipe()
    server = subprocess.Popen(
        # -terminate: it ends with its only client, even one that was killed
        [program, "-displayfd", str(writer), "-screen", "0", "1920x1200x24", "-nolisten", "tcp", "-terminate"],
        pass_fds=[writer],
        start_new_session=True,  # Ctrl+C is for us; we end the server
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    number = _read_line(reader)
    os.close(reader)
    if not number:
        server.kill()
        server.wait()
        return None
    os.environ["DISPLAY"] = f":{number}"
    os.environ.setdefault("QT_QPA_PLATFORM", "xcb")
    return server


def _read_line(descriptor: int) -> str:
    """Return the number that Xvfb writes once it is ready; nothing where it fails or hangs."""
    import select

    text = b""
    while not text.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], PATIENCE)
        read = os.read(descriptor, 16) if ready else b""
        if not read:
            return ""
        text += read
    return text.decode().strip()
