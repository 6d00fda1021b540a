"""What a memory is made of: past gradients, each with the weight that is left of it."""

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
    """A state written as the sum that it is, such as v₄ = η g₄ + γ η g₃ + γ² η g₂ + ….

    Attributes
    ----------
    symbol
        The state's.
    kept, added
        What of it is left after an update (None: all), and what an update adds: γ, and η g.
    inputs
        The symbols in `added` that differ from update to update.
    updates
        The numbers of the last updates, the newest first, shape (k,).
    weights
        With what weight each of them counts now, shape (k,): of g, or of what else is `added`.
    older
        What the updates before them still contribute, shape (n,); 0 where there are none.
    contributions
        Shape (k, n): weight times gradient. With `older` they add up to the state.
    """

    symbol: str
    kept: Expression | None
    added: Expression
    inputs: frozenset[str]
    updates: tuple[int, ...]
    weights: tuple[float, ...]
    contributions: np.ndarray[Any, np.dtype[np.float64]]
    older: np.ndarray[Any, np.dtype[np.float64]]


def pasts_of(recent: Sequence[Step]) -> tuple[Past, ...]:
    """Return the past of each state that is a sum of past gradients, or of their squares.

    Parameters
    ----------
    recent
        Consecutive steps of one rule, the newest last.
    """
    worked = [work_out(step) for step in recent]
    if not worked or not all(worked):
        return ()
    optimizer, pasts = recent[-1].run.optimizer, []
    for term in optimizer.state:
        lines = [line for lines in worked for line in lines if line.equation.target == term.symbol]
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
    inputs = set(symbols(other[0])) - {UPDATE, *(declared.symbol for declared in optimizer.params())}
    left, weights, contributions = 1.0, [], []
    for line in reversed(lines):
        weight = evaluate(other[0], {**line.values, **dict.fromkeys(inputs, 1.0)})
        kept = evaluate(own[0], {**line.values, symbol: 1.0})
        if np.ndim(weight) or np.ndim(kept):
            return None  # each parameter has another past
        weights.append(left * float(weight))
        contributions.append(left * np.broadcast_to(evaluate(other[0], line.values), line.result.shape))
        left *= float(kept)
    older = left * np.asarray(lines[0].values[symbol], float)
    return Past(
        symbol, _without(own[0], symbol), other[0], frozenset(inputs), tuple(reversed(updates)), tuple(weights),
        np.array(contributions), older,
    )  # fmt: skip


def _is_linear(term: Expression, symbol: str) -> bool:
    factors = term.factors if isinstance(term, Product) else (term,)
    return Symbol(symbol) in factors and sum(symbol in symbols(factor) for factor in factors) == 1


def _without(term: Expression, symbol: str) -> Expression | None:
    """Return what the symbol is multiplied by; None where that is 1."""
    factors = tuple(factor for factor in getattr(term, "factors", ()) if factor != Symbol(symbol))
    return None if not factors else factors[0] if len(factors) == 1 else Product(factors)
