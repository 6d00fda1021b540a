"""Sessions: all that is on the screen, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdviz.objectives import Box
    from gdviz.scene.planes import PlaneRule
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
    """How an experiment is looked at.

    Attributes
    ----------
    box
        The part of the plane; None: as the paths need.
    camera
        Azimuth and elevation in degrees and distance of the surface's camera; None: the usual place.
    arrows, fan
        Whether the step's arrows (None: as usual, in the window but not in pictures) and the samples' gradients are
        shown.
    plane
        The plane through the params that is looked at, where there are more than two; None: the usual one.
    speed
        Updates a second; infinite: as fast as it goes; None: the usual speed.
    """

    box: Box | None = None
    camera: tuple[float, float, float] | None = None
    arrows: bool | None = None
    fan: bool = False
    speed: float | None = None
    plane: PlaneRule | None = None


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
