"""The document: the one frozen session with all that is on the screen, what it was before, and where it came from."""

from __future__ import annotations

import itertools
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from gdviz.app.model.exercise import refusal_of
from gdviz.app.model.playback import USUAL_SPEED
from gdviz.scene.session import Session, Views

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from pathlib import Path

    from gdviz.training import Experiment

__all__ = ["Document", "Locked", "Origin", "Version"]

TOGETHER = 1.0
"""Seconds within which edits of one thing, such as a slider being dragged, count as one."""


class Locked(ValueError):
    """An exercise does not leave open what an edit changes; the message is a sentence without its full stop."""


@dataclass(frozen=True)
class Origin:
    """What all versions share that came of one opening by edits.

    Attributes
    ----------
    number
        Which opening it was; no other has the same number.
    path
        The file that the session was opened from or saved to; None: there is none.
    """

    number: int
    path: Path | None = None


@dataclass(frozen=True)
class Version:
    """A session, and the opening that it came of by edits."""

    session: Session
    origin: Origin

    def is_of(self, other: Version) -> bool:
        """Return whether both came of one opening."""
        return self.origin.number == other.origin.number


class Document(QObject):
    """The session on the screen; every part is told of a change and compares what it shows.

    Edits of the experiment are steps of undo. How the experiment is looked at, where the cursor stands and which run is
    selected change without a step: undo keeps them within one opening, and brings them back with another one.

    Signals
    -------
    changed(object, object)
        The version before and the version now.
    """

    changed = Signal(object, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._numbers = itertools.count()
        views = _explicit(session.views, Views(speed=USUAL_SPEED))
        self._versions = [Version(replace(session, views=views), Origin(next(self._numbers)))]
        self._at = 0
        self._key: Hashable = None
        self._when = -TOGETHER

    # -- what there is

    @property
    def version(self) -> Version:
        """The version that is shown."""
        return self._versions[self._at]

    @property
    def session(self) -> Session:
        """All that is on the screen."""
        return self.version.session

    @property
    def experiment(self) -> Experiment:
        """The experiment as it is now."""
        return self.session.experiment

    @property
    def selected(self) -> int:
        """The run whose step is explained and whose hyperparameters are edited."""
        return self.session.selected

    @property
    def path(self) -> Path | None:
        """The file that the session was opened from or saved to."""
        return self.version.origin.path

    @property
    def can_undo(self) -> bool:
        """Whether there is something to go back to."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._at < len(self._versions) - 1

    # -- steps of undo

    def edit(self, experiment: Experiment, key: Hashable = None, select: int | None = None) -> None:
        """Go on from another experiment, and select a run.

        Parameters
        ----------
        experiment
            The experiment; the current one again: a run is selected and nothing else.
        key
            What is edited continuously, as by a slider: edits of one key in quick succession are one step.
        select
            The index of the run; None: the one that is selected, or the last one where there are fewer.

        Raises
        ------
        Locked
            Where an exercise does not leave open what would change; nothing is changed.
        """
        refusal = refusal_of(self.session, experiment)
        if refusal:
            raise Locked(refusal)
        selected = min(self.selected if select is None else select, len(experiment.runs) - 1)
        if experiment == self.experiment:
            self.look(selected=selected)
            return
        is_another = experiment.objective != self.experiment.objective
        cursor = 0 if is_another else min(self.session.cursor, experiment.total)
        session = replace(self.session, experiment=experiment, selected=selected, cursor=cursor)
        self._add(Version(session, self.version.origin), key)

    def open(self, session: Session, path: Path | None = None) -> None:
        """Show another session; undo leads back to what was there before."""
        session = replace(session, views=_explicit(session.views, self.session.views))
        self._add(Version(session, Origin(next(self._numbers), path)), None)

    def _add(self, version: Version, key: Hashable) -> None:
        before, now = self.version, time.monotonic()
        is_same_step = key is not None and key == self._key and now - self._when < TOGETHER and self._at > 0
        self._at += 0 if is_same_step else 1
        self._versions[self._at :] = [version]
        self._key, self._when = key, now
        self.changed.emit(before, version)

    def undo(self) -> None:
        """Go back by one step, if there is one."""
        self._step(max(self._at - 1, 0))

    def redo(self) -> None:
        """Go forward by one step, if one was undone."""
        self._step(min(self._at + 1, len(self._versions) - 1))

    def _step(self, at: int) -> None:
        self._key = None
        before = self.version
        self._at = at
        if self.version is before:
            return
        if self.version.is_of(before):  # one stays where one stands
            session, experiment = self.session, self.experiment
            is_another = experiment.objective != before.session.experiment.objective
            cursor = 0 if is_another else min(before.session.cursor, experiment.total)
            self._versions[at] = replace(self.version, session=replace(session, cursor=cursor))
        self.changed.emit(before, self.version)

    # -- no steps of undo

    def look(self, selected: int | None = None, cursor: int | None = None, **views: Any) -> None:
        """Look at the experiment otherwise: select a run, go to an update, or change fields of the views.

        The views are those of all versions that came of the same opening; what is selected and the cursor are the
        current version's.
        """
        session, changes = self.session, {"selected": selected, "cursor": cursor}
        changes = {name: value for name, value in changes.items() if value not in (None, getattr(session, name))}
        looks = replace(session.views, **views)
        if changes or looks != session.views:
            self._rewrite(lambda one: replace(one, views=looks), **changes)

    def select(self, index: int) -> None:
        """Select the run of an index, if there is one."""
        if 0 <= index < len(self.experiment.runs):
            self.look(selected=index)

    def close_lesson(self) -> None:
        """Put the lesson away; its race stays."""
        self._rewrite(lambda one: replace(one, lesson=None))

    def _rewrite(self, change: Callable[[Session], Session], **changes: Any) -> None:
        """Change all versions of this opening, and `changes` of the current one."""
        before = self.version
        self._versions = [
            replace(one, session=change(one.session)) if one.is_of(before) else one for one in self._versions
        ]
        if changes:
            self._versions[self._at] = replace(self.version, session=replace(self.session, **changes))
        self.changed.emit(before, self.version)

    def name(self, path: Path) -> None:
        """Take note of the file of this session and of all that it was and will be edited to."""
        before = self.version
        origin = replace(before.origin, path=path)
        self._versions = [replace(one, origin=origin) if one.is_of(before) else one for one in self._versions]
        self.changed.emit(before, self.version)


def _explicit(views: Views, before: Views) -> Views:
    """Return views that say what a window shows: the step's arrows unless they are hidden, and its speed."""
    return replace(views, arrows=views.arrows is not False, speed=views.speed or before.speed)
