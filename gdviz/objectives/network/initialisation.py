"""Where a network's weights start: seeded draws whose spread suits the number of inputs and outputs; biases start at 0.

Xavier: Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010.
He: He, Zhang, Ren and Sun, Delving deep into rectifiers, ICCV 2015.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.objectives.base import Array

    Draw = Callable[[np.random.Generator, int, int], Array]

__all__ = ["INITIALISATIONS"]


def _uniform(spread: Callable[[int, int], float]) -> Draw:
    """Return a draw that is uniform and has such a standard deviation for so many inputs and outputs."""

    def draw(random: np.random.Generator, inputs: int, outputs: int) -> Array:
        reach = math.sqrt(3) * spread(inputs, outputs)
        return random.uniform(-reach, reach, (inputs, outputs))

    return draw


def _normal(spread: Callable[[int, int], float]) -> Draw:
    return lambda random, inputs, outputs: random.normal(0, spread(inputs, outputs), (inputs, outputs))


def _xavier(inputs: int, outputs: int) -> float:
    return math.sqrt(2 / (inputs + outputs))


def _he(inputs: int, outputs: int) -> float:
    return math.sqrt(2 / inputs)


INITIALISATIONS: dict[str, Draw] = {
    "xavier": _uniform(_xavier),
    "xavier-normal": _normal(_xavier),
    "he": _normal(_he),
    "he-uniform": _uniform(_he),
    "uniform": lambda random, inputs, outputs: random.uniform(-0.5, 0.5, (inputs, outputs)),
    "normal": _normal(lambda inputs, outputs: 1.0),
    "zeros": lambda random, inputs, outputs: np.zeros((inputs, outputs)),
}
"""Every initialisation of the weights by name: ``(random, inputs, outputs) -> (inputs, outputs)``."""
