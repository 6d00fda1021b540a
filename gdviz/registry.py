"""Ordered tables of named things, such as optimizers, to which plug-ins can add.

A registry is used as a decorator. It is a sequence whose things are also found by their names::

    OPTIMIZERS: Registry[type[Optimizer]] = Registry("optimizer")

    @OPTIMIZERS
    @dataclass(frozen=True)
    class Momentum(Optimizer):
        name = "momentum"

    OPTIMIZERS["momentum"]      # the class
    OPTIMIZERS["mometum"]       # ValueError: unknown optimizer 'mometum'; did you mean momentum? known: gd, ...

A plug-in is a module that registers its things when it is imported. A package announces such modules as entry points of
the group ``gdviz.plugins``. They are imported when they are first needed: when a name is not found, when names are
listed for people, or after the window was painted. Until then, installed plug-ins cost no time.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Generic, TypeVar, overload

from gdviz.wording import plain, sentence

__all__ = ["GROUP", "Registry", "load_plugins", "new_problems", "pick"]

GROUP = "gdviz.plugins"
"""The entry points whose modules are plug-ins."""

T = TypeVar("T")
S = TypeVar("S")
_is_loaded = False
_problems: list[str] = []
"""A sentence for each plug-in that could not be loaded, until :func:`new_problems` returns it."""


class Registry(Sequence[T], Generic[T]):
    """The things of one kind in the order in which they were registered, each with a name of its own.

    Parameters
    ----------
    what
        What each of them is, for messages: ``"optimizer"``.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._things: dict[str, T] = {}

    def __call__(self, thing: S) -> S:
        """Register `thing` under its attribute `name`, or under its Python name, and return it.

        Raises
        ------
        ValueError
            Where another thing has that name.
        """
        name = name_of(thing)
        if name in self._things:
            raise ValueError(f"there are two {self.what}s of the name {plain(name)}")
        self._things[name] = thing  # type: ignore[assignment]  # a class is registered as what its registry is of
        return thing

    def remove(self, name: str) -> None:
        """Remove a thing, as tests do with what they registered."""
        del self._things[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The names so far; call :func:`load_plugins` before you list them for people."""
        return tuple(self._things)

    @overload
    def __getitem__(self, key: str | int) -> T: ...
    @overload
    def __getitem__(self, key: slice) -> tuple[T, ...]: ...
    def __getitem__(self, key: str | int | slice) -> T | tuple[T, ...]:
        """Return the thing with a name, or at an index.

        Raises
        ------
        ValueError
            Where neither gdviz nor a plug-in has that name: a sentence with the names there are.
        """
        if not isinstance(key, str):
            return tuple(self._things.values())[key]
        if key not in self._things:
            load_plugins()
        return pick(key, self._things, self.what)

    def __iter__(self) -> Iterator[T]:
        return iter(tuple(self._things.values()))

    def __len__(self) -> int:
        return len(self._things)

    def __repr__(self) -> str:
        return f"Registry({self.what!r}: {', '.join(self._things)})"


def name_of(thing: Any) -> str:
    """Return the name by which `thing` is registered."""
    return str(getattr(thing, "name", None) or thing.__name__)


def pick(name: str, things: Mapping[str, T], what: str) -> T:
    """Return the thing with that name.

    Raises
    ------
    ValueError
        Where there is none: a sentence with the names there are.
    """
    if name in things:
        return things[name]
    near = difflib.get_close_matches(name, things, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}? " if near else ""
    raise ValueError(f"unknown {what} {plain(name)}; {hint}known: {', '.join(things)}")


def load_plugins() -> bool:
    """Import the plug-ins unless they are imported; return whether this call did it. One that fails is left out."""
    global _is_loaded
    if _is_loaded:
        return False
    _is_loaded = True
    from importlib.metadata import entry_points  # it takes longer than all of this package's tables

    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            point.load()
        except Exception as error:
            problem = f"the plug-in {plain(point.name)} is left out: {type(error).__name__}: {error}"
            _problems.append(sentence(problem))
    return True


def new_problems() -> tuple[str, ...]:
    """Return a sentence for each plug-in that could not be loaded and that no call has returned before."""
    problems = tuple(_problems)
    _problems.clear()
    return problems
