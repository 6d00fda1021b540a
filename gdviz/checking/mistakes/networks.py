"""Mistakes in a network's gradient: in its penalty, and in the slopes of back-propagation."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np

from gdviz.checking.mistakes.base import MISTAKES, Student
from gdviz.objectives import ACTIVATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gdviz.objectives import Activation, Array, Network, Samples
    from gdviz.training import Run

    Slope = Callable[[Array, float], Array]


def network_of(run: Run) -> Network:
    """Return a run's objective as a network, which it is where a mistake of this file can be made."""
    return cast("Network", run.objective)


class OfPenalties(Student):
    """A mistake in a network's penalty."""

    def can_be_made(self, run: Run) -> bool:
        """Return whether a network is trained with a penalty."""
        return run.objective.has_layers and network_of(run).l2 > 0 and not network_of(run).decoupled

    def penalty_slope(self, run: Run, at: Array, share: float) -> Array:
        """Return `share` of the slope of ½ λ Σ W²."""
        network, slopes = network_of(run), np.zeros_like(at)
        for layer in network.layout.layers:
            slopes[layer.W] = network.l2 * at[layer.W]
        return share * slopes


class OfBackPropagation(Student):
    """A mistake in a slope that is a factor in back-propagation."""

    def __init__(self) -> None:
        super().__init__()
        self._misread_networks: dict[Network, Network] = {}

    def misread(self, network: Network) -> Mapping[str, object]:
        """Return the network's attributes that the mistake changes, by name; empty: none in this network."""
        return {}

    def can_be_made(self, run: Run) -> bool:
        """Return whether the mistake changes the network."""
        return run.objective.has_layers and bool(self.misread(network_of(run)))

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Return the gradient of the network with the mistake."""
        network = network_of(run)
        if network not in self._misread_networks:
            self._misread_networks[network] = copy(network)  # a shallow copy, which shares the samples
            vars(self._misread_networks[network]).update(self.misread(network))
        return self._misread_networks[network].gradient_in(at, batch, update, run.seed)


class OfHiddenLayers(OfBackPropagation):
    """Another slope of the hidden layers' activations."""

    slope: ClassVar[Callable[[Activation], Slope]]
    """Returns the wrong slope ``(a, leak) -> da/dz`` of an activation."""

    def misread(self, network: Network) -> Mapping[str, object]:
        """Return the activations with the wrong slope, if it differs from the right one."""
        others = tuple(replace(one, slope=type(self).slope(one)) for one in network.activations)
        is_other = any(map(_differ, others, network.activations))
        return {**super().misread(network), **({"activations": others} if is_other else {})}


def _differ(one: Activation, other: Activation) -> bool:
    """Return whether the slopes of two activations differ at any of their usual values."""
    a = one.f(np.linspace(-3, 3, 7), 0.01)
    return not np.array_equal(one.slope(a, 0.01), other.slope(a, 0.01))


HIDDEN: tuple[tuple[str, Callable[[Activation], Slope], str], ...] = (
    ("HiddenSlopeMissing", lambda f: ACTIVATIONS["linear"].slope,
     "the slope f′(z) of the hidden layers is missing in back-propagation"),
    ("HiddenSlopeOfValue", lambda f: lambda a, leak: f.slope(f.f(a, leak), leak),
     "the slope of the hidden layers was taken at a, not at z: f′(a) in place of f′(z)"),
    ("HiddenSlopeOfLogistic", lambda f: ACTIVATIONS["logistic"].slope,
     "the slope of the hidden layers was taken as a(1 − a), that of the logistic function"),
    ("HiddenSlopeOfTanh", lambda f: ACTIVATIONS["tanh"].slope,
     "the slope of the hidden layers was taken as 1 − a², that of tanh"),
    ("HiddenSlopeOfReLU", lambda f: ACTIVATIONS["relu"].slope,
     "the slope of the hidden layers was taken as 1 where a > 0, else 0, that of ReLU"),
)  # fmt: skip


class OutputSlope(OfBackPropagation):
    """Another slope of the output: of the error by z."""

    outputs: ClassVar[tuple[str, ...]]
    """The names of the outputs for which the mistake can be made."""
    error_slope: ClassVar[Callable[[Array, Array], Array]]
    """``(ŷ, y) -> ∂error/∂z``."""

    def misread(self, network: Network) -> Mapping[str, object]:
        """Return the output with the other slope."""
        others = super().misread(network)
        if network.output not in self.outputs:
            return others
        output, slope = network.output_layer, type(self).error_slope
        return {**others, "output_layer": replace(output, slope=lambda z, y: slope(output.f(z), y))}


OUTPUT: tuple[tuple[str, tuple[str, ...], Callable[[Array, Array], Array], str], ...] = (
    ("OutputSlopeMissing", ("logistic-squared",), lambda f, y: f - y,
     "the output's slope ŷ(1 − ŷ) is missing: ŷ − y, as with the cross-entropy"),
    ("OutputSlopeAdded", ("softmax", "logistic"), lambda f, y: (f - y) * f * (1 - f),
     "the output's error was multiplied by ŷ(1 − ŷ), as with the squared error; with the cross-entropy it is ŷ − y"),
)  # fmt: skip

# Mistakes that modify the gradient come before those that replace it: so both take effect when two are combined.


@MISTAKES
class PenaltyOnB(OfPenalties):
    """λ pulls at b, too."""

    cause = "the penalty λ was put on the biases, too"

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Add λ b."""
        gradient = super().gradient(run, at, batch, update)
        return gradient + network_of(run).l2 * at - self.penalty_slope(run, at, 1.0)


@MISTAKES
class PenaltyByN(OfPenalties):
    """λ/N."""

    cause = "the penalty was divided by the number of samples: λ/N in place of λ"

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Take an N-th of it."""
        return super().gradient(run, at, batch, update) - self.penalty_slope(run, at, 1 - 1 / run.objective.samples)


@MISTAKES
class PenaltyMissing(OfPenalties):
    """λ is not there."""

    cause = "the penalty λ is missing in the gradient"

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Take it off."""
        return super().gradient(run, at, batch, update) - self.penalty_slope(run, at, 1.0)


@MISTAKES
class PenaltyTwice(OfPenalties):
    """2 λ W."""

    cause = "the penalty's slope is twice as large: 2λW, without the ½"

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Add it once more."""
        return super().gradient(run, at, batch, update) + self.penalty_slope(run, at, 1.0)


@MISTAKES
class BiasesNotMoved(Student):
    """All b stay."""

    cause = "the biases were never updated"

    def can_be_made(self, run: Run) -> bool:
        """Return whether a network is trained."""
        return run.objective.has_layers

    def gradient(self, run: Run, at: Array, batch: Samples, update: int) -> Array:
        """Leave their slopes out."""
        gradient = super().gradient(run, at, batch, update)
        for layer in network_of(run).layout.layers:
            gradient[layer.b] = 0.0
        return gradient


@MISTAKES
class OutputsAveraged(OfBackPropagation):
    """A mean over the outputs, too."""

    cause = "the error was averaged over the outputs, too"

    def misread(self, network: Network) -> Mapping[str, object]:
        """Return the output with its slope divided by the number of outputs, where there are several."""
        others = super().misread(network)
        output: Any = others.get("output_layer", network.output_layer)
        mean_output = replace(output, slope=lambda z, y: output.slope(z, y) / y.shape[1])
        return {**others, **({"output_layer": mean_output} if network.sizes[-1] > 1 else {})}


for name, slope, cause in HIDDEN:
    MISTAKES(type(name, (OfHiddenLayers,), {"slope": staticmethod(slope), "cause": cause}))


for name, outputs, error_slope, cause in OUTPUT:
    MISTAKES(type(name, (OutputSlope,), {"outputs": outputs, "error_slope": staticmethod(error_slope), "cause": cause}))
