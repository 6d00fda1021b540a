"""Which samples an update sees: all of them, a mini-batch, or one."""

from __future__ import annotations

import abc
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gdviz.params import Declared, param
from gdviz.registry import Registry

if TYPE_CHECKING:
    from gdviz.objectives import Samples

__all__ = ["STRATEGIES", "Batch", "MiniBatch", "Sampling", "Stochastic"]


TOGETHER = 1 << 16
"""Number of samples whose order is drawn at once."""


class Sampling(Declared, abc.ABC):
    """A strategy: which samples each update sees. The order within an epoch depends on the seed and the epoch alone.

    So any update's batch can be computed on its own, and runs with the same strategy and seed see the same batches.
    """

    shuffle: bool = False

    @abc.abstractmethod
    def batch_size(self, samples: int) -> int:
        """Return the number of samples in a full batch."""

    def per_epoch(self, samples: int) -> int:
        """Return the number of updates in an epoch; the last batch may be smaller."""
        return -(-samples // self.batch_size(samples))

    def batch(self, update: int, samples: int, seed: int) -> Samples:
        """Return the samples of the update after `update` others."""
        size = self.batch_size(samples)
        if size >= samples:
            return slice(0, samples)
        epoch, position = divmod(update, self.per_epoch(samples))
        consecutive = slice(position * size, min((position + 1) * size, samples))
        return self.order(epoch, samples, seed)[consecutive] if self.shuffle else consecutive

    def order(self, epoch: int, samples: int, seed: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Return the order of the samples in an epoch: a permutation that depends on the arguments alone."""
        epochs = max(1, TOGETHER // samples)
        block, row = divmod(epoch, epochs)
        permutation: np.ndarray[tuple[int], np.dtype[np.intp]] = _orders(samples, seed, block, epochs)[row]
        return permutation

    def size_at(self, update: int, samples: int) -> int:
        """Return the number of samples of that update."""
        size = self.batch_size(samples)
        return min(size, samples - update % self.per_epoch(samples) * size)


STRATEGIES: Registry[type[Sampling]] = Registry("strategy")
"""Every strategy that the pickers and the command line know."""


@lru_cache(maxsize=8)
def _orders(samples: int, seed: int, block: int, epochs: int) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    """Return the orders of several epochs at once: seeding a generator takes longer than shuffling."""
    orders = np.tile(np.arange(samples), (epochs, 1))
    np.random.default_rng((seed, block)).permuted(orders, axis=1, out=orders)
    orders.flags.writeable = False
    return orders


def shuffled() -> bool:
    """Declare whether the samples are shuffled before every epoch."""
    flag: bool = param(False, "shuffle", "draw a new order before every epoch; otherwise in the order of the data")
    return flag


@STRATEGIES
@dataclass(frozen=True)
class Batch(Sampling):
    """Every update sees all samples: one update an epoch."""

    name = "batch"
    label = "Batch"

    def batch_size(self, samples: int) -> int:
        """Return all."""
        return samples


@STRATEGIES
@dataclass(frozen=True)
class MiniBatch(Sampling):
    """Every update sees `size` samples; the last batch of an epoch may be smaller."""

    name = "minibatch"
    label = "Mini-batch"

    size: int = param(32, "size", "samples in a batch", low=1, slider=(1, 128))
    shuffle: bool = shuffled()

    def batch_size(self, samples: int) -> int:
        """Return the size, at most all."""
        return min(self.size, samples)


@STRATEGIES
@dataclass(frozen=True)
class Stochastic(Sampling):
    """Every update sees one sample."""

    name = "stochastic"
    label = "Stochastic"

    shuffle: bool = shuffled()

    def batch_size(self, samples: int) -> int:
        """Return one."""
        return 1
