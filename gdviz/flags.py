"""The flags that describe an experiment, or change that of a session; shared by all commands."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast, get_args

from gdviz.files import open_session
from gdviz.files.kinds import kind_of_file
from gdviz.objectives import DATASETS, FROM_FILE, LABELLED, OBJECTIVES, Choice, Data, Objective, OnData, Reduction
from gdviz.optimizers import OPTIMIZERS
from gdviz.params import parse, parse_values
from gdviz.registry import pick
from gdviz.scene.planes import PLANES, Principal
from gdviz.scene.session import Session, Views
from gdviz.training import SCHEDULES, STRATEGIES, Batch, Experiment, MiniBatch, Sampling, lecture_race
from gdviz.training.experiment import SHARED
from gdviz.wording import plain, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.training import Trajectory

__all__ = ["add_run_flags", "session_of", "shown_objective_of", "table_of"]

OF_NETWORKS = ("l2", "dropout", "batchnorm")
"""Flags that are parameters of a network."""
OF_FILES = ("data_columns", "data_label", "data_answers")
"""What is chosen of a file of samples."""


def add_run_flags(parser: argparse.ArgumentParser, of_data: str = "") -> None:
    """Add the flags from which :func:`session_of` makes a session.

    Parameters
    ----------
    parser
        What the flags are added to.
    of_data
        What ``--columns`` and ``--label`` of the samples begin with, where a command has other columns: ``data-``.
    """
    run = parser.add_argument_group("run flags")
    run.add_argument(
        "--session",
        metavar="FILE",
        help="start from a session, or from a picture or film that carries one; the other flags change it",
    )
    run.add_argument(
        "--optimizer",
        action="append",
        metavar="NAME[:k=v,...]",
        help=f"repeat it for a race; {', '.join(OPTIMIZERS.names)}; without it: the lecture's six",
    )
    objectives = ", ".join(OBJECTIVES.names)
    run.add_argument("--objective", metavar="NAME[:k=v,...]", help=f"{objectives}; default neuron")
    names = f"neuron and network: {', '.join(DATASETS.names)}; network: {', '.join(LABELLED.names)}"
    names += "; or a table (CSV, Excel, ODS), or IDX pictures"
    run.add_argument("--data", metavar="NAME|FILE", help=names)
    _add_choice_flags(run, of_data)
    run.add_argument(
        "--standardize", action="store_true", default=None, help="shift and scale x to mean 0 and deviation 1"
    )
    _add_common_flags(run)
    run.add_argument(
        "--plane",
        metavar="NAME[:k=v,...]",
        help=f"through more than two params: {', '.join(PLANES.names)}; default principal",
    )
    _add_network_flags(parser)


def _add_choice_flags(run: argparse._ArgumentGroup, of_data: str) -> None:
    run.add_argument(
        f"--{of_data}columns",
        dest="data_columns",
        metavar="A,B",
        help="of the file, by name or number from 1: for the neuron x and y, for a network the inputs",
    )
    run.add_argument(
        f"--{of_data}label",
        dest="data_label",
        metavar="C",
        help="the column of the answers; of IDX pictures the file of the labels",
    )
    run.set_defaults(of_data=of_data)
    kinds = run.add_mutually_exclusive_group()
    for answers in ("classes", "numbers"):
        about = f"whole numbers in the column of the answers are {answers}"
        kinds.add_argument(f"--{answers}", dest="data_answers", action="store_const", const=answers, help=about)


def _add_network_flags(parser: argparse.ArgumentParser) -> None:
    network = parser.add_argument_group("for the network", "the same as parameters of --objective network:...")
    network.add_argument("--l2", metavar="LAMBDA", help="how strongly weights are pulled towards 0")
    network.add_argument("--dropout", metavar="SHARE", help="of hidden neurons left out of an update; 0.2 or 0.2-0.5")
    network.add_argument(
        "--batchnorm", action="store_true", default=None, help="normalise what enters the hidden layers over the batch"
    )
    about = "stop after this number of epochs without a lower validation error; 0: never"
    network.add_argument("--early-stopping", metavar="EPOCHS", help=about)


def _add_common_flags(run: argparse._ArgumentGroup) -> None:
    run.add_argument("--start", metavar="A,B", help="the first point, for example --start=-2,-2")
    run.add_argument("--epochs", metavar="N", help="the number of epochs; default 100, for the lecture's race 300")
    run.add_argument("--updates", metavar="N", help="the number of updates instead")
    run.add_argument("--strategy", metavar="NAME", help=", ".join(STRATEGIES.names) + "; default batch")
    run.add_argument("--batch-size", metavar="N", help="samples in a mini-batch; default 32")
    run.add_argument(
        "--shuffle",
        action=argparse.BooleanOptionalAction,
        help="draw a new order before every epoch; default: the order of the data",
    )
    run.add_argument("--seed", metavar="N", help="of the shuffling; default 0")
    run.add_argument("--reduction", metavar="NAME", help=f"{', '.join(get_args(Reduction))}; default lecture")
    schedules = ", ".join(SCHEDULES.names)
    run.add_argument("--schedule", metavar="NAME[:k=v,...]", help=f"{schedules}; default constant")


def table_of(args: argparse.Namespace) -> str | None:
    """Return the file with samples or a run that the window is to open; one with a session becomes its flag."""
    if args.file is None:
        return None
    if kind_of_file(args.file) == "session":
        if args.session is not None:
            raise ValueError("--session and a file are the same thing; one of them is enough")
        args.session = args.file
    elif args.data is None and any(getattr(args, key) is not None for key in OF_FILES):
        args.data = args.file
    else:
        return str(args.file)
    return None


def session_of(args: argparse.Namespace) -> Session:
    """Return the session that the flags describe.

    Raises
    ------
    ValueError
        With a sentence that names the flag, what was given, and what would be right.
    """
    rule = None if args.plane is None else _flag("--plane", parse, args.plane, PLANES)
    if args.session is None:
        session = Session(_race(args, _objective(args), {}), views=Views(plane=rule))
        return _with_plane(session, args)
    session = _flag("--session", open_session, args.session)
    experiment = _changed(session.experiment, args)
    selected = min(session.selected, len(experiment.runs) - 1)
    views = session.views if experiment.objective == session.experiment.objective else replace(session.views, box=None)
    cursor = min(session.cursor, experiment.total)
    views = views if rule is None else replace(views, plane=rule, box=None)
    return _with_plane(replace(session, experiment=experiment, cursor=cursor, selected=selected, views=views), args)


def _with_plane(session: Session, args: argparse.Namespace) -> Session:
    """Return the session, or say that there is no plane to choose."""
    if args.plane is not None and session.experiment.objective.is_planar:
        raise ValueError(f"--plane is for --objective network; {session.experiment.objective.name} has two parameters")
    if args.plane is not None and session.views.plane is not None:
        problem = session.views.plane.problem(session.experiment.objective, session.experiment.total)
        if problem:
            raise ValueError(f"--plane: {problem}")
    return session


def shown_objective_of(session: Session, train: Callable[[], Sequence[Trajectory]]) -> Objective:
    """Return what a picture of a plane shows: the objective, or a plane through what `train` returns."""
    experiment, rule = session.experiment, session.views.plane or Principal()
    if experiment.objective.is_planar:
        return experiment.objective
    return rule.plane(experiment.objective, train(), session.selected, experiment.total)


def _changed(experiment: Experiment, args: argparse.Namespace) -> Experiment:
    """Return a session's experiment with what the flags change."""
    if any(getattr(args, key) is not None for key in ("objective", "data", "standardize", *OF_FILES, *OF_NETWORKS)):
        experiment = experiment.on(_objective(args, experiment.objective))
    first = experiment.runs[0]
    if args.optimizer is not None:
        return _race(args, experiment.objective, {key: getattr(first, key) for key in SHARED})
    return experiment.with_each(lambda run: run.changed(**_common(args, run.objective, run.sampling)))


def _race(args: argparse.Namespace, objective: Objective, usual: dict[str, Any]) -> Experiment:
    common = usual | _common(args, objective, usual.get("sampling", Batch()))
    if args.optimizer is None:
        return lecture_race(objective, **common)
    optimizers = [_flag("--optimizer", parse, text, OPTIMIZERS) for text in args.optimizer]
    return Experiment.race(objective, optimizers, **common)


def _common(args: argparse.Namespace, objective: Objective, sampling: Sampling) -> dict[str, Any]:
    """Return what the flags say of every run."""
    common: dict[str, Any] = {}
    for key in ("epochs", "updates", "seed"):
        if getattr(args, key) is not None:
            common[key] = _whole(f"--{key}", getattr(args, key), least=0 if key == "seed" else 1)
    if args.early_stopping is not None:
        common["patience"] = _whole("--early-stopping", args.early_stopping, least=0)
    if "epochs" in common and "updates" not in common:
        common["updates"] = None
    if args.start is not None:
        common["start"] = _point(args.start, objective)
    if args.reduction is not None:
        reductions = dict.fromkeys(get_args(Reduction), args.reduction)
        common["reduction"] = _flag("--reduction", pick, args.reduction, reductions, "reduction")
    if args.schedule is not None:
        common["schedule"] = _flag("--schedule", parse, args.schedule, SCHEDULES)
    if any(getattr(args, key) is not None for key in ("strategy", "batch_size", "shuffle")):
        common["sampling"] = _sampling(args, sampling)
    return common


def _objective(args: argparse.Namespace, old: Objective | None = None) -> Objective:
    extra = {key: getattr(args, key) for key in OF_NETWORKS if getattr(args, key) is not None}
    if args.objective is None and old is not None and (old.data is not None or extra):
        cls, values = type(old), {}
    else:
        text = "neuron" if args.objective is None else args.objective
        cls, values = _flag("--objective", parse_values, text, OBJECTIVES)
    if extra and not cls.has_layers:
        raise ValueError(f"--{next(iter(extra))} is for --objective network, not {cls.name}")
    if args.data is None and any(getattr(args, key) is not None for key in OF_FILES):
        flags = f"--{args.of_data}columns, --{args.of_data}label, --classes and --numbers"
        raise ValueError(f"{flags} choose from a file; --data FILE must name it")
    if not issubclass(cls, OnData):
        if args.data is not None or args.standardize:
            raise ValueError(f"--data and --standardize are for neuron and network; {cls.name} has no data")
        return cast("Objective", _flag("--objective", lambda: cls(**values)))
    similar = old if isinstance(old, cls) else None
    data = similar.data if args.data is None and similar and similar.data else _samples(args, cls)
    if similar is not None and not values:
        objective = _flag("--data", similar.with_data, data, bool(args.standardize or similar.standardizes))
    else:
        objective = _flag("--objective", lambda: cls.on(data, **values))
        objective = objective.with_data(data, True) if args.standardize else objective
    if extra:
        objective = _flag(f"--{next(iter(extra))}", lambda: replace(objective, **extra))
    return cast("Objective", objective)


def _samples(args: argparse.Namespace, cls: type[Any]) -> Data:
    """Return the samples that the flags name; say on standard error what was taken of a file if that is not plain."""
    columns = () if args.data_columns is None else tuple(name.strip() for name in args.data_columns.split(","))
    choice = Choice(columns, args.data_label or "", args.data_answers or "")
    try:
        data: Data = cls.load(cls.usual_data if args.data is None else args.data, choice)
    except ValueError as error:
        text = str(error).replace("--columns", f"--{args.of_data}columns").replace("--label", f"--{args.of_data}label")
        raise ValueError(f"--data: {text}") from None
    if data.source and data.about != f"{FROM_FILE}.":
        print(f"gdviz: {sentence(f'{data.name}: ' + data.about.removeprefix(f'{FROM_FILE}: '))}", file=sys.stderr)
    return data


def _sampling(args: argparse.Namespace, base: Sampling) -> Sampling:
    """Return the strategy that the flags describe; what they leave open is as in `base`."""
    name = args.strategy
    if name is None:
        name = base.name if args.batch_size is None else "minibatch"
    cls = _flag("--strategy", STRATEGIES.__getitem__, name)
    values = base.values() if cls is type(base) else {}
    if args.batch_size is not None:
        if cls is not MiniBatch:
            raise ValueError(f"--batch-size is for --strategy minibatch, not {name}")
        values["size"] = _whole("--batch-size", args.batch_size)
    if args.shuffle is not None and cls is not Batch:
        values["shuffle"] = args.shuffle
    return cast("Sampling", cls(**values))


def _point(text: str, objective: Objective) -> tuple[float, ...]:
    names = objective.names_for_messages
    try:
        return tuple(float(part) for part in text.split(","))
    except ValueError:
        raise ValueError(f"--start must be numbers {names}, such as --start=-2,-2, not {plain(text)}") from None


def _whole(flag: str, text: str, least: int = 1) -> int:
    try:
        number = int(text)
    except ValueError:
        number = least - 1
    if number < least:
        raise ValueError(f"{flag} must be a whole number >= {least}, not {plain(text)}")
    return number


def _flag(flag: str, convert: Any, *args: Any) -> Any:
    try:
        return convert(*args)
    except ValueError as error:
        raise ValueError(f"{flag}: {error}") from None
