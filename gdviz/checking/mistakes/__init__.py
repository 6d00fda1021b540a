"""The mistakes that are easily made when one writes the lecture's update rules down oneself.

Each changes one line of :class:`gdviz.training.Loop`. To add one: a subclass of :class:`Student` with ``@MISTAKES``
above it, in the module of its kind or in a plug-in, or a row in a table there.
"""

# ruff: noqa: I001, F401 -- the order of these modules is the order in which mistakes are looked for
from gdviz.checking.mistakes.base import MISTAKES, Rewritten, Student, both, walk
import gdviz.checking.mistakes.batches
import gdviz.checking.mistakes.clocks
import gdviz.checking.mistakes.memories
import gdviz.checking.mistakes.rules
import gdviz.checking.mistakes.gradients
import gdviz.checking.mistakes.networks
from gdviz.checking.mistakes.settings import hyperparameters_of, settings_of, swaps, with_setting

__all__ = [
    "MISTAKES",
    "Rewritten",
    "Student",
    "both",
    "hyperparameters_of",
    "settings_of",
    "swaps",
    "walk",
    "with_setting",
]
