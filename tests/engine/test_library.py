"""What others write goes the same way: compiled where numba takes it, by numpy where not, with the same numbers."""

import dataclasses
import warnings

import numpy as np
import pytest

import gdviz
from gdviz.engine import is_compiled, is_prepared, prepare, train_many
from gdviz.engine.interpreted import advance_in_step
from gdviz.training import Point
from tests.engine import outside_samplings, outsiders
from tests.engine.outsiders import NEURON

SHUFFLED = gdviz.MiniBatch(4, shuffle=True)


def assert_as_the_reference(run):
    """Train in every way there is; what is trained must be what the steps say."""
    with np.errstate(all="ignore"):
        truth = np.array([step.params for step in gdviz.steps(run)]).reshape(-1, len(run.start))
    (chunk,) = advance_in_step([run], [Point.start(run)], run.total)
    trajectory = gdviz.train(run)
    for params, reason in ((chunk.params, chunk.diverged), (trajectory.params[1:], trajectory.diverged)):
        assert params.shape == truth.shape and bool(reason) == (len(truth) < run.total)
        np.testing.assert_allclose(params, truth, rtol=1e-11, atol=1e-13)
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(trajectory.error, run.objective.value(trajectory.params), rtol=1e-12)
    return trajectory


@pytest.mark.parametrize("optimizer", [outsiders.Plain(), outsiders.Looking()], ids=lambda rule: rule.name)
def test_a_rule_by_the_book_is_compiled(optimizer):
    pytest.importorskip("numba")
    run = gdviz.Run(NEURON, optimizer, sampling=SHUFFLED, updates=60)
    prepare(run)
    assert is_compiled(run) and is_prepared(run)
    assert_as_the_reference(run)


@pytest.mark.parametrize("optimizer", [outsiders.Copying(), outsiders.Configured()], ids=lambda rule: rule.name)
def test_a_rule_that_numba_refuses_goes_by_numpy(optimizer):
    run = gdviz.Run(NEURON, optimizer, sampling=SHUFFLED, updates=60)
    assert_as_the_reference(run)
    assert is_prepared(run) and not is_compiled(run)


@pytest.mark.parametrize(
    "optimizer",
    [
        outsiders.Flagged(),
        outsiders.Flagged(backwards=False),
        outsiders.Identical(),
        outsiders.Identical(backwards=False),
        outsiders.Worded(),
        outsiders.Worded(kind="short"),
        outsiders.Counting(times=2),
    ],
    ids=lambda rule: f"{rule.name}-{list(rule.values().values())[-1]}",
)
def test_hyperparameters_of_every_type_reach_the_rule_as_they_are(optimizer):
    run = gdviz.Run(NEURON, optimizer, sampling=SHUFFLED, updates=60)
    assert_as_the_reference(run)


@pytest.mark.parametrize(
    "rule",
    [
        outsiders.Worded(kind="long"),
        outsiders.Worded(kind="short"),
        outsiders.Identical(),
        outsiders.Identical(backwards=False),
        outsiders.Counting(times=2),
    ],
    ids=lambda rule: f"{rule.name}-{list(rule.values().values())[-1]}",
)
def test_hyperparameters_of_every_type_reach_the_rule_of_many_runs(rule):
    starts = [(0.5, 1.0), (-2.0, -2.0), (1.0, 0.0)]
    ends = [gdviz.train(gdviz.Run(NEURON, rule, start, updates=20)).params[-1] for start in starts]
    np.testing.assert_allclose(train_many(NEURON, rule, starts, 20).params, ends, rtol=1e-11)
    etas = [0.1, 0.05, 0.02]
    rules = [dataclasses.replace(rule, eta=eta) for eta in etas]
    ends = [
        gdviz.train(gdviz.Run(NEURON, one, at, updates=20)).params[-1] for one, at in zip(rules, starts, strict=True)
    ]
    np.testing.assert_allclose(train_many(NEURON, rule, starts, 20, varied={"eta": etas}).params, ends, rtol=1e-11)


def test_trying_to_compile_prints_no_warning():
    """Numba calls some of what it takes an experiment; who trains did not ask."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert_as_the_reference(gdviz.Run(NEURON, outsiders.Asking(), updates=5))
    assert [str(warning.message) for warning in caught] == []


@pytest.mark.parametrize("optimizer", [outsiders.Rooted(), outsiders.Dividing()], ids=lambda rule: rule.name)
def test_what_plain_numbers_refuse_is_what_arrays_answer(optimizer):
    """Powers of negative numbers and divisions by 0 are NaN in arrays; in Python's own numbers they are not."""
    for start in ((0.5, 1.0), (-2.0, -2.0), (-2.0, 3.0), (3.0, -1.0)):
        assert_as_the_reference(gdviz.Run(NEURON, optimizer, start, updates=20))


@pytest.mark.parametrize("sampling", [gdviz.Batch(), SHUFFLED], ids=["batch", "minibatch"])
def test_memories_that_are_no_numbers_and_hyperparameters_that_hang_together(sampling):
    schedule = gdviz.InverseDecay(0.1)
    for optimizer in (outsiders.Rooting(), outsiders.Coupled()):
        assert_as_the_reference(gdviz.Run(NEURON, optimizer, sampling=sampling, schedule=schedule, updates=40))


def test_a_reduction_of_ones_own():
    doubled = outsiders.Doubled(NEURON.X, NEURON.Y)
    for optimizer in (gdviz.GradientDescent(0.5), gdviz.Momentum(0.1)):
        assert_as_the_reference(gdviz.Run(doubled, optimizer, sampling=SHUFFLED, updates=40))


def test_a_surface_whose_exponential_is_infinite():
    """Where numpy says ∞ or 0 the compiled loop says so too."""

    class Steep(gdviz.objectives.Surface):
        name = "steep"
        usual_box, usual_start, minima = ((-5.0, 5.0), (-5.0, 5.0)), (1.0, 1.0), ()

        @staticmethod
        def f(x, y):
            return gdviz.elementary.exp(x) + y * y

        @staticmethod
        def df(x, y):
            return gdviz.elementary.exp(x), 2 * y

    points = np.array([[709.0, 0.0], [710.0, 0.0], [800.0, 0.0], [-708.5, 0.0], [-800.0, 0.0], [1.0, 2.0]])
    gdviz.engine.prepare(gdviz.Run(Steep()))
    with np.errstate(over="ignore"):
        values, truth = gdviz.engine.values_at(Steep(), points), Steep().value(points)
    np.testing.assert_allclose(values, truth, rtol=1e-14, atol=1e-300)


def test_a_rule_without_a_module_is_no_trouble():
    """As one that a notebook or a teacher's tool made of text."""
    names = {"__builtins__": {}}
    exec("def rule(g, t, eta):\n    return eta * g, (), ()\n", names)
    members = {"name": "typed", "rule": staticmethod(names["rule"])}
    typed = type("Typed", (gdviz.GradientDescent,), members)
    assert names["rule"].__module__ is None
    assert_as_the_reference(gdviz.Run(NEURON, typed(0.1), updates=20))


@pytest.mark.parametrize("surface", [outsiders.Bowl(), outsiders.WordedBowl(), outsiders.WordedBowl(kind="flat")])
def test_a_surface_of_ones_own(surface):
    run = gdviz.Run(surface, gdviz.Momentum(0.01), updates=60)
    assert_as_the_reference(run)
    if type(surface) is outsiders.Bowl:
        pytest.importorskip("numba")
        assert is_compiled(run)


@pytest.mark.parametrize("objective", [outsiders.Point(), outsiders.Line()], ids=lambda objective: objective.name)
def test_an_objective_without_a_summand_goes_by_numpy(objective):
    for sampling in (gdviz.Batch(), SHUFFLED):
        run = gdviz.Run(objective, gdviz.AdamW(0.1), sampling=sampling, updates=60)
        assert_as_the_reference(run)
        assert not is_compiled(run)


def test_an_objective_may_know_its_parameters_late():
    class Late(outsiders.Line):
        parameters = property(lambda self: ("w", "b"))

    assert_as_the_reference(gdviz.Run(Late(), gdviz.Adam(0.1), updates=20))


def unwritable(rows):
    table = np.array(rows)
    table.flags.writeable = False
    return table


TABLES = {
    "as documented": np.array,
    "columns side by side": lambda rows: np.column_stack(rows).T,
    "read-only": unwritable,
    "another byte order": lambda rows: np.array(rows, ">f8"),
    "rows of another table": lambda rows: np.array([rows[0], rows[0], rows[1]])[::2],
}


@pytest.mark.parametrize("made", TABLES.values(), ids=TABLES)
def test_an_objective_with_a_summand_is_compiled_however_its_table_lies_in_memory(made):
    objective = outsiders.SummedLine(made)
    for sampling in (gdviz.Batch(), SHUFFLED):
        assert_as_the_reference(gdviz.Run(objective, gdviz.Adam(0.1), sampling=sampling, updates=60))
    starts = [(0.0, 1.0), (2.0, 1.0)]
    many = train_many(objective, gdviz.Adam(0.1), starts, 20).params
    truth = [
        gdviz.train(gdviz.Run(outsiders.Line(), gdviz.Adam(0.1), start, updates=20)).params[-1] for start in starts
    ]
    np.testing.assert_allclose(many, truth, rtol=1e-11)


@pytest.mark.parametrize(
    "objective", [outsiders.Elsewhere(), outsiders.Pulled(NEURON.X, NEURON.Y)], ids=["surface", "neuron"]
)
def test_an_objective_that_changes_one_of_gdvizs_is_not_taken_for_it(objective):
    assert_as_the_reference(gdviz.Run(objective, gdviz.Momentum(0.01), updates=60))
    a, b = np.linspace(-3, 3, 40), np.linspace(-2, 2, 50)
    truth = objective.value(np.stack(np.meshgrid(a, b, indexing="ij"), axis=-1))
    np.testing.assert_allclose(gdviz.error_grid(objective, a, b), truth, atol=1e-9 * truth.max())


@pytest.mark.parametrize(
    "sampling",
    [
        outside_samplings.Twice(4),
        outside_samplings.Twice(4, shuffle=True),
        outside_samplings.WithoutTheRest(4),
        outside_samplings.WithoutTheRest(4, shuffle=True),
        outside_samplings.Rolled(4, offset=1),
        outside_samplings.Rolled(4, offset=2),
    ],
    ids=["twice", "twice-shuffled", "without", "without-shuffled", "rolled-1", "rolled-2"],
)
def test_a_sampling_of_ones_own(sampling):
    for optimizer in (gdviz.GradientDescent(0.5), gdviz.Momentum(0.1)):
        assert_as_the_reference(gdviz.Run(NEURON, optimizer, sampling=sampling, updates=60))


def test_a_race_of_samplings_that_differ_by_a_parameter():
    """The shuffled samples of one may not be served to the other."""
    samplings = [outside_samplings.Rolled(4, offset=k) for k in (1, 2)]
    runs = [gdviz.Run(NEURON, gdviz.Momentum(0.3), sampling=sampling, updates=60) for sampling in samplings]
    for run, trajectory in zip(runs, gdviz.engine.train_all(runs), strict=True):
        truth = [step.params for step in gdviz.steps(run)]
        np.testing.assert_allclose(trajectory.params[1:], truth, rtol=1e-11, atol=1e-13)
