"""Finds what a Linux system lacks of the libraries that Qt and OpenGL need, by trying, not by asking for versions."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from pathlib import Path

from system_packages import Need, install, install_line, say

# Soname: the Debian package and the Arch package that bring it. (dnf finds the package by the soname itself.)
LIBRARIES = {
    "libEGL.so.1": ("libegl1", "libglvnd"),
    "libGL.so.1": ("libgl1", "libglvnd"),
    "libGLX.so.0": ("libglx0", "libglvnd"),
    "libGLdispatch.so.0": ("libglvnd0", "libglvnd"),
    "libOpenGL.so.0": ("libopengl0", "libglvnd"),
    "libX11.so.6": ("libx11-6", "libx11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libx11"),
    "libICE.so.6": ("libice6", "libice"),
    "libSM.so.6": ("libsm6", "libsm"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype2"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgobject-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libgthread-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libstdc++.so.6": ("libstdc++6", "gcc-libs"),
    "libwayland-client.so.0": ("libwayland-client0", "wayland"),
    "libwayland-cursor.so.0": ("libwayland-cursor0", "wayland"),
    "libwayland-egl.so.1": ("libwayland-egl1", "wayland"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libxcb.so.1": ("libxcb1", "libxcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-glx.so.0": ("libxcb-glx0", "libxcb"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-util.so.1": ("libxcb-util1", "xcb-util"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libz.so.1": ("zlib1g", "zlib"),
}
# Loaded by name at run time, so that no library's list of dependencies shows them.
OPENED_AT_RUN_TIME = ("libGL.so.1", "libEGL.so.1")
MESA = Need("Mesa's OpenGL drivers", "libgl1-mesa-dri libglx-mesa0 libegl-mesa0", "mesa-dri-drivers", "mesa")
FONT = Need("a font", "fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu")
POPPLER = Need("pdftoppm", "poppler-utils", "poppler-utils", "poppler")
XVFB = Need("Xvfb", "xvfb", "xorg-x11-server-Xvfb", "xorg-server-xvfb")
DRIVERS = ("usr/lib*/dri", "usr/lib/*/dri", "usr/lib64/dri", "run/opengl-driver/lib/dri")
QT_FILES = (
    "Qt/plugins/platforms/libqxcb.so",
    "Qt/plugins/xcbglintegrations/*.so",
    "Qt/lib/libQt6Gui.so.6",
    "Qt/lib/libQt6OpenGL.so.6",
    "QtWidgets*.so",
)


def ensure_libraries(pyside: Path, xvfb: bool, poppler: bool) -> None:
    """Put in what Qt lacks on this Linux system, or say the line that does, and go on.

    Parameters
    ----------
    pyside
        The folder of the installed PySide6.
    xvfb
        Whether Xvfb, a screen that nobody sees, is needed too.
    poppler
        Whether pdftoppm is, with which the tests look at PDF files.
    """
    if poppler and not shutil.which("pdftoppm"):
        install([POPPLER], "with which the tests look at PDF files")  # without it those tests are skipped
    needs = missing(pyside, xvfb)
    if not needs:
        return
    if install(needs, "which Qt needs to draw"):
        needs = missing(pyside, xvfb)
    if needs:
        names = ", ".join(need.name for need in needs)
        say(f"Qt lacks {names}; gdviz may not draw before you type: {install_line(needs)}")


def missing(pyside: Path, xvfb: bool) -> list[Need]:
    """Return what is lacking, in no case anything that is there; the parameters are those of `ensure_libraries`."""
    names = unresolved(pyside) | {name for name in OPENED_AT_RUN_TIME if not loads(name)}
    needs = [library(name) for name in sorted(names)]
    if not has_driver():
        needs.append(MESA)
    if not has_font():
        needs.append(FONT)
    if xvfb and not shutil.which("Xvfb"):
        needs.append(XVFB)
    return needs


def library(soname: str) -> Need:
    """Return the need for a shared library, with the packages that bring it as far as they are known."""
    apt, pacman = LIBRARIES.get(soname, ("", ""))
    return Need(soname, apt, f"{soname}()(64bit)", pacman)


def unresolved(pyside: Path) -> set[str]:
    """Return the sonames that the dynamic linker does not find for Qt's libraries and its X11 plugins."""
    patterns = [*QT_FILES, "Qt/plugins/platforms/libqwayland*.so"] if os.environ.get("WAYLAND_DISPLAY") else QT_FILES
    files = [str(file) for pattern in patterns for file in sorted(pyside.glob(pattern))]
    if not files or not shutil.which("ldd"):
        return set()
    done = subprocess.run(["ldd", *files], capture_output=True, text=True, errors="replace", check=False)
    return not_found(done.stdout)


def not_found(ldd_output: str) -> set[str]:
    """Return the sonames of the lines ``libX.so.1 => not found``; Qt's own libraries are not the system's."""
    lines = (line.split() for line in ldd_output.splitlines())
    names = {words[0] for words in lines if words[1:] == ["=>", "not", "found"]}
    return {name for name in names if not name.startswith(("libQt6", "libpyside6", "libshiboken6"))}


def loads(soname: str) -> bool:
    """Tell whether a shared library can be opened."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def has_driver(root: Path = Path("/")) -> bool:
    """Tell whether an OpenGL driver is there: Mesa's with its GLX part, or another vendor's."""
    if loads("libGLX_nvidia.so.0"):
        return True
    found = any(next(root.glob(f"{folder}/*_dri.so"), None) for folder in DRIVERS)
    return found and loads("libGLX_mesa.so.0") and loads("libEGL_mesa.so.0")


def has_font(root: Path = Path("/")) -> bool:
    """Tell whether there is any font that Qt can write with."""
    folders = [root / "usr/share/fonts", root / "usr/local/share/fonts", root / "run/current-system/sw/share/X11/fonts"]
    folders += [Path.home() / ".fonts", Path.home() / ".local/share/fonts"]
    suffixes = {".ttf", ".otf", ".ttc", ".pfb"}
    return any(file.suffix.lower() in suffixes for folder in folders for file in folder.rglob("*"))
