"""Initial weights: seeded random draws whose spread suits the numbers of inputs and outputs; biases start at 0.

Xavier: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010.
He: He, Zhang, Ren and Sun, Delving deep into rectifiers, ICCV 2015.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gdviz.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.elementary import Array

    Draw = Callable[[np.random.Generator, int, int], Array]

__all__ = ["INITIALISATIONS", "Initialisation"]


@dataclass(frozen=True)
class Initialisation:
    """A way to draw the first weights of a layer.

    Attributes
    ----------
    name
        Its name.
    draw
        ``(random, inputs, outputs) -> weights`` of shape (inputs, outputs).
    """

    name: str
    draw: Draw


def _uniform(spread: Callable[[int, int], float]) -> Draw:
    """Return a function that draws uniformly, with the standard deviation ``spread(inputs, outputs)``."""

    def draw(random: np.random.Generator, inputs: int, outputs: int) -> Array:
        reach = math.sqrt(3) * spread(inputs, outputs)
        return random.uniform(-reach, reach, (inputs, outputs))

    return draw


def _normal(spread: Callable[[int, int], float]) -> Draw:
    """Return a function that draws normally, with the standard deviation ``spread(inputs, outputs)``."""
    return lambda random, inputs, outputs: random.normal(0, spread(inputs, outputs), (inputs, outputs))


def _xavier(inputs: int, outputs: int) -> float:
    return math.sqrt(2 / (inputs + outputs))


def _he(inputs: int, outputs: int) -> float:
    return math.sqrt(2 / inputs)


INITIALISATIONS: Registry[Initialisation] = Registry("initialisation")
"""Every initialisation of the weights that networks know."""

INITIALISATIONS(Initialisation("xavier", _uniform(_xavier)))
INITIALISATIONS(Initialisation("xavier-normal", _normal(_xavier)))
INITIALISATIONS(Initialisation("he", _normal(_he)))
INITIALISATIONS(Initialisation("he-uniform", _uniform(_he)))
INITIALISATIONS(Initialisation("uniform", lambda random, inputs, outputs: random.uniform(-0.5, 0.5, (inputs, outputs))))
INITIALISATIONS(Initialisation("normal", _normal(lambda inputs, outputs: 1.0)))
INITIALISATIONS(Initialisation("zeros", lambda random, inputs, outputs: np.zeros((inputs, outputs))))
