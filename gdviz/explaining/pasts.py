"""States as weighted sums of past gradients, with the weights that are left of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.explaining.working import UPDATE, work_out
from gdviz.notation.expressions import Expression, Product, Sum, Symbol, evaluate, symbols

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.explaining.working import Line
    from gdviz.optimizers import Optimizer
    from gdviz.training.loop import Step

__all__ = ["Past", "pasts_of"]


@dataclass(frozen=True)
class Past:
    """A state written as a sum over past updates, such as v₄ = η g₄ + γ η g₃ + γ² η g₂ + ….

    Attributes
    ----------
    symbol
        The state's.
    decay, increment
        The factor on the old state in an update (None: 1), and the term that an update adds: γ, and η g.
    inputs
        The symbols in `increment` that differ from update to update.
    updates
        The numbers of the last updates, the newest first, shape (k,).
    weights
        The present weight of each of their inputs, such as g, shape (k,).
    older
        The present contribution of all earlier updates, shape (n,); 0 where there are none.
    contributions
        Shape (k, n): weight times gradient. With `older` they add up to the state.
    """

    symbol: str
    decay: Expression | None
    increment: Expression
    inputs: frozenset[str]
    updates: tuple[int, ...]
    weights: tuple[float, ...]
    contributions: np.ndarray[Any, np.dtype[np.float64]]
    older: np.ndarray[Any, np.dtype[np.float64]]


def pasts_of(recent: Sequence[Step]) -> tuple[Past, ...]:
    """Return the past of each state that is a weighted sum of past gradients or of their squares.

    Parameters
    ----------
    recent
        Consecutive steps of one rule, the newest last.
    """
    workings = [work_out(step) for step in recent]
    if not workings or not all(workings):
        return ()
    optimizer, pasts = recent[-1].run.optimizer, []
    for term in optimizer.state:
        lines = [line for lines in workings for line in lines if line.equation.target == term.symbol]
        if len(lines) == len(recent):
            past = _past(optimizer, term.symbol, lines, [step.update for step in recent])
            pasts += [past] if past else []
    return tuple(pasts)


def _past(optimizer: Optimizer, symbol: str, lines: Sequence[Line], updates: Sequence[int]) -> Past | None:
    value = lines[-1].equation.value
    if not isinstance(value, Sum) or len(value.terms) != 2 or any(sign < 0 for sign, _ in value.terms):
        return None
    own = [term for _, term in value.terms if symbol in symbols(term)]
    other = [term for _, term in value.terms if symbol not in symbols(term)]
    if len(own) != 1 or not _is_linear(own[0], symbol):
        return None
    inputs = set(symbols(other[0])) - {UPDATE, *(param.symbol for param in optimizer.params())}
    share, weights, contributions = 1.0, [], []
    for line in reversed(lines):
        weight = evaluate(other[0], {**line.values, **dict.fromkeys(inputs, 1.0)})
        factor = evaluate(own[0], {**line.values, symbol: 1.0})
        if np.ndim(weight) or np.ndim(factor):
            return None  # the weights differ between parameters
        weights.append(share * float(weight))
        contributions.append(share * np.broadcast_to(evaluate(other[0], line.values), line.result.shape))
        share *= float(factor)
    older = share * np.asarray(lines[0].values[symbol], float)
    return Past(
        symbol, _without(own[0], symbol), other[0], frozenset(inputs), tuple(reversed(updates)), tuple(weights),
        np.array(contributions), older,
    )  # fmt: skip


def _is_linear(term: Expression, symbol: str) -> bool:
    factors = term.factors if isinstance(term, Product) else (term,)
    return Symbol(symbol) in factors and sum(symbol in symbols(factor) for factor in factors) == 1


def _without(term: Expression, symbol: str) -> Expression | None:
    """Return the factor on the symbol; None where it is 1."""
    factors = tuple(factor for factor in getattr(term, "factors", ()) if factor != Symbol(symbol))
    return None if not factors else factors[0] if len(factors) == 1 else Product(factors)
