"""What the compiled loops are made with: an exponential function, tuples out of arrays, calls by address.

Options that matter in all of them:

- ``error_model="numpy"``: Python's check for a division by zero would keep a loop from being vectorised.
- ``contract`` lets a multiplication and an addition be one instruction; ``reassoc`` lets a sum be taken in any order.
  :func:`exp_of_minus` must not be reassociated: its reduction of the argument would be optimised away.
"""

from __future__ import annotations

import math
from types import FunctionType
from typing import Any

from numba import njit, types
from numba.extending import intrinsic, overload, register_jitable

from gdviz import elementary
from gdviz.objectives.neuron import sigmoid

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
    "lane_gradient_at",
    "plain_function",
    "put",
    "rows_between",
    "signed",
]

LANES = 256
"""Runs that are computed side by side in a processor's vector registers."""

f8, i8, table = types.float64, types.int64, types.float64[:, ::1]
GRADIENT = types.UniTuple(f8, 3)(f8, f8, i8, i8, table)
"""(a, b, first, last, table) -> value, ∂a, ∂b: summed over the table's columns from first to last."""
LANE_GRADIENT = types.void(f8[::1], f8[::1], f8[::1], f8[::1], table)
"""(a, b, out ∂a, out ∂b, table) for LANES points, summed over all columns."""


# -- an exponential function that a loop can be vectorised with


@intrinsic
def _as_float(context: Any, bits: Any) -> Any:
    from llvmlite import ir

    return f8(i8), lambda context, builder, signature, args: builder.bitcast(args[0], ir.DoubleType())


@intrinsic
def _as_bits(context: Any, number: Any) -> Any:
    from llvmlite import ir

    return i8(f8), lambda context, builder, signature, args: builder.bitcast(args[0], ir.IntType(64))


LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 6.93145751953125e-1, 1.42860682030941723212e-6
LARGEST = math.log(1.7976931348623157e308)
"""e to this is the largest number."""
E10 = math.exp(10.0)
ROUND = 6755399441055744.0
"""1.5 · 2⁵²: added to a number, it leaves the number rounded in the lowest bits."""
C2, C3, C4, C5, C6, C7, C8, C9, C10, C11 = map(
    float.fromhex,
    (
        "0x1.0000000000011p-1 0x1.555555555555ap-3 0x1.555555554f0bap-5 0x1.111111110f21ep-7 0x1.6c16c1880029fp-10 "
        "0x1.a01a01b1461c5p-13 0x1.a01991a10d9aep-16 0x1.71ddf56d8deb5p-19 0x1.28b4101c77212p-22 0x1.af632a0f7e2cep-26"
    ).split(),
)
"""With 1 and 1 before them the polynomial through eʳ at 12 Chebyshev nodes of |r| <= ln(2)/2: off by 1.6e-17."""


@register_jitable(error_model="numpy", fastmath={"contract"})
def exp_of_minus(z: Any) -> Any:
    """Return e^−z to 2 ulp as 2ᵏ·eʳ with |r| <= ln(2)/2, for |z| <= 708; beyond, what it is at the end of that.

    It is of −z because sigmoids need it so, and in chains of even and odd powers because every number in between and
    every constant takes a register: the processor has 32, and what does not fit costs more than it computes.
    """
    inside = min(max(z, -708.0), 708.0)
    shifted = ROUND - inside * LOG2_E
    k = shifted - ROUND
    r = (k * -LN2_HIGH - inside) - k * LN2_LOW
    r2 = r * r
    even = C2 + r2 * (C4 + r2 * (C6 + r2 * (C8 + r2 * C10)))
    odd = C3 + r2 * (C5 + r2 * (C7 + r2 * (C9 + r2 * C11)))
    power = 1.0 + (r + r2 * (even + r * odd))
    return _as_float(_as_bits(power) + (_as_bits(shifted) << 52))


@overload(elementary.exp, jit_options={"fastmath": {"contract"}, "error_model": "numpy"})
def _exp(z: Any) -> Any:
    return _vectorised_exp if isinstance(z, types.Float) else None


def _vectorised_exp(z: Any) -> Any:
    # Selections do not keep a loop from being vectorised; the last numbers before ∞ take a detour.
    is_large = z > 700.0
    power = exp_of_minus((10.0 if is_large else 0.0) - z) * (E10 if is_large else 1.0)
    return math.inf if z > LARGEST else 0.0 if z < -708.0 else power


@overload(sigmoid)
def _sigmoid(z: Any) -> Any:
    return _plain_sigmoid if isinstance(z, types.Float) else None


def _plain_sigmoid(z: Any) -> Any:
    return 1.0 / (1.0 + exp_of_minus(z))  # this one cannot overflow


@overload(elementary.sqrt)
def _sqrt(z: Any) -> Any:
    return _root if isinstance(z, types.Float) else None


def _root(z: Any) -> Any:
    return math.sqrt(z)


def column(block: Any, i: Any, rows: Any) -> Any:
    """Return the first `rows` numbers of a block's column `i` as a tuple, whose length the compiler then knows."""
    raise NotImplementedError


@overload(column, prefer_literal=True)
def _compiled_column(block, i, rows):
    if rows.literal_value == 0:
        return lambda block, i, rows: ()
    last = rows.literal_value - 1
    return lambda block, i, rows: (*column(block, i, last), block[last, i])


def rows_between(block: Any, first: Any, last: Any, rows: Any) -> Any:
    """Return the first `rows` rows of a block from column to column: arrays that are known to lie close in memory."""
    raise NotImplementedError


@overload(rows_between, prefer_literal=True)
def _compiled_rows(block, first, last, rows):
    if rows.literal_value == 0:
        return lambda block, first, last, rows: ()
    end = rows.literal_value - 1
    return lambda block, first, last, rows: (*rows_between(block, first, last, end), block[end, first:last])


def each(rows: Any, i: Any) -> Any:
    """Return the number at `i` of each row."""
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
    """Return what calls a compiled function of that signature by its address: to hand over the function takes 50 µs."""

    def generate(context: Any, builder: Any, called: Any, args: Any) -> Any:
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
    """A compiled function by its address."""

    def __init__(self, compiled: Any) -> None:
        self._compiled = compiled  # the code lives as long as this does
        self.address = address_of(compiled)


class Gradient:
    """A compiled objective by the addresses of its functions.

    Attributes
    ----------
    one
        The value and the gradient at one point.
    value
        The same, but only the value is right.
    """

    def __init__(self, one: Any, value: Any) -> None:
        self._functions = one, value  # the code lives as long as they do
        self.one, self.value = map(address_of, self._functions)


def address_of(compiled: Any) -> int:
    """Return the address of a function that was compiled for one signature."""
    (result,) = compiled.overloads.values()
    address: int = result.library.get_pointer_to_function(result.fndesc.llvm_func_name)
    return address


def signed(signature: Any, cache: bool, *fastmath: str) -> Any:
    """Return the decorator that compiles a function for one signature, with some freedom in its arithmetic."""
    return njit(signature, nogil=True, error_model="numpy", cache=cache, fastmath=set(fastmath))


_registered: set[Any] = {elementary.exp, elementary.sqrt, sigmoid}


def plain_function(function: Any) -> Any:
    """Let compiled loops call a plain function, and with it the plain functions that it calls."""
    if function in _registered:
        return function
    _registered.add(function)
    for name in function.__code__.co_names:
        helper = function.__globals__.get(name)
        if isinstance(helper, FunctionType) and helper.__module__.partition(".")[0] not in ("numba", "numpy"):
            plain_function(helper)
    # arcp: many divisions by one number may be products with its reciprocal.
    register_jitable(error_model="numpy", fastmath={"arcp"})(function)
    return function
