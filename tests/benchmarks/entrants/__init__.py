"""Who does the work of ``engine.py``: a module each, whose functions ``race``, ``grid`` and ``basin`` make jobs."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

LIBRARIES = ("torch", "jax", "optax")


class Missing(Exception):
    """Somebody cannot take part: a sentence that says why."""


def load(name: str) -> ModuleType:
    """Return an entrant's module.

    Raises
    ------
    Missing
        Where the library that it needs is not installed.
    """
    try:
        return importlib.import_module(f"entrants.{name}")
    except ModuleNotFoundError as error:
        if error.name not in LIBRARIES:
            raise
        raise Missing(f"{error.name} is not installed: skipped") from None
