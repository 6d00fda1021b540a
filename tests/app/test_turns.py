"""The state machine of edits, trajectories and painting, walked through every sequence of events."""

from itertools import product

import pytest

from gdviz.app.model import turns
from gdviz.app.model.turns import Action, Event, Picture, Runs, State, after

LENGTH = 5
PICTURES = {Picture.FRESH: False, Picture.DUE: True, Picture.PAINTING: False, Picture.BEHIND: True}
"""Whether something newer than the picture is there."""


def rows(title):
    """The rows of a table of the module's docstring, each by its columns' names."""
    lines = turns.__doc__.splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith(title))
    rule = lines[at - 1]
    starts = [i for i, sign in enumerate(rule) if sign == "=" and (i == 0 or rule[i - 1] == " ")]
    cells = [
        [line[a:b].strip() for a, b in zip(starts, [*starts[1:], None], strict=True)]
        for line in lines[at : at + 2 + len(Picture)]
        if line and not line.startswith("=")
    ]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[1:]]


ACTIONS = {"draw": Action.DRAW, "go on": Action.GO_ON, "compute": Action.COMPUTE, "": Action.WAIT}


def test_the_first_table_is_what_happens_to_the_picture():
    assert len(rows("picture")) == len(Picture)
    for row in rows("picture"):
        for events in list(row)[1:]:
            name, _, action = row[events].partition(": ")
            for event in events.split(", "):
                state, done = after(State(Picture[row["picture"]]), Event[event])
                assert (state.picture, done) == (Picture[name], ACTIONS[action]), (row, event)


def test_the_second_table_is_what_happens_to_the_runs():
    assert len(rows("runs")) == len(Runs)
    for row in rows("runs"):
        for event in list(row)[1:]:
            at_rest, _, while_painted = row[event].partition("; while it is painted ")
            name, _, action = at_rest.partition(": ")
            state, done = after(State(Picture.FRESH, Runs[row["runs"]]), Event[event])
            assert state.runs is Runs[name], (row, event)
            assert not action or done is ACTIONS[action]
            if while_painted:
                for picture in (Picture.PAINTING, Picture.BEHIND):
                    assert after(State(picture, Runs[row["runs"]]), Event[event])[0].runs is Runs[while_painted]


class Window:
    """What the machine is for, kept beside it by plain flags: a picture, an edit that is there or awaited."""

    def __init__(self):
        self.painting = self.due = self.late = False
        self.frames = self.computed = self.edits = 0

    def take(self, event, action):
        assert not (event is Event.TICK and self.painting and action is Action.DRAW), "two frames at a time"
        self.edits += event is Event.EDIT
        self.late = (self.late or (event is Event.EDIT and action is Action.WAIT)) and event is not Event.BEGIN
        if event is Event.PAINTED:
            self.painting = False
        if event is Event.MOVE:
            self.due = True
        if action is Action.DRAW:
            self.painting, self.due = True, False
        if action is Action.COMPUTE:
            self.late, self.computed = False, self.computed + 1


@pytest.mark.parametrize("first", Event)
def test_every_sequence_keeps_what_is_promised(first):
    for events in product(Event, repeat=LENGTH - 1):
        state, window = State(), Window()
        for event in (first, *events):
            state, action = after(state, event)
            window.take(event, action)
            assert state.is_painting == window.painting
            assert PICTURES[state.picture] == window.due, "a newer picture is forgotten"
            assert (state.runs is Runs.LATE) == window.late, "an edit is forgotten"
        # Whatever happened: once the trajectories arrive and all is painted, nothing is left to do.
        for event in (Event.ARRIVE, Event.PAINTED, Event.ARRIVE, Event.PAINTED, Event.TICK, Event.PAINTED):
            state, action = after(state, event)
            window.take(event, action)
        assert state == State() and not window.late
