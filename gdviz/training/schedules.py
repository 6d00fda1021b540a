"""Schedules: formulas for the learning rate η at t, the number of epochs (or updates) so far."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gdviz.params import Declared, param
from gdviz.registry import Registry

if TYPE_CHECKING:
    from gdviz.objectives import Array

__all__ = [
    "SCHEDULES",
    "ConstantRate",
    "CosineDecay",
    "ExponentialDecay",
    "InverseDecay",
    "Schedule",
    "StepDecay",
]


class Schedule(Declared, abc.ABC):
    """A learning-rate schedule; `per` says whether t counts epochs or updates, from 0."""

    formula: ClassVar[str]
    per: str

    @abc.abstractmethod
    def decayed(self, eta: float, t: Any, T: int) -> Any:
        """Return the learning rate at time t of T, for the optimizer's own rate `eta`.

        t is a number or an array, so the formula may use only arithmetic and numpy's elementwise functions.
        """

    def at(self, eta: float, update: int, per_epoch: int, updates: int) -> float:
        """Return the learning rate of an update.

        Parameters
        ----------
        eta
            The optimizer's learning rate.
        update
            The number of updates before this one.
        per_epoch, updates
            The numbers of updates in an epoch and in the whole run.
        """
        return float(self.rates(eta, np.array([update]), per_epoch, updates)[0])

    def rates(self, eta: float, update: np.ndarray[Any, Any], per_epoch: int, updates: int) -> Array:
        """Return the learning rates of many updates, in the shape of `update`; see :meth:`at`."""
        rates = np.empty(update.shape)
        if self.per == "update":
            rates[...] = self.decayed(eta, update, updates)
        else:
            rates[...] = self.decayed(eta, update // per_epoch, -(-updates // per_epoch))
        return rates


SCHEDULES: Registry[type[Schedule]] = Registry("schedule")
"""Every schedule that the pickers and the command line know."""


def per_what() -> Any:
    """Declare what t counts."""
    return param("epoch", "t", "what t counts", choices=("epoch", "update"))


def decay_speed() -> Any:
    """Declare how fast the learning rate falls."""
    return param(0.1, "rate", "how fast η falls, per unit of t", low=0, slider=(1e-4, 10), log=True)


@SCHEDULES
@dataclass(frozen=True)
class ConstantRate(Schedule):
    """η, always."""

    name = "constant"
    label = "Constant"
    formula = "η"
    per: ClassVar[str] = "epoch"  # type: ignore[misc]

    def decayed(self, eta: float, t: Any, T: int) -> Any:
        """Return η."""
        return eta

    def rates(self, eta: float, update: np.ndarray[Any, Any], per_epoch: int, updates: int) -> Array:
        """Return η for every update."""
        return np.full(update.shape, eta, np.float64)


@SCHEDULES
@dataclass(frozen=True)
class StepDecay(Schedule):
    """η · drop^⌊t/every⌋."""

    name = "step"
    label = "Step"
    formula = "η · drop^⌊t/every⌋"

    drop: float = param(
        0.5, "drop", "what η is multiplied by at each step", low=0, low_open=True, high=1, slider=(0.01, 1)
    )
    every: int = param(10, "every", "epochs from step to step", low=1, slider=(1, 1000), log=True)
    per: str = per_what()

    def decayed(self, eta: float, t: Any, T: int) -> Any:
        """Return η · drop^⌊t/every⌋."""
        return eta * self.drop ** (t // self.every)


@SCHEDULES
@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """η · e^(−rate·t)."""

    name = "exponential"
    label = "Exponential"
    formula = "η · e^(−rate·t)"

    rate: float = decay_speed()
    per: str = per_what()

    def decayed(self, eta: float, t: Any, T: int) -> Any:
        """Return η · e^(−rate·t)."""
        return eta * np.exp(-self.rate * t)


@SCHEDULES
@dataclass(frozen=True)
class InverseDecay(Schedule):
    """η / (1 + rate·t)."""

    name = "inverse"
    label = "Inverse"
    formula = "η / (1 + rate·t)"

    rate: float = decay_speed()
    per: str = per_what()

    def decayed(self, eta: float, t: Any, T: int) -> Any:
        """Return η / (1 + rate·t)."""
        return eta / (1 + self.rate * t)


@SCHEDULES
@dataclass(frozen=True)
class CosineDecay(Schedule):
    """floor + (η − floor)(1 + cos(πt/T))/2 (Loshchilov and Hutter, 2017, without restarts)."""

    name = "cosine"
    label = "Cosine"
    formula = "floor + (η − floor)(1 + cos(πt/T))/2"

    floor: float = param(0.0, "floor", "the learning rate at the end", low=0)
    per: str = per_what()

    def decayed(self, eta: float, t: Any, T: int) -> Any:
        """Return floor + (η − floor)(1 + cos(πt/T))/2."""
        return self.floor + (eta - self.floor) * (1 + np.cos(np.pi * t / T)) / 2
