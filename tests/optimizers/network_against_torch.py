"""A network's training against torch.nn and torch.optim: 200 updates on the digits in float64, gradients by autograd.

Torch is set as in :mod:`tests.optimizers.against_torch`. Its layer normalised over the batch is Linear without b and
BatchNorm1d, whose weight is γ and whose bias is b; ½ λ Σ W² is the weight decay of those parameters that are weights
(of AdamW, which decays apart from the gradient, it is added to the error).
"""

import functools

import numpy as np
import pytest

import gdviz
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.network.network import Network
from tests.optimizers.against_torch import betas, same, torch, uncorrected

UPDATES, BATCH, L2 = 200, 64, 1e-3
DIGITS = LABELLED["digits"]()


@pytest.fixture(autouse=True)
def double_precision():
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def torch_network(network, start):
    """Return torch's 64-32-10 with the same numbers in it."""
    hidden = network.batchnorm
    first, second = torch.nn.Linear(64, 32, bias=not hidden), torch.nn.Linear(32, 10)
    between = [torch.nn.BatchNorm1d(32, eps=1e-5)] if hidden else []
    made = torch.nn.Sequential(first, *between, torch.nn.Tanh(), second)
    at = 0
    with torch.no_grad():
        for part in flat_order(made):
            numbers = torch.tensor(start[at : at + part.numel()])
            part.copy_(numbers.reshape(part.T.shape).T if part.ndim == 2 else numbers)
            at += part.numel()
    assert at == len(start)
    return made


def flat_order(made):
    """Return torch's parameters in the order of gdviz: W, b, γ of each layer."""
    first, *between, _, second = made
    middle = [between[0].bias, between[0].weight] if between else [first.bias]
    return [first.weight, *middle, second.weight, second.bias]


def flat(made):
    return np.concatenate([part.detach().numpy().T.ravel() for part in flat_order(made)])


def torch_points(network, optimizer, make, settings):
    """Return torch's parameters after 0, 1, ... updates."""
    made = torch_network(network, np.array(network.start))
    weights = [part for part in flat_order(made) if part.ndim == 2]
    others = [part for part in flat_order(made) if part.ndim == 1]
    group = make([{"params": weights}, {"params": others}], optimizer)
    is_decoupled = isinstance(group, torch.optim.AdamW)
    if not is_decoupled:
        group.param_groups[0]["weight_decay"] = network.l2
    X, Y = torch.tensor(DIGITS.X), torch.tensor(DIGITS.Y.astype(int))
    points, per_epoch = [flat(made)], -(-len(X) // BATCH)
    for t in range(1, UPDATES + 1):
        for part in group.param_groups:
            part.update(settings(optimizer, t))
        batch = slice((t - 1) % per_epoch * BATCH, (t - 1) % per_epoch * BATCH + BATCH)
        group.zero_grad()
        error = torch.nn.functional.cross_entropy(made(X[batch]), Y[batch])
        if is_decoupled:
            error = error + 0.5 * network.l2 * sum((W**2).sum() for W in weights)
        error.backward()
        group.step()
        points.append(flat(made))
    return np.array(points)


@functools.cache
def network_of(kind):
    extra = {"batchnorm": True, "l2": L2} if kind == "normalised" else {}
    return Network("64-32-10", "tanh", "softmax", **extra, data=DIGITS)


@pytest.mark.parametrize("kind", ["plain", "normalised"])
@pytest.mark.parametrize(
    ("optimizer", "make", "settings"),
    [
        (gdviz.GradientDescent(0.1), lambda p, o: torch.optim.SGD(p, lr=o.eta), same),
        (gdviz.Momentum(0.05, 0.8), lambda p, o: torch.optim.SGD(p, lr=o.eta, momentum=o.gamma), same),
        (gdviz.Nesterov(0.05, 0.8), lambda p, o: torch.optim.SGD(p, lr=o.eta, momentum=o.gamma, nesterov=True), same),
        (gdviz.AdaGrad(0.05, 1e-6), lambda p, o: torch.optim.Adagrad(p, lr=o.eta, eps=o.eps), same),
        (
            gdviz.RMSProp(0.003, 0.99, 1e-6),
            lambda p, o: torch.optim.RMSprop(p, lr=o.eta, alpha=o.beta, eps=o.eps),
            same,
        ),
        (gdviz.Adadelta(), lambda p, o: torch.optim.Adadelta(p, lr=o.eta, rho=o.rho, eps=o.eps), same),
        (gdviz.Adam(0.01, beta2=0.999), lambda p, o: torch.optim.Adam(p, **betas(o)), same),
        (gdviz.AMSGrad(0.01), lambda p, o: torch.optim.Adam(p, **betas(o), amsgrad=True), uncorrected),
        (gdviz.AdaMax(0.01, eps=1e-300), lambda p, o: torch.optim.Adamax(p, **betas(o)), same),
        (gdviz.NAdam(0.01), lambda p, o: torch.optim.NAdam(p, **betas(o), momentum_decay=1e9), same),
        (gdviz.AdamW(0.01), lambda p, o: torch.optim.AdamW(p, **betas(o), weight_decay=o.weight_decay), same),
    ],
    ids=lambda value: value.name if isinstance(value, gdviz.Optimizer) else "",
)
def test_every_update_agrees_with_torch(optimizer, make, settings, kind):
    network = network_of(kind)
    run = gdviz.Run(network, optimizer, sampling=gdviz.MiniBatch(BATCH), updates=UPDATES)
    steps = list(gdviz.steps(run))
    points = torch_points(network, optimizer, make, settings)
    np.testing.assert_allclose([step.asked_at for step in steps], points[:-1], rtol=1e-8, atol=1e-8)
    if optimizer.look_ahead is None:
        np.testing.assert_allclose([step.params for step in steps], points[1:], rtol=1e-8, atol=1e-8)
    assert np.abs(points[-1] - points[0]).max() > 0.05
