"""Sessions: all that is on the screen, as a value."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from gdviz.node import Node
from gdviz.scene import settings
from gdviz.scene.settings import setting

if TYPE_CHECKING:
    from gdviz.objectives import Box
    from gdviz.scene.planes import PlaneRule
    from gdviz.scene.settings import Axis
    from gdviz.training import Experiment

__all__ = ["Lesson", "Session", "Views"]


@dataclass(frozen=True)
class Lesson:
    """What a session teaches.

    Attributes
    ----------
    title, text
        What it is called, and what is to be seen in it.
    question, task
        What to find out, and what to try.
    """

    title: str
    text: str
    question: str = ""
    task: str = ""


@dataclass(frozen=True)
class Views:
    """How an experiment is looked at; each field says how a file keeps it.

    Attributes
    ----------
    box
        The part of the plane; None: as the paths need.
    camera
        Azimuth and elevation in degrees and distance of the surface's camera; None: the usual place.
    arrows, fan
        Whether the step's arrows (None: as usual, in the window but not in pictures) and the samples' gradients are
        shown.
    speed
        Updates a second; infinite: as fast as it goes; None: the usual speed.
    plane
        The plane through the params that is looked at, where there are more than two; None: the usual one.
    axis
        What the curves are drawn over.
    tab
        The name of the view that is in front of those that share its place; None: the usual one.
    """

    box: Box | None = setting(None, settings.box, lambda box: [list(side) for side in box])
    camera: tuple[float, float, float] | None = setting(None, settings.camera, list)
    arrows: bool | None = setting(None, Node.flag)
    fan: bool = setting(False, Node.flag)
    speed: float | None = setting(None, settings.speed, lambda speed: "fastest" if math.isinf(speed) else speed)
    plane: PlaneRule | None = setting(None, settings.plane, settings.plane_named, optional=True)
    axis: Axis = setting("update", settings.axis, optional=True)
    tab: str | None = setting(None, lambda node: node.text(40), optional=True)

    @classmethod
    def read(cls, node: Node) -> Views:
        """Return the views that a file holds, those that are missing or null being as usual."""
        node.object(*_settings())
        return cls(**{name: node.get(name, one.read, default) for name, (one, default) in _settings().items()})

    def written(self) -> dict[str, Any]:
        """Return the views as values of JSON; :meth:`read` reads them."""
        values = {name: getattr(self, name) for name in _settings()}
        return {
            name: None if values[name] is None else one.write(values[name])
            for name, (one, default) in _settings().items()
            if not one.is_optional or values[name] != default
        }


def _settings() -> dict[str, tuple[settings.Setting, Any]]:
    return {field.name: (field.metadata["setting"], field.default) for field in fields(Views)}


@dataclass(frozen=True)
class Session:
    """An experiment, the place one stands at in it, and how it is looked at.

    Attributes
    ----------
    experiment
        The runs.
    cursor, selected
        The update that is shown, and the run that is explained.
    views
        How it is looked at.
    lesson
        What it teaches; None: it is no lesson.
    open_controls
        The names of the controls that its author left open in an exercise; None: it is not locked.
    """

    experiment: Experiment
    cursor: int = 0
    selected: int = 0
    views: Views = Views()
    lesson: Lesson | None = None
    open_controls: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        """Check that the run that is selected and the update that is shown are there."""
        if not 0 <= self.selected < len(self.experiment.runs):
            raise ValueError(f"selected must be a run from 0 to {len(self.experiment.runs) - 1}, not {self.selected}")
        if not 0 <= self.cursor <= self.experiment.total:
            raise ValueError(f"cursor must be an update from 0 to {self.experiment.total}, not {self.cursor}")
