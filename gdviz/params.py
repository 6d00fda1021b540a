"""The declaration of a parameter, in one place for all who need it.

A parameter is a dataclass field made by :func:`param`: its symbol, the values that are valid, the range that a slider
should offer and one line of help. From that one declaration follow the check on construction, the sliders of the
window, the flags of the command line and their error messages::

    @dataclass(frozen=True)
    class Momentum(Optimizer):
        name = "momentum"
        eta: float = param(0.01, "η", "learning rate", low=0, slider=(1e-4, 10), log=True)

    Momentum(eta=-1)            # ValueError: momentum: eta must be a number >= 0, not -1
    parse("momentum:eta=0.5", OPTIMIZERS)   # Momentum(eta=0.5)
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from gdviz.registry import Registry, load_plugins
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Declared", "Param", "as_number", "describe", "parse", "parse_values"]


LONGEST = 200
"""Maximum number of characters of a text parameter."""


@dataclass(frozen=True)
class Param:
    """The declaration of one parameter.

    Attributes
    ----------
    name, symbol, help
        The field's name, the lecture's symbol for it, one line that explains it.
    default
        The default value; its type is the parameter's type (float, int, bool or str).
    low, high
        The valid values; `low_open` and `high_open` exclude the bound itself.
    slider
        The range that a slider offers, on a logarithmic scale where `log` is set.
    choices
        The valid words of a text parameter, the registry of what they name, or a function that returns them.
    is_switch
        Whether it is yes or no. A switch that a rule computes with is declared as the number 1 or 0.
    read, form
        For a text in a certain form: a function that takes any spelling and returns the usual one, or raises
        ValueError; and a description of the form as the end of a sentence, or a function that returns it.
    flag
        The name of its flag, where it has one of its own and it is not called like the parameter.
    group
        The heading above its control in long panels; empty: no heading.
    """

    name: str
    symbol: str
    help: str
    default: Any
    low: float = -math.inf
    high: float = math.inf
    low_open: bool = False
    high_open: bool = False
    slider: tuple[float, float] = (0.0, 1.0)
    log: bool = False
    choices: tuple[str, ...] | Registry[Any] | Callable[[], tuple[str, ...]] = ()
    is_switch: bool = False
    read: Callable[[Any], str] | None = None
    form: str | Callable[[], str] = ""
    flag: str = ""
    group: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """The valid words of a text parameter."""
        if isinstance(self.choices, Registry):
            return self.choices.names
        return self.choices() if callable(self.choices) else self.choices

    def valid(self) -> str:
        """Say which values are valid, as the end of a sentence."""
        if self.form:
            return self.form if isinstance(self.form, str) else self.form()
        if self.choices:
            return "one of " + ", ".join(self.words)
        if isinstance(self.default, str):
            return f"a line of at most {LONGEST} characters"
        if self.is_switch:
            return "yes or no"
        noun = "a whole number" if isinstance(self.default, int) else "a number"
        low = "" if self.low == -math.inf else f"{'>' if self.low_open else '>='} {self.low:g}"
        high = "" if self.high == math.inf else f"{'<' if self.high_open else '<='} {self.high:g}"
        return " ".join(part for part in (noun, " and ".join(bound for bound in (low, high) if bound)) if part)

    def convert(self, value: object) -> Any:
        """Return `value`, a number or a text, as this parameter's type.

        Raises
        ------
        ValueError
            Where it is not valid: a sentence with the value and the valid ones.
        """
        try:
            result = self._convert(value)
        except (TypeError, ValueError, OverflowError):
            raise ValueError(f"{self.name} must be {self.valid()}, not {plain(value)}") from None
        return result

    def _convert(self, value: object) -> Any:
        if self.read is not None:
            return self.read(value)
        if self.choices:
            is_known = value in self.words or (load_plugins() and value in self.words)
            if not isinstance(value, str) or not is_known:
                raise ValueError
            return value
        if isinstance(self.default, str):
            return _line(value)
        if self.is_switch:
            return type(self.default)(_yes_or_no(value))
        if isinstance(value, bool):
            raise ValueError
        number = float(as_number(value) if isinstance(value, str) else value)  # type: ignore[arg-type]
        above = number > self.low if self.low_open else number >= self.low
        below = number < self.high if self.high_open else number <= self.high
        if not (math.isfinite(number) and above and below):
            raise ValueError
        if isinstance(self.default, int):
            if number != int(number):
                raise ValueError
            return int(number)
        return number


_WORDS = {"yes": True, "true": True, "1": True, "on": True, "no": False, "false": False, "0": False, "off": False}


def as_number(text: str) -> str:
    """Return a number's text as Python reads it: a true minus sign becomes -, a decimal comma a point."""
    text = text.replace("−", "-")
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _line(value: object) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise ValueError
    return value


def _yes_or_no(value: object) -> bool:
    if isinstance(value, str) and value.lower() in _WORDS:
        return _WORDS[value.lower()]
    if float(value) in (0.0, 1.0):  # type: ignore[arg-type]
        return bool(float(value))  # type: ignore[arg-type]
    raise ValueError


def param(default: Any, symbol: str, help: str, **fields: Any) -> Any:
    """Declare a dataclass field that is a parameter; `fields` are the other fields of :class:`Param`."""
    return field(default=default, metadata={"param": (symbol, help, fields)})


class Declared:
    """A frozen dataclass with a `name`, under which it is registered, and fields that are declared parameters.

    Construction converts every field to its declared type and refuses values that are not valid.
    """

    name: ClassVar[str]
    label: ClassVar[str]

    def __post_init__(self) -> None:
        """Check and convert every declared parameter."""
        for declaration in self.params():
            try:
                value = declaration.convert(getattr(self, declaration.name))
            except ValueError as error:
                raise ValueError(f"{self.name}: {error}") from None
            object.__setattr__(self, declaration.name, value)

    @classmethod
    def params(cls) -> tuple[Param, ...]:
        """Return the declarations of this class's parameters, in the order of its fields."""
        return _params(cls)  # type: ignore[arg-type]  # a class is hashable, whatever its instances are

    def values(self) -> dict[str, Any]:
        """Return the parameters' values by name."""
        return {declaration.name: getattr(self, declaration.name) for declaration in self.params()}


@cache
def _params(cls: Any) -> tuple[Param, ...]:
    declarations = []
    for f in dataclasses.fields(cls) if dataclasses.is_dataclass(cls) else ():
        if "param" in f.metadata:
            symbol, text, more = f.metadata["param"]
            switch = {"is_switch": True} if isinstance(f.default, bool) else {}
            declarations.append(Param(f.name, symbol, text, f.default, **{**switch, **more}))
    return tuple(declarations)


D = TypeVar("D", bound=Declared)


def parse(text: str, registry: Registry[type[D]]) -> D:
    """Make an instance from text such as ``adam:eta=0.1,beta2=0.999``.

    Parameters
    ----------
    text
        The name and, after a colon, parameters as name=value; those that are missing get their defaults.
    registry
        The classes among which the name is looked up.

    Raises
    ------
    ValueError
        For an unknown name or parameter, a value that is not valid, or text of another form: one sentence.
    """
    cls, values = parse_values(text, registry)
    return cls(**values)


def parse_values(text: str, registry: Registry[type[D]]) -> tuple[type[D], dict[str, str]]:
    """Return the class and the values, still as texts, of a text such as ``adam:eta=0.1``.

    Raises
    ------
    ValueError
        For an unknown name or parameter, or text of another form: one sentence.
    """
    name, _, rest = text.partition(":")
    cls = registry[name.strip()]
    declarations = {declaration.name: declaration for declaration in cls.params()}
    values: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in rest.split(","))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or not value:
            raise ValueError(f"{name}: write parameters as name=value, not {plain(part)}")
        if not declarations:
            raise ValueError(f"{name} has no parameters; {plain(text)} should be {name}")
        if key not in declarations:
            raise ValueError(f"{name} has no parameter {plain(key)}; it has: {', '.join(declarations)}")
        if key in values:
            raise ValueError(f"{name}: {key} is given twice")
        values[key] = value
    return cls, values


def describe(thing: Declared) -> str:
    """Return the text from which :func:`parse` makes an equal instance, such as ``gd:eta=0.1``."""
    values = ",".join(f"{key}={value!r}".replace("'", "") for key, value in thing.values().items())
    return f"{thing.name}:{values}" if values else thing.name
