"""The base of all objectives: a value and a gradient over a space of parameters.

To add one: a subclass in a file of its own with ``@OBJECTIVES`` above it, in this package or in a plug-in. Capabilities
that only some objectives have are subclasses of :class:`Objective` with one subject each. An objective inherits from
all that fit it. No two of them define the same member, so their order does not matter:

* :class:`gdviz.objectives.on_data.OnData`: it is fitted to samples, which can be exchanged;
* :class:`gdviz.objectives.scored.Scored`: scores are measured besides the value;
* :class:`gdviz.objectives.per_update.PerUpdate`: an update needs more of it than a gradient;
* :class:`gdviz.objectives.compiled.Compiled`: the engine compiles loops from its formula.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from gdviz.elementary import Array
from gdviz.objectives.calculus import Calculus, Samples
from gdviz.objectives.space import Box, ParameterSpace
from gdviz.params import Declared
from gdviz.registry import Registry

if TYPE_CHECKING:
    from gdviz.objectives.data.samples import Data

__all__ = ["OBJECTIVES", "Array", "Box", "Objective", "Reduction", "Samples"]

Reduction = Literal["lecture", "sum", "mean"]


class Objective(ParameterSpace, Calculus, Declared):
    """A function to be minimised. An objective never changes after construction.

    A subclass defines `name`, `label` and `formula`; of :class:`ParameterSpace` `parameters`, `start` and `box`; of
    :class:`Calculus` `value` and `gradient`. All other defaults suit a function of a few parameters without data.
    """

    formula: ClassVar[str]
    """The formula of the value, in the lecture's notation."""
    value_name: ClassVar[str] = "error"
    minima: tuple[tuple[float, float], ...] = ()
    """The known global minima."""
    samples: int = 1
    """The number of samples in the value's sum or mean; 1 where there is no data."""
    data: Data | None = None
    """The samples; None where there are none, see :class:`gdviz.objectives.on_data.OnData`."""
    score_names: tuple[str, ...] = ()
    """The names of the scores that are measured besides the value, see :class:`gdviz.objectives.scored.Scored`."""
    has_layers: bool = False
    """Whether it is a network, with all members of :class:`gdviz.Network`."""

    @property
    def lowest(self) -> float:
        """The least possible value, as far as it is known; 0 for an error."""
        return 0.0

    @property
    def work(self) -> float:
        """The cost of one evaluation, in evaluations of a neuron on one sample."""
        return float(self.samples)

    def rate_factor(self, grows_with_gradient: bool) -> float:
        """Return the factor on a learning rate that suits the lecture's neuron, so that it suits this objective.

        Parameters
        ----------
        grows_with_gradient
            Whether the rule's step grows with the gradient: where the objective is steep, such a rule needs a small
            factor, other rules do not.
        """
        return 1.0

    def divisor(self, reduction: Reduction, batch_size: int, lecture_divides: bool) -> float:
        """Return the divisor of a batch's summed gradient.

        Parameters
        ----------
        reduction
            ``sum``: 1; ``mean``: the batch's size; ``lecture``: the batch's size for rules with `lecture_divides`,
            otherwise 1.
        batch_size
            The number of samples in the batch.
        lecture_divides
            Whether the lecture's code divides by the batch's size for this rule.
        """
        divides = lecture_divides if reduction == "lecture" else reduction == "mean"
        return float(batch_size) if divides else 1.0


OBJECTIVES: Registry[type[Objective]] = Registry("objective")
"""Every objective that pickers, command line and contract tests offer."""
