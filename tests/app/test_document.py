"""The document without a window: steps of undo, what is none, exercises, and where a session came from."""

from dataclasses import replace
from pathlib import Path

import pytest

import gdviz
from gdviz.app.model.document import TOGETHER, Document, Locked
from gdviz.scene.planes import TwoWeights
from gdviz.scene.session import Lesson, Session, Views


def race(**common):
    return gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), updates=120, **common)


@pytest.fixture
def document(qapp):
    """A document that notes its changes."""
    one = Document(Session(race()))
    one.changes = []
    one.changed.connect(lambda old, new: one.changes.append((old, new)))
    return one


def test_edits_of_one_thing_in_quick_succession_are_one_entry(qapp, monkeypatch):
    now = [0.0]
    monkeypatch.setattr("gdviz.app.model.document.time.monotonic", lambda: now[0])
    first = race()
    experiments = [first.with_all(seed=seed) for seed in range(1, 8)]
    document = Document(Session(first))
    for at, key, experiment in zip((0, 0.5, 1.0, 3.0, 3.1, 3.2, 3.3), "aaaabab", experiments, strict=True):
        now[0] = at * TOGETHER
        document.edit(experiment, key)
    walked = []
    while document.can_undo:
        walked.append(document.experiment)
        document.undo()
    assert walked == [experiments[i] for i in (6, 5, 4, 3, 2)]
    assert document.experiment == first


def test_every_change_is_told_once_with_what_was_there_before(document):
    before = document.version
    document.edit(race(seed=1))
    document.look(axis="epoch")
    document.undo()
    assert next(old for old, _ in document.changes) is before
    assert [new for _, new in document.changes][-1] == document.version
    pairs = zip(document.changes, document.changes[1:], strict=False)
    assert len(document.changes) == 3 and all(one[1] == other[0] for one, other in pairs)


def test_what_changes_nothing_is_not_told(document):
    views = document.session.views
    document.edit(document.experiment)
    document.look(selected=0, cursor=0, axis=views.axis, fan=views.fan)
    for index in (0, -1, 99):
        document.select(index)
    document.undo()
    document.redo()
    assert document.changes == [] and not document.can_undo


LOOKS = [
    {"box": ((0.0, 1.0), (2.0, 3.0))},
    {"camera": (10.0, 40.0, 6.0)},
    {"arrows": False},
    {"fan": True},
    {"speed": 7.0},
    {"plane": TwoWeights(1, 2)},
    {"axis": "time"},
    {"tab": "layers"},
    {"selected": 3},
    {"cursor": 60},
]


@pytest.mark.parametrize("look", LOOKS, ids=[next(iter(look)) for look in LOOKS])
def test_how_it_is_looked_at_is_no_step_of_undo(document, look):
    document.edit(race(seed=1))
    document.look(**look)
    assert document.changes[-1][1] == document.version
    document.undo()
    assert document.experiment == race() and not document.can_undo
    document.redo()
    assert document.experiment == race(seed=1)
    (name, value), session = *look.items(), document.session
    assert getattr(session.views if hasattr(session.views, name) else session, name) == value


def test_undo_keeps_the_views_within_an_opening_and_brings_them_back_with_another(document):
    document.look(axis="epoch", cursor=30)
    document.open(Session(race(seed=2), 5, views=Views(axis="time", arrows=False)))
    document.edit(race(seed=3))
    document.look(fan=True, cursor=9)
    document.undo()
    assert (document.session.views.axis, document.session.views.fan, document.session.cursor) == ("time", True, 9)
    document.undo()
    assert (document.session.views.axis, document.session.views.fan, document.session.cursor) == ("epoch", False, 30)
    document.redo()
    assert (document.session.views.axis, document.session.views.fan) == ("time", True)


def test_another_objective_begins_at_its_start(document):
    document.look(cursor=30)
    document.edit(gdviz.lecture_race(gdviz.Booth(), updates=120))
    assert document.session.cursor == 0
    document.look(cursor=10)
    document.undo()
    assert document.session.cursor == 0 and document.experiment == race()


def test_a_race_with_fewer_updates_stands_at_its_last(document):
    document.look(cursor=120)
    document.edit(race().with_each(lambda run: replace(run, updates=50)))
    assert document.session.cursor == 50
    document.edit(replace(document.experiment, runs=document.experiment.runs[:2], looks=document.experiment.looks[:2]))
    assert document.selected == 0


def test_a_file_is_that_of_all_that_came_of_its_opening(document):
    first, other = Path("first.gdviz"), Path("other.gdviz")
    document.edit(race(seed=1))
    document.name(first)
    assert document.path == first
    document.open(Session(race(seed=2)))
    assert document.path is None
    document.name(other)
    document.edit(race(seed=3))
    assert document.path == other
    document.undo()
    document.undo()
    assert document.path == first
    document.undo()
    assert document.path == first
    assert len({new.origin.number for _, new in document.changes}) == 2


def test_the_same_session_opened_twice_is_two_openings(document):
    session = document.session
    document.open(session)
    assert document.can_undo and not document.changes[-1][1].is_of(document.changes[-1][0])


def test_a_window_says_what_is_as_usual(document):
    assert (document.session.views.arrows, document.session.views.speed) == (True, 30.0)
    document.look(speed=5.0)
    document.open(Session(race()))
    assert (document.session.views.arrows, document.session.views.speed) == (True, 5.0)
    document.open(Session(race(), views=Views(arrows=False, speed=2.0)))
    assert (document.session.views.arrows, document.session.views.speed) == (False, 2.0)


def test_a_lesson_that_is_put_away_does_not_come_back(document):
    document.open(Session(race(), lesson=Lesson("A lesson", "What is to be seen.")))
    document.edit(race(seed=1))
    document.close_lesson()
    assert document.session.lesson is None
    document.undo()
    assert document.session.lesson is None


def test_an_exercise_refuses_what_is_not_open_and_nothing_changes(document):
    document.open(Session(race(), open_controls=("eta",)))
    before, changes = document.version, len(document.changes)
    with pytest.raises(Locked, match="leaves open: eta"):
        document.edit(race(seed=1))
    assert document.version is before and len(document.changes) == changes
    run = document.experiment.runs[0]
    document.edit(document.experiment.with_run(0, optimizer=replace(run.optimizer, eta=0.123)))
    assert document.experiment.runs[0].optimizer.eta == 0.123
