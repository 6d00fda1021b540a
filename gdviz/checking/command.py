"""The command ``gdviz check``: its flags, and the verdicts that it prints."""

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
    """Add the flags of the command, except those that describe the run."""
    parser.add_argument("notebook", metavar="RUN.csv", help="a row for each update or epoch, with a header")
    parser.add_argument("--columns", metavar="A,B[,E]", help="the params' columns and the error's; default w,b,error")
    parser.add_argument("--every", choices=("auto", "update", "epoch"), default="auto", help="what a row stands for")
    parser.add_argument("--run", metavar="NAME", help="whose rows, where there is a column run; default: all")
    parser.add_argument("--hint", action="store_true", help="say where to look and for what, without the right numbers")


def check_file(args: argparse.Namespace, experiment: Experiment) -> int:
    """Check the runs of a file, print the verdicts, and return 0 if all are right, otherwise 1.

    Raises
    ------
    ValueError
        Where the file cannot be read, or its rows cannot belong to the runs: a sentence.
    """
    names = list(experiment.objective.parameters)
    columns = [*names, "error"] if args.columns is None else [name.strip() for name in args.columns.split(",")]
    if len(columns) not in (len(names), len(names) + 1):
        listing = experiment.objective.names_for_messages.replace(",", ", ")
        raise ValueError(f"--columns must name the columns of {listing} and, if there is one, of the error")
    error = columns[len(names)] if len(columns) > len(names) else "error"
    notebooks = read_notebooks(args.notebook, columns[: len(names)], error, args.run)
    are_right = []
    for name, run in _match(experiment, notebooks).items():
        verdict = check(run, notebooks[name], args.every)
        sentences = [verdict.hint] if args.hint else list(verdict.sentences)
        sentences[0] = f"{name}: {sentences[0]}" if len(notebooks) > 1 else sentences[0]
        print("\n".join(sentences))
        are_right.append(verdict.is_right)
    return 0 if all(are_right) else 1


def _match(experiment: Experiment, notebooks: Mapping[str, Notebook]) -> dict[str, Run]:
    """Return the run for the rows of each name: the one of the same name, or the only run.

    Raises
    ------
    ValueError
        Where there are several runs, and none of them has a name in the file: a sentence.
    """
    runs = dict(zip(experiment.names, experiment.runs, strict=True))
    pairs = {name: runs[name] for name in notebooks if name in runs}
    if not pairs and len(runs) == 1:
        return dict.fromkeys(notebooks, experiment.runs[0])
    if not pairs:
        listing = ", ".join(runs)
        raise ValueError(f"one --optimizer is checked at a time, unless a column run tells which rows are of {listing}")
    return pairs
