"""The selected run's network from inside: its neurons and weights, and what each layer puts out and learns."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from gdviz.explaining.inside import Inside, inside_of
from gdviz.views.caption import caption_height, paint_caption, type_of
from gdviz.views.layers.layer_bars import Bars
from gdviz.views.layers.neurons import paint_network
from gdviz.views.pace import Pace
from gdviz.views.palette import sign_colors
from gdviz.views.view import Dock, Place, ViewKind

if TYPE_CHECKING:
    from gdviz.objectives import Network
    from gdviz.scene.frame import Frame
    from gdviz.views.theme import Theme

__all__ = ["LayersView"]

FIRST, LAST = 48.0, 16.0
"""Pixels from the sides to the middle of the first column, and from the last column's edge."""
WIDEST = 96.0
"""Of a layer's charts."""
SMALL = 0.92
"""Of the captions' type, for numbers and names."""


@ViewKind(
    "layers",
    title="Layers",
    about=(
        "<b>Inside the network of the selected run.</b> The weights, and for each layer how widely its neurons' "
        "outputs and the gradients spread: where they shrink from layer to layer the first ones hardly learn, where "
        "they grow the run may diverge."
    ),
    alt="The layers of the network: how large their weights, values and gradients are",
    place=Place(1, 1),
    dock=Dock(),
    is_for=lambda objective: objective.has_layers,
)
class LayersView(QWidget):
    """Columns of neurons with their weights, and below each layer its outputs, their spread and its gradient."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("layers")
        self.setAccessibleName("Layers of the selected run's network")
        self.setMinimumSize(160, 120)
        self.theme = theme
        self.frame: Frame | None = None
        self._inside: Inside | None = None
        self._inside_frame: Frame | None = None
        self._pace = Pace(self)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        self.theme = theme
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Show the selected run's network at the frame's cursor."""
        self.frame = frame
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the view; a large network may be seen as it was half a second ago."""
        with QPainter(self) as painter:
            self._paint(painter, self._pace.frame(self.frame))

    def paint_on(self, painter: QPainter, vector: bool = False) -> None:
        """Paint the view with any painter."""
        self._pace.saw(self.frame)
        self._paint(painter, self.frame)

    def _look(self, frame: Frame) -> Inside:
        if self._inside is None or frame is not self._inside_frame:
            network = cast("Network", frame.objective)  # what has layers is one
            self._inside_frame, self._inside = frame, inside_of(network, frame.selected_run.point)
        return self._inside

    # -- painting

    def _paint(self, painter: QPainter, frame: Frame | None) -> None:
        painter.fillRect(self.rect(), self.theme.ground)
        if frame is None:
            return
        if not frame.objective.has_layers:
            painter.setPen(QColor(self.theme.quiet))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), "Only a network has layers.")
            return
        inside = self._look(frame)
        painter.save()
        end = paint_caption(painter, self, self.theme, frame)
        font = type_of(self, self.theme)
        font.setPointSizeF(SMALL * font.pointSizeF())
        painter.setFont(font)
        self._paint_signs(painter, end)
        self._paint_layers(painter, inside)
        painter.restore()

    def _paint_layers(self, painter: QPainter, inside: Inside) -> None:
        sizes = [len(inside.layers[0].weights), *(layer.weights.shape[1] for layer in inside.layers)]
        last = len(sizes) - 1
        # The last column's charts end at the right edge, and so do all of them before the next ones begin.
        pitch = (self.width() - FIRST - LAST) / (last + 0.5)
        wide = min(0.74 * pitch, WIDEST)
        pitch = (self.width() - FIRST - LAST - wide / 2) / last
        xs = [FIRST + index * pitch for index in range(last + 1)]
        top = caption_height(self, self.theme)
        bars = Bars(painter, self.theme, xs[1:], wide, 6.0, min(max(0.07 * self.height(), 12.0), 44.0))
        area = QRectF(0, top, self.width(), max(self.height() - top - bars.height - 8, 40.0))
        paint_network(painter, self.theme, area, xs, sizes, [layer.weights for layer in inside.layers])
        bars.paint(area.bottom() + 2, inside)

    def _paint_signs(self, painter: QPainter, end: float) -> None:
        """Say which colour is which sign, where the caption leaves room for it."""
        metrics, middle = QFontMetricsF(painter.font()), caption_height(self, self.theme) / 2
        names = [f"weight {sign} 0" for sign in "<>"]
        x = self.width() - 28 - sum(metrics.horizontalAdvance(name) + 30 for name in names)
        if x < end + 12:
            return
        for name, color in zip(names, sign_colors(self.theme.base), strict=True):
            painter.fillRect(QRectF(x, middle - 1.5, 14, 3), QColor(color))
            painter.setPen(QColor(self.theme.quiet))
            box = QRectF(x + 18, 0, metrics.horizontalAdvance(name) + 2, 2 * middle)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), name)
            x += metrics.horizontalAdvance(name) + 30
