"""Rules, objectives and samplings as somebody else would write them by what is documented, out of gdviz's tree."""

import copy
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np

import gdviz
from gdviz.elementary import sqrt
from gdviz.objectives import Compiled, Objective, SigmoidNeuron, Surface
from gdviz.optimizers import Optimizer, Term
from gdviz.params import param

RANDOM = np.random.default_rng(5)
X, Y = RANDOM.normal(size=(2, 11))
NEURON = SigmoidNeuron(X, abs(Y) / 3)
V = Term("v", "v", "what the rule remembers")
LIMITS = SimpleNamespace(most=0.3)


def rate(default=0.1):
    return param(default, "η", "learning rate", low=0)


def damped(g, scale):
    """What a rule calls that stands elsewhere in its module."""
    return g / sqrt(1 + scale * g * g)


@dataclass(frozen=True)
class Plain(Optimizer):
    """A rule by the book: a helper, numpy's functions, a state, two hyperparameters."""

    name = "plain"
    state = (V,)
    eta: float = rate()
    scale: float = param(2.0, "s", "scale", low=0)

    @staticmethod
    def rule(g, t, v, eta, scale):
        v = 0.5 * v + damped(g, scale)
        return eta * np.minimum(abs(v), 3.0) * np.sign(v) / sqrt(t), (v,), ()


@dataclass(frozen=True)
class Looking(Plain):
    """With a look-ahead and a memory that does not begin at 0."""

    name = "looking"

    def start_state(self, params):
        return (0.1 + 0.5 * params,)

    @staticmethod
    def look_ahead(w, v, eta, scale):
        return w - eta * scale * v


@dataclass(frozen=True)
class Copying(Plain):
    """It calls a library of Python's that no compiler knows."""

    name = "copying"

    @staticmethod
    def rule(g, t, v, eta, scale):
        v = copy.copy(v) + g
        return eta * v, (v,), ()


@dataclass(frozen=True)
class Configured(Plain):
    """It reads an attribute of some object, and a dictionary of mixed things."""

    name = "configured"

    @staticmethod
    def rule(g, t, v, eta, scale):
        kept = {"step": np.clip(eta * g, -LIMITS.most, LIMITS.most), "name": "step"}
        return kept[f"{kept['name']}"], (v,), ()


@dataclass(frozen=True)
class Asking(Plain):
    """It asks for a type, of which numba warns that its support is an experiment."""

    name = "asking"

    @staticmethod
    def rule(g, t, v, eta, scale):
        return (eta * g if isinstance(eta, float) else g), (v,), ()


@dataclass(frozen=True)
class Rooting(Plain):
    """Its memory is the root of a gradient, which is no number where the gradient is negative; its step is one."""

    name = "rooting"

    @staticmethod
    def rule(g, t, v, eta, scale):
        return eta * g, (g**0.5,), ()


@dataclass(frozen=True)
class Coupled(Plain):
    """Its scale hangs on the learning rate."""

    name = "coupled"

    def hyperparameters(self, eta):
        return (eta, 2 * eta)


@dataclass(frozen=True)
class Flagged(Plain):
    """One of its hyperparameters is yes or no."""

    name = "flagged"
    backwards: bool = param(True, "b", "whether the memory counts")

    @staticmethod
    def rule(g, t, v, eta, scale, backwards):
        v = 0.5 * v + g
        return eta * (v if backwards else g), (v,), ()


@dataclass(frozen=True)
class Identical(Flagged):
    """It asks whether the flag is the very True, which no number is."""

    name = "identical"

    @staticmethod
    def rule(g, t, v, eta, scale, backwards):
        return eta * (g if backwards is True else 2 * g), (v,), ()


@dataclass(frozen=True)
class Worded(Plain):
    """One of its hyperparameters is a word."""

    name = "worded"
    kind: str = param("long", "k", "how far", choices=("long", "short"))

    @staticmethod
    def rule(g, t, v, eta, scale, kind):
        return eta * g * (2 if kind == "long" else 1), (v,), ()


@dataclass(frozen=True)
class Counting(Plain):
    """One of its hyperparameters is a whole number, for which a range is asked."""

    name = "counting"
    times: int = param(3, "n", "how many times", low=1)

    @staticmethod
    def rule(g, t, v, eta, scale, times):
        for _ in range(times):
            v = 0.5 * v + g
        return eta * v, (v,), ()


@dataclass(frozen=True)
class Rooted(Worded):
    """A power that no real number is: of arrays NaN, of Python's numbers something complex."""

    name = "rooted"

    @staticmethod
    def rule(g, t, v, eta, scale, kind):
        return eta * g**1.5, (v,), ()


@dataclass(frozen=True)
class Dividing(Worded):
    """Its look-ahead divides by a memory that is 0 at the start."""

    name = "dividing"

    @staticmethod
    def look_ahead(w, v, eta, scale, kind):
        return w - eta * np.nan_to_num(v / abs(v))


class Bowl(Surface):
    """A surface by the book."""

    name, label, formula = "bowl", "Bowl", "f = x⁴ + y²"
    usual_box, usual_start = ((-2.0, 2.0), (-2.0, 2.0)), (1.0, -1.5)

    @staticmethod
    def f(x, y):
        return x * x * x * x + y * y

    @staticmethod
    def df(x, y):
        return 4 * x * x * x, 2 * y


@dataclass(frozen=True, eq=False)
class WordedBowl(Bowl):
    """A surface with a word among its parameters."""

    name = "worded-bowl"
    kind: str = param("steep", "k", "how steep", choices=("steep", "flat"))

    @staticmethod
    def f(x, y, kind):
        return (x * x + y * y) * (2 if kind == "steep" else 1)

    @staticmethod
    def df(x, y, kind):
        return (4 * x, 4 * y) if kind == "steep" else (2 * x, 2 * y)


class Elsewhere(gdviz.Booth):
    """A surface of gdviz's, shifted by changing what is asked of an objective."""

    def value(self, params):
        return super().value(np.asarray(params) + 1)

    def gradient(self, params, batch=slice(None)):
        return super().gradient(params + 1, batch)

    def gradients(self, points, batch=slice(None)):
        return super().gradients(points + 1, batch)


class Pulled(SigmoidNeuron):
    """The neuron, and a pull towards 0, by changing what is asked of an objective."""

    def value(self, params):
        return super().value(params) + 0.05 * (np.asarray(params) ** 2).sum(-1)

    def gradients(self, points, batch=slice(None)):
        return super().gradients(points, batch) + 0.1 * points


class Point(Objective):
    """Three parameters, and no summand."""

    name, label, formula = "point", "Point", "f = Σ (p − (1, 2, 3))²"
    parameters, start, box = ("a", "b", "c"), (0.0, 0.0, 1.0), ((-4.0, 4.0),) * 3

    def value(self, params):
        return ((np.asarray(params) - [1, 2, 3]) ** 2).sum(-1)

    def gradient(self, params, batch=slice(None)):
        return 2 * (params - [1, 2, 3])


class Line(Objective):
    """A straight line through samples, without a summand."""

    name, label, formula = "line", "Line", "f = Σ ½ (wx + b − y)²"
    parameters, start, box, samples = ("w", "b"), (0.0, 0.0), ((-4.0, 4.0), (-4.0, 4.0)), len(X)

    def value(self, params):
        params = np.asarray(params)
        return 0.5 * ((params[..., :1] * X + params[..., 1:] - Y) ** 2).sum(-1)

    def gradient(self, params, batch=slice(None)):
        d = params[0] * X[batch] + params[1] - Y[batch]
        return np.array([(d * X[batch]).sum(), d.sum()])


class SummedLine(Compiled, Line):
    """The same with a summand, and a table that is made as `made` says."""

    def __init__(self, made=np.array):
        self.made = made

    @staticmethod
    def summand(w, b, x, y):
        d = w * x + b - y
        return 0.5 * d * d, d * x, d

    @property
    def table(self):
        return self.made([X, Y])


class Doubled(SigmoidNeuron):
    """It has a reduction of its own."""

    name = "doubled"

    def divisor(self, reduction, batch_size, lecture_divides):
        return batch_size**0.5
