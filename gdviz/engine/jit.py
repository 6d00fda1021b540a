"""Tools for compiled loops: tuples out of arrays, calls of functions by address, and decorators.

Options of all loops:

- ``error_model="numpy"``: without it, Python's check for divisions by zero prevents vectorisation.
- ``contract`` lets a multiplication and an addition be one instruction; ``reassoc`` lets a sum be taken in any order.
"""

from __future__ import annotations

from types import FunctionType
from typing import Any

from numba import njit, types
from numba.extending import intrinsic, overload, register_jitable

from gdviz.engine.exponentials import COMPILED

__all__ = [
    "GRADIENT",
    "LANES",
    "LANE_GRADIENT",
    "Function",
    "Gradient",
    "address_of",
    "call_at",
    "column",
    "each",
    "gradient_at",
    "jit_for",
    "lane_gradient_at",
    "plain_function",
    "put",
    "rows_between",
]

LANES = 256
"""Number of runs that are computed side by side, in vector registers."""

f8, i8, table = types.float64, types.int64, types.float64[:, ::1]
GRADIENT = types.UniTuple(f8, 3)(f8, f8, i8, i8, table)
"""(a, b, first, last, table) -> value, ∂a, ∂b: summed over the table's columns from first to last."""
LANE_GRADIENT = types.void(f8[::1], f8[::1], f8[::1], f8[::1], table)
"""(a, b, out ∂a, out ∂b, table) for LANES points, summed over all columns."""


def column(block: Any, i: Any, rows: Any) -> Any:
    """Return the first `rows` numbers of a block's column `i` as a tuple, whose length the compiler knows."""
    raise NotImplementedError


@overload(column, prefer_literal=True)
def _compiled_column(block, i, rows):
    if rows.literal_value == 0:
        return lambda block, i, rows: ()
    last = rows.literal_value - 1
    return lambda block, i, rows: (*column(block, i, last), block[last, i])


def rows_between(block: Any, first: Any, last: Any, rows: Any) -> Any:
    """Return columns first to last of the first `rows` rows of a block, as a tuple of contiguous arrays."""
    raise NotImplementedError


@overload(rows_between, prefer_literal=True)
def _compiled_rows(block, first, last, rows):
    if rows.literal_value == 0:
        return lambda block, first, last, rows: ()
    end = rows.literal_value - 1
    return lambda block, first, last, rows: (*rows_between(block, first, last, end), block[end, first:last])


def each(rows: Any, i: Any) -> Any:
    """Return the number at index `i` of each row, as a tuple."""
    raise NotImplementedError


@overload(each)
def _compiled_each(rows, i):
    if len(rows) == 0:
        return lambda rows, i: ()
    return lambda rows, i: (rows[0][i], *each(rows[1:], i))


def put(block: Any, i: Any, numbers: Any) -> None:
    """Write a tuple of numbers into a block's column `i`."""
    raise NotImplementedError


@overload(put)
def _compiled_put(block, i, numbers):
    last = len(numbers) - 1
    if last < 0:
        return lambda block, i, numbers: None

    def put_all(block, i, numbers):
        block[last, i] = numbers[last]
        put(block, i, numbers[:last])

    return put_all


# -- functions


def call_at(signature: Any) -> Any:
    """Return an intrinsic's code that calls a compiled function by its address.

    An address is an integer; to pass the function itself would take 50 µs a call.
    """

    def generate(context: Any, builder: Any, callee: Any, args: Any) -> Any:
        convention = context.call_conv
        kind = convention.get_function_type(signature.return_type, signature.args)
        function = builder.inttoptr(args[0], kind.as_pointer())
        _, result = convention.call_function(builder, function, signature.return_type, signature.args, args[1:])
        return result

    return signature.return_type(i8, *signature.args), generate


@intrinsic
def gradient_at(context: Any, address: Any, a: Any, b: Any, first: Any, last: Any, table: Any) -> Any:
    """Call the gradient at an address."""
    return call_at(GRADIENT)


@intrinsic
def lane_gradient_at(context: Any, address: Any, a: Any, b: Any, along_a: Any, along_b: Any, table: Any) -> Any:
    """Call the gradient of LANES points at an address."""
    return call_at(LANE_GRADIENT)


class Function:
    """A compiled function, given by its address."""

    def __init__(self, function: Any) -> None:
        self._function = function  # a reference, so that the machine code is not freed
        self.address = address_of(function)


class Gradient:
    """A compiled objective, given by the addresses of its functions.

    Attributes
    ----------
    one
        Address of the function for value and gradient at one point.
    value
        Address of a function with the same signature that computes only the value.
    """

    def __init__(self, one: Any, value: Any) -> None:
        self._functions = one, value  # references, so that the machine code is not freed
        self.one, self.value = map(address_of, self._functions)


def address_of(function: Any) -> int:
    """Return the address of a function that is compiled for exactly one signature."""
    (result,) = function.overloads.values()
    address: int = result.library.get_pointer_to_function(result.fndesc.llvm_func_name)
    return address


def jit_for(signature: Any, cache: bool, *fastmath: str) -> Any:
    """Return the decorator that compiles a function for `signature`; `fastmath` names the allowed optimisations."""
    return njit(signature, nogil=True, error_model="numpy", cache=cache, fastmath=set(fastmath))


_callables: set[Any] = set(COMPILED)


def plain_function(function: Any) -> Any:
    """Make a plain function, and the plain functions that it calls, callable from compiled loops; return it."""
    if function in _callables:
        return function
    _callables.add(function)
    for name in function.__code__.co_names:
        helper = function.__globals__.get(name)
        if isinstance(helper, FunctionType) and helper.__module__.partition(".")[0] not in ("numba", "numpy"):
            plain_function(helper)
    # arcp: divisions by the same number may become products with its reciprocal.
    register_jitable(error_model="numpy", fastmath={"arcp"})(function)
    return function
