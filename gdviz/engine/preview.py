"""An approximation of a neuron on very many samples, whose cost does not depend on the number of samples.

The box is divided into patches. On each of them a polynomial of low degree, from the error's Chebyshev table, gives the
error and its gradient with a few hundred multiplications. Outside the box the values of the nearest point in it are
used.
"""

from __future__ import annotations

import math
from functools import singledispatch
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from gdviz.engine.chebyshev import nodes_of
from gdviz.engine.grid import table_over
from gdviz.objectives.compiled import Compiled
from gdviz.objectives.neuron import SigmoidNeuron

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.engine.chebyshev import Table
    from gdviz.objectives import Array, Box, Objective, Samples

__all__ = ["COUNT", "Preview", "original_of", "patch_gradient", "preview_of"]

COUNT = 10
"""Number of coefficients of a patch along each axis."""
MOST_NODES = 40_000
MOST_PATCHES = 96


def patch_gradient(a: Any, b: Any, first: Any, last: Any, table: Any) -> Any:
    """Return E, ∂E/∂w and ∂E/∂b at a point, from its patch, by Horner's scheme; the engine compiles this function."""
    if np.isnan(a) or np.isnan(b):
        return np.nan, np.nan, np.nan
    low_a, size_a, count_a = table[0, 0], table[0, 1], table[0, 2]
    low_b, size_b, count_b = table[0, 3], table[0, 4], table[0, 5]
    at_a = min(max((a - low_a) / size_a, 0.0), count_a)
    at_b = min(max((b - low_b) / size_b, 0.0), count_b)
    i, j = min(int(at_a), int(count_a) - 1), min(int(at_b), int(count_b) - 1)
    u, v = 2 * (at_a - i) - 1, 2 * (at_b - j) - 1
    row = 1 + i * int(count_b) + j
    value, along_u, along_v = 0.0, 0.0, 0.0
    for p in range(COUNT - 1, -1, -1):
        inner, slope = 0.0, 0.0
        for q in range(COUNT - 1, -1, -1):
            slope = slope * v + inner
            inner = inner * v + table[row, p * COUNT + q]
        along_u = along_u * u + value
        value = value * u + inner
        along_v = along_v * u + slope
    return value, 2 * along_u / size_a, 2 * along_v / size_b


class Preview(Compiled):
    """An approximation of :class:`SigmoidNeuron` over all samples, to about eight digits, in a box."""

    name: ClassVar[str] = "preview"
    label: ClassVar[str] = "Preview"
    formula: ClassVar[str] = "E ≈ Σ cᵢⱼ wⁱ bʲ"
    parameters = ("w", "b")
    formulas = ("whole",)
    whole = staticmethod(patch_gradient)

    def __init__(self, neuron: SigmoidNeuron, table: Table, counts: tuple[int, int]) -> None:
        self.neuron = neuron
        self.samples = neuron.samples
        self._table = _patches(table, counts)

    @classmethod
    def over(cls, neuron: SigmoidNeuron, box: Box, cancelled: Callable[[], bool] = lambda: False) -> Preview | None:
        """Return the preview of a neuron on a box; None where the error is too steep for a table."""
        poles = math.pi / max(float(np.abs(neuron.X).max()), 1e-300), math.pi
        patches = [3.0 * (high - low) / pole for (low, high), pole in zip(box, poles, strict=True)]
        if max(patches) > MOST_PATCHES:
            return None
        counts = tuple(map(math.ceil, patches))
        table = table_over(neuron, box, MOST_NODES, cancelled)
        return None if table is None or cancelled() else cls(neuron, table, (counts[0], counts[1]))

    @property
    def start(self) -> tuple[float, float]:
        """The neuron's."""
        return self.neuron.start

    @property
    def box(self) -> Box:
        """The neuron's."""
        return self.neuron.box

    @property
    def table(self) -> Array:
        """The patches, as :func:`patch_gradient` reads them."""
        return self._table

    def value(self, params: Array) -> Array:
        """Return E at points of shape (..., 2)."""
        points = np.asarray(params, float)
        values = np.array([patch_gradient(a, b, 0, 0, self._table)[0] for a, b in points.reshape(-1, 2).tolist()])
        return values.reshape(points.shape[:-1])

    def gradient(self, params: Array, batch: Samples = slice(None)) -> Array:
        """Return ∂E/∂w and ∂E/∂b over all samples, whatever the batch."""
        return np.array(patch_gradient(float(params[0]), float(params[1]), 0, 0, self._table)[1:])


@singledispatch
def preview_of(objective: Objective, box: Box, cancelled: Callable[[], bool] = lambda: False) -> Preview | None:
    """Return an approximation of an objective on a box; None where there is none, as for most objectives."""
    return None


@preview_of.register(SigmoidNeuron)
def _preview_of_neuron(
    neuron: SigmoidNeuron, box: Box, cancelled: Callable[[], bool] = lambda: False
) -> Preview | None:
    return Preview.over(neuron, box, cancelled) if neuron.is_unchanged else None


@singledispatch
def original_of(objective: Objective) -> Objective:
    """Return the objective that a preview approximates; any other objective is returned itself."""
    return objective


@original_of.register(Preview)
def _original_of_preview(preview: Preview) -> Objective:
    return preview.neuron


def _patches(table: Table, counts: tuple[int, int]) -> Array:
    """Return the patches as one array: a header (low, size, count of both axes), then a row of coefficients each."""
    inside = nodes_of(COUNT, -1.0, 1.0)
    to_powers = np.linalg.inv(np.vander(inside, COUNT, increasing=True))
    points, header = [], []
    for (low, high), count in zip(table.box, counts, strict=True):
        size = (high - low) / count
        centres = low + size * (np.arange(count) + 0.5)
        points.append((centres[:, None] + size / 2 * inside).ravel())
        header += [low, size, count]
    values = table.grid(*points).reshape(counts[0], COUNT, counts[1], COUNT)
    coefficients = np.einsum("ip,apbq,jq->abij", to_powers, values, to_powers, optimize=True)
    patches = np.zeros((1 + counts[0] * counts[1], COUNT * COUNT))
    patches[0, :6] = header
    patches[1:] = coefficients.reshape(-1, COUNT * COUNT)
    return patches
