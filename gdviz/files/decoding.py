"""Sessions from values of JSON, all of which are checked; :mod:`gdviz.files.encoding` is the inverse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gdviz.files.encoding import FORMAT, VERSION
from gdviz.node import Node
from gdviz.objectives import OBJECTIVES, Data, Objective, OnData
from gdviz.optimizers import OPTIMIZERS
from gdviz.scene.session import Lesson, Session, Views
from gdviz.scene.settings import declared
from gdviz.training import SCHEDULES, STRATEGIES, Batch, ConstantRate, Experiment, Run
from gdviz.training.experiment import MOST_RUNS, SHARED, Look
from gdviz.training.run import DEEPEST, Fork

if TYPE_CHECKING:
    from gdviz.objectives import Array

__all__ = ["decoded"]

OF_A_RUN = ("optimizer", *SHARED, "fork")


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
    views, lesson = file.get("views", Views.read, Views()), file.get("lesson", _lesson, None)
    open_controls = file.get("open_controls", _names, None)
    experiment = file["runs"].build(lambda: Experiment(runs, looks))
    return Session(experiment, cursor, selected, views, lesson, open_controls)


def _objective(node: Node) -> Objective:
    name = node["name"].text()
    cls = node.build(lambda: OBJECTIVES[name])
    if not issubclass(cls, OnData):
        objective: Objective = declared(node, OBJECTIVES)
        return objective
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
        "sampling": declared(node["sampling"], STRATEGIES) if "sampling" in node else Batch(),
        "schedule": declared(node["schedule"], SCHEDULES) if "schedule" in node else ConstantRate(),
        "reduction": node.get("reduction", Node.text, "lecture"),
        "epochs": node.get("epochs", Node.whole, 100),
        "updates": node.get("updates", Node.whole, None),
        "seed": node.get("seed", lambda it: it.whole(most=2**63), 0),
        "patience": node.get("patience", Node.whole, 0),
        "fork": node.get("fork", lambda it: _fork(it, objective, depth), None),
    }
    optimizer = declared(node["optimizer"], OPTIMIZERS)
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


def _lesson(node: Node) -> Lesson:
    node.object("title", "text", "question", "task")
    parts = [node.get(key, lambda part: part.text(4000), "") for key in ("title", "text", "question", "task")]
    return Lesson(*parts)


def _names(node: Node) -> tuple[str, ...]:
    return tuple(name.text() for name in node.items(200))
