"""Whose turn it is: the conversation between edits, trajectories and painting as one state machine.

A hand on a slider edits faster than anything is computed, and a race is computed faster than it is painted. So a frame
is made only when the last one is painted, and an edit is computed only when the picture of the edit before is painted.
The state is a pair: how the picture stands, and how the runs stand. What an event does to each:

============  ==================  ==================  ==============  ==================
picture       MOVE                ARRIVE, SHOW        TICK            PAINTED
============  ==================  ==================  ==============  ==================
FRESH         DUE                 PAINTING: draw      FRESH: go on    FRESH: go on
DUE           DUE                 PAINTING: draw      PAINTING: draw  DUE: go on
PAINTING      BEHIND              PAINTING: draw      PAINTING        FRESH: go on
BEHIND        BEHIND              PAINTING: draw      BEHIND          DUE: go on
============  ==================  ==================  ==============  ==================

============  ==============================================  =======  =======  =======  ==================
runs          EDIT                                            BEGIN    AWAIT    ARRIVE   PAINTED
============  ==============================================  =======  =======  =======  ==================
THERE         THERE: compute; while it is painted LATE        THERE    AWAITED  THERE    THERE
AWAITED       LATE                                            THERE    AWAITED  THERE    AWAITED
LATE          LATE                                            THERE    LATE     LATE     THERE: compute
============  ==============================================  =======  =======  =======  ==================

Where PAINTED finds a late edit, it is computed, and the workers go on with that; nothing else is to be done.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import NamedTuple

__all__ = ["Action", "Event", "Picture", "Runs", "State", "Turns", "after"]


class Picture(Enum):
    """How the picture stands: it shows all there is, or something newer is due; and whether it is being painted."""

    FRESH = auto()
    DUE = auto()
    PAINTING = auto()
    BEHIND = auto()


class Runs(Enum):
    """How the runs stand: those of the last edit are there, nothing of them is there yet, or an edit waits."""

    THERE = auto()
    AWAITED = auto()
    LATE = auto()


class Event(Enum):
    """What happens."""

    EDIT = auto()
    """An edit may be followed by another at once, as of a slider; others are computed at once."""
    BEGIN = auto()
    """The newest edit is being computed."""
    AWAIT = auto()
    """Trajectories are to be replaced once something of the new ones is there."""
    ARRIVE = auto()
    """Something of new trajectories is there."""
    MOVE = auto()
    """The next picture is another one: the cursor moved, or a path grew that is in view."""
    SHOW = auto()
    """A frame is to be seen at once: another run or plane was chosen."""
    TICK = auto()
    """It is time for a frame."""
    PAINTED = auto()
    """Every view has painted the newest frame."""


class Action(Enum):
    """What is to be done now."""

    WAIT = auto()
    DRAW = auto()
    COMPUTE = auto()
    GO_ON = auto()


class State(NamedTuple):
    """How the picture and the runs stand."""

    picture: Picture = Picture.FRESH
    runs: Runs = Runs.THERE

    @property
    def is_painting(self) -> bool:
        """Whether a frame is being painted."""
        return self.picture in (Picture.PAINTING, Picture.BEHIND)


MOVED = {Picture.FRESH: Picture.DUE, Picture.PAINTING: Picture.BEHIND}
TICKED = {Picture.FRESH: Action.GO_ON, Picture.DUE: Action.DRAW}
PAINTED = {Picture.PAINTING: Picture.FRESH, Picture.BEHIND: Picture.DUE}


def after(state: State, event: Event) -> tuple[State, Action]:
    """Return the state after an event, and what is to be done."""
    picture, runs = state
    match event:
        case Event.EDIT if state.is_painting or runs is not Runs.THERE:
            return State(picture, Runs.LATE), Action.WAIT
        case Event.EDIT:
            return state, Action.COMPUTE
        case Event.BEGIN:
            return State(picture, Runs.THERE), Action.WAIT
        case Event.AWAIT:
            return State(picture, Runs.LATE if runs is Runs.LATE else Runs.AWAITED), Action.WAIT
        case Event.ARRIVE:
            return State(Picture.PAINTING, Runs.LATE if runs is Runs.LATE else Runs.THERE), Action.DRAW
        case Event.MOVE:
            return State(MOVED.get(picture, picture), runs), Action.WAIT
        case Event.SHOW:
            return State(Picture.PAINTING, runs), Action.DRAW
        case Event.TICK:
            action = TICKED.get(picture, Action.WAIT)
            return State(Picture.PAINTING if action is Action.DRAW else picture, runs), action
        case Event.PAINTED:
            is_late = runs is Runs.LATE
            now = State(PAINTED.get(picture, picture), Runs.THERE if is_late else runs)
            return now, Action.COMPUTE if is_late else Action.GO_ON


class Turns:
    """The state as it is now."""

    def __init__(self) -> None:
        self.state = State()

    def take(self, event: Event) -> Action:
        """Go to the state after an event and return what is to be done."""
        self.state, action = after(self.state, event)
        return action

    @property
    def is_late(self) -> bool:
        """Whether an edit waits until the picture before it is painted."""
        return self.state.runs is Runs.LATE

    @property
    def is_settled(self) -> bool:
        """Whether what is shown is up to date and painted."""
        return self.state == State()
