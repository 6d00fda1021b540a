"""The command ``gdviz render``: draw an experiment to a file without a visible window."""

from __future__ import annotations

import re
import signal
import sys
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdviz.export.display import drawing_place
from gdviz.files import check_target
from gdviz.params import pick

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Generator, Iterator, Mapping
    from pathlib import Path

    from gdviz.export.stage import Stage
    from gdviz.training import Experiment, Trajectory

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
    view.add_argument("--explain", metavar="RUN", help="draw what this run's step is made of, such as adam or adam#2")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=" ".join(STILLS + FILMS))


@dataclass(frozen=True)
class Wish:
    """What the view flags ask for, checked."""

    path: Path
    size: tuple[int, int]
    view: str
    theme: str
    fps: float
    frames: int | None
    update: int | None
    explain: str | None

    @classmethod
    def of(cls, args: argparse.Namespace) -> Wish:
        """Return the wish of the flags, or refuse with a sentence."""
        path = check_target(args.output, STILLS + FILMS)
        size = _size(args.size)
        fps = _number("--fps", args.fps or "30", 0.1, 240)
        frames = None if args.frames is None else int(_number("--frames", args.frames, 1, 1_000_000, whole=True))
        update = None if args.update is None else int(_number("--update", args.update, 0, 1e9, whole=True))
        _check_use(args, path)
        return cls(path, size, args.view, args.theme, fps, frames, update, args.explain)

    @property
    def is_still(self) -> bool:
        """Whether one picture is wanted, not many."""
        return self.path.suffix.lower() in STILLS


def render(
    args: argparse.Namespace,
    experiment_of: Callable[[argparse.Namespace], Experiment],
    trained: Callable[[Experiment], Mapping[str, Trajectory]],
) -> int:
    """Draw what the flags ask for and return the exit code.

    Parameters
    ----------
    experiment_of, trained
        What makes the experiment from the flags, and its trajectories.

    Raises
    ------
    ValueError
        With a sentence about what is wrong; nothing is written then.
    """
    wish = Wish.of(args)
    experiment = experiment_of(args)
    if wish.explain is not None and wish.explain not in experiment.names:
        pick(wish.explain, dict.fromkeys(experiment.names), "run for --explain")
    if wish.explain is not None and wish.view in ("error", "fit"):
        raise ValueError(f"--explain is for the contour and the surface, not for --view {wish.view}")
    if wish.explain is not None and wish.update == 0:
        raise ValueError("--explain: at update 0 no step is made yet; --update 1 shows the first one")
    with _stoppable(), drawing_place():
        return _draw(wish, experiment, trained)


def _draw(wish: Wish, experiment: Experiment, trained: Callable[[Experiment], Mapping[str, Trajectory]]) -> int:
    """Draw in the place there is; everything of Qt is made here."""
    from PySide6.QtCore import QSize

    from gdviz.export.film import check_film
    from gdviz.export.stage import Stage, application, views_there_are
    from gdviz.views.gl import gl_problem
    from gdviz.views.theme import THEMES

    with application():
        views = views_there_are(wish.view)
        if not wish.is_still:
            check_film(wish.path, QSize(*wish.size))
        trajectories = list(trained(experiment).values())
        explained = wish.explain is not None
        selected = experiment.names.index(wish.explain) if explained else 0
        theme, size = THEMES[wish.theme], QSize(*wish.size)
        stage = Stage(experiment, trajectories, theme, size, views, selected=selected, arrows=explained)
        try:
            _save(stage, wish)
        finally:
            stage.close()
        if wish.view == "all" and gl_problem():
            print(f"gdviz: the 3D surface was left out: {gl_problem()}", file=sys.stderr)
    return 0


def _save(stage: Stage, wish: Wish) -> None:
    from gdviz.export.film import film, frame_updates
    from gdviz.export.picture import save_picture

    if not wish.is_still:
        _film(film(stage, wish.path, frame_updates(stage.last, wish.fps, wish.frames), wish.fps), wish.path)
        return
    update = stage.last if wish.update is None else wish.update
    if update > stage.last:
        raise ValueError(f"--update: there is no update {update}; the last one is {stage.last}")
    save_picture(stage, wish.path, update)


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
