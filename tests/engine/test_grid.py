"""Error surfaces are exact to 1e-10 of their greatest value, whether evaluated or read from a table."""

import mpmath
import numpy as np
import pytest

import gdviz
from gdviz.engine import error_grid, grid
from gdviz.engine.chebyshev import Table, nodes_needed
from gdviz.engine.library import Loop
from gdviz.objectives import SigmoidNeuron
from tests.surfaces import SURFACES

RANDOM = np.random.default_rng(11)
DIGITS = 1e-10
ORING = SigmoidNeuron.on(gdviz.load_data("oring").standardized())


def neuron(scale=1.0, samples=40, labels=False, seed=0):
    random = np.random.default_rng(seed)
    X = scale * random.normal(size=samples)
    Y = (random.uniform(size=samples) < 1 / (1 + np.exp(-X / scale))) if labels else random.uniform(-0.2, 1.2, samples)
    return SigmoidNeuron(X, np.asarray(Y, float))


def exact(neuron, w, b):
    """E(w, b) to 50 digits."""
    with mpmath.workdps(50):
        w, b = mpmath.mpf(float(w)), mpmath.mpf(float(b))
        return float(
            sum(
                (1 / (1 + mpmath.exp(-(w * x + b))) - mpmath.mpf(y)) ** 2 / 2
                for x, y in zip(map(mpmath.mpf, neuron.X.tolist()), neuron.Y.tolist(), strict=True)
            )
        )


def plain(objective, w, b):
    """The value at every pair, as anybody would write it."""
    return objective.value(np.stack(np.meshgrid(w, b, indexing="ij"), axis=-1))


def assert_exact(neuron, w, b, values, count=25):
    """Compare random points of the grid, and that of the greatest value, with 50 digits."""
    assert values.shape == (w.size, b.size) and np.isfinite(values).all() and (values >= 0).all()
    i, j = np.append(
        np.random.default_rng(1).integers(values.shape, size=(count, 2)), [divmod(values.argmax(), b.size)], 0
    ).T
    truth = np.array([exact(neuron, w[i], b[j]) for i, j in zip(i, j, strict=True)])
    assert abs(values[i, j] - truth).max() <= DIGITS * truth.max()


@pytest.fixture(params=["compiled", "numpy"])
def ways(request, monkeypatch):
    """Evaluate once by the compiled loop, once without it."""
    if request.param == "numpy":
        monkeypatch.setattr(grid, "grid_loop", Loop)
    else:
        pytest.importorskip("numba")
        assert grid.grid_loop().get() is not None


@pytest.fixture
def evaluated(monkeypatch):
    """How many points were evaluated, call by call."""
    calls, before = [], grid._evaluate

    def counted(neuron, w, b, *more, **options):
        calls.append(w.size * b.size)
        return before(neuron, w, b, *more, **options)

    monkeypatch.setattr(grid, "_evaluate", counted)
    return calls


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("labels", [False, True], ids=["numbers", "labels"])
@pytest.mark.parametrize("half", [0.5, 4, 50])
@pytest.mark.parametrize("scale", [1e-3, 1, 1e3])
def test_random_data_at_every_scale(scale, half, labels):
    """With and without a table, with and without products of exponentials."""
    data = neuron(scale, labels=labels)
    w, b = np.linspace(-half, half, 81), np.linspace(-half, half, 70)
    assert_exact(data, w, b, error_grid(data, w, b))


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("size", [1e-1, 1e-4, 1e-8])
def test_a_small_box_around_the_minimum(size):
    """Where the error hardly varies, and where it is hardly above 0."""
    fitted = SigmoidNeuron([-1.0, 0.3, 0.7, 2.0], 1 / (1 + np.exp(-(1.5 * np.array([-1.0, 0.3, 0.7, 2.0]) - 0.5))))
    for data, (w0, b0) in ((ORING, (-1.6, -1.1)), (fitted, (1.5, -0.5))):
        w, b = w0 + size * np.linspace(-1, 1, 60), b0 + size * np.linspace(-1, 1, 50)
        values = error_grid(data, w, b)
        if data is ORING or size > 1e-6:
            assert_exact(data, w, b, values)
        else:  # f has no bit more than this in which f − y could show
            truth = np.array([[exact(data, a, c) for c in b[::7]] for a in w[::7]])
            assert abs(values[::7, ::7] - truth).max() <= 1e-15 * np.sqrt(truth.max())


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize(
    ("y", "low", "high"),
    [(0.0, -50, -40), (1.0, 20, 30), (1.0, 40, 50), (0.0, 40, 50), (0.25, 30, 50), (0.25, -50, -30), (0.0, -50, 50)],
)
def test_saturated_neurons(y, low, high):
    """Where f is 0 or 1 but for a tail, and the tail is all of the error that there is."""
    data = SigmoidNeuron([0.1, -0.2, 0.3], [y, y, y])
    w, b = np.linspace(-2, 2, 60), np.linspace(low, high, 70)
    assert_exact(data, w, b, error_grid(data, w, b))


@pytest.mark.usefixtures("ways")
def test_far_out_nothing_overflows():
    data = neuron(1e3, labels=True)
    w, b = np.linspace(-1e4, 1e4, 30), np.linspace(-1e3, 1e3, 20)
    assert_exact(data, w, b, error_grid(data, w, b))


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("samples", [1, 2, 3, 501])
def test_any_number_of_samples(samples):
    """The compiled loop takes them in pairs."""
    data = neuron(samples=samples, seed=samples)
    w, b = np.linspace(-4, 4, 33), np.linspace(-4, 4, 20)
    assert_exact(data, w, b, error_grid(data, w, b), count=8)


@pytest.mark.usefixtures("ways")
def test_many_blocks_on_many_threads_are_one_grid():
    """4 million sigmoids are evaluated in pieces; each piece must land where it belongs."""
    data = neuron(30, samples=2000)
    w, b = np.sort(RANDOM.uniform(-4, 4, 61)), np.sort(RANDOM.uniform(-4, 4, 50))
    values = error_grid(data, w, b)
    truth = plain(data, w, b)
    np.testing.assert_allclose(values, truth, atol=DIGITS * truth.max())


def test_one_table_serves_what_lies_in_its_box(evaluated):
    data = neuron(samples=100, seed=1)
    axis = np.linspace(-4, 4, 200)
    error_grid(data, axis, axis)
    assert len(evaluated) == 1 and evaluated[0] <= 0.5 * 200 * 200
    for w, b in [((-4, 4), (-4, 4)), ((-1, 3), (-3, 0)), ((1, 4), (-4, -2)), ((-3.9, -3.8), (3, 3.5))]:
        w, b = np.linspace(*w, 150), np.linspace(*b, 130)
        assert_exact(data, w, b, error_grid(data, w, b))
    assert len(evaluated) == 1
    outside = np.linspace(3, 5, 150)
    assert_exact(data, outside, axis, error_grid(data, outside, axis))
    assert len(evaluated) == 2


@pytest.mark.parametrize(("y", "centre", "half"), [(0.0, -2.9, 40), (1.0, 3.7, 35), (0.0, 4.5, 32), (1.0, -1.2, 36)])
def test_a_long_box_beside_a_pole_keeps_its_digits(y, centre, half):
    """What the series leaves out falls slowly there; the half of the box is served by the same table."""
    data, w = SigmoidNeuron([1.0], [y]), np.linspace(-1e-3, 1e-3, 100)
    for low, high in ((centre - half, centre + half), (centre, centre + half), (centre - half, centre)):
        b = np.linspace(low, high, 400)
        truth = plain(data, w, b)
        assert abs(error_grid(data, w, b) - truth).max() <= DIGITS * truth.max()


def test_equal_neurons_share_a_table_and_others_do_not(evaluated):
    axis = np.linspace(-4, 4, 100)
    one, same, other = neuron(seed=2), neuron(seed=2), neuron(seed=3)
    for data in (one, same):
        assert_exact(data, axis, axis, error_grid(data, axis, axis))
    assert len(evaluated) == 1
    assert_exact(other, axis, axis, error_grid(other, axis, axis))
    assert len(evaluated) == 2


def test_where_the_error_is_small_a_zoom_is_computed_anew(evaluated):
    """1e-10 of what is in view is less than 1e-10 of all that the table knows."""
    X = np.array([-1.0, 0.3, 0.7, 2.0])
    data = SigmoidNeuron(X, 1 / (1 + np.exp(-(0.5 * X - 0.5))))
    axis = np.linspace(-4, 4, 100)
    error_grid(data, axis, axis)
    for size in (1, 0.3, 0.01):
        w, b = 0.5 + size * np.linspace(-1, 1, 100), -0.5 + size * np.linspace(-1, 1, 100)
        values = error_grid(data, w, b)
        assert_exact(data, w, b, values)
    assert len(evaluated) > 1


def test_few_points_are_evaluated_one_by_one(evaluated):
    data = neuron(seed=4)
    w, b = np.linspace(-4, 4, 10), np.linspace(-4, 4, 10)
    assert_exact(data, w, b, error_grid(data, w, b))
    assert evaluated == [100] and grid._tables.get(data) is None


@pytest.mark.usefixtures("ways")
@pytest.mark.parametrize("shape", [(200, 200), (10, 10), (1, 400)])
def test_who_cancels_gets_nan_and_leaves_no_table(shape):
    data = neuron(seed=sum(shape))
    w, b = (np.linspace(-4, 4, count) for count in shape)
    values = error_grid(data, w, b, cancelled=lambda: True)
    assert values.shape == shape and np.isnan(values).all()
    assert_exact(data, w, b, error_grid(data, w, b), count=8)
    assert np.isnan(error_grid(gdviz.Booth(), w, b, cancelled=lambda: True)).all()


@pytest.mark.usefixtures("ways")
def test_what_was_there_when_one_cancelled_is_right():
    data = neuron(1e3, samples=3000)
    w, b = np.linspace(-4, 4, 60), np.linspace(-4, 4, 50)
    answers = iter([False] + [True] * 100)
    values = error_grid(data, w, b, cancelled=lambda: next(answers))
    here = np.isfinite(values)
    assert here.any() and not here.all()
    np.testing.assert_allclose(values[here], plain(data, w, b)[here], rtol=1e-9)


@pytest.mark.usefixtures("ways")
def test_grids_of_any_form():
    """A row, a column, a point, coordinates in any order and more than once, integers, none at all."""
    data = neuron(seed=5)
    axis = np.linspace(-4, 4, 300)
    for w, b in [(axis, axis[:1]), (axis[:1], axis), (axis[:1], axis[:1]), (axis[::-1], axis), (axis, axis[::-3])]:
        assert_exact(data, w, b, error_grid(data, w, b))
    mixed = RANDOM.choice(axis, 400)
    assert_exact(data, mixed, np.repeat(axis[5], 200), error_grid(data, mixed, np.repeat(axis[5], 200)))
    assert_exact(data, np.arange(-3, 4), np.arange(-2, 3), error_grid(data, range(-3, 4), [-2, -1, 0, 1, 2]))
    for shape in ((0, 5), (5, 0), (0, 0)):
        for objective in (data, gdviz.Himmelblau()):
            assert error_grid(objective, axis[: shape[0]], axis[: shape[1]]).shape == shape


def test_a_coordinate_that_is_no_number_spoils_its_row_alone():
    data, axis = neuron(seed=6), np.linspace(-4, 4, 100)
    for spoilt in (np.nan, np.inf):
        w = np.append(axis, spoilt)
        np.testing.assert_allclose(error_grid(data, w, axis)[:-1], plain(data, axis, axis), rtol=1e-8)


def test_an_x_of_zero_alone_leaves_nothing_along_w():
    data = SigmoidNeuron([0.0, 0.0], [0.1, 0.8])
    w, b = np.linspace(-4, 4, 100), np.linspace(-4, 4, 100)
    assert_exact(data, w, b, error_grid(data, w, b))


@pytest.mark.parametrize("surface", [cls() for cls in SURFACES], ids=lambda surface: surface.name)
def test_a_surfaces_grid_is_its_value_at_every_pair(surface):
    (w0, w1), (b0, b1) = surface.box
    w, b = np.linspace(w0, w1, 37), np.linspace(b1, b0, 23)
    truth = [[surface.f(x, y, *surface.values().values()) for y in b] for x in w]
    np.testing.assert_allclose(error_grid(surface, w, b), truth, rtol=1e-13, atol=1e-13)


def test_a_table_refuses_what_its_nodes_do_not_show():
    """A function with a pole nearer than was said is noticed at its last coefficients."""
    box = (-1.0, 1.0), (-1.0, 1.0)
    shape = nodes_needed(2, np.pi), nodes_needed(2, np.pi)
    assert Table.of(box, shape, lambda a, b: 1 / (0.01 + a[:, None] ** 2 + b**2)) is None
    table = Table.of(box, shape, lambda a, b: np.exp(a[:, None] * b))
    assert table.covers(((-0.5, 1.0), (0.0, 0.2))) and not table.covers(((-0.5, 1.1), (0.0, 0.2)))
    a, b = np.linspace(-1, 1, 9), np.linspace(-1, 1, 7)
    np.testing.assert_allclose(table.grid(a, b), np.exp(a[:, None] * b), rtol=1e-10)


@pytest.mark.parametrize("scale", [1e50, 1e100])
def test_data_beyond_reason_raise_nothing(scale):
    data = SigmoidNeuron([scale], [1.0])
    assert np.isfinite(error_grid(data, np.linspace(-1, 1, 9), np.linspace(-1, 1, 8))).all()
    assert gdviz.engine.Preview.over(data, ((-4.0, 4.0), (-4.0, 4.0))) is None
    assert np.isfinite(error_grid(neuron(), [-1e308, 1e308], [0.0, 1.0])).all()
    with pytest.raises(ValueError, match=r"x must be numbers from −1e\+100 to 1e\+100"):
        SigmoidNeuron([1.01e100], [1.0])
