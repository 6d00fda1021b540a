"""The flags of ``gdviz render``: one for each declared option of pictures and films, and what they ask for."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from gdviz.export.options import EXPORT_OPTIONS, LARGEST, PER_CM, FilmOptions, PictureOptions
from gdviz.files import check_target
from gdviz.params import Declared
from gdviz.registry import pick

if TYPE_CHECKING:
    from pathlib import Path

    from gdviz.params import Param
    from gdviz.scene.session import Session

__all__ = ["Order", "add_view_flags"]

STILLS, FILMS = (".png", ".svg", ".pdf"), (".gif", ".mp4", ".webm")
FOR_STILLS = ("update", "transparent")
"""Flags without effect on a film; those of :class:`FilmOptions` and ``--frames`` have none on a still."""

SIZE = "size"
"""The flag of several parameters at once, such as ``16x9cm``."""

D = TypeVar("D", bound=Declared)


def add_view_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say what is drawn and how.

    Raises
    ------
    ValueError
        Where a plug-in's option has the flag of another one.
    """
    view = parser.add_argument_group("view flags")
    _add_flags(view, PictureOptions)
    view.add_argument("--update", metavar="N", help="a still at that update; default: the last one")
    view.add_argument("--explain", metavar="RUN", help="draw what this run's step is made of, such as adam or adam#2")
    for option in EXPORT_OPTIONS:
        _add_flags(view, option)
    film = parser.add_argument_group("film flags")
    film.add_argument("--frames", metavar="N", help="frames; default: every update, at most 10 s")
    _add_flags(film, FilmOptions)
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help=" ".join(STILLS + FILMS))


def _add_flags(group: argparse._ArgumentGroup, options: type[Declared]) -> None:
    """Add a flag for each declared parameter; width, height and unit are written as one size."""
    for parameter in options.params():
        if parameter.name == "width":
            group.add_argument("--size", metavar="WxH", help="in pixels, or as 16x9cm; default 1280x720")
        if parameter.flag != SIZE:
            _add_flag(group, parameter)


def _add_flag(group: argparse._ArgumentGroup, parameter: Param) -> None:
    flag, switches = _flag_of(parameter), parameter.is_switch
    try:
        if switches:
            about = f"do not {parameter.help}" if parameter.default else parameter.help
            group.add_argument(flag, action="store_true", default=None, help=about)
        else:
            group.add_argument(flag, metavar=_metavar(parameter), help=_help(parameter))
    except argparse.ArgumentError:
        raise ValueError(f"two options of exports have the flag {flag}") from None


def _flag_of(parameter: Param) -> str:
    """Return the flag of a parameter; that of a switch which is on says no."""
    name = parameter.flag or parameter.name.replace("_", "-")
    return f"--no-{name}" if parameter.is_switch and parameter.default else f"--{name}"


def _metavar(parameter: Param) -> str:
    if parameter.choices:
        return "NAME"
    return "TEXT" if isinstance(parameter.default, str) else "N"


def _help(parameter: Param) -> str:
    """Return the line of help of a flag with a value; argparse takes a percent sign for its own."""
    words = f": {', '.join(parameter.words)}" if parameter.choices else ""
    default = parameter.default if isinstance(parameter.default, str) else f"{parameter.default:g}"
    default = f"; default {default}" if default else ""
    return f"{parameter.help}{words}{default}".replace("%", "%%")


@dataclass(frozen=True)
class Order:
    """What the view flags ask for, checked.

    Attributes
    ----------
    path
        The file to write.
    picture, film
        How it is to look.
    frames
        The number of frames of a film; None: as `film` has it.
    update
        The update of a still; None: the last one.
    explain
        The name of the run whose step is drawn; None: the session's.
    """

    path: Path
    picture: PictureOptions
    film: FilmOptions
    frames: int | None
    update: int | None
    explain: str | None

    @classmethod
    def of(cls, args: argparse.Namespace) -> Order:
        """Return the order of the flags.

        Raises
        ------
        ValueError
            With a sentence that names the flag.
        """
        path = check_target(args.output, STILLS + FILMS)
        frames = None if args.frames is None else int(_number("--frames", args.frames, 1, 1_000_000))
        update = None if args.update is None else int(_number("--update", args.update, 0, 1e8))
        order = cls(path, _picture_options(args), _film_options(args), frames, update, args.explain)
        _check_use(args, path)
        return order

    @property
    def is_still(self) -> bool:
        """Whether one picture is asked for, not many."""
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
    width, height, unit = _size("1280x720" if args.size is None else args.size)
    extras = tuple(
        _options(option, values) for option in EXPORT_OPTIONS if (values := _values(option, args))
    )  # fmt: skip
    size = {"width": width, "height": height, "unit": unit}
    return _options(PictureOptions, {**size, **_values(PictureOptions, args), "extras": extras})


def _film_options(args: argparse.Namespace) -> FilmOptions:
    values = _values(FilmOptions, args)
    if {"duration", "per_frame"} <= set(values) or (args.frames and {"duration", "per_frame"} & set(values)):
        raise ValueError("--frames, --duration and --updates-per-frame say the same thing; one of them is enough")
    return _options(FilmOptions, values)


def _values(options: type[Declared], args: argparse.Namespace) -> dict[str, Any]:
    """Return the values of the parameters whose flags are there, still as texts."""
    values: dict[str, Any] = {}
    for parameter in options.params():
        value = getattr(args, _attribute(parameter))
        if value is not None and parameter.flag != SIZE:
            values[parameter.name] = not parameter.default if parameter.is_switch else value
    return values


def _attribute(parameter: Param) -> str:
    return _flag_of(parameter).lstrip("-").replace("-", "_")


def _options(cls: type[D], values: dict[str, Any]) -> D:
    """Return the options; what is refused is said of the flag."""
    try:
        return cls(**values)
    except ValueError as error:
        name, _, rest = str(error).removeprefix(f"{cls.name}: ").partition(" ")
        flags = {parameter.name: _flag_of(parameter) for parameter in cls.params()}
        raise ValueError(f"{flags.get(name, f'--{name}')} {rest}") from None


def _check_use(args: argparse.Namespace, path: Path) -> None:
    """Refuse flags that would have no effect on a file of this kind."""
    still = path.suffix.lower() in STILLS
    for flag in ("frames", *map(_attribute, FilmOptions.params())) if still else FOR_STILLS:
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
