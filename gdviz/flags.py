"""The flags that describe an experiment, or change that of a session; shared by all commands."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any, cast, get_args

from gdviz.files import Session, open_session
from gdviz.objectives import DATASETS, OBJECTIVES, Objective, Reduction, SigmoidNeuron, load_data
from gdviz.optimizers import OPTIMIZERS
from gdviz.params import parse, pick, plain
from gdviz.training import SCHEDULES, STRATEGIES, Batch, Experiment, MiniBatch, Sampling, lecture_race
from gdviz.training.experiment import SHARED

__all__ = ["add_run_flags", "session_of"]


def add_run_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags from which :func:`session_of` makes a session."""
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
        help=f"repeat it for a race; {', '.join(cls.name for cls in OPTIMIZERS)}; without it: the lecture's six",
    )
    run.add_argument(
        "--objective",
        metavar="NAME[:k=v,...]",
        help=", ".join(cls.name for cls in OBJECTIVES) + "; default neuron",
    )
    run.add_argument("--data", metavar="NAME|FILE.csv", help=f"for the neuron: {', '.join(DATASETS)} or a CSV file")
    run.add_argument(
        "--standardize", action="store_true", default=None, help="shift and scale x to mean 0 and deviation 1"
    )
    _add_common_flags(run)


def _add_common_flags(run: argparse._ArgumentGroup) -> None:
    run.add_argument("--start", metavar="A,B", help="the first point, for example --start=-2,-2")
    run.add_argument("--epochs", metavar="N", help="stop after so many epochs; default 100, for the lecture's race 300")
    run.add_argument("--updates", metavar="N", help="stop after so many updates instead")
    run.add_argument("--strategy", metavar="NAME", help=", ".join(cls.name for cls in STRATEGIES) + "; default batch")
    run.add_argument("--batch-size", metavar="N", help="samples in a mini-batch; default 32")
    run.add_argument(
        "--shuffle",
        action=argparse.BooleanOptionalAction,
        help="draw a new order before every epoch; default: the order of the data",
    )
    run.add_argument("--seed", metavar="N", help="of the shuffling; default 0")
    run.add_argument("--reduction", metavar="NAME", help=f"{', '.join(get_args(Reduction))}; default lecture")
    run.add_argument(
        "--schedule",
        metavar="NAME[:k=v,...]",
        help=", ".join(cls.name for cls in SCHEDULES) + "; default constant",
    )


def session_of(args: argparse.Namespace) -> Session:
    """Return the session that the flags describe.

    Raises
    ------
    ValueError
        With a sentence that names the flag, what was given, and what would be right.
    """
    if args.session is None:
        return Session(_race(args, _objective(args), {}))
    session: Session = _flag("--session", open_session, args.session)
    experiment = _changed(session.experiment, args)
    selected = min(session.selected, len(experiment.runs) - 1)
    views = session.views if experiment.objective == session.experiment.objective else replace(session.views, box=None)
    cursor = min(session.cursor, experiment.total)
    return replace(session, experiment=experiment, cursor=cursor, selected=selected, views=views)


def _changed(experiment: Experiment, args: argparse.Namespace) -> Experiment:
    """Return a session's experiment with what the flags change."""
    if any(getattr(args, key) is not None for key in ("objective", "data", "standardize")):
        objective = _objective(args, experiment.objective)
        is_alike = objective.parameters == experiment.objective.parameters
        experiment = experiment.with_each(
            lambda run: replace(run, fork=None, objective=objective, start=run.start if is_alike else ())
        )
    first = experiment.runs[0]
    if args.optimizer is not None:
        return _race(args, experiment.objective, {key: getattr(first, key) for key in SHARED})
    return experiment.with_each(lambda run: run.changed(**_common(args, run.objective, run.sampling)))


def _race(args: argparse.Namespace, objective: Objective, kept: dict[str, Any]) -> Experiment:
    common = kept | _common(args, objective, kept.get("sampling", Batch()))
    if args.optimizer is None:
        return lecture_race(objective, **common)
    optimizers = [_flag("--optimizer", parse, text, OPTIMIZERS, "optimizer") for text in args.optimizer]
    return Experiment.race(objective, optimizers, **common)


def _common(args: argparse.Namespace, objective: Objective, sampling: Sampling) -> dict[str, Any]:
    """Return what the flags say of every run."""
    common: dict[str, Any] = {}
    for key in ("epochs", "updates", "seed"):
        if getattr(args, key) is not None:
            common[key] = _whole(f"--{key}", getattr(args, key), least=0 if key == "seed" else 1)
    if "epochs" in common and "updates" not in common:
        common["updates"] = None
    if args.start is not None:
        common["start"] = _point(args.start, objective)
    if args.reduction is not None:
        reductions = {name: name for name in get_args(Reduction)}
        common["reduction"] = _flag("--reduction", pick, args.reduction, reductions, "reduction")
    if args.schedule is not None:
        common["schedule"] = _flag("--schedule", parse, args.schedule, SCHEDULES, "schedule")
    if any(getattr(args, key) is not None for key in ("strategy", "batch_size", "shuffle")):
        common["sampling"] = _sampling(args, sampling)
    return common


def _objective(args: argparse.Namespace, old: Objective | None = None) -> Objective:
    given = "neuron" if args.objective is None else args.objective
    name = given.partition(":")[0]
    cls = _flag("--objective", pick, name, {cls.name: cls for cls in OBJECTIVES}, "objective")
    if cls is not SigmoidNeuron:
        if args.data is not None or args.standardize:
            raise ValueError(f"--data and --standardize are for the neuron; the objective {name} has no data")
        return cast("Objective", _flag("--objective", parse, given, (cls,), "objective"))
    if name != given:
        raise ValueError(f"--objective: neuron has no parameters; {plain(given)} should be neuron")
    if args.data is None and isinstance(old, SigmoidNeuron):
        data = old.data
    else:
        data = _flag("--data", load_data, "lecture" if args.data is None else args.data)
    return SigmoidNeuron.on(data.standardized() if args.standardize else data)


def _sampling(args: argparse.Namespace, base: Sampling) -> Sampling:
    """Return the strategy that the flags describe; what they leave open is as in `base`."""
    strategies = {cls.name: cls for cls in STRATEGIES}
    name = args.strategy
    if name is None:
        name = base.name if args.batch_size is None else "minibatch"
    cls = _flag("--strategy", pick, name, strategies, "strategy")
    given = base.values() if cls is type(base) else {}
    if args.batch_size is not None:
        if cls is not MiniBatch:
            raise ValueError(f"--batch-size is for --strategy minibatch, not {name}")
        given["size"] = _whole("--batch-size", args.batch_size)
    if args.shuffle is not None and cls is not Batch:
        given["shuffle"] = args.shuffle
    return cast("Sampling", cls(**given))


def _point(text: str, objective: Objective) -> tuple[float, ...]:
    names = ",".join(objective.parameters)
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
