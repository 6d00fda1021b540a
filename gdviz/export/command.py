"""The command ``gdviz render``: draw an experiment to a file without a visible window."""

from __future__ import annotations

import re
import sys
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdviz.export.display import drawing_place
from gdviz.export.options import LARGEST, PER_CM, FilmOptions, PictureOptions, view_names
from gdviz.files import check_folder, check_target
from gdviz.registry import pick
from gdviz.stopping import check_stopped, unbroken

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gdviz.export.off_screen import OffScreen
    from gdviz.scene.session import Session
    from gdviz.training import Experiment, Trajectory

__all__ = ["add_view_flags", "render", "write_pack"]

STILLS, FILMS = (".png", ".svg", ".pdf"), (".gif", ".mp4", ".webm")
FOR_FILMS = ("fps", "frames", "from", "to", "duration", "updates_per_frame", "ease", "turn", "hold")
"""Flags without effect on a still."""


def add_view_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say what is drawn and how."""
    view = parser.add_argument_group("view flags")
    view.add_argument("--view", metavar="NAME", help=f"{', '.join(view_names())}; default all")
    view.add_argument("--size", metavar="WxH", help="in pixels, or as 16x9cm; default 1280x720")
    view.add_argument(
        "--scale", metavar="N", help="1 to 4 pixels for each; in SVG and PDF those of the surface; default 1"
    )
    view.add_argument("--theme", metavar="NAME", help="light or dark; default light")
    view.add_argument("--transparent", action="store_true", help="leave the background out of a still")
    view.add_argument("--title", metavar="TEXT", help="a line over the picture")
    view.add_argument("--no-legend", action="store_true", help="do not say which run is which")
    view.add_argument("--no-session", action="store_true", help="do not put the session into the file")
    view.add_argument("--update", metavar="N", help="a still at that update; default: the last one")
    view.add_argument("--explain", metavar="RUN", help="draw what this run's step is made of, such as adam or adam#2")
    _add_film_flags(parser.add_argument_group("film flags"))
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=" ".join(STILLS + FILMS))


def _add_film_flags(film: argparse._ArgumentGroup) -> None:
    film.add_argument("--fps", metavar="N", help="frames a second; default 30")
    film.add_argument("--frames", metavar="N", help="frames; default: every update, at most 10 s")
    film.add_argument("--from", metavar="N", help="the first update; default 0")
    film.add_argument("--to", metavar="N", help="the last update; default: the last there is")
    film.add_argument("--duration", metavar="S", help="seconds that the updates take")
    film.add_argument("--updates-per-frame", metavar="N", help="updates from frame to frame")
    film.add_argument("--ease", action="store_true", default=None, help="begin and end slowly")
    film.add_argument("--turn", metavar="DEGREES", help="by which the camera of the surface turns")
    film.add_argument("--hold", metavar="S", help="seconds for which the last frame stands")


@dataclass(frozen=True)
class Wish:
    """What the view flags ask for, checked."""

    path: Path
    picture: PictureOptions
    film: FilmOptions
    frames: int | None
    update: int | None
    explain: str | None

    @classmethod
    def of(cls, args: argparse.Namespace) -> Wish:
        """Return the wish of the flags, or refuse with a sentence."""
        path = check_target(args.output, STILLS + FILMS)
        frames = None if args.frames is None else int(_number("--frames", args.frames, 1, 1_000_000))
        update = None if args.update is None else int(_number("--update", args.update, 0, 1e8))
        wish = cls(path, _picture_options(args), _film_options(args), frames, update, args.explain)
        _check_use(args, path)
        return wish

    @property
    def is_still(self) -> bool:
        """Whether one picture is wanted, not many."""
        return self.path.suffix.lower() in STILLS

    def of_run(self, session: Session) -> Session:
        """Return the session with the run selected that is to be explained."""
        if self.explain is None:
            return session
        names = session.experiment.names
        if self.explain not in names:
            pick(self.explain, dict.fromkeys(names), "run for --explain")
        if self.picture.view != "all":
            _check_explains(self.picture.view)
        if self.update == 0:
            raise ValueError("--explain: at update 0 no step is made yet; --update 1 shows the first one")
        views = replace(session.views, arrows=True)
        return replace(session, selected=names.index(self.explain), views=views)


def _check_explains(view: str) -> None:
    """Refuse to explain a step in a view that has nothing of it."""
    from gdviz.views.view import VIEWS

    if not VIEWS[view].explains:
        names = [f"the {kind.name}" for kind in VIEWS if hasattr(kind.make, "show_arrows")]
        raise ValueError(f"--explain is for {' and '.join(names)}, not for --view {view}")


def _picture_options(args: argparse.Namespace) -> PictureOptions:
    given = {key: getattr(args, key) for key in ("view", "scale", "theme", "title") if getattr(args, key) is not None}
    width, height, unit = _size("1280x720" if args.size is None else args.size)
    is_clear, legend, session = args.transparent, not args.no_legend, not args.no_session
    return _flagged(
        PictureOptions, width=width, height=height, unit=unit, transparent=is_clear, legend=legend, session=session,
        **given,
    )  # fmt: skip


def _film_options(args: argparse.Namespace) -> FilmOptions:
    flags = {"fps": "fps", "from": "first", "to": "last", "duration": "duration", "updates_per_frame": "per_frame",
             "ease": "ease", "turn": "turn", "hold": "hold"}  # fmt: skip
    given = {name: getattr(args, flag) for flag, name in flags.items() if getattr(args, flag) is not None}
    if {"duration", "per_frame"} <= set(given) or (args.frames and {"duration", "per_frame"} & set(given)):
        raise ValueError("--frames, --duration and --updates-per-frame say the same thing; one of them is enough")
    return _flagged(FilmOptions, **given)


def _flagged(cls: type[Any], **given: Any) -> Any:
    """Make the options; what is refused is said of the flag."""
    try:
        return cls(**given)
    except ValueError as error:
        sentence = str(error).removeprefix(f"{cls.name}: ")
        raise ValueError(f"--{_FLAGS.get(sentence.split()[0], sentence.split()[0])} {_rest(sentence)}") from None


_FLAGS = {"first": "from", "last": "to", "per_frame": "updates-per-frame", "width": "size", "height": "size"}


def _rest(sentence: str) -> str:
    return sentence.partition(" ")[2]


def render(
    args: argparse.Namespace,
    session_of: Callable[[argparse.Namespace], Session],
    trained: Callable[[Experiment], Mapping[str, Trajectory]],
) -> int:
    """Draw what the flags ask for and return the exit code.

    Parameters
    ----------
    args
        The flags as they were parsed.
    session_of, trained
        What makes the session from the flags, and its trajectories.

    Raises
    ------
    ValueError
        With a sentence about what is wrong; nothing is written then.
    """
    wish = Wish.of(args)
    session = wish.of_run(session_of(args))
    with drawing_place():
        return _draw(wish, session, trained)


def _draw(wish: Wish, session: Session, trained: Callable[[Experiment], Mapping[str, Trajectory]]) -> int:
    """Draw in the place there is; everything of Qt is made here."""
    with unbroken():  # Qt for Python aborts where its import is broken off
        from PySide6.QtCore import QSize

        from gdviz.export.film import check_film
        from gdviz.export.off_screen import OffScreen, application, views_left_out, views_there_are

    with application():
        views_there_are(wish.picture.view)
        if not wish.is_still:
            check_film(wish.path, QSize(*wish.picture.pixels) * wish.picture.scale)
        trajectories = list(trained(session.experiment).values())
        with unbroken(), closing(OffScreen(session, trajectories, wish.picture)) as stage:
            _save(stage, wish)
        if wish.picture.view == "all":
            _tell(views_left_out())
    return 0


def _tell(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(f"gdviz: {sentence}", file=sys.stderr)


def write_pack(session: Session, folder: str, trained: Callable[[Experiment], Mapping[str, Trajectory]]) -> int:
    """Write a lecture pack and return the exit code; what is left out for want of OpenGL is said."""
    with drawing_place():
        with unbroken():
            from gdviz.export.off_screen import application, views_left_out
            from gdviz.export.pack import pack

        check_folder(folder)
        with application():
            trajectories = list(trained(session.experiment).values())
            with unbroken():
                _film(pack(session, trajectories, folder), Path(folder))
            _tell(views_left_out())
    return 0


def _save(stage: OffScreen, wish: Wish) -> None:
    from gdviz.export.film import film
    from gdviz.export.picture import save_picture

    if not wish.is_still:
        shots = wish.film.shots(stage.last, wish.frames)
        _film(film(stage, wish.path, shots, wish.film.fps), wish.path)
        return
    update = stage.last if wish.update is None else wish.update
    if update > stage.last:
        raise ValueError(f"--update: there is no update {update}; the last one is {stage.last}")
    save_picture(stage, wish.path, update)


def _film(film: Iterator[int | str], path: Path) -> None:
    """Run a film or a pack to its end, with a count on a terminal; it is stopped in between, never while Qt paints."""
    with closing(film):
        for done in film:
            check_stopped()
            if sys.stderr.isatty():
                what = f"{done} {'frames' if isinstance(done, int) else '      '}"
                print(f"\r{path.name}: {what}", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _check_use(args: argparse.Namespace, path: Path) -> None:
    """Refuse flags that would have no effect on a file of this kind."""
    still = path.suffix.lower() in STILLS
    for flag in FOR_FILMS if still else ("update", "transparent"):
        if getattr(args, flag):
            name = flag.replace("_", "-")
            raise ValueError(f"--{name} is for {'animations' if still else 'stills'}, not for {path.name}")


def _size(text: str) -> tuple[float, float, str]:
    number = r"(\d{1,5}(?:\.\d+)?)"
    match = re.fullmatch(rf"{number}[x×]{number}(cm)", text) or re.fullmatch(r"(\d{1,5})[x×](\d{1,5})(px)?", text)
    if not match:
        raise ValueError(f"--size must be WIDTHxHEIGHT, such as 1280x720 or 16x9cm, not {text[:40]!r}")
    factor = PER_CM if match[3] == "cm" else 1.0
    if not all(160 <= round(factor * float(match[i])) <= LARGEST for i in (1, 2)):
        raise ValueError(f"--size must be from 160 to {LARGEST} pixels a side (1 cm is 37.8), not {text[:40]!r}")
    return float(match[1]), float(match[2]), match[3] or "px"


def _number(flag: str, text: str, least: float, most: float) -> float:
    try:
        number = float(int(text))
    except ValueError:
        number = float("nan")
    if not least <= number <= most:
        raise ValueError(f"{flag} must be a whole number from {least:g} to {most:g}, not {text[:40]!r}")
    return number
