"""Which class a network takes for which, as a matrix; beside it, where the inputs are pictures, some of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from gdviz.explaining.inside import Confusion, confusion_of, inputs_of
from gdviz.views.fit.fit import Fit, how_good
from gdviz.views.palette import blend, ink_on, rgb

if TYPE_CHECKING:
    from gdviz.objectives.network.network import Network
    from gdviz.scene.frame import Frame
    from gdviz.views.plot import Plot

__all__ = ["Matrix"]

SMALLEST = 6.0
"""Of type, in points; a number that does not fit its cell even so is left out."""
GAP = 10.0
PICTURE = 40.0
"""Pixels across, with its frame."""
SHARE = 0.58
"""Of the width, for the matrix where there are pictures beside it."""
CENTER = int(Qt.AlignmentFlag.AlignCenter)
RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class Matrix(Fit["Network"]):
    """A row for each true class, a column for each class that the selected run's network says."""

    has_axes = False

    def __init__(self, plot: Plot, objective: Network) -> None:
        super().__init__(plot, objective)
        plot.set_labels("", "")
        self._classes = objective.data.classes
        self._frame: Frame | None = None
        self._confusion: Confusion | None = None
        self._images: dict[int, QImage] = {}

    def _confusion_at(self, frame: Frame) -> Confusion:
        if frame is not self._frame or self._confusion is None:
            run = frame.selected_run
            self._frame, self._confusion = frame, confusion_of(self.objective, run.point, run.carried)
        return self._confusion

    def caption(self, frame: Frame) -> str:
        """Return how good the selected run is, and which samples are counted where it is not all of them."""
        count, there = len(self._confusion_at(frame).samples), len(self._confusion_at(frame).part.X)
        good = how_good(frame)
        return good if count == there else f"{good} · {count} of {there} samples"

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint the matrix on the left, pictures on the right."""
        confusion, area = self._confusion_at(frame), self.plot.plot_area().adjusted(8, 0, 0, -6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        has_pictures = bool(self.objective.data.image)
        width = SHARE * area.width() if has_pictures else area.width()
        right = self._paint_matrix(painter, QRectF(area.left(), area.top(), width, area.height()), confusion)
        if has_pictures:
            self._paint_pictures(painter, area.adjusted(right - area.left() + 1.6 * GAP, 0, 0, 0), confusion)

    # -- the matrix

    def _paint_matrix(self, painter: QPainter, area: QRectF, confusion: Confusion) -> float:
        """Paint the matrix as large as there is room, and return its right edge."""
        font, metrics = painter.font(), QFontMetricsF(painter.font())
        line, names = metrics.height(), max(map(metrics.horizontalAdvance, self._classes))
        left = area.left() + line + 4 + min(names, 0.28 * area.width()) + 6
        top = area.top() + 2 * line + 4
        width, height = area.right() - left, area.bottom() - top
        height = min(height, width)
        width = min(width, 1.6 * height)
        n = confusion.classes
        cells = [QRectF(left, top, width / n, height / n).translated(j * width / n, i * height / n)
                 for i in range(n) for j in range(n)]  # fmt: skip
        self._paint_names(painter, area, QRectF(left, top, width, height), n)
        self._paint_cells(painter, cells, confusion)
        painter.setFont(font)
        return left + width

    def _paint_names(self, painter: QPainter, area: QRectF, box: QRectF, n: int) -> None:
        metrics, theme = QFontMetricsF(painter.font()), self.plot.theme
        line, wide, high = metrics.height(), box.width() / n, box.height() / n
        painter.setPen(QColor(theme.quiet))
        painter.drawText(QRectF(box.left(), area.top(), box.width(), line), CENTER, "said")
        painter.save()
        painter.translate(area.left() + line / 2, box.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-box.height() / 2, -line / 2, box.height(), line), CENTER, "true")
        painter.restore()
        painter.setPen(QColor(theme.text))
        room = box.left() - area.left() - line - 10
        for index, name in enumerate(self._classes):
            row = QRectF(area.left() + line + 4, box.top() + index * high, room, high)
            painter.drawText(row, RIGHT, metrics.elidedText(name, Qt.TextElideMode.ElideRight, room))
            column = QRectF(box.left() + index * wide, area.top() + line, wide, line)
            painter.drawText(column, CENTER, metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide - 2))

    def _paint_cells(self, painter: QPainter, cells: list[QRectF], confusion: Confusion) -> None:
        """Paint each count on a colour: how large a part of its row it is, right ones apart from wrong ones."""
        theme, counts = self.plot.theme, confusion.counts
        shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
        _fit_type(painter, str(counts.max()), cells[0])
        is_legible = painter.font().pointSizeF() >= SMALLEST
        empty = blend(theme.base, theme.line, 0.3)
        gap = 0.5 if cells[0].width() < 30 else 1.0
        for cell, share, count, index in zip(
            cells, shares.ravel().tolist(), counts.ravel().tolist(), range(counts.size), strict=True
        ):
            is_right = index % (confusion.classes + 1) == 0
            color = theme.accent if is_right else theme.warning
            paper = blend(theme.base, color, min(1.0, 0.12 + 1.1 * share**0.7)) if count else empty
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(paper)
            painter.drawRect(cell.adjusted(gap, gap, -gap, -gap))
            if count and is_legible:
                painter.setPen(ink_on(paper))
                painter.drawText(cell, CENTER, str(count))

    # -- pictures

    def _paint_pictures(self, painter: QPainter, area: QRectF, confusion: Confusion) -> None:
        """Paint the samples that there is room for, wrong answers first."""
        metrics, theme = QFontMetricsF(painter.font()), self.plot.theme
        line, wrong = metrics.height(), confusion.wrong
        columns = max(1, int((area.width() + GAP) // (PICTURE + GAP)))
        rows = max(1, int((area.height() - line) // (PICTURE + line + 4)))
        painter.setPen(QColor(theme.warning if len(wrong) else theme.quiet))
        title = f"{len(wrong)} wrong" if area.width() < 150 else f"{len(wrong)} of {len(confusion.true)} read wrong"
        painter.drawText(QPointF(area.left(), area.top() + metrics.ascent()), title)
        right = np.flatnonzero(confusion.true == confusion.predictions)
        for place, index in enumerate(np.concatenate([wrong, right])[: rows * columns].tolist()):
            row, column = divmod(place, columns)
            corner = QPointF(area.left() + column * (PICTURE + GAP), area.top() + line + 3 + row * (PICTURE + line + 4))
            self._paint_picture(painter, QRectF(corner.x(), corner.y(), PICTURE, PICTURE), confusion, index, line)

    def _paint_picture(self, painter: QPainter, box: QRectF, confusion: Confusion, index: int, line: float) -> None:
        theme, is_wrong = self.plot.theme, confusion.true[index] != confusion.predictions[index]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        inside = box.adjusted(3, 3, -3, -3)
        painter.drawImage(inside, self._image_of(confusion, int(confusion.samples[index])))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.warning if is_wrong else theme.line), 2.5 if is_wrong else 1))
        painter.drawRect(box.adjusted(1.5, 1.5, -1.5, -1.5))
        painter.setPen(QColor(theme.warning if is_wrong else theme.quiet))
        answer = self._classes[confusion.predictions[index]]
        text = f"says {answer}" if is_wrong else answer
        text = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + GAP - 2)
        painter.drawText(QRectF(box.left() - GAP / 2, box.bottom(), box.width() + GAP, line), CENTER, text)

    def _image_of(self, confusion: Confusion, sample: int) -> QImage:
        """Return a sample's picture: 0 is the view's background, the greatest value of the data its ink."""
        if sample not in self._images:
            rows, columns = self.objective.data.image[:2]
            pixels = inputs_of(self.objective, confusion.part)[sample].reshape(rows, columns, 1)
            low, high = float(self.objective.data.X.min()), float(self.objective.data.X.max())
            paper, ink = rgb(self.plot.theme.base), rgb(self.plot.theme.text)
            colors = np.full((rows, columns, 4), 255, np.uint8)
            colors[..., :3] = (paper + (pixels - low) / ((high - low) or 1.0) * (ink - paper)).clip(0, 255)[..., ::-1]
            self._images[sample] = QImage(colors.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32).copy()
        return self._images[sample]


def _fit_type(painter: QPainter, widest: str, cell: QRectF) -> None:
    """Let the painter write so small that the widest text fits into a cell."""
    font, metrics = QFont(painter.font()), QFontMetricsF(painter.font())
    share = min(1.0, (cell.width() - 3) / metrics.horizontalAdvance(widest), cell.height() / metrics.height())
    font.setPointSizeF(max(1.0, font.pointSizeF() * share))
    painter.setFont(font)
