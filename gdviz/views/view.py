"""What a view is, and the table of the kinds of views.

A view is a widget that is told what to draw: a theme, a frame, an error surface. It never asks for anything. A kind of
view is described once, above its class, and so registered::

    @ViewKind("pace", title="Pace", about="<b>The pace.</b> ...", alt="The length of each step", place=Place(1, 1))
    class PaceView(Plot):
        ...

The board, the docks, the exports, the command line, the help and the texts for those who cannot see loop over
:data:`VIEWS`, so nothing else is to be written for it. What only some views have are small protocols, such as
:class:`ShowsTerrain`: a view that has the methods takes part.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeVar, cast, runtime_checkable

from gdviz.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QWidget

    from gdviz.objectives import Box, Objective
    from gdviz.scene.frame import Frame
    from gdviz.scene.settings import Axis
    from gdviz.scene.terrain import Terrain
    from gdviz.views.camera import Camera
    from gdviz.views.theme import Theme

__all__ = [
    "VIEWS",
    "Dock",
    "HasAxis",
    "HasBox",
    "HasCamera",
    "HasPixels",
    "LightsStages",
    "Place",
    "ShowsArrows",
    "ShowsFan",
    "ShowsTerrain",
    "TellsStage",
    "View",
    "ViewKind",
    "kinds_on_board",
    "widget_of",
]


class View(Protocol):
    """What every view does; it is a QWidget that is made from a theme."""

    def show_frame(self, frame: Frame) -> None:
        """Draw the runs at the frame's cursor from now on."""

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""

    def paint_on(self, painter: QPainter, vector: bool = False) -> None:
        """Paint the view with any painter; `vector`: as lines and text, for SVG and PDF."""


def widget_of(view: View) -> QWidget:
    """Return a view as the widget that it is."""
    return cast("QWidget", view)


# -- what only some views have


@runtime_checkable
class ShowsTerrain(Protocol):
    """A view of the error surface."""

    def show_terrain(self, terrain: Terrain | None) -> None:
        """Draw the error surface; None: there is none yet."""


@runtime_checkable
class ShowsArrows(Protocol):
    """A view that draws what the selected run's step is made of."""

    def show_arrows(self, are_shown: bool) -> None:
        """Draw the arrows of the step, or hide them."""


@runtime_checkable
class ShowsFan(Protocol):
    """A view that draws the gradient of each sample."""

    def show_fan(self, is_shown: bool) -> None:
        """Draw the gradient of each sample beside that of the batch, or hide them."""


@runtime_checkable
class HasAxis(Protocol):
    """A view of something over updates, epochs or time."""

    def show_axis(self, axis: Axis) -> None:
        """Draw the curves over updates, epochs or time."""


@runtime_checkable
class HasBox(Protocol):
    """A view of a part of the plane."""

    def box(self) -> Box:
        """Return the part of the plane that is in view."""

    def show_box(self, box: Box) -> None:
        """Bring a part of the plane into view."""


@runtime_checkable
class HasCamera(Protocol):
    """A view in perspective."""

    camera: Camera

    def set_camera(self, camera: Camera) -> None:
        """Look from elsewhere."""


@runtime_checkable
class HasPixels(Protocol):
    """A view that puts a picture into SVG and PDF, because it cannot be drawn as lines."""

    vector_ratio: float
    """The number of the picture's pixels for each pixel of the view, along a side."""


@runtime_checkable
class LightsStages(Protocol):
    """A view in which a stage of the step can stand out."""

    def light(self, stage: str) -> None:
        """Let what belongs to a stage stand out; empty: nothing."""


@runtime_checkable
class TellsStage(Protocol):
    """A view that tells which stage of the step is under the mouse."""

    stage_lit: SignalInstance


# -- kinds of views


@dataclass(frozen=True)
class Place:
    """Where a view stands on the board; views of one place stand side by side in it.

    Attributes
    ----------
    column
        From 0, the left one.
    row
        Of the column, from 0, the upper one.
    """

    column: int
    row: int


@dataclass(frozen=True)
class Dock:
    """A place beside the board, in the window only.

    Attributes
    ----------
    scrolls
        Whether the view may be higher than the dock, which then scrolls.
    """

    scrolls: bool = False


def _any_objective(objective: Objective) -> bool:
    return True


def _no_view(theme: Theme) -> View:
    raise TypeError("a kind of view has to decorate the class that makes its views")


V = TypeVar("V", bound="Callable[[Theme], View]")


@dataclass(frozen=True)
class ViewKind:
    """A kind of view, and the decorator that registers it: see the example above.

    Attributes
    ----------
    name
        As flags have it: ``contour``.
    title
        Over its dock, in the View menu, and where views are listed for people.
    about
        The answer to "What is this?", as markup.
    alt
        What a picture of it shows, for those who cannot see it: a clause without a full stop.
    place
        Where it stands on the board; None: pictures do not have it.
    dock
        The dock that has it in the window; None: it stands on the board there too.
    is_for
        Whether it has something to show of an objective; by default of every one.
    alt_of_networks
        `alt` where the objective has layers; empty: the same.
    needs_opengl
        Whether it is left out where there is no OpenGL.
    instead
        Then, what to ask for in its place: the end of a sentence.
    explains
        Whether a picture of it may be asked to explain a run's step.
    make
        Makes a view in the colours of a theme: the class that is decorated.
    """

    name: str
    title: str
    about: str
    alt: str
    place: Place | None = None
    dock: Dock | None = None
    is_for: Callable[[Objective], bool] = _any_objective
    alt_of_networks: str = ""
    needs_opengl: bool = False
    instead: str = ""
    explains: bool = True
    make: Callable[[Theme], View] = _no_view

    def __post_init__(self) -> None:
        """Check that it stands somewhere."""
        if self.place is None and self.dock is None:
            raise ValueError(f"the view {self.name} needs a place on the board or a dock")

    def __call__(self, make: V) -> V:
        """Register what makes the views of this kind, and return it.

        Raises
        ------
        ValueError
            Where there is a kind of that name.
        """
        VIEWS(replace(self, make=make))
        return make

    def alt_for(self, objective: Objective) -> str:
        """Return what a picture of it shows of an objective."""
        return self.alt_of_networks if self.alt_of_networks and objective.has_layers else self.alt


VIEWS: Registry[ViewKind] = Registry("view")
"""The kinds of views, in the order in which they are listed, painted and written."""


def kinds_on_board() -> tuple[ViewKind, ...]:
    """Return the kinds that have a place on the board: what pictures are made of."""
    return tuple(kind for kind in VIEWS if kind.place is not None)
