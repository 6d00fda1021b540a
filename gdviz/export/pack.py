"""A lecture pack: figures, a film, the first updates worked out, the scripts, and texts for those who cannot see."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gdviz.export.film import film
from gdviz.export.off_screen import OffScreen, views_there_are
from gdviz.export.options import FilmOptions, PictureOptions
from gdviz.export.picture import save_picture
from gdviz.files import check_folder, replacing, save_session
from gdviz.notation.numbers import short
from gdviz.texts.python import script_of
from gdviz.texts.updates import html_of, latex_of
from gdviz.views.view import VIEWS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence
    from pathlib import Path

    from gdviz.objectives import Objective
    from gdviz.scene.session import Session
    from gdviz.training import Trajectory
    from gdviz.views.view import ViewKind

__all__ = ["alt_text", "pack"]

WORKED = 3
"""Updates that are worked out."""
STYLE = "body {font-family: sans-serif; max-width: 70em; margin: auto} th, td {text-align: left; padding: 2px 1em}"
COUNTS = ("No views", "One view", *(f"{count} views" for count in ("Two", "Three", "Four", "Five", "Six", "Seven")))


def pack(session: Session, trajectories: Sequence[Trajectory], folder: str | Path) -> Generator[str, None, None]:
    """Write a lecture pack; each step writes one part and yields its name. All of it is there at the end, or nothing.

    Raises
    ------
    ValueError
        Where it cannot be written: a sentence.
    """
    with replacing(check_folder(folder), is_folder=True) as part:
        yield from _write(session, trajectories, part)


def _write(session: Session, trajectories: Sequence[Trajectory], folder: Path) -> Iterator[str]:
    save_session(session, folder / "session.gdviz")
    views = _views(session)
    for view in views:
        yield from _figures(session, trajectories, folder, view)
    yield from _film(session, trajectories, folder)
    scripts, reasons = _scripts(session, folder)
    runs = list(zip(session.experiment.titles, session.experiment.runs, strict=True))
    (folder / "updates.tex").write_text("\n".join(latex_of(run, title, WORKED) for title, run in runs), "utf-8")
    updates = "\n".join(html_of(run, title, WORKED) for title, run in runs)
    alts = {view: alt_text(view, session, trajectories) for view in views}
    (folder / "alt.txt").write_text("".join(f"{view}: {alt}\n" for view, alt in alts.items()), "utf-8")
    (folder / "index.html").write_text(_page(session, alts, updates, scripts, reasons), "utf-8")
    yield "index.html"


def _views(session: Session) -> list[str]:
    """Return the views that a picture is made of: those that there is something for."""
    return ["all", *(kind.name for kind in _kinds(session.experiment.objective))]


def _kinds(objective: Objective) -> list[ViewKind]:
    """Return the kinds of views that can be drawn here and have something to show of an objective."""
    return [VIEWS[name] for name in views_there_are() if VIEWS[name].is_for(objective)]


def _figures(session: Session, trajectories: Sequence[Trajectory], folder: Path, view: str) -> Iterator[str]:
    stage = OffScreen(session, trajectories, PictureOptions(view=view, scale=2))
    try:
        for ending in (".png", ".pdf"):
            save_picture(stage, folder / f"{view}{ending}", stage.last)
            yield f"{view}{ending}"
    finally:
        stage.close()


def _film(session: Session, trajectories: Sequence[Trajectory], folder: Path) -> Iterator[str]:
    stage, how = OffScreen(session, trajectories, PictureOptions()), FilmOptions(hold=2.0)
    try:
        for _ in film(stage, folder / "race.mp4", how.shots(stage.last), how.fps):
            yield "race.mp4"
    finally:
        stage.close()


def _scripts(session: Session, folder: Path) -> tuple[list[str], list[str]]:
    """Write the scripts and return their files' names, and why a run has none."""
    names, reasons = [], []
    experiment = session.experiment
    for name, title, run in zip(experiment.names, experiment.titles, experiment.runs, strict=True):
        try:
            text = script_of(run)
        except ValueError as error:
            reasons.append(f"There is no script of {title}: {error}.")
            continue
        names.append(f"{name.replace('#', '-')}.py")
        (folder / names[-1]).write_text(text, "utf-8")
    return names, reasons


def alt_text(view: str, session: Session, trajectories: Sequence[Trajectory]) -> str:
    """Return what a view shows, for those who cannot see it."""
    experiment = session.experiment
    objective, is_network = experiment.objective, not experiment.objective.is_planar
    ends = []
    for title, trajectory in zip(experiment.titles, trajectories, strict=True):
        end = trajectory.params_at(trajectory.last)
        point = "" if is_network else f" at {_point(objective, end)}"
        why = f" ({trajectory.ended})" if trajectory.ended else ""
        ends.append(f"{title} ends after {trajectory.last} updates{point} with {_measured(trajectory)}{why}")
    start = f"{objective.size} parameters" if is_network else f"from {_point(objective, experiment.runs[0].start)}"
    what = _all_views(objective) if view == "all" else VIEWS[view].alt_for(objective)
    return f"{what}, for {objective.label}, {start}. {'. '.join(ends)}."


def _all_views(objective: Objective) -> str:
    """Return which views a picture of all of them has, row by row."""
    kinds = sorted(_kinds(objective), key=lambda kind: (kind.place.row, kind.place.column) if kind.place else (0, 0))
    *names, last = (kind.title.lower() for kind in kinds)
    count = COUNTS[len(kinds)] if len(kinds) < len(COUNTS) else f"{len(kinds)} views"
    return f"{count}: {', '.join(names)} and {last}" if names else f"{count}: {last}"


def _point(objective: Objective, params: Iterable[float]) -> str:
    return ", ".join(f"{name} = {short(float(x))}" for name, x in zip(objective.parameters, params, strict=True))


def _measured(trajectory: Trajectory) -> str:
    """Return the error at the end of a run, and what else is measured there."""
    scores = zip(trajectory.run.objective.score_names, trajectory.scores_at([trajectory.last])[0], strict=True)
    also = [f"{name.replace('_', ' ')} {short(float(score))}" for name, score in scores if name != "training_error"]
    return ", ".join([f"the error {short(float(trajectory.error_at([trajectory.last])[0]))}", *also])


def _page(session: Session, alts: dict[str, str], updates: str, scripts: list[str], reasons: list[str]) -> str:
    lesson = session.lesson
    title = lesson.title if lesson else session.experiment.objective.label
    text = f"<p>{escape(lesson.text)}</p><p>{escape(lesson.question)}</p><p>{escape(lesson.task)}</p>" if lesson else ""
    figures = "".join(f'<p><img src="{view}.png" alt="{escape(alt)}" width="1000"></p>' for view, alt in alts.items())
    links = " ".join(f'<a href="{name}">{name}</a>' for name in (*scripts, "updates.tex", "session.gdviz"))
    missing = "".join(f"<p>{escape(sentence)}</p>" for sentence in reasons)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{text}{figures}"
        f'<p><video src="race.mp4" controls width="1000"></video></p><h2>The first updates</h2>{updates}'
        f"<h2>Files</h2><p>{links}</p>{missing}</body></html>\n"
    )
