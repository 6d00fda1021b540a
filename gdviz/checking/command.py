"""The command ``gdviz check``: its flags, and what it says of each run in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.checking.student import read_notebooks
from gdviz.checking.verdict import check

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from gdviz.checking.student import Notebook
    from gdviz.training import Experiment, Run

__all__ = ["add_check_flags", "check_file"]


def add_check_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags of the command, but for those that describe the run."""
    parser.add_argument("notebook", metavar="RUN.csv", help="a row for each update or epoch, with a header")
    parser.add_argument("--columns", metavar="A,B[,E]", help="the params' columns and the error's; default w,b,error")
    parser.add_argument("--every", choices=("auto", "update", "epoch"), default="auto", help="what a row stands for")
    parser.add_argument("--run", metavar="NAME", help="whose rows, where there is a column run; default: all")
    parser.add_argument("--hint", action="store_true", help="say where to look and for what, without the right numbers")


def check_file(args: argparse.Namespace, experiment: Experiment) -> int:
    """Check the runs of a file, say what is found, and return 0 where all of it is right and 1 where not.

    Raises
    ------
    ValueError
        Where the file cannot be read, or its rows cannot be those of the runs: a sentence.
    """
    names = list(experiment.objective.parameters)
    columns = [*names, "error"] if args.columns is None else [name.strip() for name in args.columns.split(",")]
    if len(columns) not in (len(names), len(names) + 1):
        told = experiment.objective.names_for_messages.replace(",", ", ")
        raise ValueError(f"--columns must name the columns of {told} and, if there is one, of the error")
    error = columns[len(names)] if len(columns) > len(names) else "error"
    notebooks = read_notebooks(args.notebook, columns[: len(names)], error, args.run)
    are_right = []
    for name, run in _matched(experiment, notebooks).items():
        verdict = check(run, notebooks[name], args.every)
        said = [verdict.hint] if args.hint else list(verdict.sentences)
        said[0] = f"{name}: {said[0]}" if len(notebooks) > 1 else said[0]
        print("\n".join(said))
        are_right.append(verdict.is_right)
    return 0 if all(are_right) else 1


def _matched(experiment: Experiment, notebooks: Mapping[str, Notebook]) -> dict[str, Run]:
    """Return which run the rows of each name are to be: that of the same name, or the only one.

    Raises
    ------
    ValueError
        Where several runs are stated and none has the name: a sentence.
    """
    stated = dict(zip(experiment.names, experiment.runs, strict=True))
    matched = {name: stated[name] for name in notebooks if name in stated}
    if not matched and len(stated) == 1:
        return dict.fromkeys(notebooks, experiment.runs[0])
    if not matched:
        told = ", ".join(stated)
        raise ValueError(f"one --optimizer is checked at a time, unless a column run tells which rows are of {told}")
    return matched
