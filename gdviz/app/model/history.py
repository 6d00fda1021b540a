"""Undo and redo: a list of frozen sessions and a place in it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gdviz.scene.session import Session
    from gdviz.training import Experiment

__all__ = ["History"]

TOGETHER = 1.0
"""Seconds within which edits of one thing, such as a slider being dragged, count as one."""


class History:
    """The sessions so far; edits of the same thing in quick succession are one.

    Sessions that came of each other by edits share their `views`; those of another opening are another object.
    """

    def __init__(self, first: Session) -> None:
        self._entries = [first]
        self._at = 0
        self._key = ""
        self._when = -TOGETHER

    @property
    def current(self) -> Session:
        """What there is now."""
        return self._entries[self._at]

    def note(self, **changes: Any) -> None:
        """Change something of the session that is no edit, but comes back with it."""
        self._entries[self._at] = replace(self.current, **changes)

    def note_opened(self, **changes: Any) -> None:
        """Change how the session that was opened is looked at, or what it teaches: in all that it was edited to."""
        opened = self.current.views
        self._entries = [replace(one, **changes) if one.views is opened else one for one in self._entries]

    @property
    def can_undo(self) -> bool:
        """Whether there is something to go back to."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._at < len(self._entries) - 1

    def change(self, experiment: Experiment, selected: int, key: str) -> None:
        """Go on from another experiment, or note only that another run is selected."""
        if experiment == self.current.experiment:
            self.note(selected=selected)
            return
        cursor = min(self.current.cursor, experiment.total)
        self.edit(replace(self.current, experiment=experiment, selected=selected, cursor=cursor), key)

    def edit(self, session: Session, key: str = "") -> None:
        """Add a session; `key` says what was edited continuously, such as by a slider; without it, it stands alone."""
        now = time.monotonic()
        if key and key == self._key and now - self._when < TOGETHER and self._at > 0:
            self._entries[self._at :] = [session]
        else:
            self._entries[self._at + 1 :] = [session]
            self._at += 1
        self._key, self._when = key, now

    def undo(self) -> None:
        """Go back by one, if there is something."""
        self._at = max(self._at - 1, 0)
        self._key = ""

    def redo(self) -> None:
        """Go forward by one, if there is something."""
        self._at = min(self._at + 1, len(self._entries) - 1)
        self._key = ""
