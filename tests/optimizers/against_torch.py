"""gdviz's rules against torch.optim: 200 updates on the neuron in float64, the gradients by autograd.

Where torch's conventions are others, torch is set so that it computes the same rule:

- Nesterov: torch's parameters are the points w − γv where the lecture asks for the gradient.
- AMSGrad: torch corrects m and v̂ for their start at 0, the paper does not: η and ε undo that, update by update.
- AdaMax: torch adds ε to |g|, gdviz to u; the paper has none, so both get 0.
- NAdam: torch lets β₁ rise from its half, by a schedule that is over at once where its speed is 10⁹.

torch.optim has no Lion; `tests/oracle.py` has.
"""

import numpy as np
import pytest

import gdviz

torch = pytest.importorskip("torch")

X, Y, START, UPDATES = [0.5, 2.5, -1.0], [0.2, 0.9, 0.4], (-2.0, -1.0), 200


@pytest.fixture(autouse=True)
def double_precision():
    """Torch's NAdam keeps its product of β₁s in the default precision."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def uncorrected(optimizer, t):
    """The η and ε with which torch's AMSGrad corrects nothing at update t."""
    root = (1 - optimizer.beta2**t) ** 0.5
    return {"lr": optimizer.eta * (1 - optimizer.beta1**t) / root, "eps": optimizer.eps / root}


def torch_points(optimizer, make, settings):
    """Return torch's parameters after 0, 1, ... updates."""
    x, y = torch.tensor(X), torch.tensor(Y)
    params = torch.tensor(START, requires_grad=True)
    made, points = make([params], optimizer), [START]
    for t in range(1, UPDATES + 1):
        made.param_groups[0].update(settings(optimizer, t))
        made.zero_grad()
        (0.5 * (torch.sigmoid(params[0] * x + params[1]) - y) ** 2).sum().backward()
        made.step()
        points.append(params.tolist())
    return np.array(points)


def same(optimizer, t):
    return {}


def betas(o):
    return {"lr": o.eta, "betas": (o.beta1, o.beta2), "eps": o.eps}


@pytest.mark.parametrize(
    ("optimizer", "make", "settings"),
    [
        (gdviz.GradientDescent(0.7), lambda p, o: torch.optim.SGD(p, lr=o.eta), same),
        (gdviz.Momentum(0.3, 0.8), lambda p, o: torch.optim.SGD(p, lr=o.eta, momentum=o.gamma), same),
        (gdviz.Nesterov(0.3, 0.8), lambda p, o: torch.optim.SGD(p, lr=o.eta, momentum=o.gamma, nesterov=True), same),
        (gdviz.AdaGrad(0.5), lambda p, o: torch.optim.Adagrad(p, lr=o.eta, eps=o.eps), same),
        (gdviz.RMSProp(0.01), lambda p, o: torch.optim.RMSprop(p, lr=o.eta, alpha=o.beta, eps=o.eps), same),
        (gdviz.Adam(0.05, beta2=0.999), lambda p, o: torch.optim.Adam(p, **betas(o)), same),
        (gdviz.Adadelta(), lambda p, o: torch.optim.Adadelta(p, lr=o.eta, rho=o.rho, eps=o.eps), same),
        (gdviz.AMSGrad(0.05), lambda p, o: torch.optim.Adam(p, **betas(o), amsgrad=True), uncorrected),
        (gdviz.AdaMax(0.05, eps=0), lambda p, o: torch.optim.Adamax(p, **betas(o)), same),
        (gdviz.NAdam(0.05), lambda p, o: torch.optim.NAdam(p, **betas(o), momentum_decay=1e9), same),
        (gdviz.AdamW(0.05), lambda p, o: torch.optim.AdamW(p, **betas(o), weight_decay=o.weight_decay), same),
        (gdviz.AdamW(0.05, weight_decay=0.5), lambda p, o: torch.optim.AdamW(p, **betas(o), weight_decay=0.5), same),
    ],
    ids=lambda value: getattr(value, "name", "") if isinstance(value, gdviz.Optimizer) else "",
)
def test_every_update_agrees_with_torch(optimizer, make, settings):
    run = gdviz.Run(gdviz.SigmoidNeuron(X, Y), optimizer, START, reduction="sum", updates=UPDATES)
    steps = list(gdviz.steps(run))
    points = torch_points(optimizer, make, settings)
    np.testing.assert_allclose([step.asked_at for step in steps], points[:-1], rtol=1e-9)
    if optimizer.look_ahead is None:
        np.testing.assert_allclose([step.params for step in steps], points[1:], rtol=1e-9)
    assert np.abs(points[-1] - START).max() > 0.5
