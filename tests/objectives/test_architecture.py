"""What a network is made of: how it is written, where its weights start, and what is refused."""

import math
from dataclasses import replace

import numpy as np
import pytest

import gdviz
from gdviz.objectives.data.shipped import LABELLED, moons
from gdviz.objectives.network.initialisation import INITIALISATIONS
from gdviz.objectives.network.network import Network

pytestmark = pytest.mark.beside

# -- where it starts


@pytest.mark.parametrize("init", INITIALISATIONS.names)
def test_first_weights_spread_as_their_formula_says_and_the_rest_is_0_or_1(init):
    network = Network("60-200-90-2", init=init, batchnorm=True, X=np.zeros((2, 60)), Y=[0, 1])
    params, at = np.array(network.start), 0
    for inputs, outputs in ((60, 200), (200, 90), (90, 2)):
        sigma = {
            "xavier": math.sqrt(2 / (inputs + outputs)), "xavier-normal": math.sqrt(2 / (inputs + outputs)),
            "he": math.sqrt(2 / inputs), "he-uniform": math.sqrt(2 / inputs),
            "uniform": 0.5 / math.sqrt(3), "normal": 1.0, "zeros": 0.0,
        }[init]  # fmt: skip
        n, rest = inputs * outputs, outputs * (1 if outputs == 2 else 2)
        W, others = params[at : at + n], params[at + n : at + n + rest]
        assert abs(W.std() - sigma) <= 5 * sigma / math.sqrt(2 * n)
        assert abs(W.mean()) <= 5 * sigma / math.sqrt(n)
        is_bounded = np.abs(W).max() <= math.sqrt(3) * sigma
        assert is_bounded == (init not in ("xavier-normal", "he", "normal")) or n < 1000
        assert others.tolist() == [0] * outputs + [1] * (rest - outputs)
        at += n + rest
    assert at == len(params)
    again, other = (replace(network, init_seed=seed, data=network.data) for seed in (0, 1))
    assert again.start == network.start
    assert (other.start == network.start) == (init == "zeros")


def test_parameters_are_named_in_their_flat_order():
    assert Network("2-2-1", output="logistic", batchnorm=True, data=moons()).parameters == (
        "W1[0,0]", "W1[0,1]", "W1[1,0]", "W1[1,1]", "b1[0]", "b1[1]", "γ1[0]", "γ1[1]", "W2[0,0]", "W2[1,0]", "b2[0]",
    )  # fmt: skip


# -- how it is written, and what is refused


def test_layers_activations_and_rates_may_be_written_in_several_ways():
    for layers in ((2, 16, 2), [2, 16, 2], "2-16-2", " 2 - 16 - 2 "):
        assert Network(layers).layers == "2-16-2"
    for activation in ("tanh-relu", ("tanh", "relu"), ["tanh", "relu"], " tanh - relu"):
        assert [f.name for f in Network("2-4-3-2", activation).activations] == ["tanh", "relu"]
    assert [f.name for f in Network("2-4-3-2", "logistic").activations] == ["logistic"] * 2
    for dropout in ("0.25", 0.25, (0.25,), "0.25-0.25"):
        assert Network("2-4-3-2", dropout=dropout).rates == (0.25, 0.25)
    assert Network("2-4-3-2", dropout=(0, 0.5)).rates == (0, 0.5)


NUMBERS = {"X": [[0.0, 1.0], [1.0, 0.0]], "Y": [0, 1]}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"layers": "2"}, "layers must be neurons in each layer such as 2-16-2, .* not '?2"),
        ({"layers": "2-x-2"}, "layers must be"),
        ({"layers": (2, 0, 2)}, "layers must be"),
        ({"layers": (2, 2.5, 2)}, "layers must be"),
        ({"layers": "2-10001-2"}, "layers must be"),
        ({"layers": 5}, "layers must be"),
        ({"layers": "2-10000-1000-2"}, "at most 5000000 parameters"),
        ({"activation": "sine"}, "activation must be one of logistic, tanh"),
        ({"activation": "tanh-tanh"}, "activation must be one or 1 activations, not 2"),
        ({"dropout": 1.0}, "dropout must be a share >= 0 and < 1"),
        ({"dropout": -0.1}, "dropout must be a share"),
        ({"dropout": "nan"}, "dropout must be a share"),
        ({"dropout": "0.1-0.2"}, "dropout must be one or 1 rates, not 2"),
        ({"output": "sigmoid"}, "output must be one of softmax"),
        ({"init": "best"}, "init must be one of xavier"),
        ({"precision": "float16"}, "precision must be one of"),
        ({"l2": -1}, "l2 must be a number >= 0"),
        ({"validation": 0.95}, "validation must be a number >= 0 and <= 0.9"),
        ({"layers": "3-8-2"}, "layers must begin with 2, not 3: the data moons has 2 inputs"),
        ({"layers": "2-8-3"}, "layers must end with 2, not 3, for the data moons: it has 2 classes"),
        ({"layers": "64-8-1", "data": LABELLED["digits"]()}, "layers must end with 10, not 1"),
        ({"layers": "1-4-2", "data": LABELLED["curve"]()}, r"layers must end with 1, not 2, .* 1 number\(s\)"),
        ({"shift": 1}, "shift and rotate are for pictures; the data moons has none"),
        ({"rotate": 1}, "shift and rotate are for pictures"),
        ({**NUMBERS, "Y": [0]}, "X and Y must have one length, not 2 and 1"),
        ({**NUMBERS, "Y": [0, 2]}, "Y must be classes from 0 to 1"),
        ({**NUMBERS, "Y": [0, 0.5]}, "Y must be classes from 0 to 1"),
        ({**NUMBERS, "X": [[0.0, math.nan], [1.0, 0.0]]}, "X must be finite; sample 0 is not"),
        ({"layers": "2-8-1"}, "softmax has an output for each class; for these targets take logistic"),
        ({**NUMBERS, "Y": [[1, 1], [0, 1]]}, "for these targets they must be shares that add up to 1"),
        ({**NUMBERS, "Y": [[2, -1], [0, 1]]}, "for these targets they must be shares"),
        ({**NUMBERS, "layers": "2-1", "output": "logistic", "Y": [0, 3]}, "logistic needs targets from 0 to 1"),
        ({"X": "no", "Y": [0]}, "X must be an array of numbers"),
        ({"X": [], "Y": []}, "X must have the shape"),
    ],
)
def test_nonsense_is_refused_with_one_sentence(given, message):
    with pytest.raises(ValueError, match=message) as caught:
        Network(**given)
    assert "\n" not in str(caught.value) and str(caught.value).startswith("network: ")


def test_patience_needs_samples_that_are_kept_apart():
    with pytest.raises(ValueError, match="needs samples that are kept apart"):
        gdviz.Run(Network(), patience=3)
    gdviz.Run(Network(validation=0.2), patience=3)


def test_classes_may_be_given_as_targets_too():
    X, y = np.random.default_rng(0).normal(size=(12, 2)), np.arange(12) % 3
    by_class, by_target = (gdviz.Network(layers=(2, 4, 3), X=X, Y=Y) for Y in (y, np.eye(3)[y]))
    assert by_class == by_target and "accuracy" in by_target.score_names
    assert "accuracy" not in gdviz.Network(layers=(2, 4, 3), X=X, Y=np.eye(3)[y] * 0.8 + 0.2 / 3).score_names


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda n: n.value(np.zeros(5)), r"params must have the shape \(\.\.\., 42\), not \(5,\)"),
        (lambda n: n.predict(np.zeros((3, 1)), n.start), "X must have 2 inputs, not 1"),
        (lambda n: n.predict(np.zeros((3, 2)), (1, 2)), "params must have the shape"),
        (lambda n: gdviz.error_grid(n, [0, 1], [0, 1]), "42 params have no plane of their own"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(ask, sentence):
    with pytest.raises(ValueError, match=sentence):
        ask(gdviz.Network())
