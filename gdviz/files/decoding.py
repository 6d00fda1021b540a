"""Sessions from values of JSON, all of which are checked; :mod:`gdviz.files.encoding` is the inverse."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar

from gdviz.files.encoding import FORMAT, VERSION
from gdviz.files.node import Node
from gdviz.objectives import OBJECTIVES, Data, Objective, OnData
from gdviz.optimizers import OPTIMIZERS
from gdviz.params import Declared
from gdviz.scene.planes import PLANES
from gdviz.scene.session import Lesson, Session, Views
from gdviz.training import SCHEDULES, STRATEGIES, Batch, ConstantRate, Experiment, Run
from gdviz.training.experiment import MOST_RUNS, SHARED, Look
from gdviz.training.run import DEEPEST, Fork

if TYPE_CHECKING:
    from gdviz.objectives import Array, Box
    from gdviz.registry import Registry

__all__ = ["decoded"]

OF_A_RUN = ("optimizer", *SHARED, "fork")

D = TypeVar("D", bound=Declared)


def decoded(value: Any) -> Session:
    """Return the session; see :func:`gdviz.files.session.read_session`."""
    file = Node(value)
    file.object()
    if file.get("format", Node.text, "") != FORMAT:
        raise ValueError('not a session of gdviz: "format" must be "gdviz"')
    version = file["version"].whole()
    if version != VERSION:
        raise ValueError(f"version {version} of the format is not known here; version {VERSION} is")
    file.object(*("format", "version", "objective", "runs", "cursor", "selected", "views", "lesson", "open_controls"))
    objective = _objective(file["objective"])
    nodes = file["runs"].items(MOST_RUNS)
    runs = tuple(_run(node.object(*OF_A_RUN, "look"), objective) for node in nodes)
    looks = tuple(_look(node, i) for i, node in enumerate(nodes))
    cursor, selected = file.get("cursor", Node.whole, 0), file.get("selected", Node.whole, 0)
    views, lesson = file.get("views", _views, Views()), file.get("lesson", _lesson, None)
    open_controls = file.get("open_controls", _names, None)
    experiment = file["runs"].build(lambda: Experiment(runs, looks))
    return Session(experiment, cursor, selected, views, lesson, open_controls)


def _declared(node: Node, registry: Registry[type[D]]) -> D:
    name = node["name"].text()
    cls = node.build(lambda: registry[name])
    node.object("name", *(param.name for param in cls.params()))
    values = {key: value for key, value in node.value.items() if key != "name"}
    return node.build(lambda: cls(**values))


def _objective(node: Node) -> Objective:
    name = node["name"].text()
    cls = node.build(lambda: OBJECTIVES[name])
    if not issubclass(cls, OnData):
        return _declared(node, OBJECTIVES)
    names = [param.name for param in cls.params()]
    node.object("name", "data", *names)
    values = {key: node.value[key] for key in names if key in node.value}
    data = _data(node["data"])
    usual = {param.name: param.default for param in cls.params()}
    return node.build(lambda: cls.on(data, **{**usual, **values}))


OF_SAMPLES = ("name", "about", "x_label", "y_label", "standardized", "x", "y")
OF_COLUMNS = ("x_columns", "y_columns", "inputs", "classes", "image", "unit")


def _data(samples: Node) -> Data:
    samples.object(*OF_SAMPLES, *OF_COLUMNS)
    data = Data(
        samples.get("name", lambda name: name.text(4096), "given"),
        _columns(samples, "x"),
        _columns(samples, "y"),
        samples.get("x_label", Node.text, "x"),
        samples.get("y_label", Node.text, "y"),
        samples.get("about", lambda about: about.text(1000), ""),
        samples.get("standardized", Node.flag, False),
        samples.get("inputs", _labels, ()),
        samples.get("classes", _labels, ()),
        samples.get("image", _sides, ()),
        samples.get("unit", _unit, None),
    )
    return samples.build(data.checked)


def _columns(samples: Node, key: str) -> Array:
    """Return a list of numbers, shape (N,), or shape (N, d) where the key ``…_columns`` gives d."""
    numbers, columns = samples[key].numbers(), samples.get(f"{key}_columns", lambda it: it.whole(1, 10_000), None)
    if columns is not None and len(numbers) % columns:
        raise samples[key].wrong(f"rows of {columns} numbers each")
    return numbers if columns is None else numbers.reshape(-1, columns)


def _unit(node: Node) -> tuple[float, float]:
    numbers = node.numbers().tolist()
    if len(numbers) != 2 or not numbers[1] > 0:
        raise node.wrong("a mean and a spread above 0")
    return numbers[0], numbers[1]


def _sides(node: Node) -> tuple[int, ...]:
    return tuple(side.whole(1, 10_000) for side in node.items(2))


def _labels(node: Node) -> tuple[str, ...]:
    return tuple(label.text() for label in node.items(10_000))


def _run(node: Node, objective: Objective, depth: int = 0) -> Run:
    if depth > DEEPEST:
        raise ValueError(f"{node.place}: forks of forks, more than {DEEPEST} deep")
    start = tuple(node["start"].numbers().tolist())
    common: dict[str, Any] = {
        "sampling": _declared(node["sampling"], STRATEGIES) if "sampling" in node else Batch(),
        "schedule": _declared(node["schedule"], SCHEDULES) if "schedule" in node else ConstantRate(),
        "reduction": node.get("reduction", Node.text, "lecture"),
        "epochs": node.get("epochs", Node.whole, 100),
        "updates": node.get("updates", Node.whole, None),
        "seed": node.get("seed", lambda it: it.whole(most=2**63), 0),
        "patience": node.get("patience", Node.whole, 0),
        "fork": node.get("fork", lambda it: _fork(it, objective, depth), None),
    }
    optimizer = _declared(node["optimizer"], OPTIMIZERS)
    return node.build(lambda: Run(objective, optimizer, start, **common))


def _fork(node: Node, objective: Objective, depth: int) -> Fork:
    node.object("run", "update")
    return Fork(_run(node["run"].object(*OF_A_RUN), objective, depth + 1), node["update"].whole())


def _look(node: Node, index: int) -> Look:
    if "look" not in node:
        return Look(index)
    look = node["look"].object("style", "title", "hidden")
    return Look(
        look.get("style", lambda style: style.whole(most=10**6), index),
        look.get("title", Node.text, ""),
        look.get("hidden", Node.flag, False),
    )


def _views(node: Node) -> Views:
    node.object("box", "camera", "arrows", "fan", "speed", "plane")
    return Views(
        node.get("box", _box, None),
        node.get("camera", _camera, None),
        node.get("arrows", Node.flag, None),
        node.get("fan", Node.flag, False),
        node.get("speed", _speed, None),
        node.get("plane", lambda it: _declared(it, PLANES), None),
    )


def _box(node: Node) -> Box:
    sides = [side.numbers() for side in node.items(2)]
    if len(sides) != 2 or not all(len(side) == 2 and side[0] < side[1] for side in sides):
        raise node.wrong("two pairs of numbers, the lower first")
    if not all(1e-12 < side[1] - side[0] < 1e12 and abs(side).max() < 1e12 for side in sides):
        raise node.wrong("a part of the plane that can be drawn")
    return tuple((float(low), float(high)) for low, high in sides)  # type: ignore[return-value]


def _camera(node: Node) -> tuple[float, float, float]:
    numbers = node.numbers().tolist()
    if len(numbers) != 3 or not (abs(numbers[0]) <= 1e6 and 5 <= numbers[1] <= 89 and 2.5 <= numbers[2] <= 15):
        raise node.wrong("an azimuth, an elevation from 5 to 89 degrees and a distance from 2.5 to 15")
    return numbers[0], numbers[1], numbers[2]


def _speed(node: Node) -> float:
    if node.value == "fastest":
        return math.inf
    speed = node.number()
    if not 0 < speed <= 1e6:
        raise node.wrong('updates a second, above 0, or "fastest"')
    return speed


def _lesson(node: Node) -> Lesson:
    node.object("title", "text", "question", "task")
    parts = [node.get(key, lambda part: part.text(4000), "") for key in ("title", "text", "question", "task")]
    return Lesson(*parts)


def _names(node: Node) -> tuple[str, ...]:
    return tuple(name.text() for name in node.items(200))
