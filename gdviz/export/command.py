"""The command ``gdviz render``: draw an experiment to a file without a visible window."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from gdviz.export.display import drawing_place
from gdviz.export.flags import Order
from gdviz.files import check_folder
from gdviz.stopping import check_stopped, unbroken

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Generator, Iterable, Mapping

    from gdviz.export.off_screen import OffScreen
    from gdviz.scene.session import Session
    from gdviz.training import Experiment, Trajectory

__all__ = ["render", "write_pack"]


def render(
    args: argparse.Namespace,
    session_of: Callable[[argparse.Namespace], Session],
    train: Callable[[Experiment], Mapping[str, Trajectory]],
) -> int:
    """Draw what the flags ask for.

    Parameters
    ----------
    args
        The flags as they were parsed.
    session_of
        Makes the session from the flags.
    train
        Returns the whole trajectories of an experiment, by the names of its runs.

    Returns
    -------
    code
        The exit code, 0.

    Raises
    ------
    ValueError
        With a sentence about what is wrong; nothing is written then.
    """
    order = Order.of(args)
    session = order.of_run(session_of(args))
    with drawing_place():
        return _draw(order, session, train)


def _draw(order: Order, session: Session, train: Callable[[Experiment], Mapping[str, Trajectory]]) -> int:
    """Draw in the place there is; everything of Qt is made here."""
    with unbroken():  # Qt for Python aborts where its import is broken off
        from PySide6.QtCore import QSize

        from gdviz.export.film import check_film
        from gdviz.export.off_screen import OffScreen, application, views_left_out, views_there_are

    with application():
        views_there_are(order.picture.view)
        if not order.is_still:
            check_film(order.path, QSize(*order.picture.pixels) * order.picture.scale)
        trajectories = list(train(session.experiment).values())
        with unbroken(), closing(OffScreen(session, trajectories, order.picture)) as stage:
            _save(stage, order)
        if order.picture.view == "all":
            _tell(views_left_out())
    return 0


def _tell(sentences: Iterable[str]) -> None:
    for sentence in sentences:
        print(f"gdviz: {sentence}", file=sys.stderr)


def write_pack(session: Session, folder: str, train: Callable[[Experiment], Mapping[str, Trajectory]]) -> int:
    """Write a lecture pack and return the exit code; views that cannot be drawn here are named on standard error."""
    with drawing_place():
        with unbroken():
            from gdviz.export.off_screen import application, views_left_out
            from gdviz.export.pack import pack

        check_folder(folder)
        with application():
            trajectories = list(train(session.experiment).values())
            with unbroken():
                _film(pack(session, trajectories, folder), Path(folder))
            _tell(views_left_out())
    return 0


def _save(stage: OffScreen, order: Order) -> None:
    from gdviz.export.film import film
    from gdviz.export.picture import save_picture

    if not order.is_still:
        shots = order.film.shots(stage.last, order.frames)
        _film(film(stage, order.path, shots, order.film.fps), order.path)
        return
    update = stage.last if order.update is None else order.update
    if update > stage.last:
        raise ValueError(f"--update: there is no update {update}; the last one is {stage.last}")
    save_picture(stage, order.path, update)


def _film(film: Generator[int, None, None] | Generator[str, None, None], path: Path) -> None:
    """Run a film or a pack to its end, with a count on a terminal; it is stopped in between, never while Qt paints."""
    with closing(film):
        for progress in film:
            check_stopped()
            if sys.stderr.isatty():
                what = f"{progress} {'frames' if isinstance(progress, int) else '      '}"
                print(f"\r{path.name}: {what}", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print(file=sys.stderr)
