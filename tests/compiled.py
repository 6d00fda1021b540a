"""The function of a rule or of a surface as a compiler sees it: plain floats go in, plain floats come out."""

import math
import types

import pytest


def compiled(function):
    """Return what numba makes of `function`, with :mod:`math` in the place of :mod:`gdviz.elementary`."""
    numba = pytest.importorskip("numba")
    elementary = {"exp": math.exp, "sqrt": math.sqrt}
    return numba.njit(types.FunctionType(function.__code__, {**function.__globals__, **elementary}))
