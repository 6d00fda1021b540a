"""Which colour and marker is which run: the strip over an exported picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gdviz.notation.numbers import short
from gdviz.views.ink import draw_marker, draw_path

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame, RunFrame
    from gdviz.views.theme import Theme

__all__ = ["Legend"]

GAP = 22


class Legend(QWidget):
    """The runs of the frame in one row, or in several where they need them, and the update on the right.

    Parameters
    ----------
    theme
        The colours.
    title
        A line above the runs; empty: none.
    has_runs
        Whether the runs are painted.
    """

    def __init__(self, theme: Theme, title: str = "", has_runs: bool = True) -> None:
        super().__init__()
        self._title, self._has_runs = title, has_runs
        self.setObjectName("legend")
        self.theme = theme
        self.frame: Frame | None = None

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        self.theme = theme
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Show the frame's runs."""
        self.frame = frame
        rows = max((row for _, row in self._places(frame)), default=0) + 1 if self._has_runs else bool(self._title)
        self.setFixedHeight(rows * self._row() + 8)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip."""
        with QPainter(self) as painter:
            self.paint_on(painter)

    def paint_on(self, painter: QPainter, vector: bool = False) -> None:
        """Paint the strip with any painter."""
        painter.fillRect(self.rect(), self.theme.ground)
        if self._title:
            self._paint_title(painter)
        if self.frame is not None and self._has_runs:
            self._paint_runs(painter, self.frame)

    def _paint_title(self, painter: QPainter) -> None:
        painter.save()
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text))
        room = QRectF(12, 4, self.width() - 24, self._row())
        text = QFontMetricsF(font).elidedText(self._title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.restore()

    def _paint_runs(self, painter: QPainter, frame: Frame) -> None:
        baseline = (self._row() + self.fontMetrics().ascent() - self.fontMetrics().descent()) / 2 + 4
        middle = baseline - self.fontMetrics().ascent() / 2.6
        for run, (x, row) in zip(frame.runs, self._places(frame), strict=True):
            y = row * self._row()
            style = self.theme.run(run.look.style)
            draw_path(painter, np.array([[x, middle + y], [x + 30, middle + y]]), style, self.theme.path_width)
            draw_marker(painter, np.array([x + 15, middle + y]), style, self.theme.base)
            painter.setPen(QColor(self.theme.text))
            painter.drawText(QPointF(x + 37, baseline + y), _name(run))
        text = self._update_text(frame)
        painter.setPen(QColor(self.theme.quiet))
        top = baseline + (self._row() if self._title else 0)
        painter.drawText(QPointF(self.width() - 12 - self.fontMetrics().horizontalAdvance(text), top), text)

    def _update_text(self, frame: Frame) -> str:
        return f"update {frame.cursor} / {frame.total}"

    def _row(self) -> int:
        return self.fontMetrics().height() + 4

    def _places(self, frame: Frame) -> list[tuple[float, int]]:
        """Return left edge and row of each run."""
        last = self.width() - 30 - self.fontMetrics().horizontalAdvance(f"update {frame.total} / {frame.total}")
        places: list[tuple[float, int]] = []
        x, row = 12.0, int(bool(self._title))
        for run in frame.runs:
            width = 37 + self.fontMetrics().horizontalAdvance(_name(run)) + GAP
            if x + width - GAP > last and x > 12:
                x, row = 12.0, row + 1
            places.append((x, row))
            x += width
        return places


def _name(run: RunFrame) -> str:
    since = f" from {run.run.fork.update}" if run.run.fork else ""
    return f"{run.title}, η = {short(run.run.optimizer.eta)}{since}" + (
        f" ({run.ended.split()[0]})" if run.ended else ""
    )
