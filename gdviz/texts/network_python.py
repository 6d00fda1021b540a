"""The network's part of a run's script: samples, start, forward and backward pass.

It has a line for each layer, and no code that the run does not need; see :mod:`gdviz.texts.python`.
"""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from gdviz.objectives.scored import has_validation
from gdviz.texts.network_pieces import (
    ACTIVATIONS,
    CUT,
    DRAWS,
    NORMALISED,
    NUMPY_ERRORS,
    OUTPUT_SLOPES,
    SIGMOID,
    SOFTMAX,
    TORCH_CUT,
    TORCH_ERRORS,
    TORCH_NORMALISED,
)
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gdviz.objectives import Array, Network
    from gdviz.training import Run

__all__ = ["MOST_NUMBERS", "has_error", "network_script"]

MOST_NUMBERS = 200_000
"""Maximum number of numbers of samples and start in a script: with more nobody could read it."""


def network_script(run: Run, network: Network, library: Literal["numpy", "torch"]) -> str:
    """Return samples, layers, functions, ``gradient``, ``error`` and the ``params`` that the run starts from.

    The functions' arguments are the params, a ``batch`` where a batch does not have all samples, and the ``update``
    where random numbers are drawn for each. ``error(params)`` is over all samples, without random draws. It is left out
    where it would need running means, which a script does not have.

    Raises
    ------
    ValueError
        Where the run needs something for which there is no text: a sentence.
    """
    script = _Script(run, network, library)
    script.check()
    parts = [script.samples(), script.layers(), *script.functions(), script.gradient(), *script.error(), script.start()]
    return "\n\n".join(parts)


def has_error(network: Network) -> bool:
    """Return whether a script can measure a network's error."""
    return not (network.batchnorm and network.running)


def _tuple(names: list[str]) -> str:
    """Return names as the text of a tuple, on several lines where there are many."""
    lines = wrap(", ".join(names), 90)
    return lines[0] if len(lines) == 1 else "(\n        " + "\n        ".join(lines) + "\n    )"


class _Script:
    def __init__(self, run: Run, network: Network, library: Literal["numpy", "torch"]) -> None:
        self._run, self._network, self._is_numpy = run, network, library == "numpy"
        self._last = len(network.sizes) - 1
        self._rates, self._jitter, self._has_batches = network.rates, network.jitter, run.batch_size < network.samples
        self._activations = [activation.name for activation in network.activations]
        self._has_own_start = run.start == network.start
        T = network.parts.training.T
        self._is_one_hot = T.shape[1] > 1 and bool((np.eye(T.shape[1])[T.argmax(axis=1)] == T).all())

    def check(self) -> None:
        """Raise ValueError, a sentence, for a run that needs something for which there is no text."""
        network, part = self._network, self._network.parts.training
        if network.shift or network.rotate:
            raise ValueError("a network whose pictures are shifted or rotated anew for each update has no script")
        if network.precision != "float64":
            raise ValueError(f"a network in {network.precision} has no script; with precision=float64 it has one")
        if self._run.patience:
            raise ValueError("a run with early stopping has no script; with a patience of 0 it has one")
        numbers = part.X.size + (len(part.T) if self._is_one_hot else part.T.size)
        numbers += 0 if self._has_own_start else network.size
        if numbers > MOST_NUMBERS:
            what = "samples" if self._has_own_start else "samples and start"
            raise ValueError(f"a script holds at most {MOST_NUMBERS} numbers; {what} of this network are {numbers}")

    # -- samples and layers

    def samples(self) -> str:
        """Return X and Y."""
        part = self._network.parts.training
        lines = [*self._about_samples(), f"X = {self._array(part.X)}"]
        if self._is_one_hot:
            classes, k = self._array(part.T.argmax(axis=1), whole=True), part.T.shape[1]
            eye = f"np.eye({k})" if self._is_numpy else f"torch.eye({k}, dtype=torch.float64)"
            return "\n".join([*lines, f"y = {classes}", f"Y = {eye}[y]  # a column for each class"])
        column = "[:, None]" if part.T.shape[1] == 1 else ""
        return "\n".join([*lines, f"Y = {self._array(part.T[:, 0] if column else part.T)}{column}"])

    def _about_samples(self) -> list[str]:
        """Return comments that say how the samples were prepared."""
        network, facts = self._network, []
        if has_validation(network):
            facts.append(
                f"a share of {plain(network.validation)} is kept apart for validation, which is not among them"
            )
        if network.standardize:
            facts.append("each input is shifted to mean 0 and scaled to deviation 1")
        about = f"# The training samples of {plain(network.data.name)} as the network sees them"
        return [f"{about}:", *(f"# {what}." for what in facts)] if facts else [f"{about}."]

    def _array(self, values: Array | Any, whole: bool = False) -> str:
        """Return an array; of whole numbers without their ``.0``."""
        numbers = values.astype(int) if (values == np.floor(values)).all() and np.abs(values).max() < 1e15 else values
        if self._is_numpy:
            dtype = ", dtype=float" if numbers is not values and not whole else ""
            return f"np.array({numbers.tolist()!r}{dtype})"
        return f"torch.tensor({numbers.tolist()!r}{'' if whole else ', dtype=torch.float64'})"

    def layers(self) -> str:
        """Return the sizes, and the shapes into which params are divided."""
        network, has_gamma = self._network, self._network.batchnorm
        names = "W (inputs x outputs, row by row), then b" + ", then gamma" * has_gamma
        lines = [
            f"sizes = {list(network.sizes)}",
            f"# What lies one after the other in params: of each layer {names}.",
            "shapes = []",
            "for inputs, outputs in zip(sizes, sizes[1:]):",
            f"    shapes += [(inputs, outputs), (outputs,){', (outputs,)' * has_gamma}]",
        ]
        if has_gamma:
            lines.append("shapes.pop()  # the last layer is not normalised")
        if network.l2:
            beside = " taken off beside the rule" if network.decoupled else " of the penalty l2 / 2 * sum(W**2)"
            lines.append(f"l2 = {network.l2!r}  # for weights alone,{beside}")
        if "leaky" in self._activations:
            lines.append(f"leak = {network.leak!r}  # the slope of a leaky ReLU below 0")
        return "\n".join(lines)

    # -- functions

    def functions(self) -> Iterator[str]:
        """Yield the helper functions of the layers."""
        yield f"\n{CUT if self._is_numpy else TORCH_CUT}"
        if self._is_numpy and ("logistic" in self._activations or self._network.output.startswith("logistic")):
            yield SIGMOID
        if "leaky" in self._activations:
            yield f"def leaky(z):\n    return {'np' if self._is_numpy else 'torch'}.where(z > 0, z, leak * z)\n"
        if self._is_numpy and self._network.output == "softmax":
            yield SOFTMAX
        if self._network.batchnorm and self._last > 1:
            yield NORMALISED if self._is_numpy else TORCH_NORMALISED

    def gradient(self) -> str:
        """Return the function that gives a batch's gradient."""
        more = ", batch" * self._has_batches + ", update" * self._network.draws
        forward = "\n".join(f"    {line}" for line in self._forward())
        if not self._is_numpy:
            name = "batch_error" if more else "error"
            return (
                f"def {name}(params{more}):\n{forward}\n{self._returned_error()}\n\n"
                f"def gradient(params{more}):\n    params = params.clone().requires_grad_()\n"
                f"    return torch.autograd.grad({name}(params{more}), params)[0]\n"
            )
        back = "\n".join(f"    {line}" for line in self._backward())
        chain = "    # back from layer to layer by the chain rule: d is the slope of the error"
        return f"def gradient(params{more}):\n{forward}\n{chain}\n{back}\n"

    def error(self) -> Iterator[str]:
        """Yield the function ``error`` over all samples, unless it exists already or cannot be written."""
        if not has_error(self._network) or not (self._is_numpy or self._has_batches or self._network.draws):
            return
        still = _Script(self._run, self._network, "numpy" if self._is_numpy else "torch")
        still._rates, still._jitter, still._has_batches = (0.0,) * self._last, 0.0, False
        forward = "\n".join(f"    {line}" for line in still._forward())
        yield f"\ndef error(params):\n{forward}\n{self._returned_error()}"

    def _returned_error(self) -> str:
        """Return the last lines of a function, which return the error from the last layer's z."""
        network, z = self._network, f"z{self._last}"
        lines = (NUMPY_ERRORS if self._is_numpy else TORCH_ERRORS)[network.output].format(z=z).splitlines()
        lines[-1] = f"return {lines[-1].removeprefix('return ')}"
        if network.l2 and not network.decoupled:
            lines[-1] += " + penalty"
            lines.insert(0, "penalty = l2 / 2 * sum((part**2).sum() for part in parts(params) if part.ndim == 2)")
        return "\n".join(f"    {line}" for line in lines) + "\n"

    def _names(self) -> list[str]:
        return [name for i in range(1, self._last + 1) for name in (f"W{i}", f"b{i}", *self._gamma(i))]

    def _gamma(self, i: int) -> list[str]:
        return [f"gamma{i}"] if self._network.batchnorm and i < self._last else []

    def _entering(self, i: int) -> str:
        """Return the name of layer i's input: the samples, or a hidden layer's values after any dropout."""
        return "x" if i == 1 else f"h{i - 1}" if self._rates[i - 2] else f"a{i - 1}"

    def _forward(self) -> Iterator[str]:
        yield f"{_tuple(self._names())} = parts(params)"
        yield "x, y = X[batch], Y[batch]" if self._has_batches else "x, y = X, Y"
        if self._jitter or any(self._rates):
            yield f"random = np.random.default_rng(({self._run.seed}, update, 1))  # draws anew for each update"
        if self._jitter:
            yield f"x = x + {self._draw(f'random.normal(0, {self._jitter!r}, x.shape)')}"
        for i in range(1, self._last):
            yield from self._layer(i)
        n = self._last
        yield f"z{n} = {self._entering(n)} @ W{n} + b{n}"

    def _draw(self, text: str) -> str:
        return text if self._is_numpy else f"torch.from_numpy({text})"

    def _layer(self, i: int) -> Iterator[str]:
        """Yield a hidden layer's lines."""
        in_numpy, in_torch, _ = ACTIVATIONS[self._activations[i - 1]]
        z = f"{self._entering(i)} @ W{i} + b{i}"
        if self._gamma(i):
            to = f"unit{i}, deviation{i}" if self._is_numpy else f"unit{i}"
            yield f"{to} = normalised({self._entering(i)} @ W{i})"
            z = f"gamma{i} * unit{i} + b{i}"
        yield f"a{i} = {(in_numpy if self._is_numpy else in_torch).format(z=z)}"
        rate = self._rates[i - 1]
        if rate:
            yield f"mask{i} = {self._draw(f'(random.random(a{i}.shape) >= {rate!r}) / (1 - {rate!r})')}"
            yield f"h{i} = a{i} * mask{i}"

    def _backward(self) -> Iterator[str]:
        network, n = self._network, self._last
        yield from OUTPUT_SLOPES[network.output].format(z=f"z{n}").splitlines()
        pull = " + l2 * W{}" if network.l2 and not network.decoupled else ""
        for i in range(n, 0, -1):
            if i < n:
                yield from self._back_through(i)
            if not self._gamma(i):
                yield f"db{i} = d.sum(axis=0)"
            yield f"dW{i} = {self._entering(i)}.T @ d{pull.format(i)}"
        yield f"slopes = {_tuple([f'd{name}' for name in self._names()])}"
        yield "return np.concatenate([slope.ravel() for slope in slopes])"

    def _back_through(self, i: int) -> Iterator[str]:
        """Yield the lines that propagate d back through a hidden layer's activation and normalisation."""
        slope = ACTIVATIONS[self._activations[i - 1]][2].format(a=f"a{i}")
        factors = [f"d @ W{i + 1}.T", *([f"mask{i}"] if self._rates[i - 1] else []), slope]
        yield f"d = {' * '.join(filter(None, factors))}"
        if self._gamma(i):
            yield f"db{i}, dgamma{i} = d.sum(axis=0), (d * unit{i}).sum(axis=0)"
            yield f"d = through(d * gamma{i}, unit{i}, deviation{i})"

    # -- the start

    def start(self) -> str:
        """Return ``params`` and, for decoupled weight decay, ``weights``: 1 for each number that is a weight."""
        lines = self._first()
        if self._network.shrinkage is not None:
            flags = self._draw("np.concatenate([np.full(np.prod(s), len(s) - 1.0) for s in shapes])")
            lines.append(f"weights = {flags}  # 1 for each")
        return "\n".join(lines)

    def _first(self) -> list[str]:
        network = self._network
        if not self._has_own_start:
            return [f"params = {self._array(np.array(self._run.start))}"]
        gamma, parts = (", np.ones(outputs)", "start[:-1]") if network.batchnorm else ("", "start")
        return [
            f"random, start = np.random.default_rng(({network.init_seed}, 0)), []",
            "for inputs, outputs in zip(sizes, sizes[1:]):",
            *(f"    {line}" for line in DRAWS[network.init].splitlines()),
            f"    start += [W.ravel(), np.zeros(outputs){gamma}]",
            f"params = {self._draw(f'np.concatenate({parts})')}",
        ]
