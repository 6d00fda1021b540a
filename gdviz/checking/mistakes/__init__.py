"""The mistakes that are easily made when one writes the lecture's update rules down oneself.

Each changes one line of :class:`gdviz.training.Loop`. To add one: a subclass of :class:`Student` in the module of its
kind, or a row in a table there.
"""

from gdviz.checking.mistakes.base import Rewritten, Student, both, walk
from gdviz.checking.mistakes.batches import LOOPS
from gdviz.checking.mistakes.clocks import CLOCKS
from gdviz.checking.mistakes.gradients import GRADIENTS
from gdviz.checking.mistakes.memories import MEMORIES
from gdviz.checking.mistakes.networks import NETWORKS
from gdviz.checking.mistakes.rules import RULES
from gdviz.checking.mistakes.settings import exchanged, hyperparameters_of, otherwise_set, settings_of

__all__ = [
    "MISTAKES",
    "Rewritten",
    "Student",
    "both",
    "exchanged",
    "hyperparameters_of",
    "mistake",
    "otherwise_set",
    "settings_of",
    "walk",
]

MISTAKES: tuple[type[Student], ...] = (*LOOPS, *CLOCKS, *MEMORIES, *RULES, *GRADIENTS, *NETWORKS)
"""Every mistake that is looked for in any run; :func:`settings_of` has those of one run."""


def mistake(name: str) -> type[Student]:
    """Return a mistake by the name of its class."""
    return next(one for one in MISTAKES if one.__name__ == name)
