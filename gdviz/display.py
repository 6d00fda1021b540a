"""How a notebook shows a value; :mod:`gdviz.texts.notebook` registers a function for each kind of value."""

from __future__ import annotations

from functools import singledispatch
from html import escape
from typing import Any

__all__ = ["Displayed", "figure_of", "html_of"]


@singledispatch
def html_of(thing: object) -> str:
    """Return `thing` as HTML."""
    return f"<pre>{escape(repr(thing))}</pre>"


@singledispatch
def figure_of(thing: object) -> Any:
    """Return a matplotlib figure of `thing`.

    Raises
    ------
    TypeError
        Where no function is registered for such a thing.
    """
    raise TypeError(f"there is no figure of a {type(thing).__name__}")


class Displayed:
    """A value that notebooks show as the HTML of :func:`html_of`."""

    def _repr_html_(self) -> str:
        return html_of(self)
