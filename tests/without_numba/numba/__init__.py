"""Stands in for numba where the tests are to run without it: first on the path, it refuses to be imported."""

raise ModuleNotFoundError("numba is blocked")
