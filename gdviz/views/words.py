"""How text gets onto widgets: as it stands, letter by letter, for it may come from a stranger's file.

Qt guesses whether a text is markup, and markup can load files. So there is one way to put text on a widget: a
:class:`Label`, which guesses nothing, :func:`verbatim` where Qt would guess, and :func:`escape` in markup of our own.
"""

from __future__ import annotations

from html import escape as _escape
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtGui import Qt
from PySide6.QtWidgets import QLabel, QTextBrowser, QWidget

from gdviz.wording import visible

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl

__all__ = ["Browser", "Label", "escape", "named", "set_tip", "untouched", "verbatim"]


W = TypeVar("W", bound=QWidget)


class Label(QLabel):
    """A label that shows its text as it stands; markup of our own needs ``textFormat=Qt.TextFormat.RichText``."""

    def __init__(self, text: str = "", **properties: Any) -> None:
        super().__init__(**{"textFormat": Qt.TextFormat.PlainText, **properties})
        self.setText(text)


class Browser(QTextBrowser):
    """Shows markup of our own, and loads nothing that it may name."""

    def loadResource(self, kind: int, name: QUrl | str) -> None:
        """Load nothing."""


def escape(text: str) -> str:
    """Return a text as a piece of markup that shows it as it stands."""
    return _escape(visible(text))


def verbatim(text: str) -> str:
    """Return a text that is shown as it stands where Qt guesses whether a text is markup, such as in a tooltip."""
    return f"<p style='white-space:pre-wrap'>{_escape(text)}</p>" if Qt.mightBeRichText(text) else text


def named(widget: W, name: str, about: str = "", tip: str = "") -> W:
    """Return a widget with the name by which it is found, with what screen readers call it, and with its tooltip."""
    widget.setObjectName(name)
    widget.setAccessibleName(about)
    widget.setToolTip(verbatim(tip))
    return widget


def set_tip(widget: QWidget, text: str) -> None:
    """Let a widget show a text under the pointer, and as its answer to "What is this?"."""
    widget.setToolTip(verbatim(text))
    widget.setWhatsThis(widget.toolTip())


def untouched(title: str) -> str:
    """Return a title that is shown as it stands where ``&`` would underline a letter, as on boxes and in menus."""
    return title.replace("&", "&&")
