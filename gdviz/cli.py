"""The commands: ``gdviz`` for the window, and :data:`COMMANDS`."""

from __future__ import annotations

import argparse
import math
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from gdviz import __version__
from gdviz.capacity import TOO_LITTLE
from gdviz.console import check_stdout, drop_output, speak_plainly
from gdviz.engine import error_grid, horizon, horizon_sentence, train_all
from gdviz.files import ENDING, TABLES, Extra, check_target, replacing, write_csv, write_grid, write_table
from gdviz.files.kinds import can_be_file
from gdviz.flags import add_run_flags, session_of, shown_objective_of, table_of
from gdviz.objectives import DATASETS, LABELLED, OBJECTIVES
from gdviz.optimizers import OPTIMIZERS
from gdviz.registry import Registry, load_plugins, new_problems
from gdviz.scene.planes import PLANES
from gdviz.stopping import stoppable, unbroken
from gdviz.training import SCHEDULES, Experiment, Trajectory
from gdviz.wording import plain, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["main"]

MOST_POINTS = 5000
NAMES = 17
"""The width of the column of names that ``gdviz list`` prints."""


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Print one line and leave with 2."""
        self.exit(2, f"{self.prog}: {sentence(message)}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0; 2 after one line about bad input; where a signal ends the work 128 and the signal's number, as shells have it.
    It can be called any number of times in one process.
    """
    speak_plainly()
    words = _joined(sys.argv[1:] if arguments is None else arguments)
    command = COMMANDS.get(words[0]) if words else None
    if {"-h", "--help"} & set(words):  # which lists names
        load_plugins()
    try:
        if words and not command and not words[0].startswith("-") and not can_be_file(words[0]):
            names = f"{', '.join(COMMANDS)}; or none, or the name of a session's file, for the window"
            raise ValueError(f"unknown command {plain(words[0])}; known: {names}")
        with stoppable():
            code = command(words[1:]) if command else _window(words)
            if sys.stdout is not None:
                sys.stdout.flush()
        return code
    except (ValueError, MemoryError) as error:
        reason = TOO_LITTLE if isinstance(error, MemoryError) else sentence(error)
        print(f"gdviz{' ' + words[0] if command else ''}: {reason}", file=sys.stderr)
        return 2
    except KeyboardInterrupt as stop:
        with suppress(OSError):  # the terminal may be gone
            print("gdviz: stopped", file=sys.stderr)
        return 128 + getattr(stop, "number", signal.SIGINT)
    except BrokenPipeError:
        drop_output()
        return 141
    except OSError as error:
        reason = f"{error.filename or 'standard output'}: {error.strerror}" if error.strerror else str(error)
        print(f"gdviz: {sentence(reason)}", file=sys.stderr)
        drop_output()
        return 2
    finally:
        for problem in new_problems():
            print(f"gdviz: {problem}", file=sys.stderr)


def _joined(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with ``--start -2,-2`` written ``--start=-2,-2``, which argparse understands."""
    result: list[str] = []
    for argument in arguments:
        if result and result[-1] == "--start" and re.match(r"[-−][\d.]", argument):
            result[-1] += "=" + argument
        else:
            result.append(argument)
    return result


def _parser(command: str, description: str) -> Parser:
    prog = f"gdviz {command}".strip()
    return Parser(prog=prog, description=description, allow_abbrev=False)


def _train(arguments: Sequence[str]) -> int:
    parser = _parser("train", "Train without a window and write every update.")
    add_run_flags(parser)
    endings = " ".join(TABLES)
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=f"{endings}; - for CSV to stdout")
    parser.add_argument("--terms", action="store_true", help="with η, gradient, every term of the rule, and the step")
    parser.add_argument("--params", action="store_true", help="with the params even where they are more than 100")
    args = parser.parse_args(arguments)
    extra = Extra(args.terms, args.params)
    if args.output != "-":
        check_target(args.output, list(TABLES))
    else:
        check_stdout()
    experiment = session_of(args).experiment
    extra.check(experiment.objective)
    race = trained(experiment)
    if args.output == "-":
        write_csv(sys.stdout, race, extra)
        sys.stdout.flush()
    else:
        write_table(args.output, race, extra)
    for name, trajectory in race.items():
        if (update := horizon(trajectory.run)) is not None:
            print(f"gdviz: {name}: {horizon_sentence(update)}", file=sys.stderr)
    return 0


def trained(experiment: Experiment) -> dict[str, Trajectory]:
    """Return the whole trajectories by their runs' names, and say on standard error which diverged."""
    race = dict(zip(experiment.names, train_all(experiment.runs), strict=True))
    for name, trajectory in race.items():
        if trajectory.ended:
            print(f"gdviz: {name} {trajectory.ended}", file=sys.stderr)
    return race


def _render(arguments: Sequence[str]) -> int:
    from gdviz.export.command import render
    from gdviz.export.flags import add_view_flags

    def parser() -> Parser:
        parser = _parser("render", "Draw without a visible window.")
        add_run_flags(parser)
        add_view_flags(parser)
        return parser

    if parser().parse_known_args(arguments)[1]:
        load_plugins()  # which may bring the flag
    return render(parser().parse_args(arguments), session_of, trained)


def _pack(arguments: Sequence[str]) -> int:
    from gdviz.export.command import write_pack

    parser = _parser("pack", "Write figures, a film, worked updates and scripts of a session into a folder.")
    parser.add_argument("file", metavar="SESSION", help="a session, or a picture or film that carries one")
    add_run_flags(parser)
    parser.add_argument("-o", "--output", required=True, metavar="FOLDER")
    args = parser.parse_args(arguments)
    args.session = args.file
    return write_pack(session_of(args), args.output, trained)


def _grid(arguments: Sequence[str]) -> int:
    parser = _parser("grid", "Write the error surface over a part of the plane as NPZ.")
    add_run_flags(parser)
    parser.add_argument("--box", metavar="A0,A1,B0,B1", help="the part of the plane; default: the objective's")
    parser.add_argument("--points", metavar="N", default="201", help="in each direction; default 201")
    parser.add_argument("-o", "--output", required=True, metavar="FILE.npz")
    args = parser.parse_args(arguments)
    check_target(args.output, [".npz"])
    session = session_of(args)
    objective = shown_objective_of(session, lambda: list(trained(session.experiment).values()))
    box = np.array(objective.box if args.box is None else _box(args.box)).reshape(2, 2)
    points = int(args.points) if args.points.isdecimal() else 0
    if not 2 <= points <= MOST_POINTS:
        raise ValueError(f"--points must be a whole number from 2 to {MOST_POINTS}, not {plain(args.points)}")
    a, b = (np.linspace(low, high, points) for low, high in box)
    write_grid(args.output, objective.parameters, a, b, error_grid(objective, a, b))
    return 0


def _box(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
        is_box = len(numbers) == 4 and all(map(math.isfinite, numbers))
    except ValueError:
        is_box = False
    if not is_box or not all(0 < high - low < math.inf for low, high in (numbers[:2], numbers[2:])):
        raise ValueError(f"--box must be A0,A1,B0,B1 with the lower number first, not {plain(text)}")
    return numbers


def _script(arguments: Sequence[str]) -> int:
    from gdviz.texts.python import script_of

    parser = _parser("script", "Write a run as a short Python script that gives the same numbers.")
    add_run_flags(parser)
    parser.add_argument("--library", choices=("numpy", "torch"), default="numpy")
    parser.add_argument("-o", "--output", required=True, metavar="FILE.py", help="- for standard output")
    args = parser.parse_args(arguments)
    if args.output != "-":
        check_target(args.output, [".py"])
    session = session_of(args)
    if len(session.experiment.runs) > 1 and args.session is None:
        raise ValueError("one --optimizer is written at a time")
    text = script_of(session.experiment.runs[session.selected], args.library)
    if args.output == "-":
        check_stdout()
        sys.stdout.write(text)
    else:
        with replacing(Path(args.output)) as part:
            part.write_text(text, encoding="utf-8")
    return 0


def _check(arguments: Sequence[str]) -> int:
    from gdviz.checking.command import add_check_flags, check_file

    parser = _parser("check", "Check a trajectory that somebody computed: 0 if it is right, 1 if not, with the cause.")
    add_check_flags(parser)
    add_run_flags(parser, of_data="data-")
    args = parser.parse_args(arguments)
    experiment = session_of(args).experiment
    if args.optimizer is None and args.session is None:
        raise ValueError("--optimizer must say which rule the rows are to follow, such as --optimizer adam:eta=0.1")
    return check_file(args, experiment)


def _list(arguments: Sequence[str]) -> int:
    parser = _parser("list", "List what there is to choose from.")
    load_plugins()
    kinds: dict[str, Registry[Any]] = {
        "optimizers": OPTIMIZERS,
        "schedules": SCHEDULES,
        "objectives": OBJECTIVES,
        "planes": PLANES,
    }
    parser.add_argument("what", choices=[*kinds, "data"])
    what = parser.parse_args(arguments).what
    if what == "data":
        for data_set in (*DATASETS, *LABELLED):
            data = data_set()
            print(f"{data.name:{NAMES}}{len(data.X)} samples. {data.about}")
    else:
        for cls in kinds[what]:
            _describe(cls)
    return 0


def _describe(cls: Any) -> None:
    about = "; ".join(getattr(cls, "equations", ())) or getattr(cls, "formula", "") or cls.about
    print(f"{cls.name:{NAMES}}{cls.label}: {about}")
    margin = " " * NAMES
    for param in cls.params():
        print(f"{margin}{param.name}={param.default}  {param.symbol}: {param.help} ({param.valid()})")


def _window(arguments: Sequence[str]) -> int:
    parser = _parser(
        "", f"Show how gradient descent moves. Commands: gdviz {', '.join(COMMANDS)}; each has a --help of its own."
    )
    parser.add_argument("--version", action="version", version=f"gdviz {__version__}")
    about = "a session, a picture or film that carries one, samples, or a run to check"
    parser.add_argument("file", nargs="?", metavar="FILE", help=about)
    parser.add_argument("--theme", choices=("light", "dark"), help="default: as the system has it")
    add_run_flags(parser)
    args = parser.parse_args(arguments)
    table = table_of(args)
    is_chosen = {**vars(args), "theme": None} != vars(parser.parse_args([]))
    session = session_of(args)

    with unbroken():  # Qt for Python aborts where its import is broken off
        from gdviz.app import run_window

    own = args.file if (args.file or "").lower().endswith(ENDING) else None  # what can be saved to again
    return run_window(session, args.theme, is_chosen, own, table)


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "train": _train,
    "render": _render,
    "pack": _pack,
    "grid": _grid,
    "check": _check,
    "script": _script,
    "list": _list,
}
"""What can be done without a window."""


if __name__ == "__main__":
    sys.exit(main())
