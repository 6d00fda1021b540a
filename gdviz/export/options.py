"""What an export is to look like: declared once, for the flags of the command line and the window's dialog."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gdviz.params import Declared, param
from gdviz.registry import Registry
from gdviz.stopping import unbroken

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from gdviz.views.board import Board

__all__ = ["EXPORT_OPTIONS", "ExportOption", "FilmOptions", "PictureOptions", "Shot", "view_names"]

LARGEST = 8192
"""Pixels of a side, before they are multiplied."""
PER_CM = 96 / 2.54
"""Pixels in a centimetre, as in SVG, PDF and CSS."""
LONGEST = 10.0
"""Seconds that an animation lasts where nothing else is asked for."""
MOST_FRAMES = 1_000_000


def view_names() -> tuple[str, ...]:
    """Return what a picture can show: all views, or the name of one that has a place on the board."""
    with unbroken():  # Qt for Python aborts where its import is broken off
        from gdviz.views.view import kinds_on_board
    return ("all", *(kind.name for kind in kinds_on_board()))


class ExportOption(Declared):
    """What a plug-in adds to pictures and to each frame of films: declared parameters, and what they do.

    Each parameter is a flag of ``gdviz render`` and a field of the window's dialog. At its defaults an option does
    nothing: it is not asked then. For example, a line along the lower edge::

        @EXPORT_OPTIONS
        @dataclass(frozen=True)
        class Footer(ExportOption):
            name = "footer"
            footer: str = param("", "footer", "a line along the lower edge")

            def paint(self, painter, board):
                painter.drawText(12, board.height() - 8, self.footer)
    """

    def prepare(self, board: Board) -> None:
        """Change the views, out of sight, before they are laid out and painted for the first time."""

    def paint(self, painter: QPainter, board: Board) -> None:
        """Paint over the views, in pixels of the board; the painter may be one of pixels, of SVG or of PDF."""


EXPORT_OPTIONS: Registry[type[ExportOption]] = Registry("option of exports")
"""The options that plug-ins add."""


@dataclass(frozen=True)
class PictureOptions(Declared):
    """A picture, or each frame of a film."""

    name = "picture"
    label = "Picture"

    view: str = param("all", "view", "what is drawn", choices=view_names)
    width: float = param(1280.0, "width", "in the unit below", low=1, high=LARGEST, slider=(160, 3840), flag="size")
    height: float = param(720.0, "height", "in the unit below", low=1, high=LARGEST, slider=(160, 2160), flag="size")
    unit: str = param("px", "unit", "pixels, or centimetres at 96 pixels an inch", choices=("px", "cm"), flag="size")
    scale: int = param(1, "scale", "pixels a side for each pixel, in SVG and PDF those of the surface", low=1, high=4,
                       slider=(1, 4))  # fmt: skip
    theme: str = param("light", "theme", "the colours", choices=("light", "dark"))
    transparent: bool = param(False, "transparent", "leave the background out")
    title: str = param("", "title", "a line over the picture")
    legend: bool = param(True, "legend", "say which run is which")
    session: bool = param(True, "session", "keep the session in the file, for gdviz to open")
    extras: tuple[ExportOption, ...] = ()
    """What plug-ins add, each with its values."""

    def __post_init__(self) -> None:
        """Check the size in pixels too."""
        super().__post_init__()
        if not all(160 <= side <= LARGEST for side in self.pixels):
            size = f"{self.width:g}x{self.height:g}{'cm' if self.unit == 'cm' else ''}"
            raise ValueError(f"size must be from 160 to {LARGEST} pixels a side (1 cm is 37.8), not {size}")

    def with_extras(self) -> PictureOptions:
        """Return the options with a value of every option that plug-ins add, those that were not chosen as usual."""
        values = {type(extra): extra for extra in self.extras}
        return replace(self, extras=tuple(values.get(option) or option() for option in EXPORT_OPTIONS))

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height in pixels, not yet multiplied."""
        factor = PER_CM if self.unit == "cm" else 1.0
        return round(self.width * factor), round(self.height * factor)


@dataclass(frozen=True)
class Shot:
    """One frame of a film: the update that it shows, and the degrees by which the camera has turned."""

    update: int
    turn: float = 0.0


@dataclass(frozen=True)
class FilmOptions(Declared):
    """How the race is shown over time."""

    name = "film"
    label = "Film"

    fps: float = param(30.0, "fps", "frames a second", low=0.1, high=240, slider=(1, 60))
    first: int = param(0, "from", "the first update that is shown", low=0, high=10**8, slider=(0, 1000),
                       flag="from")  # fmt: skip
    last: int = param(-1, "to", "the last update that is shown; -1: the last there is", low=-1, high=10**8,
                      slider=(-1, 1000), flag="to")  # fmt: skip
    duration: float = param(0.0, "seconds", "how long the updates take; 0: one a frame, at most 10 seconds", low=0,
                            high=3600, slider=(0, 60))  # fmt: skip
    per_frame: float = param(0.0, "updates/frame", "updates from frame to frame; 0: as the seconds have it", low=0,
                             high=1e6, slider=(0, 20), flag="updates-per-frame")  # fmt: skip
    ease: bool = param(False, "ease", "begin and end slowly")
    turn: float = param(0.0, "turn", "degrees by which the camera of the surface turns", low=-3600, high=3600,
                        slider=(-360, 360))  # fmt: skip
    hold: float = param(0.0, "hold", "seconds for which the last frame stands", low=0, high=600, slider=(0, 10))

    def shots(self, available: int, frames: int | None = None) -> list[Shot]:
        """Return what each frame shows.

        Parameters
        ----------
        available
            The last update that there is.
        frames
            The number of frames that the updates take; None: it follows from the duration.

        Returns
        -------
        shots
            One for each frame.

        Raises
        ------
        ValueError
            Where there is no such update, or there would be too many frames.
        """
        last = available if self.last < 0 else self.last
        for key, update in (("from", self.first), ("to", last)):
            if update > available:
                raise ValueError(f"{key}: there is no update {update}; the last one is {available}")
        if self.first > last:
            raise ValueError(f"from: update {self.first} comes after update {last}, where the film is to end")
        count = frames or self._count(last - self.first + 1)
        still_frames = round(self.hold * self.fps)
        if count + still_frames > MOST_FRAMES:
            raise ValueError(f"the film would have {count + still_frames} frames; at most {MOST_FRAMES} are written")
        share = np.linspace(0, 1, count) if count > 1 else np.ones(1)
        if self.per_frame > 0 and not frames and last > self.first:
            share = np.minimum(np.arange(count) * self.per_frame / (last - self.first), 1.0)
        if self.ease:
            share = share * share * (3 - 2 * share)
        updates = np.floor(self.first + share * (last - self.first) + 0.5).astype(int).tolist()
        shots = [Shot(update, self.turn * at) for update, at in zip(updates, share.tolist(), strict=True)]
        return shots + shots[-1:] * still_frames

    def _count(self, updates: int) -> int:
        if self.per_frame > 0:
            return 1 + math.ceil((updates - 1) / self.per_frame)
        if self.duration > 0:
            return max(1, round(self.duration * self.fps))
        return max(1, min(updates, round(LONGEST * self.fps)))
