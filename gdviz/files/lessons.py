"""The lessons that ship with the program: sessions, in the order of their files' names."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gdviz.assets import asset
from gdviz.files.session import ENDING, open_session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.scene.session import Lesson, Session

__all__ = ["lessons", "number_of"]


@cache
def lessons() -> Sequence[Session]:
    """Return all lessons in order; to add one, put a session with a ``lesson`` into resources/lessons."""
    return tuple(open_session(path) for path in sorted(asset("lessons").glob(f"*{ENDING}")))


def number_of(lesson: Lesson | None) -> int | None:
    """Return the index of a lesson, from 0; None where it is not one of those that ship."""
    if lesson is None:
        return None
    return next((i for i, session in enumerate(lessons()) if session.lesson == lesson), None)
