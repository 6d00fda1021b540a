"""How each setting of the views is kept in a file: declared where the setting stands, read and written from there."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.node import Node
    from gdviz.objectives import Box
    from gdviz.registry import Registry
    from gdviz.scene.planes import PlaneRule

__all__ = [
    "AXES",
    "Axis",
    "Setting",
    "axis",
    "box",
    "camera",
    "declared",
    "named",
    "plane",
    "plane_named",
    "setting",
    "speed",
]


Axis = Literal["update", "epoch", "time"]
"""What curves are drawn over: updates made, epochs, or milliseconds of computing."""
AXES: tuple[Axis, ...] = get_args(Axis)


@dataclass(frozen=True)
class Setting:
    """How a field is kept in a file.

    Attributes
    ----------
    read
        Returns the value at a place of a file, or raises a ValueError that names the place.
    write
        Returns a value of JSON for it.
    is_optional
        Whether it is written only where it differs from the default, so that other files stay as they are.
    """

    read: Callable[[Node], Any]
    write: Callable[[Any], Any]
    is_optional: bool


def setting(
    default: Any, read: Callable[[Node], Any], write: Callable[[Any], Any] = lambda value: value, optional: bool = False
) -> Any:
    """Return a field of a frozen class that files keep; parameters as for :class:`Setting`."""
    return field(default=default, metadata={"setting": Setting(read, write, optional)})


def box(node: Node) -> Box:
    """Return a part of the plane: two pairs of numbers."""
    sides = [side.numbers() for side in node.items(2)]
    if len(sides) != 2 or not all(len(side) == 2 and side[0] < side[1] for side in sides):
        raise node.wrong("two pairs of numbers, the lower first")
    if not all(1e-12 < side[1] - side[0] < 1e12 and abs(side).max() < 1e12 for side in sides):
        raise node.wrong("a part of the plane that can be drawn")
    return cast("Box", tuple((float(low), float(high)) for low, high in sides))


def camera(node: Node) -> tuple[float, float, float]:
    """Return the camera of the surface: azimuth and elevation in degrees, and distance."""
    numbers = node.numbers().tolist()
    if len(numbers) != 3 or not (abs(numbers[0]) <= 1e6 and 5 <= numbers[1] <= 89 and 2.5 <= numbers[2] <= 15):
        raise node.wrong("an azimuth, an elevation from 5 to 89 degrees and a distance from 2.5 to 15")
    return numbers[0], numbers[1], numbers[2]


def speed(node: Node) -> float:
    """Return a speed in updates a second."""
    if node.value == "fastest":
        return math.inf
    number = node.number()
    if not 0 < number <= 1e6:
        raise node.wrong('updates a second, above 0, or "fastest"')
    return number


def axis(node: Node) -> Axis:
    """Return what the curves are drawn over."""
    if node.value not in AXES:
        raise node.wrong(f"one of {', '.join(AXES)}")
    return cast("Axis", node.value)


def declared(node: Node, registry: Registry[Any]) -> Any:
    """Return a value of a registered class from its name and its params."""
    name = node["name"].text()
    cls = node.build(lambda: registry[name])
    node.object("name", *(param.name for param in cls.params()))
    values = {key: value for key, value in node.value.items() if key != "name"}
    return node.build(lambda: cls(**values))


def named(thing: Any, registry: Registry[Any]) -> dict[str, Any]:
    """Return a value of a registered class as its name and its params; :func:`declared` reads it.

    Raises
    ------
    ValueError
        Where its class is not registered: a sentence.
    """
    if type(thing) not in registry:
        raise ValueError(f"a session can keep the program's own {registry.what}s only, not {type(thing).__name__}")
    return {"name": thing.name, **thing.values()}


def plane(node: Node) -> PlaneRule:
    """Return how the plane through many params is chosen."""
    from gdviz.scene.planes import PLANES  # not before it is needed: import gdviz is to be quick

    return cast("PlaneRule", declared(node, PLANES))


def plane_named(rule: PlaneRule) -> dict[str, Any]:
    """Return such a rule as a value of JSON; :func:`plane` reads it."""
    from gdviz.scene.planes import PLANES

    return named(rule, PLANES)
