"""The flags that describe an experiment, shared by all commands."""

from __future__ import annotations

import argparse
from typing import Any, cast, get_args

from gdviz.objectives import DATASETS, OBJECTIVES, Objective, Reduction, SigmoidNeuron, load_data
from gdviz.optimizers import OPTIMIZERS
from gdviz.params import parse, pick, plain
from gdviz.training import SCHEDULES, STRATEGIES, Batch, Experiment, MiniBatch, Sampling, lecture_race

__all__ = ["add_run_flags", "experiment_of"]


def add_run_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags from which :func:`experiment_of` makes an experiment."""
    run = parser.add_argument_group("run flags")
    run.add_argument(
        "--optimizer",
        action="append",
        metavar="NAME[:k=v,...]",
        help=f"repeat it for a race; {', '.join(cls.name for cls in OPTIMIZERS)}; without it: the lecture's six",
    )
    run.add_argument(
        "--objective",
        default="neuron",
        metavar="NAME[:k=v,...]",
        help=", ".join(cls.name for cls in OBJECTIVES) + "; default neuron",
    )
    run.add_argument("--data", metavar="NAME|FILE.csv", help=f"for the neuron: {', '.join(DATASETS)} or a CSV file")
    run.add_argument("--standardize", action="store_true", help="shift and scale x to mean 0 and deviation 1")
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


def experiment_of(args: argparse.Namespace) -> Experiment:
    """Return the experiment that the flags describe.

    Raises
    ------
    ValueError
        With a sentence that names the flag, what was given, and what would be right.
    """
    objective = _objective(args)
    common: dict[str, Any] = {}
    for key in ("epochs", "updates", "seed"):
        if getattr(args, key) is not None:
            common[key] = _whole(f"--{key}", getattr(args, key), least=0 if key == "seed" else 1)
    if args.start is not None:
        common["start"] = _point(args.start, objective)
    if args.reduction is not None:
        reductions = {name: name for name in get_args(Reduction)}
        common["reduction"] = _flag("--reduction", pick, args.reduction, reductions, "reduction")
    if args.schedule is not None:
        common["schedule"] = _flag("--schedule", parse, args.schedule, SCHEDULES, "schedule")
    common["sampling"] = _sampling(args)
    if args.optimizer is None:
        return lecture_race(objective, **common)
    optimizers = [_flag("--optimizer", parse, text, OPTIMIZERS, "optimizer") for text in args.optimizer]
    return Experiment.race(objective, optimizers, **common)


def _objective(args: argparse.Namespace) -> Objective:
    name = args.objective.partition(":")[0]
    cls = _flag("--objective", pick, name, {cls.name: cls for cls in OBJECTIVES}, "objective")
    if cls is not SigmoidNeuron:
        if args.data is not None or args.standardize:
            raise ValueError(f"--data and --standardize are for the neuron; the objective {name} has no data")
        return cast("Objective", _flag("--objective", parse, args.objective, (cls,), "objective"))
    if name != args.objective:
        raise ValueError(f"--objective: neuron has no parameters; {plain(args.objective)} should be neuron")
    data = _flag("--data", load_data, "lecture" if args.data is None else args.data)
    return SigmoidNeuron.on(data.standardized() if args.standardize else data)


def _sampling(args: argparse.Namespace) -> Sampling:
    strategies = {cls.name: cls for cls in STRATEGIES}
    name = args.strategy
    if name is None:
        name = "batch" if args.batch_size is None else "minibatch"
    cls = _flag("--strategy", pick, name, strategies, "strategy")
    given: dict[str, Any] = {}
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
