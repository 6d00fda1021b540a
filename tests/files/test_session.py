"""Sessions come back as they went, and what is wrong with one is said in a sentence that says where."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gdviz
from gdviz.files import open_session, read_session, save_session, write_session
from gdviz.objectives import Data
from gdviz.objectives.scored import has_validation
from gdviz.optimizers import OPTIMIZERS
from gdviz.scene.planes import PLANES, RandomDirections, TwoWeights
from gdviz.scene.session import Lesson, Session, Views
from gdviz.training import SCHEDULES, STRATEGIES, Experiment, usual
from gdviz.training.experiment import Look
from tests.surfaces import SURFACES
from tests.texts.networks import networks

finite = st.floats(-1e6, 1e6)


@st.composite
def objectives(draw):
    kind = draw(st.sampled_from(["surface", "network", "neuron"]))
    if kind != "neuron":
        return draw(networks()) if kind == "network" else draw(st.sampled_from(SURFACES))()
    samples = draw(st.integers(1, 8))
    column = st.lists(finite, min_size=samples, max_size=samples)
    labels = draw(st.tuples(st.text("xyz µ°", max_size=5), st.text(max_size=5, alphabet="abc")))
    data = Data("noisy", np.array(draw(column)), np.array(draw(column)), *labels, is_standardized=draw(st.booleans()))
    return gdviz.SigmoidNeuron.on(data)


@st.composite
def sessions(draw):
    objective = draw(objectives())
    runs, looks = [], []
    for _ in range(draw(st.integers(1, 4))):
        optimizer = usual(draw(st.sampled_from(OPTIMIZERS)), objective)
        run = gdviz.Run(
            objective,
            replace(optimizer, eta=draw(st.floats(1e-9, 10))),
            sampling=draw(st.sampled_from(STRATEGIES))(),
            schedule=draw(st.sampled_from(SCHEDULES))(),
            reduction=draw(st.sampled_from(["lecture", "sum", "mean"])),
            epochs=draw(st.integers(1, 500)),
            updates=draw(st.none() | st.integers(1, 500)),
            seed=draw(st.integers(0, 2**63)),
            patience=draw(st.integers(0, 50)) if has_validation(objective) else 0,
        )
        for _ in range(draw(st.integers(0, 2))):
            run = run.forked_at(draw(st.integers(1, run.total)))
        runs.append(run)
        looks.append(Look(draw(st.integers(0, 40)), draw(st.text("abc éµ", max_size=10)), draw(st.booleans())))
    experiment = Experiment(tuple(runs), tuple(looks))
    views = Views(
        draw(st.none() | st.just(((-1.5, 2.25), (0.1, 0.3)))),
        draw(st.none() | st.tuples(st.floats(-360, 360), st.floats(5, 89), st.floats(2.5, 15))),
        *draw(st.tuples(st.booleans(), st.booleans())),
        draw(st.none() | st.just(math.inf) | st.floats(0.1, 1e6)),
        draw(st.none() | st.sampled_from([cls() for cls in PLANES] + [TwoWeights(3, -2), RandomDirections(7)])),
    )
    return Session(
        experiment,
        draw(st.integers(0, experiment.total)),
        draw(st.integers(0, len(runs) - 1)),
        views,
        draw(st.none() | st.builds(Lesson, *[st.text("ab <é\n", max_size=20)] * 4)),
        draw(st.none() | st.lists(st.sampled_from(["eta", "optimizer"]), max_size=2).map(tuple)),
    )


@settings(max_examples=150, deadline=None)
@given(sessions())
def test_a_session_comes_back_as_it_went(session):
    assert read_session(write_session(session)) == session


def test_a_file_comes_back_as_it_went_and_a_bad_name_is_refused(tmp_path):
    session = Session(gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("oring").standardized())), 40, 3)
    path = tmp_path / "sitzung mit ü.gdviz"
    save_session(session, path)
    assert open_session(path) == session
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]
    with pytest.raises(ValueError, match=r"must end in \.gdviz"):
        save_session(session, tmp_path / "session.json")


PLAIN = json.loads(write_session(Session(gdviz.lecture_race(gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9])))))


def changed(path, value):
    copy = json.loads(json.dumps(PLAIN))
    *way, last = path
    at = copy
    for key in way:
        at = at[key]
    if value is Ellipsis:
        del at[last]
    else:
        at[last] = value
    return json.dumps(copy)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1, column 1: not JSON"),
        ("[1]", "the file must be an object"),
        ("{}", '"format" must be "gdviz"'),
        (b"\xff\xfe{}", "not UTF-8 text"),
        ("[" * 100_000, "too deep"),
        ("[" * 300_000, "more than 200000 lists"),
        ('{"format": "gdviz", "version": 1, "cursor": NaN}', "NaN is not a number"),
        ('{"format": "gdviz", "version": 1' + "1" * 5000 + "}", "a number of 5001 digits is none"),
        (changed(["version"], 2), "version 2 of the format is not known here; version 1 is"),
        (changed(["version"], "1"), "version must be a finite number, not '1'"),
        (changed(["colour"], 2), "the file has no key 'colour'"),
        (changed(["objective"], ...), "the file lacks the key 'objective'"),
        (changed(["objective", "name"], "neurone"), "objective: unknown objective 'neurone'; did you mean neuron"),
        (changed(["objective", "data", "x"], [0.5]), "objective.data: x and y must have one length"),
        (changed(["objective", "data", "x"], [0.5, "a"]), r"objective.data.x\[1\] must be a finite number, not 'a'"),
        (changed(["objective", "data", "x"], [0.5, 10**400]), r"x\[1\] must be a finite number, not a number that lar"),
        (changed(["objective", "data", "name"], "a\x1bb"), "data.name must be a text without control characters"),
        (changed(["runs"], []), "at least one run"),
        (changed(["runs"], {}), "runs must be a list of at most 100 elements, not an object"),
        (changed(["runs", 2, "optimizer", "eta"], -1), r"runs\[2\].optimizer: nag: eta must be a number >= 0, not -1"),
        (changed(["runs", 2, "optimizer", "eta"], None), r"runs\[2\].optimizer: nag: eta must be a number >= 0"),
        (changed(["runs", 2, "optimizer", "__class__"], 1), "has no key '__class__'"),
        (changed(["runs", 1, "reduction"], "x"), r"runs\[1\]: reduction must be one of"),
        (changed(["runs", 1, "epochs"], True), r"runs\[1\].epochs must be a finite number, not true"),
        (changed(["runs", 1, "start"], [0]), r"runs\[1\]: start must be 2 finite numbers"),
        (changed(["runs", 1, "look", "title"], "x" * 500), "title must be a text of at most 200 characters"),
        (changed(["cursor"], 10**9), "cursor must be a whole number from 0 to 100000000"),
        (changed(["cursor"], 301), "cursor must be an update from 0 to 300, not 301"),
        (changed(["selected"], 6), "selected must be a run from 0 to 5, not 6"),
        (changed(["views", "box"], [[1, 0], [0, 1]]), "views.box must be two pairs of numbers, the lower first"),
        (changed(["views", "camera"], [0, 0, 0]), "views.camera must be an azimuth"),
        (changed(["views", "speed"], "slow"), "views.speed must be a finite number, not 'slow'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text, sentence):
    with pytest.raises(ValueError, match=sentence) as refused:
        read_session(text)
    assert "\n" not in str(refused.value) and len(str(refused.value)) < 400


def test_forks_are_only_so_deep():
    run = {**PLAIN["runs"][0]}
    del run["look"]
    for _ in range(30):
        run = {**run, "fork": {"run": run, "update": 1}}
    with pytest.raises(ValueError, match="more than 20 deep"):
        read_session(json.dumps({**PLAIN, "runs": [run]}))


def test_what_is_not_the_programs_own_is_not_saved():
    class Mine(gdviz.GradientDescent):
        name = "mine"

    with pytest.raises(ValueError, match="the program's own optimizers only, not Mine"):
        write_session(Session(Experiment((gdviz.Run(gdviz.Booth(), Mine(0.1)),))))
