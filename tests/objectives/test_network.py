"""Networks: errors against plain loops over the formulas, gradients against differences."""

import itertools
import math

import mpmath
import numpy as np
import pytest

import gdviz
from gdviz.objectives.data.samples import Data
from gdviz.objectives.network.activations import ACTIVATIONS
from gdviz.objectives.network.network import Network
from gdviz.objectives.network.outputs import OUTPUTS

pytestmark = pytest.mark.beside

SAMPLES, STEP = 7, 1e-5
MARGIN = 2e-3
"""How far from every kink a point is: more than a parameter's STEP moves any z."""


def small(output="softmax", **given):
    """A network 3-5-4-k on a few random samples whose targets are any numbers; of classes, shares that add up to 1."""
    random = np.random.default_rng(5)
    k = 3 if output == "softmax" else 2
    X, Y = random.normal(size=(SAMPLES, 3)), random.uniform(0.05, 0.95, (SAMPLES, k))
    Y = Y / Y.sum(axis=1, keepdims=True) if output == "softmax" else Y
    return Network(**{"layers": (3, 5, 4, k), "output": output, "leak": 0.2, **given}, X=X, Y=Y)


def at_random(network, seed=0):
    return np.random.default_rng(seed).normal(0, 0.7, network.size)


# -- the plain loops: every formula on single numbers


def plain_f(name, z, leak):
    return {
        "logistic": lambda: 1 / (1 + math.exp(-z)),
        "tanh": lambda: math.sinh(z) / math.cosh(z),
        "relu": lambda: z if z > 0 else 0.0,
        "leaky": lambda: z if z > 0 else leak * z,
        "linear": lambda: z,
    }[name]()


def plain_sizes(network):
    return [int(size) for size in network.layers.split("-")]


def plain_layers(network, params, X, masks=(), given=()):
    """Return the output's z of each sample, and each hidden layer's mean and variance."""
    sizes, names = plain_sizes(network), network.activation.split("-")
    numbers, a, statistics = iter([float(p) for p in params]), [[float(x) for x in row] for row in X], []
    for layer, (inputs, outputs) in enumerate(itertools.pairwise(sizes)):
        is_hidden = layer < len(sizes) - 2
        W = [[next(numbers) for _ in range(outputs)] for _ in range(inputs)]
        b = [next(numbers) for _ in range(outputs)]
        z = [[sum(row[i] * W[i][j] for i in range(inputs)) for j in range(outputs)] for row in a]
        if network.batchnorm and is_hidden:
            gamma = [next(numbers) for _ in range(outputs)]
            means = [sum(row[j] for row in z) / len(z) for j in range(outputs)]
            variances = [sum((row[j] - means[j]) ** 2 for row in z) / len(z) for j in range(outputs)]
            means, variances = given[layer] if given else (means, variances)
            statistics.append((means, variances))
            z = [[gamma[j] * (row[j] - means[j]) / math.sqrt(variances[j] + 1e-5) for j in range(outputs)] for row in z]
        z = [[row[j] + b[j] for j in range(outputs)] for row in z]
        if not is_hidden:
            assert next(numbers, None) is None
            return z, statistics
        name = names[layer] if len(names) > 1 else names[0]
        a = [[plain_f(name, value, network.leak) for value in row] for row in z]
        if masks:
            a = [[a[n][j] * masks[layer][n][j] for j in range(outputs)] for n in range(len(a))]


def plain_error(output, z, y):
    """One sample's error, to fifty digits."""
    with mpmath.workdps(50):
        z, y = [mpmath.mpf(float(v)) for v in z], [mpmath.mpf(float(v)) for v in y]
        if output == "softmax":
            total = sum(map(mpmath.exp, z))
            return -sum(t * mpmath.log(mpmath.exp(v) / total) for v, t in zip(z, y, strict=True))
        f = [v if output == "linear" else 1 / (1 + mpmath.exp(-v)) for v in z]
        if output == "logistic":
            wrong = [1 / (1 + mpmath.exp(v)) for v in z]
            return -sum(t * mpmath.log(p) + (1 - t) * mpmath.log(q) for p, q, t in zip(f, wrong, y, strict=True))
        return sum((p - t) ** 2 for p, t in zip(f, y, strict=True)) / 2


def plain_mean_error(output, z, Y):
    return float(sum(plain_error(output, *pair) for pair in zip(z, Y, strict=True)) / len(z))


@pytest.mark.parametrize("batchnorm", [False, True], ids=["plain", "normalised"])
@pytest.mark.parametrize("output", OUTPUTS.names)
@pytest.mark.parametrize("activation", [*ACTIVATIONS.names, "leaky-logistic"])
def test_error_and_flat_order_are_those_of_plain_loops(activation, output, batchnorm):
    network = small(output, activation=activation, batchnorm=batchnorm, l2=0.3, dropout="0.4-0.2")
    params = at_random(network)
    X, Y = network.data.X, network.data.Y
    weights, at = 0.0, 0
    for inputs, outputs in itertools.pairwise(plain_sizes(network)):
        weights += sum(float(w) ** 2 for w in params[at : at + inputs * outputs])
        at += inputs * outputs + outputs * (2 if batchnorm and outputs != plain_sizes(network)[-1] else 1)
    z, statistics = plain_layers(network, params, X)
    error = plain_mean_error(output, z, Y)
    assert network.value(params) == pytest.approx(error + 0.5 * 0.3 * weights, rel=1e-13)
    draw = network.draw(3, 1)
    dropped, _ = plain_layers(network, params, X, draw.masks)
    expected = plain_mean_error(output, dropped, Y) + 0.5 * 0.3 * weights
    assert network.error_of(params, slice(None), draw) == pytest.approx(expected, rel=1e-13)
    alone, _ = plain_layers(network, params, X[:1], given=statistics)
    said = network.predict(X[:1], params)[0]
    if output == "softmax":
        np.testing.assert_allclose(said, [math.exp(v) / sum(map(math.exp, alone[0])) for v in alone[0]], rtol=1e-12)
    else:
        squash = "linear" if output == "linear" else "logistic"
        np.testing.assert_allclose(said, [plain_f(squash, v, 0) for v in alone[0]], rtol=1e-11)


@pytest.mark.parametrize("output", [name for name in OUTPUTS.names if name != "linear"])
@pytest.mark.parametrize("size", [30.0, 745.0, 1e4, 1e300])
def test_extreme_logits_give_exact_errors_silently(output, size):
    z = np.array([[size, -size, 0.0], [-size, 0.5, size], [size, size, -size]])
    y = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.5, 0.5]])
    made = OUTPUTS[output]
    with np.errstate(all="raise", under="ignore"):
        errors, slopes, said = made.error(z, y), made.slope(z, y), made.f(z)
    expected = [float(plain_error(output, *pair)) for pair in zip(z, y, strict=True)]
    np.testing.assert_allclose(errors, expected, rtol=1e-14, atol=2e-16 * min(size, 745))
    assert np.isfinite(slopes).all() and (said >= 0).all() and (said <= 1).all()
    if output == "logistic-squared":
        np.testing.assert_allclose(slopes, (said - y) * said * (1 - said), atol=1e-15)
    else:
        np.testing.assert_allclose(slopes, said - y, atol=1e-15)


# -- the gradient


def differences(network, params, batch, draw):
    """Central differences of the error: exact to (STEP)², where no kink lies between their ends."""
    kinked = [i for i, activation in enumerate(network.activations) if not activation.is_analytic]
    X = network.parts.training.X[batch] if draw is None else draw.X

    def signs(point):
        passes = network.passes(point, X, draw)
        return [(passes[i].a > 0).tolist() for i in kinked]

    here, slopes = signs(params), []
    for step in np.eye(network.size) * STEP:
        assert signs(params + step) == here == signs(params - step), "a kink was crossed"
        up, down = (network.error_of(params + move, batch, draw) for move in (step, -step))
        slopes.append((up - down) / (2 * STEP))
    return np.array(slopes)


def smooth_point(network, draw):
    """The first seeded point at which every z is far from a kink at 0 and every normalised layer varies.

    A point closer to a kink would be carried across it by a difference's step; the signs of all z are compared there
    nevertheless.
    """
    for seed in itertools.count():
        params = at_random(network, seed)
        passes = network.passes(params, network.parts.training.X if draw is None else draw.X, draw)
        varies = all(made.normal is None or made.normal.deviation.min() > 0.1 for made in passes)
        if varies and min(map(np.min, map(np.abs, hidden_z(network, params, passes)))) > MARGIN:
            return params


def hidden_z(network, params, passes):
    """What entered the activation functions."""
    for index, (layer, made) in enumerate(zip(network.layout.layers[:-1], passes, strict=False)):
        z = (
            made.inputs @ network.layout.weights(params, index)
            if made.normal is None
            else params[layer.gamma] * made.normal.unit
        )
        yield z + params[layer.b]


def assert_close(gradient, expected, relative=1e-6):
    assert np.linalg.norm(gradient - expected) <= relative * np.linalg.norm(expected)


@pytest.mark.parametrize("dropout", ["0", "0.4-0.2"], ids=["whole", "dropout"])
@pytest.mark.parametrize("batchnorm", [False, True], ids=["plain", "normalised"])
@pytest.mark.parametrize("l2", [0.0, 0.3], ids=["free", "l2"])
@pytest.mark.parametrize("output", OUTPUTS.names)
@pytest.mark.parametrize("activation", ACTIVATIONS.names)
def test_the_gradient_is_the_slope_of_the_error(activation, output, l2, batchnorm, dropout):
    network = small(output, activation=activation, l2=l2, batchnorm=batchnorm, dropout=dropout)
    draw = network.draw(2, 0) if dropout != "0" else None
    params = smooth_point(network, draw)
    gradient = network.gradient(params, slice(None), draw)
    assert_close(gradient, differences(network, params, slice(None), draw))


def pictures(**given):
    """A network on five pictures of 2 × 3 pixels."""
    random = np.random.default_rng(1)
    data = Data("pictures", random.uniform(size=(5, 6)), np.arange(5.0) % 3, classes=("a", "b", "c"), image=(2, 3))
    return Network("6-4-3", data=data, **given)


def test_the_gradient_sees_what_is_drawn_and_the_batch():
    network = pictures(jitter=0.3, shift=1.0, rotate=30.0, dropout="0.5", batchnorm=True)
    params, batch = at_random(network), np.array([4, 0, 2])
    draw = network.draw(7, 3, batch)
    expected = differences(network, params, batch, draw)
    assert_close(network.gradient(params, batch, draw), expected)
    np.testing.assert_array_equal(network.gradient_in(params, batch, 7, 3), network.gradient(params, batch, draw))
    assert np.abs(network.gradient_in(params, batch, 8, 3) - expected).max() > 1e-3


def test_decoupled_l2_is_no_part_of_the_error_but_shrinks_the_weights():
    free, decoupled = small(batchnorm=True), small(batchnorm=True, l2=0.3, decoupled=True)
    params = at_random(free)
    assert free.shrinkage is None and small(l2=0.3).shrinkage is None
    assert decoupled.value(params) == free.value(params)
    np.testing.assert_array_equal(decoupled.gradient(params), free.gradient(params))
    is_weight = [name.startswith("W") for name in decoupled.parameters]
    np.testing.assert_array_equal(decoupled.shrinkage, np.where(is_weight, 0.3, 0.0))
    run = gdviz.Run(decoupled, gdviz.GradientDescent(0.5), updates=1)
    w = np.array(run.start)
    (step,) = gdviz.steps(run)
    np.testing.assert_allclose(step.params, w - 0.5 * (free.gradient(w) + 0.3 * np.where(is_weight, w, 0)), rtol=1e-14)


@pytest.mark.parametrize("output", OUTPUTS.names)
def test_single_precision_gives_nearly_the_same(output):
    given = {"activation": "tanh-logistic", "batchnorm": True, "l2": 0.1, "dropout": "0.2"}
    double, single = small(output, **given), small(output, precision="float32", **given)
    params = at_random(double)
    draws = double.draw(0, 0), single.draw(0, 0)
    assert draws[1].X.dtype == draws[1].masks[0].dtype == np.float32
    assert {made.a.dtype for made in single.passes(params, draws[1].X, draws[1])} == {np.dtype(np.float32)}
    errors = [
        network.error_of(params, slice(None), draw) for network, draw in zip((double, single), draws, strict=True)
    ]
    assert 0 < abs(errors[0] - errors[1]) < 1e-6 * errors[0]
    gradients = [n.gradient(params, slice(None), draw) for n, draw in zip((double, single), draws, strict=True)]
    assert gradients[1].dtype == np.float64
    assert_close(gradients[1], gradients[0], 1e-5)


def test_one_logistic_neuron_is_the_lectures_but_for_the_mean():
    random = np.random.default_rng(2)
    X, Y = random.normal(size=9), random.uniform(size=9)
    neuron, network = gdviz.SigmoidNeuron(X, Y), Network("1-1", output="logistic-squared", X=X, Y=Y)
    for params in random.normal(size=(5, 2)):
        assert 9 * network.value(params) == pytest.approx(neuron.value(params), rel=1e-14)
        np.testing.assert_allclose(9 * network.gradient(params), neuron.gradient(params), rtol=1e-12)
        np.testing.assert_allclose(network.predict(X, params)[:, 0], neuron.predict(X, params), rtol=1e-14)
    given = {"start": (-2, -2), "updates": 40, "sampling": gdviz.MiniBatch(4, shuffle=True)}
    runs = [gdviz.Run(objective, gdviz.Momentum(0.3), reduction="mean", **given) for objective in (neuron, network)]
    paths = [np.array([step.params for step in gdviz.steps(run)]) for run in runs]
    np.testing.assert_allclose(paths[1], paths[0], rtol=1e-11)
    summed = [gdviz.Run(objective, gdviz.Momentum(0.3), reduction="sum", **given) for objective in (neuron, network)]
    np.testing.assert_allclose(*[[step.params for step in gdviz.steps(run)] for run in summed], rtol=1e-11)
