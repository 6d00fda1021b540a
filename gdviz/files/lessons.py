"""The lessons: those that ship with the program, in the order of their files' names, and those of plug-ins."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from gdviz.assets import asset
from gdviz.files.session import ENDING, open_session
from gdviz.registry import Registry

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.scene.session import Lesson, Session

__all__ = ["LESSONS", "lessons", "number_of"]

LESSONS: Registry[Callable[[], Sequence[Session]]] = Registry("course of lessons")
"""Functions that read lessons, sessions with a ``lesson``; each is called when lessons are first listed."""


@LESSONS
def shipped() -> Sequence[Session]:
    """Return the lessons in resources/lessons; a session with a ``lesson`` that is put there is one of them."""
    return tuple(open_session(path) for path in sorted(asset("lessons").glob(f"*{ENDING}")))


def lessons() -> Sequence[Session]:
    """Return every lesson, the first one first."""
    return _read(LESSONS.names)


@cache
def _read(courses: tuple[str, ...]) -> Sequence[Session]:
    return tuple(session for course in courses for session in LESSONS[course]())


def number_of(lesson: Lesson | None) -> int | None:
    """Return the index of a lesson, from 0; None where it is not one of those that ship."""
    if lesson is None:
        return None
    return next((i for i, session in enumerate(lessons()) if session.lesson == lesson), None)
