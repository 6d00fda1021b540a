"""The scripts that are copied reproduce their run: executed, and compared."""

import contextlib
import io
import json
import re
from dataclasses import replace

import numpy as np
import pytest

import gdviz
from gdviz.optimizers import OPTIMIZERS
from gdviz.texts.python import script_of
from gdviz.training import SCHEDULES, usual
from tests.surfaces import SURFACES

DATA = gdviz.load_data("oring").standardized()
NEURON = gdviz.SigmoidNeuron(DATA.X, DATA.Y)
LIBRARIES = ["numpy", "torch"]


def executed(run, library):
    if library == "torch":
        pytest.importorskip("torch")
    text = script_of(run, library)
    assert "gdviz" not in text and len(text.splitlines()) < 70
    names, said = {}, io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(text, "script", "exec"), names)
    trajectory = gdviz.train(run)
    params, error = (line.partition(" = ") for line in said.getvalue().splitlines())
    assert params[0] == ", ".join(run.objective.parameters) and json.loads(params[2]) == names["path"][-1].tolist()
    assert error[0] == run.objective.value_name
    assert float(error[2]) == pytest.approx(trajectory.error[-1], rel=1e-7, abs=1e-12)
    return names["path"]


def agrees(run, library):
    path, truth = executed(run, library), gdviz.train(run).params
    assert path.shape == truth.shape
    np.testing.assert_allclose(path, truth, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_every_rule(cls, library):
    sampling = gdviz.MiniBatch(5, shuffle=True)
    agrees(gdviz.Run(NEURON, usual(cls, NEURON), sampling=sampling, updates=60, seed=3), library)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_every_convention(cls, library):
    rule = usual(cls, NEURON)
    for switch in (declared for declared in rule.params() if declared.is_switch):
        other = replace(rule, **{switch.name: 1 - getattr(rule, switch.name)})
        agrees(gdviz.Run(NEURON, other, reduction="mean", updates=40), library)


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("cls", SURFACES, ids=lambda cls: cls.name)
def test_every_surface(cls, library):
    agrees(gdviz.Run(cls(), usual(gdviz.Adam, cls()), updates=50), library)


@pytest.mark.parametrize("per", ["epoch", "update"])
@pytest.mark.parametrize("cls", SCHEDULES, ids=lambda cls: cls.name)
def test_every_schedule(cls, per):
    schedule = cls() if cls is gdviz.ConstantRate else cls(per=per)
    run = gdviz.Run(NEURON, gdviz.Momentum(0.05), sampling=gdviz.MiniBatch(4), schedule=schedule, updates=150)
    agrees(run, "numpy")


@pytest.mark.parametrize("reduction", ["lecture", "sum", "mean"])
@pytest.mark.parametrize("sampling", [gdviz.Batch(), gdviz.Stochastic(shuffle=True), gdviz.MiniBatch(7)], ids=repr)
def test_every_strategy_and_reduction(sampling, reduction):
    agrees(gdviz.Run(NEURON, gdviz.GradientDescent(0.1), sampling=sampling, reduction=reduction, epochs=7), "numpy")


def test_it_reads_like_the_lecture():
    text = script_of(gdviz.Run(gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), gdviz.Adam(0.1), epochs=9))
    assert "    m = beta1 * m + (1 - beta1) * g\n" in text
    assert "    m_hat = m / (1 - beta1**t)\n" in text
    assert re.search(r"    params = params - eta \* m_hat / \(np\.sqrt\(v_hat\) \+ eps\)\n", text)


def test_what_cannot_be_written_is_refused():
    run = gdviz.Run(NEURON, updates=9)
    with pytest.raises(ValueError, match="forked"):
        script_of(run.forked_at(3))

    class Mine(gdviz.GradientDescent):
        equations = ()

    with pytest.raises(ValueError, match="its equations are not written down"):
        script_of(replace(run, optimizer=Mine(0.1)))


def test_what_a_run_does_not_use_is_left_out():
    plain = script_of(gdviz.Run(NEURON, gdviz.Momentum(0.1), updates=9))
    assert not re.search(r"rate|eta0|batch|size|epoch|first|samples|\bt\b", plain.partition('"""\n')[2])
    assert "    g = gradient(params)\n" in plain
    assert "batch" in script_of(gdviz.Run(NEURON, gdviz.Momentum(0.1), sampling=gdviz.MiniBatch(5), updates=9))
    decaying = script_of(gdviz.Run(NEURON, gdviz.Momentum(0.1), schedule=gdviz.CosineDecay(), updates=9))
    assert "    eta = rate(eta0, update)\n" in decaying and "epoch" not in decaying
    assert "    t = update + 1\n" in script_of(gdviz.Run(NEURON, gdviz.Adam(0.1), updates=9))
    assert "    g = gradient(params) / len(X)\n" in script_of(gdviz.Run(NEURON, gdviz.GradientDescent(0.1), updates=9))
    booth = script_of(gdviz.Run(gdviz.Booth(), gdviz.GradientDescent(0.01), updates=9))
    assert "exp" not in booth and "sqrt" not in booth and "import numpy as np" in booth
    in_torch = script_of(gdviz.Run(NEURON, gdviz.GradientDescent(0.1), updates=9), "torch")
    assert "import numpy" not in in_torch and "import torch" in in_torch
