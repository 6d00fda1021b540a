"""Objectives of which an update needs more than a gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gdviz.objectives.base import Objective

if TYPE_CHECKING:
    from gdviz.elementary import Array
    from gdviz.objectives.base import Samples

__all__ = ["NOTHING", "PerUpdate"]

NOTHING: Array = np.empty(0)
"""The carried array of objectives for which a run carries nothing along."""


class PerUpdate(Objective):
    """An objective that needs more than a gradient in each update.

    It may draw random numbers for each update (dropout, augmentation), let a run carry statistics along (running
    means), or shrink its parameters beside the rule (decoupled weight decay). The training loop
    (:class:`gdviz.training.loop.Loop`) calls it in every update, and the engine computes each run on its own. By
    default nothing is drawn, carried or shrunk.
    """

    draws: bool = False
    """Whether random numbers are drawn for each update, such as which neurons drop out."""
    shrinkage: Array | None = None
    """The share of each parameter that an update subtracts beside the rule, per unit of η, shape (n,); None: 0."""

    def gradient_in(self, params: Array, batch: Samples, update: int, seed: int) -> Array:
        """Return the gradient that a run sees in an update, with the random numbers of that update.

        Parameters
        ----------
        params
            Shape (n,).
        batch
            The samples of the update.
        update
            The number of updates before this one.
        seed
            The run's seed. The random numbers depend on it and on `update` alone, so any update can be recomputed.

        Returns
        -------
        array
            Shape (n,).
        """
        return self.gradient(params, batch)

    @property
    def carried(self) -> Array:
        """The statistics that a run carries along, as they are before the first update: shape (r,), usually empty."""
        return NOTHING

    def carry(self, carried: Array, params: Array, batch: Samples, update: int, seed: int) -> Array:
        """Return the carried statistics, shape (r,), after an update whose gradient was evaluated at `params`."""
        return carried
