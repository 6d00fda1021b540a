"""Runs keep their looks whatever happens to the list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gdviz
from gdviz.optimizers import LECTURE, OPTIMIZERS, lecture_values, paper_values
from gdviz.training import Experiment
from gdviz.training.experiment import Look

NEURON = gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
RACE = gdviz.lecture_race(NEURON, updates=5)
RUN = gdviz.Run(NEURON, gdviz.Lion(), updates=5)


def test_every_run_has_a_style_of_its_own():
    assert RACE.looks == tuple(Look(i) for i in range(6))
    assert RACE.titles[:2] == ("Gradient descent", "Momentum") and RACE.names[:2] == ("gd", "momentum")


def who(run):
    """What stays of a run when it shares the memory with more or fewer others."""
    return id(run.optimizer)


@given(st.lists(st.tuples(st.sampled_from("add remove move hide".split()), st.integers(0, 9), st.integers(0, 9))))
def test_who_stays_keeps_style_name_and_visibility(edits):
    race, looks = RACE, dict(zip(map(who, RACE.runs), RACE.looks, strict=True))
    kept = []  # an identity must not be given to another run
    for what, i, j in edits:
        at = i % len(race.runs)
        if what == "add":
            race = race.with_added(at, gdviz.Run(NEURON, gdviz.Lion(), updates=5))
            kept.append(race.runs[at].optimizer)
            looks[who(race.runs[at])] = race.looks[at]
        elif what == "remove" and len(race.runs) > 1:
            race = race.without(at)
        elif what == "move":
            to = j % len(race.runs)
            moved = race.runs[at]
            race = race.with_moved(at, to)
            assert race.runs[to] is moved
        elif what == "hide":
            race = race.with_look(at, hidden=True)
            looks[who(race.runs[at])] = race.looks[at]
        assert [looks[who(run)] for run in race.runs] == list(race.looks)
        assert len({look.style for look in race.looks}) == len(race.looks)


def test_solo_hides_all_others_and_shows_them_again():
    alone = RACE.with_only(2)
    assert [look.hidden for look in alone.looks] == [i != 2 for i in range(6)]
    assert alone.with_only(2) == RACE
    assert [look.hidden for look in alone.with_only(4).looks] == [i != 4 for i in range(6)]


def test_names_that_are_given_are_shown_and_made_unique():
    race = RACE.with_look(0, title="mine").with_look(3, title="mine").with_look(5, title="Momentum")
    assert race.titles == ("mine", "Momentum", "Nesterov", "mine#2", "RMSProp", "Momentum#2")
    assert race.names == RACE.names  # files are not affected


def test_settings_of_all_runs_leave_the_looks_alone():
    race = RACE.with_look(1, title="mine", hidden=True)
    assert race.with_all(start=(1.0, 1.0)).looks == race.with_run(0, optimizer=gdviz.Adam()).looks == race.looks


def test_a_race_needs_a_look_for_each_run():
    with pytest.raises(ValueError, match="a look for each of its 6 runs, not 1"):
        Experiment(RACE.runs, (Look(0),))


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_defaults_are_valid_and_papers_are_named(cls):
    lecture, paper = cls(**lecture_values(cls)), cls(**paper_values(cls))
    assert bool(lecture_values(cls)) == (cls in LECTURE) and lecture == cls()
    assert bool(cls.published) == bool(cls.source)
    assert all(getattr(paper, name) == value for name, value in cls.published)
    if cls not in LECTURE:  # who is not the lecture's has its paper's values anyway
        assert paper == cls()


def test_adams_paper_differs_from_the_lecture():
    assert gdviz.Adam().beta2 == 0.9 and gdviz.Adam(**paper_values(gdviz.Adam)).beta2 == 0.999
