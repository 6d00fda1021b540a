"""What only some objectives have is in classes with one subject each, and anybody's own objective may have it."""

import itertools

import numpy as np
import pytest

import gdviz
from gdviz.engine import error_grid, is_compiled, original_of, prepare, preview_of
from gdviz.objectives import Compiled, Objective, OnData, PerUpdate, Scored
from gdviz.objectives.calculus import Calculus
from gdviz.objectives.on_data import require_data
from gdviz.objectives.per_update import NOTHING
from gdviz.objectives.scored import has_validation
from gdviz.texts.python import objective_script, script_of
from gdviz.training import Point

CAPABILITIES = (OnData, Scored, PerUpdate, Compiled)
RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=12)
Y = 0.3 * X - 0.2 + 0.1 * RANDOM.normal(size=12)


def own(cls):
    return {name for name in (*vars(cls), *cls.__annotations__) if not name.startswith("_")}


class Bowl(Objective):
    """By the book, with nothing that need not be there."""

    name, label, formula = "own-bowl", "Bowl", "f = ½ (x² + 4y²)"
    parameters, start, box = ("x", "y"), (1.0, -1.0), ((-2.0, 2.0), (-2.0, 2.0))

    def value(self, params):
        return 0.5 * (params[..., 0] ** 2 + 4 * params[..., 1] ** 2)

    def gradient(self, params, batch=slice(None)):
        return params * [1.0, 4.0]


class Shaken(PerUpdate, Bowl):
    """Its gradient is shaken anew for each update, x shrinks, and the sum of all gradients is carried along."""

    draws = True
    shrinkage = np.array([0.1, 0.0])
    carried = np.zeros(2)

    def gradient_in(self, params, batch, update, seed):
        return self.gradient(params) + np.random.default_rng((seed, update)).normal(0, 0.1, 2)

    def carry(self, carried, params, batch, update, seed):
        return carried + self.gradient(params)


class HeldOut(Scored, Bowl):
    """Its validation error is least at (0.5, 0), where a run passes by."""

    score_names = ("validation_error",)

    def measured(self, points, cancelled=lambda: False):
        return np.array([[self.value(point), self.validation_error(point)] for point in points])

    def validation_error(self, params, carried=None):
        return float(((params - [0.5, 0.0]) ** 2).sum())


class Line(OnData, Compiled):
    """A straight line through samples."""

    name, label, formula = "own-line", "Line", "E = Σ ½ (wx + b − y)²"
    parameters, start, box = ("w", "b"), (1.0, 1.0), ((-2.0, 2.0), (-2.0, 2.0))
    datasets, usual_data = (gdviz.objectives.DATASETS,), "sparse"

    def __init__(self, data):
        self.data, self.samples = data, len(data.X)

    @property
    def table(self):
        return np.array([self.data.X, self.data.Y])

    @classmethod
    def load(cls, name, choice=None):
        return gdviz.load_data(name)

    @classmethod
    def on(cls, data, **values):
        return cls(data)

    def with_data(self, data, standardize):
        return Line(data.standardized() if standardize else data)

    def predict(self, x, params, carried=None):
        return params[0] * x + params[1]

    def value(self, params):
        return 0.5 * ((params[..., :1] * self.data.X + params[..., 1:] - self.data.Y) ** 2).sum(-1)

    def gradient(self, params, batch=slice(None)):
        x = self.data.X[batch]
        d = params[0] * x + params[1] - self.data.Y[batch]
        return np.array([d @ x, d.sum()])

    @staticmethod
    def summand(w, b, x, y):
        d = w * x + b - y
        return 0.5 * d * d, d * x, d


LINE = Line(gdviz.objectives.Data("own", X, Y))


def trained(run):
    """Return its trajectory, which must be what the steps say."""
    trajectory, steps = gdviz.train(run), [step.params for step in gdviz.steps(run)]
    np.testing.assert_allclose(trajectory.params[1:], steps, rtol=1e-12, atol=1e-14)
    return trajectory


def test_each_capability_has_a_subject_of_its_own():
    """So their order among the bases of an objective does not matter."""
    for one, other in itertools.combinations(CAPABILITIES, 2):
        assert not own(one) & own(other)
    for cls in CAPABILITIES:
        assert cls.__mro__[1] is Objective and len(cls.__doc__.splitlines()) > 2


def test_the_core_is_small_and_answers_for_an_objective_by_the_book():
    assert len(own(Objective)) <= 11 and len(own(Calculus)) <= 8
    bowl = Bowl()
    assert (bowl.size, bowl.samples, bowl.data, bowl.score_names) == (2, 1, None, ())
    assert not (has_validation(bowl) or bowl.has_layers or isinstance(bowl, CAPABILITIES))
    trajectory = trained(gdviz.Run(bowl, gdviz.Adam(eta=0.1), updates=60))
    np.testing.assert_array_equal(trajectory.error, bowl.value(trajectory.params))
    grid = np.linspace(-1, 1, 5), np.linspace(-2, 2, 7)
    np.testing.assert_array_equal(error_grid(bowl, *grid), bowl.grid(*grid))
    assert original_of(bowl) is bowl and preview_of(bowl, bowl.box) is None
    with pytest.raises(ValueError, match=r"^own-bowl has no data$"):
        require_data(bowl)


def test_what_an_update_draws_carries_and_shrinks():
    run = gdviz.Run(Shaken(), gdviz.GradientDescent(eta=0.1), updates=30, seed=7)
    trajectory, shaken = trained(run), run.objective
    p, carried = np.array(run.start), np.zeros(2)
    for update in range(30):
        carried = carried + shaken.gradient(p)
        p = p - 0.1 * shaken.gradient_in(p, slice(None), update, 7) - 0.1 * shaken.shrinkage * p
        np.testing.assert_allclose(trajectory.params[update + 1], p, rtol=1e-12)
    np.testing.assert_allclose(trajectory.end.carried, carried, rtol=1e-12)
    assert Point.start(gdviz.Run(Bowl())).carried is NOTHING


def test_scores_are_kept_and_stop_a_run_early():
    run = gdviz.Run(HeldOut(), gdviz.GradientDescent(eta=0.05), updates=200, patience=5)
    trajectory = gdviz.train(run)
    scores = [run.objective.validation_error(point) for point in trajectory.params]
    np.testing.assert_array_equal(trajectory.scores[:, 0], scores)
    assert trajectory.result == int(np.argmin(scores)) and trajectory.last == trajectory.result + 5 < 200
    with pytest.raises(ValueError, match=r"^patience \(early stopping\) needs samples"):
        gdviz.Run(Bowl(), patience=5)


def test_own_data_and_a_formula_that_is_compiled():
    run = gdviz.Run(LINE, gdviz.Momentum(eta=0.01), sampling=gdviz.MiniBatch(5, shuffle=True), epochs=20)
    trained(run)
    surface = gdviz.Run(gdviz.Booth(), run.optimizer)
    prepare(surface)
    assert is_compiled(run) == is_compiled(surface)  # where numba is there, both are
    np.testing.assert_allclose(LINE.sample_gradients(np.ones(2)).sum(axis=0), LINE.gradient(np.ones(2)), rtol=1e-12)
    assert LINE.names_of_datasets()[0] == "sparse" and require_data(LINE) is LINE
    assert LINE.in_own_units(np.ones(2)) is None and not (LINE.is_standardized or LINE.standardizes or LINE.is_share)
    assert LINE.with_data(LINE.data, True).is_standardized


def test_an_unknown_objective_has_no_script_until_somebody_says_how_it_is_written():
    with pytest.raises(
        ValueError, match=r"^Bowl has no script: it is not known how its gradient is written in Python$"
    ):
        script_of(gdviz.Run(Bowl(), updates=5))

    class Written(Bowl):
        pass

    @objective_script.register(Written)
    def _(objective, run, library):
        return (
            f"def error(p):\n    return (p[0] ** 2 + 4 * p[1] ** 2) / 2\n\n\n"
            f"def gradient(p):\n    return p * np.array([1.0, 4.0])\n\n\nparams = np.array({list(run.start)})"
        )

    run, names = gdviz.Run(Written(), gdviz.GradientDescent(eta=0.1), updates=5), {}
    exec(script_of(run), names)
    np.testing.assert_array_equal(names["path"], gdviz.train(run).params)
