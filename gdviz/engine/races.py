"""The compiled loop over the updates of a race: its runs advance in step, so that the processor overlaps their work.

An update depends on the one before it, so a single run mostly waits for the latency of roots and divisions. Runs do not
depend on each other: while one waits, the processor starts the next. They also share each batch in the cache. The loop
is compiled only once; each rule's update is compiled on its own, and the loop calls it by its address. Only
:mod:`gdviz.engine.library` imports this module.
"""

from __future__ import annotations

from math import nextafter
from typing import Any

from numba import types
from numba.extending import intrinsic

from gdviz.engine.jit import address_of, call_at, column, gradient_at, jit_for, plain_function, put

__all__ = ["Update", "compile_race", "compile_update"]

f8, i8, u8, table = types.float64, types.int64, types.uint64, types.float64[:, ::1]
UPDATE = types.void(table, u8, u8, f8, f8, f8, f8)
"""(memory, old row, new row, η, t, ∂a, ∂b): reads a run's params and state from one row, writes them to the other."""
LOOK_AHEAD = types.UniTuple(f8, 2)(table, u8, f8)
"""(memory, row, η) -> the point at which the rule needs the gradient."""
RACE = types.void(
    table, i8[::1], i8[::1], table, i8, i8, i8, i8[::1], types.boolean[::1], i8, table,
    types.float64[:, :, ::1], table, types.boolean[::1], types.float64[:, :, ::1], i8, table, i8[::1], f8[::1],
)  # fmt: skip


@intrinsic
def update_at(context: Any, address: Any, memory: Any, old: Any, new: Any, eta: Any, t: Any, ga: Any, gb: Any) -> Any:
    """Call the update at an address."""
    return call_at(UPDATE)


@intrinsic
def look_ahead_at(context: Any, address: Any, memory: Any, row: Any, eta: Any) -> Any:
    """Call the look-ahead at an address."""
    return call_at(LOOK_AHEAD)


class Update:
    """A compiled rule, given by the addresses of its functions.

    Attributes
    ----------
    one
        Address of the update.
    look_ahead
        Address of the look-ahead; 0 where the gradient is evaluated at the params.
    """

    def __init__(self, one: Any, look_ahead: Any) -> None:
        self._functions = one, look_ahead  # references, so that the machine code is not freed
        self.one, self.look_ahead = address_of(one), address_of(look_ahead) if look_ahead else 0


def compile_update(rule: Any, look_ahead: Any, states: int, hyperparameters: int, cache: bool) -> Update:
    """Compile one update of a rule.

    A row of the memory holds a run's two params, the rule's states of the first param, those of the second, and the
    hyperparameters after η.

    Parameters
    ----------
    cache
        Whether the loop is cached on the disk.
    rule, look_ahead
        The optimizer's functions.
    states, hyperparameters
        The numbers of the rule's states and hyperparameters.
    """
    rule = plain_function(rule)
    width, second, others = 1 + 2 * states + hyperparameters, 2 + states, 2 + 2 * states

    def update(memory, old, new, eta, t, ga, gb):
        run = column(memory.T, old, width)
        hyper = (eta, *run[others:])
        step_a, state_a, _ = rule(ga, t, *run[2:second], *hyper)
        step_b, state_b, _ = rule(gb, t, *run[second:others], *hyper)
        put(memory.T, new, (run[0] - step_a, run[1] - step_b, *state_a, *state_b))

    one = jit_for(UPDATE, cache)(update)
    if look_ahead is None:
        return Update(one, None)
    look = plain_function(look_ahead)

    def ask(memory, row, eta):
        run = column(memory.T, row, width)
        hyper = (eta, *run[others:])
        return look(run[0], *run[2:second], *hyper), look(run[1], *run[second:others], *hyper)

    return Update(one, jit_for(LOOK_AHEAD, cache)(ask))


def compile_race(cache: bool) -> Any:
    """Compile the loop over the updates of R runs on one objective that see the same batches.

    Returns
    -------
    function
        ``(memory, updates, look_aheads, etas, update, begin, stop, batches, divides, gradient, table, params, errors,
        logs, checkpoints, every, limits, counts, nudges)``: makes the updates from number `begin` to `stop` after
        `update`; see :class:`gdviz.engine.compiled.InStep` for the shapes. `memory` has 2R rows: after k updates run r
        is in row r + R·(k mod 2), and its other row has the state before the last update. `counts` are the numbers of
        valid updates of each run. A run that leaves the limits makes no further update; its row of `params` then still
        holds the point outside. A nudge of ±∞ moves the run's params by one unit in the last place up or down after
        each update; with 0, or without nudges, they stay.
    """

    def race(
        memory, updates, look_aheads, etas, update, begin, stop, batches, divides, gradient, table,
        params, errors, logs, checkpoints, every, limits, counts, nudges,
    ):  # fmt: skip
        runs = len(updates)
        first, size, end, samples, stride = batches
        low_a, high_a, low_b, high_b = limits[0, 0], limits[0, 1], limits[1, 0], limits[1, 1]
        is_nudged = len(nudges) > 0
        for k in range(begin, stop):
            last = min(first + size, end)
            t = float(update + k + 1)
            keeps = (update + k + 1) % every == 0
            # Each run has two rows of memory: an update reads one and writes the other. So the state before an update
            # that leaves the limits is still there after it.
            here, there = (0, runs) if k % 2 == 0 else (runs, 0)
            for run in range(runs):
                if counts[run] < k:  # it has left the limits
                    continue
                old, new = u8(here + run), u8(there + run)
                at_a, at_b = memory[old, 0], memory[old, 1]
                if look_aheads[run] != 0:
                    at_a, at_b = look_ahead_at(look_aheads[run], memory, old, etas[run, k])
                value, ga, gb = gradient_at(gradient, at_a, at_b, first, last, table)
                if logs[run]:
                    errors[run, k] = value
                if divides[run]:
                    ga, gb = ga / (last - first), gb / (last - first)
                update_at(updates[run], memory, old, new, etas[run, k], t, ga, gb)
                if is_nudged and nudges[run] != 0:
                    memory[new, 0] = nextafter(memory[new, 0], nudges[run])
                    memory[new, 1] = nextafter(memory[new, 1], nudges[run])
                a, b = memory[new, 0], memory[new, 1]
                params[run, k, 0], params[run, k, 1] = a, b
                if low_a <= a <= high_a and low_b <= b <= high_b:
                    counts[run] = k + 1
                    if keeps:
                        checkpoints[run, (update + k + 1) // every - update // every - 1] = memory[new]
            # The next batch. At the end of an epoch the next epoch begins: in the same columns (stride 0), or in those
            # behind them, which have the samples in another order (stride = samples).
            first = last
            if first == end:
                first = end - samples + stride
                end += stride
        # An update logs the error before it, so the error after the last update is still missing.
        for run in range(runs):
            if logs[run]:
                row = run + runs * (counts[run] % 2)
                errors[run, counts[run]] = gradient_at(gradient, memory[row, 0], memory[row, 1], 0, samples, table)[0]

    return jit_for(RACE, cache)(race)
