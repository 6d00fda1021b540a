"""The head of *This step*: the run and its update, the step in words, and where it comes from as a bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame
    from gdviz.views.theme import Theme

__all__ = ["paint_head"]

LINES = 3
"""The room of the headline in lines, always the same, so that nothing below moves."""
LARGER = 1.12
"""Factor on the size of the headline's type."""
BAR, GAP, AROUND_NAME, SHARE_OF_WORDS = 8.0, 2.0, 140, 0.62


def paint_head(painter: QPainter, frame: Frame, theme: Theme, font: QFont, room: QRectF) -> float:
    """Paint the head and return where it ends.

    Parameters
    ----------
    painter
        What paints.
    frame, theme, font
        What is shown, in which colours and type.
    room
        The upper left corner and the width that there is, in pixels.
    """
    line = QFontMetricsF(font).height()
    _paint_title(painter, frame, theme, font, room)
    top = room.top() + line + 6
    large = QFont(font)
    large.setBold(True)
    large.setPointSizeF(font.pointSizeF() * LARGER)
    height = LINES * QFontMetricsF(large).lineSpacing()
    painter.setFont(large)
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(room.left(), top, room.width(), height), int(Qt.TextFlag.TextWordWrap), frame.headline)
    return _paint_shares(painter, frame, theme, font, QRectF(room.left(), top + height + 4, room.width(), BAR))


def _paint_title(painter: QPainter, frame: Frame, theme: Theme, font: QFont, room: QRectF) -> None:
    run, metrics = frame.selected_run, QFontMetricsF(font)
    color = QColor(theme.run(run.look.style).color)
    painter.fillRect(QRectF(room.left(), room.top() + 4, 9, 9), color)
    painter.setFont(font)
    painter.setPen(QColor(theme.quiet))
    name = metrics.elidedText(run.title, Qt.TextElideMode.ElideRight, room.width() - AROUND_NAME)
    text = f"{name}, update {run.step.update if run.step else 0}"
    painter.drawText(QPointF(room.left() + 16, room.top() + metrics.ascent()), text)


def _paint_shares(painter: QPainter, frame: Frame, theme: Theme, font: QFont, bar: QRectF) -> float:
    """Paint a bar that is divided as the step is, and under it the words: the first left, the last right."""
    line, shares = QFontMetricsF(font).height(), frame.shares
    x = bar.left()
    for share in shares:
        width = bar.width() * share.percent / 100
        painter.fillRect(QRectF(x, bar.top(), max(width - GAP, 0.0), BAR), QColor(theme.stage(share.stage)))
        x += width
    painter.setFont(font)
    words = QRectF(bar.left(), bar.bottom() + 3, bar.width(), line)
    for share in (*shares[:1], *shares[1:][-1:]):
        painter.setPen(QColor(theme.stage(share.stage)))
        side = Qt.AlignmentFlag.AlignLeft if share is shares[0] else Qt.AlignmentFlag.AlignRight
        text = f"{share.percent} % {share.word}"
        painter.drawText(words, int(side), _fitted(text, font, bar.width() * SHARE_OF_WORDS))
    return words.bottom() + 4


def _fitted(text: str, font: QFont, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)
