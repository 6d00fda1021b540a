"""A slider with a fine mark at one of its values."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QToolTip

from gdviz.views.words import named

__all__ = ["MarkedSlider"]

NEAR = 5
"""Pixels from the mark within which the tooltip is the mark's."""


class MarkedSlider(QSlider):
    """A horizontal slider that can have a mark, with a tooltip of its own."""

    def __init__(self, name: str, accessible: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        named(self, name, accessible)
        self._mark: int | None = None
        self._tip = ""

    @property
    def mark(self) -> int | None:
        """The value that is marked; None: there is no mark."""
        return self._mark

    def set_mark(self, value: int | None, tip: str = "") -> None:
        """Mark a value, and say by the tooltip what it is; None: no value."""
        if (value, tip) != (self._mark, self._tip):
            self._mark, self._tip = value, tip
            self.setAccessibleDescription(tip)
            self.update()

    def mark_x(self) -> float:
        """Return where the mark is, in pixels from the left."""
        assert self._mark is not None
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        groove, handle = (
            self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
            for part in (QStyle.SubControl.SC_SliderGroove, QStyle.SubControl.SC_SliderHandle)
        )
        room = groove.width() - handle.width()
        place = QStyle.sliderPositionFromValue(self.minimum(), self.maximum(), self._mark, room, option.upsideDown)
        return groove.left() + handle.width() / 2 + place

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the slider, and the mark over it."""
        super().paintEvent(event)
        if self._mark is None or not self.minimum() <= self._mark <= self.maximum():
            return
        with QPainter(self) as painter:
            color = QColor(self.palette().text().color())
            painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine))
            x = round(self.mark_x()) + 0.5
            painter.drawLine(QLineF(x, 1, x, self.height() - 1))

    def event(self, event: QEvent) -> bool:
        """Say what the mark is where the mouse is near it."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._is_near(event.pos().x()):
            QToolTip.showText(event.globalPos(), self._tip, self)
            return True
        return super().event(event)

    def _is_near(self, x: float) -> bool:
        return self._mark is not None and abs(x - self.mark_x()) <= NEAR
