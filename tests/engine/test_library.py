"""What others write goes the same way: compiled where numba takes it, by numpy where not, with the same numbers."""

import dataclasses
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import numpy as np
import pytest

import gdviz
from gdviz.engine import is_compiled, is_prepared, prepare, train_many
from gdviz.engine.interpreted import advance_in_step
from gdviz.engine.library import Loop, gradient_loop, lanes_loop, update_loop
from gdviz.training import Point
from tests.engine import outsiders
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
        truth = Steep().value(points)
    np.testing.assert_allclose(gdviz.engine.values_at(Steep(), points), truth, rtol=1e-14, atol=1e-300)


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
        outsiders.Twice(4),
        outsiders.Twice(4, shuffle=True),
        outsiders.WithoutTheRest(4),
        outsiders.WithoutTheRest(4, shuffle=True),
        outsiders.Rolled(4, offset=1),
        outsiders.Rolled(4, offset=2),
    ],
    ids=["twice", "twice-shuffled", "without", "without-shuffled", "rolled-1", "rolled-2"],
)
def test_a_sampling_of_ones_own(sampling):
    for optimizer in (gdviz.GradientDescent(0.5), gdviz.Momentum(0.1)):
        assert_as_the_reference(gdviz.Run(NEURON, optimizer, sampling=sampling, updates=60))


def test_a_race_of_samplings_that_differ_by_a_parameter():
    """The shuffled samples of one may not be served to the other."""
    runs = [gdviz.Run(NEURON, gdviz.Momentum(0.3), sampling=outsiders.Rolled(4, offset=k), updates=60) for k in (1, 2)]
    for run, trajectory in zip(runs, gdviz.engine.train_all(runs), strict=True):
        truth = [step.params for step in gdviz.steps(run)]
        np.testing.assert_allclose(trajectory.params[1:], truth, rtol=1e-11, atol=1e-13)


def test_everybody_who_asks_at_once_gets_the_same_loop():
    """Were it another, what one thread prepared the others would not see."""
    pytest.importorskip("numba")

    class Slow(gdviz.GradientDescent):
        @classmethod
        def params(cls):
            time.sleep(0.1)
            return super().params()

    together = Barrier(8)

    def ask(_):
        together.wait(10)
        loop = update_loop(Slow)
        return loop, loop.get()

    with ThreadPoolExecutor(8) as pool:
        loops, compiled = zip(*pool.map(ask, range(8)), strict=True)
    assert compiled[0] is not None and len({id(one) for one in compiled}) == 1
    assert len({id(loop) for loop in loops}) == 1 and loops[0] is update_loop(Slow)


def test_who_does_not_want_to_wait_does_not_wait_for_others_either():
    """A window asks what is there while another thread compiles something else."""
    begun, go_on = Event(), Event()

    class Long(Loop):
        def _compile(self):
            begun.set()
            go_on.wait(30)

    class Another(gdviz.GradientDescent):
        name = "another"

        @staticmethod
        def rule(g, t, eta):
            return 2 * eta * g, (), ()

    run = gdviz.Run(outsiders.Line(), Another(), updates=5)
    with ThreadPoolExecutor(2) as pool:
        compiling = pool.submit(Long("kernels.none").get)
        try:
            assert begun.wait(10)
            asking = pool.submit(lambda: (is_prepared(run), is_compiled(run), update_loop(Another).get(wait=False)))
            assert asking.result(3)[1:] == (False, None)
        finally:
            go_on.set()
        assert compiling.result(10) is None


def test_many_threads_compile_different_loops_at_once():
    pytest.importorskip("numba")
    runs = [gdviz.Run(surface, gdviz.Momentum(0.001), updates=30) for surface in (outsiders.Bowl(), gdviz.Booth())]
    with ThreadPoolExecutor(8) as pool:
        trajectories = list(pool.map(gdviz.train, runs * 4))
    assert all(is_compiled(run) for run in runs)
    for i, trajectory in enumerate(trajectories):
        np.testing.assert_array_equal(trajectory.params, trajectories[i % 2].params)


def test_who_does_not_wait_gets_what_is_there():
    pytest.importorskip("numba")

    class Fresh(gdviz.GradientDescent):
        name = "fresh"

        @staticmethod
        def rule(g, t, eta):
            return eta * g, (), ()

    run = gdviz.Run(NEURON, Fresh(), updates=20)
    assert not is_prepared(run) and update_loop(Fresh).get(wait=False) is None
    (chunk,) = gdviz.engine.advance([run], [Point.start(run)])
    assert len(chunk.params) == 20 and not is_prepared(run)
    prepare(run)
    assert update_loop(Fresh).get(wait=False) is update_loop(Fresh).get()
    assert lanes_loop(Fresh, False) is not lanes_loop(Fresh, True)
    assert gradient_loop(NEURON) is gradient_loop(gdviz.SigmoidNeuron([0.0], [1.0]))
