"""The error surface as the views draw it: values over a grid, heights, and contour lines."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import contourpy
import numpy as np

if TYPE_CHECKING:
    from gdviz.objectives import Array, Box

__all__ = ["Terrain"]

LEVELS = 14
ROUNDING = 1e-12
"""Maximum rounding error of a value, relative to the greatest value."""


@dataclass(frozen=True, eq=False)
class Terrain:
    """The objective over a grid.

    Attributes
    ----------
    a, b
        The first and the second parameter, shapes (n,) and (m,), ascending.
    values
        Shape (n, m); NaN where it is not computed.
    """

    a: Array
    b: Array
    values: Array

    @property
    def box(self) -> Box:
        """The part of the plane that the grid covers."""
        return (self.a[0], self.a[-1]), (self.b[0], self.b[-1])

    @cached_property
    def lowest(self) -> float:
        """The least value on the grid."""
        return float(np.nanmin(self.values))

    @cached_property
    def highest(self) -> float:
        """The greatest value on the grid."""
        return float(np.nanmax(self.values))

    @cached_property
    def span(self) -> float:
        """The range of the values; 0 where they differ only by rounding."""
        span = self.highest - self.lowest
        return span if span > ROUNDING * max(abs(self.highest), abs(self.lowest)) else 0.0

    @cached_property
    def is_log(self) -> bool:
        """Whether heights are logarithmic: the median is so low that a linear scale would show a flat plain."""
        span = self.span
        return bool(span > 0 and np.nanmedian(self.values) - self.lowest < 0.12 * span)

    @cached_property
    def _unit(self) -> float:
        return max(1e-4 * self.span, 1e-300)

    def height(self, values: Array) -> Array:
        """Return the heights of `values`: 0 at the lowest of the grid, 1 at the highest."""
        span = self.span
        if span <= 0:
            return np.zeros_like(values)
        if self.is_log:
            return np.log1p(np.maximum(values - self.lowest, 0) / self._unit) / math.log1p(span / self._unit)
        return (values - self.lowest) / span

    def value(self, height: float) -> float:
        """Return the value whose height is `height`."""
        span = self.span
        if self.is_log:
            return self.lowest + self._unit * math.expm1(height * math.log1p(span / self._unit))
        return self.lowest + height * span

    @cached_property
    def levels(self) -> tuple[float, ...]:
        """The values at which contour lines are drawn: round numbers, ascending."""
        if self.span <= 0:
            return ()
        raw = [self.value((i + 0.5) / LEVELS) for i in range(LEVELS)]
        if self.is_log:
            return self._round(raw)
        step = _round_step((self.highest - self.lowest) / LEVELS)
        first = math.floor(self.lowest / step) + 1
        levels = (float(f"{step * i:.15g}") for i in range(first, math.ceil(self.highest / step)))
        return tuple(level for level in levels if self.lowest < level < self.highest)

    def _round(self, raw: list[float]) -> tuple[float, ...]:
        """Return the levels rounded to the fewest digits that leave at least half of them distinct."""
        levels: tuple[float, ...] = ()
        for digits in range(1, 17):
            numbers = {float(f"{level:.{digits}g}") for level in raw}
            levels = tuple(sorted(level for level in numbers if self.lowest < level < self.highest))
            if len(levels) >= LEVELS // 2:
                break
        return levels

    @cached_property
    def lines(self) -> dict[float, list[Array]]:
        """The contour lines by level: polylines of shape (k, 2)."""
        generator = contourpy.contour_generator(self.a, self.b, self.values.T)
        low, high = np.array(self.box).T  # rounding may put ends slightly outside the box
        return {
            level: [np.clip(np.asarray(line), low, high) for line in generator.lines(level)] for level in self.levels
        }

    @cached_property
    def shade(self) -> Array:
        """The brightness of the surface, lit from the upper left, shape (n, m): 1 is neutral."""
        z = np.nan_to_num(self.height(self.values)) * 0.9
        along_a, along_b = np.gradient(z, np.linspace(-1, 1, len(self.a)), np.linspace(-1, 1, len(self.b)))
        light = np.array([-0.4, -0.5, 0.77])
        cosine = (-along_a * light[0] - along_b * light[1] + light[2]) / np.sqrt(along_a**2 + along_b**2 + 1)
        return np.asarray(np.clip(0.55 + 0.62 * cosine, 0.35, 1.12))

    def sample(self, points: Array) -> Array:
        """Return the grid's values at points of shape (k, 2), interpolated; NaN outside the box."""
        i = (points[:, 0] - self.a[0]) / (self.a[-1] - self.a[0]) * (len(self.a) - 1)
        j = (points[:, 1] - self.b[0]) / (self.b[-1] - self.b[0]) * (len(self.b) - 1)
        inside = (i >= 0) & (j >= 0) & (i <= len(self.a) - 1) & (j <= len(self.b) - 1)
        i, j = np.where(inside, i, 0), np.where(inside, j, 0)
        i0, j0 = np.minimum(i.astype(int), len(self.a) - 2), np.minimum(j.astype(int), len(self.b) - 2)
        u, v = i - i0, j - j0
        low = self.values[i0, j0] * (1 - u) + self.values[i0 + 1, j0] * u
        high = self.values[i0, j0 + 1] * (1 - u) + self.values[i0 + 1, j0 + 1] * u
        return np.where(inside, low * (1 - v) + high * v, np.nan)


def _round_step(step: float) -> float:
    """Return the number 1, 2 or 5 times a power of ten that is nearest above `step`."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= step * 0.999)
