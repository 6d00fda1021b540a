"""Undo and redo: a list of frozen sessions and a place in it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gdviz.files import Session

if TYPE_CHECKING:
    from gdviz.training import Experiment

__all__ = ["History"]

TOGETHER = 1.0
"""Seconds within which edits of one thing, such as a slider being dragged, count as one."""


class History:
    """The sessions so far; edits of the same thing in quick succession are one."""

    def __init__(self, first: Experiment) -> None:
        self._entries = [Session(first)]
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

    @property
    def can_undo(self) -> bool:
        """Whether there is something to go back to."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._at < len(self._entries) - 1

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
