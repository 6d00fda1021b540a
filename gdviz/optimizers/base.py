"""What an optimizer is: a frozen value, its hyperparameters, and one elementwise update rule.

A rule is written once, in the lecture's symbols and order::

    def rule(g, t, m, v, eta, beta1, beta2, eps):
        m = beta1 * m + (1 - beta1) * g
        ...
        return step, (m, v), (m_hat, v_hat)

Its arguments are the gradient g, the update's number t (from 1), the state, then the hyperparameters in the order of
the class's fields. It returns the step that is subtracted from the parameters, the new state, and intermediate
quantities. It may use only arithmetic, :mod:`gdviz.elementary` and numpy's elementwise functions, so that the same
source works on a single number, on an array of parameters, and in a compiled loop. The fields `state` and `terms` name
the quantities that it returns besides the step, with a symbol and a kind: so the views can draw them without knowing
the rule.

To add an optimizer: one subclass in a file of its own with ``@OPTIMIZERS`` above it, in this package or in a plug-in.
"""

from __future__ import annotations

import abc
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from gdviz.elementary import Array
from gdviz.params import Declared
from gdviz.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["OPTIMIZERS", "Array", "Optimizer", "Term"]


@dataclass(frozen=True)
class Term:
    """A named quantity of an update rule.

    Attributes
    ----------
    name, symbol, help
        Its name in the rule's source, its symbol in the lecture, and one line that explains it.
    kind
        How a view may draw it: an ``arrow`` from the current point (a displacement or a direction), a ``point``,
        a per-parameter ``scale``, or only a ``number``.
    """

    name: str
    symbol: str
    help: str
    kind: Literal["arrow", "point", "scale", "number"] = "arrow"


class Optimizer(Declared, abc.ABC):
    """An update rule with its hyperparameters; the first field of every optimizer is its learning rate `eta`."""

    state: ClassVar[tuple[Term, ...]] = ()
    """The rule's memory from update to update; :meth:`start_state` gives its first values."""
    terms: ClassVar[tuple[Term, ...]] = ()
    """Intermediate quantities of the rule, which views show."""
    equations: ClassVar[tuple[str, ...]] = ()
    """The rule in the lecture's notation, one assignment a line; see :meth:`written`."""
    published: ClassVar[tuple[tuple[str, float], ...]] = ()
    """The hyperparameters that the rule's paper recommends, as (name, value); others are left out."""
    source: ClassVar[str] = ""
    """The paper, and the place in it, of the values in `published`."""
    is_of_lecture: ClassVar[bool] = False
    """Whether it is one of the lecture's six."""
    usual_eta: ClassVar[float | None] = None
    """A learning rate that suits the rule on the lecture's data; None: the default of `eta`."""
    grows_with_gradient: ClassVar[bool] = False
    """Whether its step grows in proportion to the gradient, so that steep objectives need a smaller learning rate."""
    lecture_divides: ClassVar[bool] = False
    """Whether the lecture's code divides a batch's summed gradient by the batch's size for this rule."""

    eta: float

    rule: ClassVar[Callable[..., tuple[Any, tuple[Any, ...], tuple[Any, ...]]]]
    """The update rule, a static method: see the module's docstring."""

    look_ahead: ClassVar[Callable[..., Any] | None] = None
    """The point at which the gradient is evaluated: a static method ``(params, *state, *hyperparameters)``.

    None: at the params themselves.
    """

    def written(self) -> tuple[str, ...]:
        """Return the equations under the conventions that this instance's switches select."""
        return self.equations

    def hyperparameters(self, eta: float) -> tuple[float, ...]:
        """Return the hyperparameters in the rule's order, with the scheduled learning rate `eta` in its place."""
        return tuple(eta if key == "eta" else value for key, value in self.values().items())

    def start_state(self, params: Array) -> tuple[Array, ...]:
        """Return the state before the first update: a ``point`` starts at `params`, everything else at 0.

        A rule that needs the params themselves, as decoupled weight decay does, has them as a state of the kind
        ``point``, from which it subtracts its own steps.
        """
        return tuple(params.copy() if term.kind == "point" else np.zeros_like(params) for term in self.state)


OPTIMIZERS: Registry[type[Optimizer]] = Registry("optimizer")
"""Every rule that the pickers, the command line and the contract tests know."""
