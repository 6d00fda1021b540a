"""Samplings as somebody else would write them by what is documented, out of gdviz's tree."""

from dataclasses import dataclass

import numpy as np

import gdviz
from gdviz.params import param


@dataclass(frozen=True)
class Twice(gdviz.MiniBatch):
    """Every update sees the samples that it would see, and the first one."""

    name = "twice"

    def batch(self, update, samples, seed):
        return np.append(np.arange(samples)[super().batch(update, samples, seed)], 0)

    def size_at(self, update, samples):
        return super().size_at(update, samples) + 1


@dataclass(frozen=True)
class WithoutTheRest(gdviz.MiniBatch):
    """A batch that would be short is left out."""

    name = "without-the-rest"

    def per_epoch(self, samples):
        return samples // self.batch_size(samples)


@dataclass(frozen=True)
class Rolled(gdviz.MiniBatch):
    """Another order, which a parameter of its own decides."""

    name = "rolled"
    shuffle: bool = True
    offset: int = param(1, "o", "offset", low=0)

    def order(self, epoch, samples, seed):
        return np.roll(np.arange(samples), self.offset * (epoch + 1))
