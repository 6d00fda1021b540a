"""What a network says at each place of the plane of its two inputs, and the samples there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import numpy as np
from contourpy import LineType, contour_generator
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPaintEngine, QPainter, QPen, QPixmap

from gdviz.explaining.inside import inputs_of
from gdviz.views.fit.fit import Fit, every, paint_batch, paint_dots
from gdviz.views.ink import polygon
from gdviz.views.palette import class_colors, rgb

if TYPE_CHECKING:
    from gdviz.objectives import Array
    from gdviz.objectives.network.network import Network
    from gdviz.scene.frame import Frame
    from gdviz.views.plot import Plot

__all__ = ["Regions"]

SIDE, FEWEST, EFFORT = 60, 16, 1e8
"""The number of places along each axis, its minimum, and the maximum of places times parameters."""
SHARES = {"light": 0.42, "dark": 0.5}
"""The share of a class's colour in its region."""


class Regions(Fit["Network"]):
    """The plane in the colours of the classes that the selected run's network says; of numbers, as their height."""

    def __init__(self, plot: Plot, objective: Network) -> None:
        super().__init__(plot, objective)
        data = objective.data
        low, high = data.X.min(axis=0), data.X.max(axis=0)
        margin = np.where(high > low, 0.08 * (high - low), 1.0)
        self._box = np.stack([low - margin, high + margin], axis=1)
        plot.setRange(xRange=tuple(self._box[0]), yRange=tuple(self._box[1]), padding=0)
        plot.set_labels(*(data.inputs or ("x₁", "x₂")))
        side = int(np.clip(math.sqrt(EFFORT / objective.size), FEWEST, SIDE))
        self._axes = [np.linspace(low, high, side) for low, high in self._box.tolist()]
        self._places = np.stack(np.meshgrid(*self._axes), axis=-1).reshape(-1, 2)
        self._parts = [part for part in (objective.parts.training, objective.parts.validation) if part is not None]
        self._points = [inputs_of(objective, part) for part in self._parts]
        self._heights = (float(data.Y.min()), float(data.Y.max()))
        self._frame: Frame | None = None
        self._image = QImage()
        self._lines: list[Array] = []
        self._samples_key: tuple[object, ...] = ()
        self._samples = QPixmap()

    def paint(self, painter: QPainter, frame: Frame) -> None:
        """Paint the regions, the borders between them, and the samples over them."""
        if frame is not self._frame:
            self._frame = frame
            with np.errstate(all="ignore"):  # a run that diverged may stand anywhere
                self._look_at(np.nan_to_num(self._outputs(frame)))
        self._paint_regions(painter)
        if painter.paintEngine().type() == QPaintEngine.Type.Raster:
            painter.drawPixmap(0, 0, self._samples_at(painter.device().devicePixelRatioF()))
        else:
            self._paint_samples(painter)
        paint_batch(painter, self.plot, frame, self._points[0])

    def _outputs(self, frame: Frame) -> np.ndarray:
        return self.objective.predict(self._places, frame.selected_run.point, frame.selected_run.carried)

    def _samples_at(self, ratio: float) -> QPixmap:
        """Return a picture of the samples, which is made anew only where the plot is another one."""
        key = (ratio, self.plot.width(), self.plot.height(), self.plot.plot_area().getRect())
        if key != self._samples_key:
            self._samples_key, self._samples = key, QPixmap(self.plot.size() * ratio)
            self._samples.setDevicePixelRatio(ratio)
            self._samples.fill(Qt.GlobalColor.transparent)
            with QPainter(self._samples) as painter:
                self._paint_samples(painter)
        return self._samples

    def _paint_samples(self, painter: QPainter) -> None:
        """Paint the training samples as dots, those kept apart as rings, in the colours of what is true."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self.plot.theme
        paper, rim = QColor(theme.base), QColor(theme.base if self.objective.data.classes else theme.text)
        for points, part, has_hole in zip(self._points, self._parts, (False, True), strict=False):
            some = every(len(points))
            pixels, colors = self.plot.to_pixels(points[some]), self._colors(part.T[some])
            for color in np.unique(colors, axis=0):
                here = pixels[(colors == color).all(axis=1)]
                paint_dots(painter, here, QColor(*color.tolist()), rim, paper if has_hole else None)

    def _paint_regions(self, painter: QPainter) -> None:
        area, side = self.plot.plot_area(), len(self._axes[0])
        half = area.width() / (side - 1) / 2, area.height() / (side - 1) / 2  # the outer places lie on the edge
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(area.adjusted(-half[0], -half[1], half[0], half[1]), self._image, QRectF(self._image.rect()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.plot.theme.text), 1.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for line in self._lines:
            painter.drawPolyline(polygon(self.plot.to_pixels(line)))

    def _look_at(self, outputs: Array) -> None:
        """Make the image and the borders of what is said at each place, shape (places, k)."""
        side = len(self._axes[0])
        shares = _shares(outputs) if self.objective.data.classes else None
        if shares is None:
            colors, self._lines = self._colors(outputs), []
        else:
            ink = shares @ np.array([rgb(color) for color in class_colors(shares.shape[1])])
            share = SHARES["dark" if QColor(self.plot.theme.base).lightness() < 128 else "light"]
            colors = (1 - share) * rgb(self.plot.theme.base) + share * ink
            self._lines = self._borders(shares.reshape(side, side, -1))
        pixels = np.full((side, side, 4), 255, np.uint8)
        pixels[..., :3] = colors.reshape(side, side, 3)[::-1, :, ::-1]
        self._image = QImage(pixels.data, side, side, 4 * side, QImage.Format.Format_RGB32).copy()

    def _borders(self, shares: Array) -> list[Array]:
        """Return the lines between the regions: where a class is as likely as the likeliest other one."""
        lines: list[Array] = []
        x, y = self._axes
        for index in range(shares.shape[2] - 1):
            others = np.delete(shares, index, axis=2).max(axis=2)
            generator = contour_generator(x, y, shares[..., index] - others, line_type=LineType.Separate)
            lines += cast("list[Array]", generator.lines(0.0))
        return lines

    def _colors(self, outputs: Array) -> np.ndarray:
        """Return the colour of each row of outputs or targets, uint8 of shape (N, 3)."""
        if self.objective.data.classes:
            shares = _shares(outputs)
            table = np.array([rgb(color) for color in class_colors(shares.shape[1])], np.uint8)
            return np.asarray(table[shares.argmax(axis=1)])
        low, high = self._heights
        return self.plot.theme.colors((outputs[:, 0] - low) / ((high - low) or 1.0))[:, :3]


def _shares(outputs: Array) -> Array:
    """Return a share for each class, shape (N, classes), of rows of outputs or targets."""
    if outputs.shape[1] == 1:
        second = outputs.clip(0, 1)
        return np.concatenate([1 - second, second], axis=1)
    positive = outputs.clip(1e-12, 1)
    return np.asarray(positive / positive.sum(axis=1, keepdims=True))
