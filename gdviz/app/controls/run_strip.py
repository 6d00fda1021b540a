"""The legend of the window: each run's marker, name and error now, always in the same order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gdviz.notation.numbers import number
from gdviz.views.ink import draw_marker
from gdviz.views.words import named, verbatim

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame
    from gdviz.training import Experiment
    from gdviz.views.theme import Theme

__all__ = ["RunStrip"]

HEIGHT, MARGIN, GAP, MARKER = 46, 6.0, 2.0, 24.0
"""Pixels: of the strip, on both sides of a run, between runs, and of the marker with its distance."""
WIDEST = "1.234×10⁻⁵"
NARROW = MARKER + 4
"""The width of a run that has room for its marker only; the widest number is above."""


@dataclass(frozen=True)
class Entry:
    """What the strip says of one run: the words below its name may be why it ended."""

    title: str
    result: str
    style: int
    is_hidden: bool
    is_selected: bool
    is_best: bool


class RunStrip(QWidget):
    """A row with a card for each run; the selected one is raised, the least error is bold.

    Signals
    -------
    selected(int), hiding_toggled(int), soloed()
        A click on a run, a click on it with Ctrl, a double click.
    """

    selected = Signal(int)
    hiding_toggled = Signal(int)
    soloed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        named(self, "strip", "Runs and their errors now")
        self._theme = theme
        self._experiment: Experiment | None = None
        self._selected = 0
        self._frame: Frame | None = None
        self.entries: tuple[Entry, ...] = ()

    def sizeHint(self) -> QSize:
        """Return the height that two lines of text need."""
        return QSize(400, max(HEIGHT, 2 * self.fontMetrics().height() + 12))

    def minimumSizeHint(self) -> QSize:
        """Return the height that two lines of text need; any width will do."""
        return QSize(80, self.sizeHint().height())

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        self._theme = theme
        self.update()

    def show_experiment(self, experiment: Experiment, selected: int) -> None:
        """Show the runs; their errors come with the next frame."""
        self._experiment, self._selected = experiment, selected
        self._fill()

    def show_frame(self, frame: Frame) -> None:
        """Show the runs' errors at the frame's cursor."""
        self._frame = frame
        self._fill()

    def _fill(self) -> None:
        if self._experiment is None:
            return
        results = self._results(self._experiment)
        least = min((error for error, _ in results.values() if np.isfinite(error)), default=None)
        runs = zip(self._experiment.titles, self._experiment.looks, strict=True)
        self.entries = tuple(
            Entry(title, results.get(i, (0.0, ""))[1], look.style, look.hidden, i == self._selected,
                  i in results and results[i][0] == least)
            for i, (title, look) in enumerate(runs)
        )  # fmt: skip
        self.setAccessibleDescription("; ".join(f"{entry.title} {entry.result}" for entry in self.entries))
        self.update()

    def _results(self, experiment: Experiment) -> dict[int, tuple[float, str]]:
        """Return the error of each run that the frame has, and the words for it, by the run's index."""
        frame = self._frame
        there = [i for i, look in enumerate(experiment.looks) if not look.hidden]
        if frame is None or len(there) != len(frame.runs):
            return {}
        results = {}
        for i, run in zip(there, frame.runs, strict=True):
            error = float(run.error[-1])
            is_lost = run.ended.startswith("diverged")
            results[i] = (np.inf, f"diverged at {run.update}") if is_lost else (error, number(error))
        return results

    # -- places

    def _fonts(self, entry: Entry) -> tuple[QFont, QFont]:
        name, result = QFont(self.font()), QFont(self.font())
        name.setWeight(QFont.Weight.DemiBold if entry.is_selected else QFont.Weight.Normal)
        result.setWeight(QFont.Weight.Bold if entry.is_best else QFont.Weight.Normal)
        return name, result

    def places(self) -> list[QRectF]:
        """Return the card of each run: with its name, or without room for all names with its error, or marker, only."""
        for width_of in (self._width, self._width_of_result, self._width_of_marker, lambda _: NARROW):
            widths = [width_of(entry) for entry in self.entries]
            left = self.width() - sum(widths) - GAP * (len(widths) + 1)
            if left >= 0:
                break
        rects, x = [], GAP
        for i, entry in enumerate(self.entries):  # who needs more for its name gets what is left
            more = max(min(self._width(entry) - widths[i], left), 0.0)
            widths[i], left = widths[i] + more, left - more
        for width in widths:
            rects.append(QRectF(x, 2, width, self.height() - 4))
            x += width + GAP
        return [rect for rect in rects if rect.right() <= self.width()]

    def _width(self, entry: Entry) -> float:
        return max(MARKER + self._advance(entry.title) + MARGIN, self._width_of_result(entry))

    def _width_of_result(self, entry: Entry) -> float:
        """Return the room for a number, always the same, so that nothing moves as numbers change."""
        return MARKER + self._advance(WIDEST) + MARGIN

    def _advance(self, text: str) -> float:
        """Return the width of a text in the heaviest type that it may have, so that nothing moves as it gets bold."""
        font = QFont(self.font())
        font.setWeight(QFont.Weight.Bold)
        return QFontMetricsF(font).horizontalAdvance(text)

    def _width_of_marker(self, entry: Entry) -> float:
        return self._width(entry) if entry.is_selected else NARROW

    def _index_at(self, at: QPointF) -> int:
        return next((i for i, rect in enumerate(self.places()) if rect.contains(at)), -1)

    # -- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the runs."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            places = self.places()
            for entry, rect in zip(self.entries, places, strict=False):
                self._paint(painter, entry, rect)
            if len(places) < len(self.entries):
                painter.setPen(QColor(self._theme.quiet))
                text = f"+ {len(self.entries) - len(places)}"
                painter.drawText(self.rect().adjusted(0, 0, -4, 0), int(Qt.AlignmentFlag.AlignRight), text)

    def _paint(self, painter: QPainter, entry: Entry, rect: QRectF) -> None:
        style = self._theme.run(entry.style)
        if entry.is_selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(style.color))
            painter.drawRoundedRect(rect, 8, 8)
            painter.setBrush(QColor(self._theme.base))
            painter.drawRoundedRect(rect.adjusted(0, 0, 0, -3), 8, 8)
        painter.setOpacity(0.4 if entry.is_hidden else 1.0)
        line = self.fontMetrics().height()
        top = rect.center().y() - line
        paper = self._theme.base if entry.is_selected else self._theme.window
        draw_marker(painter, np.array([rect.left() + 12, top + line / 2 + 1]), style, paper, 13.0)
        if rect.width() > NARROW + 1:
            self._write(painter, entry, rect, top, line)
        painter.setOpacity(1.0)

    def _write(self, painter: QPainter, entry: Entry, rect: QRectF, top: float, line: float) -> None:
        painter.setPen(QColor(self._theme.text))
        for font, text, row in zip(self._fonts(entry), (entry.title, entry.result), (0, 1), strict=True):
            painter.setFont(font)
            room = QRectF(rect.left() + MARKER, top + row * line, rect.width() - MARKER, line)
            shortened = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shortened)

    # -- the mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the run, or with Ctrl hide it or bring it back."""
        index = self._index_at(event.position())
        if index >= 0 and event.button() == Qt.MouseButton.LeftButton:
            has_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            (self.hiding_toggled if has_control else self.selected).emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the run alone, or all again."""
        index = self._index_at(event.position())
        if index >= 0:
            self.selected.emit(index)
            self.soloed.emit()

    def event(self, event: QEvent) -> bool:
        """Say under the pointer which run it is."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self._index_at(QPointF(event.pos()))
            entry = self.entries[index] if index >= 0 else None
            QToolTip.showText(event.globalPos(), verbatim(_about(entry)) if entry else "", self)
            return True
        return super().event(event)


def _about(entry: Entry) -> str:
    ways = "A click selects it, a double click shows it alone, a click with Ctrl hides it or brings it back."
    return f"{entry.title}: {f'error {entry.result}' if entry.result else 'hidden'}. {ways}"
