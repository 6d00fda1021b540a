"""A value from a JSON file with its place, which every message about the value contains."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from numpy.typing import NDArray

    T = TypeVar("T")

__all__ = ["Node"]


@dataclass(frozen=True)
class Node:
    """One value of a JSON text.

    Attributes
    ----------
    value
        A dict, list, text, number, truth value or None.
    place
        Its place in the file, such as ``runs[2].optimizer.eta``.
    """

    value: Any
    place: str = ""

    def wrong(self, requirement: str) -> ValueError:
        """Return the error that says what the value must be; `requirement` is the end of ``… must be``."""
        return ValueError(f"{self.place or 'the file'} must be {requirement}, not {_text_of(self.value)}")

    def object(self, *keys: str) -> Node:
        """Return the node; it must be an object with no keys but `keys`, or with any keys if there are none."""
        if not isinstance(self.value, dict):
            raise self.wrong("an object {...}")
        for key in self.value:
            if keys and key not in keys:
                raise ValueError(f"{self.place or 'the file'} has no key {plain(key)}; it has: {', '.join(keys)}")
        return self

    def __contains__(self, key: str) -> bool:
        return key in self.object().value and self.value[key] is not None

    def __getitem__(self, key: str) -> Node:
        if key not in self.object().value:
            raise ValueError(f"{self.place or 'the file'} lacks the key {plain(key)}")
        return Node(self.value[key], f"{self.place}.{key}" if self.place else key)

    def get(self, key: str, read: Callable[[Node], T], default: T) -> T:
        """Return ``read(node)`` for the value under a key, or `default` where it is missing or null."""
        return read(self[key]) if key in self else default

    def items(self, most: int) -> list[Node]:
        """Return the elements of a list; it may have at most `most`."""
        if not isinstance(self.value, list) or len(self.value) > most:
            raise self.wrong(f"a list of at most {most} elements")
        return [Node(element, f"{self.place}[{i}]") for i, element in enumerate(self.value)]

    def text(self, longest: int = 200) -> str:
        """Return a text; it may have at most `longest` characters."""
        if not isinstance(self.value, str) or len(self.value) > longest:
            raise self.wrong(f"a text of at most {longest} characters")
        if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in self.value.replace("\n", "")):
            raise self.wrong("a text without control characters")
        return self.value

    def flag(self) -> bool:
        """Return a truth value."""
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def number(self) -> float:
        """Return a finite number."""
        if isinstance(self.value, bool) or not isinstance(self.value, (int, float)):
            raise self.wrong("a finite number")
        try:
            number = float(self.value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise self.wrong("a finite number")
        return number

    def whole(self, least: int = 0, most: int = 10**8) -> int:
        """Return a whole number from `least` to `most`."""
        number = self.number()
        if number != int(number) or not least <= number <= most:
            raise self.wrong(f"a whole number from {least} to {most}")
        return int(self.value)

    def numbers(self) -> NDArray[np.float64]:
        """Return a list of finite numbers, shape (n,)."""
        if not isinstance(self.value, list):
            raise self.wrong("a list of numbers")
        for i, value in enumerate(self.value):
            if type(value) is not float:
                Node(value, f"{self.place}[{i}]").number()
        return np.array(self.value, float)

    def build(self, make: Callable[[], T]) -> T:
        """Return ``make()``; the message of a ValueError from it gets this place."""
        try:
            return make()
        except ValueError as error:
            raise ValueError(f"{self.place}: {error}") from None


def _text_of(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**30:
        return "a number that large"
    return "null" if value is None else plain(value).lower() if isinstance(value, bool) else plain(value)
