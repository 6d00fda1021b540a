"""The command ``gdviz render``: draw an experiment to a file without a visible window."""

from __future__ import annotations

import re
import signal
import sys
import threading
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from gdviz.engine import train
from gdviz.export.display import drawing_place
from gdviz.files import check_target

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from gdviz.training import Experiment

__all__ = ["add_view_flags", "render"]

STILLS, FILMS = (".png", ".svg", ".pdf"), (".gif", ".mp4", ".webm")
LARGEST = 8192


def add_view_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say what is drawn and how."""
    view = parser.add_argument_group("view flags")
    view.add_argument("--view", default="all", choices=("all", "contour", "surface", "error", "fit"))
    view.add_argument("--size", default="1280x720", metavar="WxH", help="in pixels; default 1280x720")
    view.add_argument("--fps", metavar="N", help="frames a second of an animation; default 30")
    view.add_argument("--frames", metavar="N", help="frames of an animation; default: every update, at most 10 s")
    view.add_argument("--theme", default="light", choices=("light", "dark"))
    view.add_argument("--update", metavar="N", help="a still at that update; default: the last one")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=" ".join(STILLS + FILMS))


def render(args: argparse.Namespace, experiment_of: Callable[[argparse.Namespace], Experiment]) -> int:
    """Draw what the flags ask for and return the exit code.

    Raises
    ------
    ValueError
        With a sentence about what is wrong; nothing is written then.
    """
    path = check_target(args.output, STILLS + FILMS)
    size = _size(args.size)
    fps = _number("--fps", args.fps or "30", 0.1, 240)
    frames = None if args.frames is None else int(_number("--frames", args.frames, 1, 1_000_000, whole=True))
    update = None if args.update is None else int(_number("--update", args.update, 0, 1e9, whole=True))
    _check_use(args, path)
    experiment = experiment_of(args)
    with _stoppable(), drawing_place():
        return _draw(args, path, size, fps, frames, update, experiment)


def _draw(
    args: argparse.Namespace,
    path: Path,
    size: tuple[int, int],
    fps: float,
    frames: int | None,
    update: int | None,
    experiment: Experiment,
) -> int:
    """Draw in the place there is; everything of Qt is made here."""
    from PySide6.QtCore import QSize

    from gdviz.export.film import check_film, film, frame_updates
    from gdviz.export.picture import save_picture
    from gdviz.export.stage import Stage, application, views_there_are
    from gdviz.views.gl import gl_problem
    from gdviz.views.theme import THEMES

    with application():
        views = views_there_are(args.view)
        if path.suffix.lower() in FILMS:
            check_film(path, QSize(*size))
        trajectories = [train(run) for run in experiment.runs]
        for name, trajectory in zip(experiment.names, trajectories, strict=True):
            if trajectory.diverged:
                print(f"gdviz: {name} {trajectory.diverged}", file=sys.stderr)
        stage = Stage(experiment, trajectories, THEMES[args.theme], QSize(*size), views)
        try:
            if update is not None and update > stage.last:
                raise ValueError(f"--update: there is no update {update}; the last one is {stage.last}")
            if path.suffix.lower() in STILLS:
                save_picture(stage, path, stage.last if update is None else update)
            else:
                _film(film(stage, path, frame_updates(stage.last, fps, frames), fps), path)
        finally:
            stage.close()
        if args.view == "all" and gl_problem():
            print(f"gdviz: the 3D surface was left out: {gl_problem()}", file=sys.stderr)
    return 0


@contextmanager
def _stoppable(stop: Callable[..., object] = signal.default_int_handler) -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl+C does: what was begun is cleaned up. `stop` is called on either."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _film(film: Generator[int], path: Path) -> None:
    """Run the film to its end, with a count on a terminal; it is stopped between frames, never while Qt paints."""
    stops: list[int] = []
    with _stoppable(lambda number, _: stops.append(number)), closing(film):
        _run(film, path, stops)


def _run(film: Generator[int], path: Path, stops: list[int]) -> None:
    for done in film:
        if stops:
            raise KeyboardInterrupt
        if sys.stderr.isatty():
            print(f"\r{path.name}: {done} frames", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _check_use(args: argparse.Namespace, path: Path) -> None:
    """Refuse flags that would have no effect on a file of this kind."""
    still = path.suffix.lower() in STILLS
    for flag in ("fps", "frames") if still else ("update",):
        if getattr(args, flag) is not None:
            raise ValueError(f"--{flag} is for {'animations' if still else 'stills'}, not for {path.name}")


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(160 <= side <= LARGEST for side in size):
        valid = f"WIDTHxHEIGHT, each from 160 to {LARGEST}, such as 1280x720"
        raise ValueError(f"--size must be {valid}, not {text[:40]!r}")
    return size


def _number(flag: str, text: str, least: float, most: float, whole: bool = False) -> float:
    try:
        number = float(int(text) if whole else float(text))
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        noun = "a whole number" if whole else "a number"
        raise ValueError(f"{flag} must be {noun} from {least:g} to {most:g}, not {text[:40]!r}")
    return number
