"""Objectives with a formula from which the engine compiles its loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from gdviz.objectives.base import Objective

if TYPE_CHECKING:
    from gdviz.elementary import Array

__all__ = ["Compiled"]


class Compiled(Objective):
    """An objective of two parameters a and b whose formula the engine puts into compiled loops.

    A formula is one or two static methods, elementwise as a rule is; a subclass defines them and names them in
    `formulas`, where :mod:`gdviz.engine.library` finds them. Without numba, numpy evaluates `value` and `gradient`.
    """

    formulas: ClassVar[tuple[str, ...]] = ("summand",)
    """The names of the static methods, one of three:

    * ``summand``: ``(a, b, *sample) -> (value, ∂/∂a, ∂/∂b)`` of one sample, a column of the table;
    * ``f, df``: ``(a, b, *values) -> value`` and ``-> (∂/∂a, ∂/∂b)``, of which the values are the table's only column;
    * ``whole``: ``(a, b, first, last, table) -> (value, ∂/∂a, ∂/∂b)`` over the columns first to last.
    """

    @property
    def table(self) -> Array:
        """The numbers of the samples, one column a sample: shape (rows, samples)."""
        return np.empty((0, self.samples))
