"""What all two-dimensional plots share: a backdrop that is drawn seldom, and what moves, painted over it.

The axes, the height map, the contour lines and the samples change only when the scene does; pyqtgraph draws them into
a picture that is kept. Paths, markers and the cursor change with every frame; they are painted over that picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPixmap

from gdviz.views.words import escape

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame
    from gdviz.views.theme import Theme

__all__ = ["Plot"]

UNSCALED = ((0.0, 0.0),)
"""Where values may be shown a thousand times as large, as with milli-units: nowhere."""


class Plot(pg.PlotWidget):
    """A plot that is told a theme and frames; it never asks for anything."""

    widest_label = "−0.5"
    """What the labels of the left axis leave room for: always the same, so that nothing shifts."""

    def __init__(self, name: str, accessible: str, theme: Theme, axes: dict[str, pg.AxisItem] | None = None) -> None:
        super().__init__(axisItems=axes)
        self.setObjectName(name)
        self.setAccessibleName(accessible)
        self.theme = theme
        self.frame: Frame | None = None
        self._backdrop: QPixmap | None = None
        self._label_style: dict[str, str] = {}
        self.view_box = self.getPlotItem().getViewBox()
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.view_box.disableAutoRange()
        self.getPlotItem().setContentsMargins(0, 8, 8, 0)  # room for half a label at the ends of the axes
        self.scene().changed.connect(self._scene_changed)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        self.theme = theme
        self.setBackground(theme.ground)
        font = QFont()
        font.setPointSizeF(theme.type_size or font.pointSizeF())
        self._label_style = {"font-size": f"{theme.type_size}pt"} if theme.type_size else {}
        for side in ("left", "bottom"):
            axis = self.getPlotItem().getAxis(side)
            axis.setTickFont(font if theme.type_size else None)
            axis.setPen(theme.line)
            axis.setTextPen(theme.quiet)
            axis.setLabel(axis.labelText or None, siPrefixEnableRanges=UNSCALED, color=theme.text, **self._label_style)
        room = QFontMetricsF(font).horizontalAdvance(self.widest_label) + 30
        self.getPlotItem().getAxis("left").setWidth(room)

    def set_labels(self, bottom: str, left: str) -> None:
        """Write what the axes show."""
        for side, text in (("bottom", bottom), ("left", left)):
            axis = self.getPlotItem().getAxis(side)
            axis.setLabel(escape(text), siPrefixEnableRanges=UNSCALED, color=self.theme.text, **self._label_style)
            axis.updateAutoSIPrefix()
            axis.resizeEvent()  # another text lies elsewhere

    def show_frame(self, frame: Frame) -> None:
        """Draw the runs at the frame's cursor."""
        self.frame = frame
        self.viewport().update()

    def paint_overlay(self, painter: QPainter, frame: Frame) -> None:
        """Paint what moves; the painter is clipped to the plot's area."""

    def write_note(self, painter: QPainter, text: str, right: bool = False) -> None:
        """Write a quiet remark into the lower left corner of the plot, or the `right` one."""
        metrics, area = painter.fontMetrics(), self.plot_area()
        x = area.right() - metrics.horizontalAdvance(text) - 6 if right else area.left() + 6
        y = area.bottom() - 6
        painter.setPen(QColor(self.theme.quiet))
        painter.drawText(QPointF(x, y), text)

    def plot_area(self) -> QRectF:
        """Return the plot's area in pixels of the viewport."""
        area: QRectF = self.viewportTransform().mapRect(self.view_box.sceneBoundingRect())
        return area

    def to_pixels(self, points: np.ndarray) -> np.ndarray:
        """Return data coordinates, shape (k, 2), as pixels of the viewport."""
        area = self.plot_area()
        (x0, x1), (y0, y1) = self.view_box.viewRange()
        x = area.left() + (points[:, 0] - x0) * (area.width() / (x1 - x0))
        y = area.bottom() - (points[:, 1] - y0) * (area.height() / (y1 - y0))
        return np.stack([x, y], axis=1)

    def half_pixel(self) -> np.ndarray:
        """Return the size of half a pixel in data coordinates, shape (2,)."""
        area = self.plot_area()
        (x0, x1), (y0, y1) = self.view_box.viewRange()
        return np.array([(x1 - x0) / max(area.width(), 1), (y1 - y0) / max(area.height(), 1)]) / 2

    def _scene_changed(self) -> None:
        self._backdrop = None
        self.viewport().update()

    def resizeEvent(self, event: pg.QtGui.QResizeEvent) -> None:
        """Draw the backdrop anew at the new size."""
        self._backdrop = None
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the backdrop and, over it, what moves."""
        with QPainter(self.viewport()) as painter:
            self.paint_on(painter)

    def paint_on(self, painter: QPainter, vector: bool = False) -> None:
        """Paint the plot with any painter; `vector`: as lines and text instead of the kept picture."""
        if vector:
            self.scene().prepareForPaint()
            painter.fillRect(self.rect(), self.theme.ground)
            self.render(painter, QRectF(self.viewport().rect()), self.viewport().rect())
        else:
            ratio = painter.device().devicePixelRatioF()
            if self._backdrop is None or self._backdrop.devicePixelRatioF() != ratio:
                self._backdrop = self._draw_backdrop(ratio)
            painter.drawPixmap(0, 0, self._backdrop)
        if self.frame is not None:
            painter.save()
            painter.setClipRect(self.plot_area())
            self.paint_overlay(painter, self.frame)
            painter.restore()

    def _draw_backdrop(self, ratio: float) -> QPixmap:
        self.scene().prepareForPaint()
        backdrop = QPixmap(self.viewport().size() * ratio)
        backdrop.setDevicePixelRatio(ratio)
        backdrop.fill(self.theme.ground)
        painter = QPainter(backdrop)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.render(painter, QRectF(self.viewport().rect()), self.viewport().rect())
        painter.end()
        return backdrop
