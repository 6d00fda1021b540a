"""Elementary functions for compiled loops: without branches, so that compilers vectorise loops that call them.

They must not be compiled with ``reassoc``, which would optimise away the careful reduction of the argument.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic, overload, register_jitable

from gdviz import elementary
from gdviz.objectives.neuron import sigmoid

__all__ = ["COMPILED", "exp_of_minus", "exp_single"]

COMPILED = (elementary.exp, elementary.sqrt, sigmoid)
"""The functions that have a compiled version here."""
BITS = {types.float32: types.int32, types.float64: types.int64}
NUMBERS = {bits: number for number, bits in BITS.items()}


def _same_bits(context: Any, builder: Any, signature: Any, args: Any) -> Any:
    return builder.bitcast(args[0], context.get_value_type(signature.return_type))


@intrinsic
def _as_number(_: Any, bits: Any) -> Any:
    return NUMBERS[bits](bits), _same_bits


@intrinsic
def _as_bits(_: Any, number: Any) -> Any:
    return BITS[number](number), _same_bits


LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 6.93145751953125e-1, 1.42860682030941723212e-6
LARGEST = math.log(1.7976931348623157e308)
"""e to this is the largest number."""
E10 = math.exp(10.0)
ROUND = 6755399441055744.0
"""1.5 · 2⁵²: a sum with it has the other summand, rounded to an integer, in its lowest bits."""
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
    """Return e^−z with an error of at most 2 ulp for |z| <= 708; beyond that, its value at ±708.

    It is computed as 2ᵏ·eʳ with |r| <= ln(2)/2. The argument is −z because sigmoids need e^−z. Even and odd powers of r
    have separate chains: they are independent, and need few intermediate values and constants at once, each of which
    occupies one of the processor's 32 registers; spilling them to memory would cost more than the arithmetic.
    """
    inside = min(max(z, -708.0), 708.0)
    sum_with_round = ROUND - inside * LOG2_E  # its lowest bits are the integer k
    k = sum_with_round - ROUND
    r = (k * -LN2_HIGH - inside) - k * LN2_LOW  # ln 2 in two parts: the product with the first one is exact
    r2 = r * r
    even = C2 + r2 * (C4 + r2 * (C6 + r2 * (C8 + r2 * C10)))
    odd = C3 + r2 * (C5 + r2 * (C7 + r2 * (C9 + r2 * C11)))
    power = 1.0 + (r + r2 * (even + r * odd))
    # In the bits of a float64 the exponent stands before the 52 bits of the fraction, so this adds k to the exponent.
    return _as_number(_as_bits(power) + (_as_bits(sum_with_round) << 52))


S_ONE, S_LOG2_E, S_ROUND, S_LEAST, S_LARGEST, S_INF, S_ZERO = map(
    np.float32, (1, LOG2_E, 1.5 * 2**23, -87, math.log(3.4028234e38), math.inf, 0)
)
S_LN2_HIGH, S_LN2_LOW = np.float32(0.693359375), np.float32(math.log(2) - 0.693359375)
S2, S3, S4, S5, S6, S7 = (np.float32(1 / math.factorial(k)) for k in range(2, 8))
"""Taylor coefficients: the polynomial is off by 5e-9 where |r| <= ln(2)/2."""
S_SHIFT = np.int32(23)


@register_jitable(error_model="numpy", fastmath={"contract"})
def exp_single(z: Any) -> Any:
    """Return eᶻ of a float32 with an error of at most 2 ulp; 0 below −87, ∞ above the largest exponent."""
    inside = min(max(z, S_LEAST), S_LARGEST)
    sum_with_round = S_ROUND + inside * S_LOG2_E
    k = sum_with_round - S_ROUND
    r = (inside - k * S_LN2_HIGH) - k * S_LN2_LOW
    r2 = r * r
    power = S_ONE + (r + r2 * ((S2 + r2 * (S4 + r2 * S6)) + r * (S3 + r2 * (S5 + r2 * S7))))
    result = _as_number(types.int32(_as_bits(power) + (_as_bits(sum_with_round) << S_SHIFT)))
    return S_INF if z > S_LARGEST else S_ZERO if z < S_LEAST else result


@overload(elementary.exp, jit_options={"fastmath": {"contract"}, "error_model": "numpy"})
def _exp(z: Any) -> Any:
    if z == types.float32:
        return _single_exp
    return _vectorised_exp if isinstance(z, types.Float) else None


def _single_exp(z: Any) -> Any:
    return exp_single(z)


def _vectorised_exp(z: Any) -> Any:
    # Selections, unlike branches, can be vectorised. For z > 700 the factor e¹⁰ avoids an overflow before the end.
    is_large = z > 700.0
    power = exp_of_minus((10.0 if is_large else 0.0) - z) * (E10 if is_large else 1.0)
    return math.inf if z > LARGEST else 0.0 if z < -708.0 else power


@overload(sigmoid)
def _sigmoid(z: Any) -> Any:
    return _plain_sigmoid if isinstance(z, types.Float) else None


def _plain_sigmoid(z: Any) -> Any:
    return 1.0 / (1.0 + exp_of_minus(z))  # exp_of_minus is clamped, so it cannot overflow


@overload(elementary.sqrt)
def _sqrt(z: Any) -> Any:
    return _root if isinstance(z, types.Float) else None


def _root(z: Any) -> Any:
    return math.sqrt(z)
