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
"""What a run carries along where it carries nothing."""


class PerUpdate(Objective):
    """An objective that draws something anew for each update, is carried along by a run, or shrinks its parameters.

    The training loop asks it in every update (:class:`gdviz.training.loop.Loop`), and the engine then lets each run go
    alone. By default nothing is drawn, carried or shrunk.
    """

    draws: bool = False
    """Whether anything is drawn anew for each update, such as which neurons drop out."""
    shrinkage: Array | None = None
    """What share of each parameter an update takes away beside the rule, for each unit of η, shape (n,); None: nothing.
    """

    def gradient_in(self, params: Array, batch: Samples, update: int, seed: int) -> Array:
        """Return the gradient that a run sees, with what is drawn for the update.

        Parameters
        ----------
        params
            Shape (n,).
        batch
            The samples of the update.
        update
            The number of updates before this one.
        seed
            The run's; what is drawn follows from it and from `update` alone, so any update can be made again.

        Returns
        -------
        array
            Shape (n,).
        """
        return self.gradient(params, batch)

    @property
    def carried(self) -> Array:
        """What a run carries along besides its params, before the first update: shape (r,), usually nothing."""
        return NOTHING

    def carry(self, carried: Array, params: Array, batch: Samples, update: int, seed: int) -> Array:
        """Return what is carried along after an update whose gradient was taken at `params`: shape (r,)."""
        return carried
