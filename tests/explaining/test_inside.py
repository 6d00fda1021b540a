"""What is said of the inside of a network is what plain loops over samples and neurons say."""

import math

import numpy as np
import pytest

from gdviz.explaining.inside import BINS, confusion_of, inputs_of, inside_of
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.network.network import Network

pytestmark = pytest.mark.beside


def network_on(name, **given):
    return Network.on(LABELLED[name](), **given)


def point_of(network, scale=1.0, seed=1):
    return scale * np.random.default_rng(seed).normal(size=network.size)


ACTIVATION = {"tanh": math.tanh, "relu": lambda z: max(0.0, z), "logistic": lambda z: 1 / (1 + math.exp(-z))}
SLOPE = {"tanh": lambda a: 1 - a * a, "logistic": lambda a: a * (1 - a)}


def outputs_by_hand(network, params, x):
    """Return what each hidden neuron puts out for one input."""
    rows, at, a = [], 0, list(x)
    names = [activation.name for activation in network.activations]
    for name, (inputs, outputs) in zip(names, zip(network.sizes, network.sizes[1:], strict=False), strict=False):
        W, b = params[at : at + inputs * outputs], params[at + inputs * outputs : at + (inputs + 1) * outputs]
        at += (inputs + 1) * outputs
        z = [sum(a[i] * W[i * outputs + j] for i in range(inputs)) + b[j] for j in range(outputs)]
        a = [ACTIVATION[name](value) for value in z]
        rows.append(a)
    return rows


@pytest.mark.parametrize("activation", ["tanh", "relu", "logistic", "tanh-relu"])
@pytest.mark.parametrize("scale", [0.3, 4.0])
def test_spread_and_idle_share_are_those_of_plain_loops(activation, scale):
    network = network_on("moons", layers="2-5-4-2", activation=activation, validation=0.1)
    params = point_of(network, scale)
    samples = network.parts.training.X[::2]  # of 270 samples at most 256 are looked at
    rows = [outputs_by_hand(network, params.tolist(), x) for x in samples.tolist()]
    inside = inside_of(network, params)
    for index, layer in enumerate(inside.layers[:-1]):
        values = [[row[index][j] for row in rows] for j in range(network.sizes[index + 1])]
        every = [value for neuron in values for value in neuron]
        mean = sum(every) / len(every)
        assert layer.spread == pytest.approx(math.sqrt(sum((v - mean) ** 2 for v in every) / len(every)))
        idle = 0
        for neuron in values:
            if layer.activation == "relu":
                idle += all(value == 0 for value in neuron)
            else:
                flat = sum(abs(SLOPE[layer.activation](value)) < 0.01 for value in neuron)
                idle += flat > 0.95 * len(neuron)
        assert layer.idle == pytest.approx(idle / len(values))
        assert layer.weights.shape == (network.sizes[index], network.sizes[index + 1])
        assert np.shares_memory(layer.weights, params)


def test_the_histogram_counts_every_output_once():
    network = network_on("moons", layers="2-5-2", validation=0)
    params = point_of(network)
    layer = inside_of(network, params).layers[0]
    samples = network.parts.training.X[::2].tolist()
    counts = [0] * BINS
    for x in samples:
        for value in outputs_by_hand(network, params.tolist(), x)[0]:
            counts[min(int((value + 1) / 2 * BINS), BINS - 1)] += 1
    assert layer.range == (-1, 1)
    np.testing.assert_allclose(layer.histogram, np.array(counts) / sum(counts))


def test_the_slope_is_the_root_mean_square_of_differences():
    network = network_on("moons", layers="2-3-2", validation=0.4)  # 180 samples: all are looked at
    params = point_of(network)
    inside = inside_of(network, params)
    for layer, place in zip(inside.layers, network.layout.layers, strict=True):
        squares = []
        for index in range(place.W.start, place.W.stop):
            step = np.zeros(network.size)
            step[index] = 1e-6
            squares.append(((network.error_of(params + step) - network.error_of(params - step)) / 2e-6) ** 2)
        assert layer.slope == pytest.approx(math.sqrt(sum(squares) / len(squares)), rel=1e-6)


def test_dead_neurons_and_saturated_ones_are_found():
    for activation in ("relu", "tanh", "logistic"):
        network = network_on("moons", layers="2-4-2", activation=activation)
        params = np.zeros(network.size)
        b = network.layout.layers[0].b
        params[b] = [-9, 1, -9, -9]
        assert inside_of(network, params).layers[0].idle == 0.75
    assert inside_of(network_on("moons", layers="2-4-2", activation="linear"), params).layers[0].idle == 0


@pytest.mark.parametrize("value", [1e300, np.inf, np.nan])
@pytest.mark.parametrize("given", [{}, {"batchnorm": True}, {"precision": "float32"}])
def test_a_diverged_point_is_no_error(value, given):
    network = network_on("moons", **given)
    params = np.full(network.size, value)
    params[::3] *= -1
    inside = inside_of(network, params)
    assert len(inside.layers) == 3
    assert all(np.isfinite(layer.histogram).all() for layer in inside.layers)
    assert confusion_of(network, params).counts.sum() == 60


@pytest.mark.parametrize(("validation", "standardize"), [(0.0, False), (0.3, True)])
@pytest.mark.parametrize("name", ["iris", "spirals"])
def test_confusion_is_counted_sample_by_sample(name, validation, standardize):
    network = network_on(name, validation=validation, standardize=standardize)
    params = point_of(network)
    confusion = confusion_of(network, params)
    part = network.parts.validation or network.parts.training
    assert confusion.is_validation == (validation > 0)
    expected, wrong = [[0] * 3 for _ in range(3)], []
    for index, (x, t) in enumerate(zip(inputs_of(network, part), part.T.tolist(), strict=True)):
        shares = network.predict(x[None], params)[0].tolist()
        true, said = t.index(1), shares.index(max(shares))
        expected[true][said] += 1
        if true != said:
            wrong.append((index, said))
    assert confusion.counts.tolist() == expected
    found = zip(
        confusion.samples[confusion.wrong].tolist(), confusion.predictions[confusion.wrong].tolist(), strict=True
    )
    assert list(found) == wrong
    assert confusion.accuracy == pytest.approx(1 - len(wrong) / len(part.X))


def test_the_accuracy_is_the_one_that_is_measured():
    for given in ({"layers": "2-4-2"}, {"layers": "2-4-1", "output": "logistic"}):
        network = network_on("moons", batchnorm=True, validation=0.25, **given)
        params = point_of(network)
        measured = dict(zip(network.score_names, network.measured(params[None])[0, 1:], strict=True))
        assert confusion_of(network, params).accuracy == measured["validation_accuracy"]


def test_inputs_are_as_the_data_has_them():
    network = network_on("iris", validation=0, standardize=True)
    np.testing.assert_allclose(inputs_of(network, network.parts.training), network.data.X, rtol=1e-12)
    network = network_on("iris", validation=0)
    assert inputs_of(network, network.parts.training) is network.parts.training.X


def test_of_very_many_samples_evenly_spaced_ones_are_asked():
    random = np.random.default_rng(0)
    network = Network("2-4-2", X=random.normal(size=(5000, 2)), Y=random.integers(2, size=5000))
    confusion = confusion_of(network, point_of(network))
    assert 1500 < len(confusion.samples) <= 2000
    assert set(np.diff(confusion.samples)) == {3}
