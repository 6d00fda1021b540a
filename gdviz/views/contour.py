"""The contour view: the error surface from above, with the runs' paths on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter

from gdviz.notation.numbers import number, short
from gdviz.scene.thinning import Paths
from gdviz.views.contour_labels import ContourLabels, index_levels
from gdviz.views.ink import draw_arrow, draw_marker, polygon
from gdviz.views.landmarks import paint_landmarks
from gdviz.views.off_plane import paint_off_plane
from gdviz.views.path_layers import PathLayers, Stroke
from gdviz.views.plot import Plot
from gdviz.views.relief import relief
from gdviz.views.step.anatomy import StepArrows, magnification
from gdviz.views.step.sketch import Sketch
from gdviz.views.view import Place, ViewKind

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from gdviz.explaining.anatomy import Anatomy
    from gdviz.explaining.guess import Guess
    from gdviz.objectives import Box, Objective
    from gdviz.scene.frame import Frame
    from gdviz.scene.run_frame import RunFrame
    from gdviz.scene.terrain import Terrain
    from gdviz.views.theme import Theme

__all__ = ["ContourView"]

SELECTED = 3.0 / 1.75
"""Factor on the width of the selected run's path."""
OTHERS = 0.72
"""Opacity of the other runs' paths."""


@ViewKind(
    "contour",
    title="Contour",
    about=(
        "<b>The error from above.</b> Each place stands for a pair of parameters, its colour and the lines "
        "for the error there: blue is low, sand is high. Every run leaves a path; its marker is where it "
        "stands now, the cross is the start.<p>Click: all runs start there. Drag moves the picture, the wheel"
        " zooms, F brings all paths into view. The arrows (A) show what the selected run's step is made of, G"
        " the gradients of the samples."
    ),
    alt="The error over the plane of the parameters, seen from above as contour lines",
    alt_of_networks="The error over a plane through the space of the parameters, seen from above as contour lines",
    place=Place(0, 0),
)
class ContourView(Plot):
    """Height as colour, labelled lines, and a path for each run.

    Signals
    -------
    start_chosen(float, float)
        A click: where the runs are to start.
    step_drawn(float, float)
        A click while the next step is to be predicted: where it would end if it was not magnified.
    box_chosen(object)
        The part of the plane that zooming or panning brought into view.
    pointed(str)
        The params and the error under the mouse; empty where it is not on the map.
    stage_lit(str)
        The stage of the step's arrow under the mouse; empty where there is none.
    """

    start_chosen = Signal(float, float)
    step_drawn = Signal(float, float)
    box_chosen = Signal(object)
    pointed = Signal(str)
    stage_lit = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__("contour", "Contour of the error, seen from above", theme)
        self._image = pg.ImageItem(axisOrder="row-major")
        self._lines, self._index_lines = (pg.PlotCurveItem(connect="finite", antialias=True) for _ in range(2))
        self._labels = ContourLabels()
        self._layers = PathLayers()
        self._paths = Paths()
        self.arrows = StepArrows()
        self._question: tuple[np.ndarray, float] | None = None
        self.guess: Guess | None = None
        self.notebook: tuple[np.ndarray, Objective] | None = None
        self.setMouseTracking(True)
        self.terrain: Terrain | None = None
        for z, item in enumerate((self._image, self._lines, self._index_lines)):
            item.setZValue(z)
            self.addItem(item, ignoreBounds=True)
        box = self.view_box
        box.sigRangeChangedManually.connect(lambda: self.box_chosen.emit(self.box()))
        self.scene().sigMouseClicked.connect(self._clicked)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        super().set_theme(theme)
        look = theme.map
        for item, alpha in ((self._lines, look.line_alpha), (self._index_lines, look.index_alpha)):
            ink = pg.mkColor(look.contour)
            ink.setAlphaF(alpha)
            item.setPen(pg.mkPen(ink, width=1))
        if self.terrain is not None:
            self.show_terrain(self.terrain)

    def show_box(self, box: Box) -> None:
        """Bring a part of the plane into view."""
        (a0, a1), (b0, b1) = box
        self.setRange(xRange=(a0, a1), yRange=(b0, b1), padding=0)

    def box(self) -> Box:
        """Return the part of the plane that is in view."""
        (a0, a1), (b0, b1) = self.view_box.viewRange()
        return (a0, a1), (b0, b1)

    def show_terrain(self, terrain: Terrain | None) -> None:
        """Draw the error surface; None: there is none yet."""
        self.terrain = terrain
        if terrain is None:
            self._image.clear()
            for item in (self._lines, self._index_lines):
                item.setData([], [])
            return
        (a0, a1), (b0, b1) = terrain.box
        da, db = (a1 - a0) / (len(terrain.a) - 1), (b1 - b0) / (len(terrain.b) - 1)
        colors = relief(terrain, self.theme)
        self._image.setImage(np.ascontiguousarray(colors.transpose(1, 0, 2)), levels=None, autoLevels=False)
        self._image.setRect(QRectF(a0 - da / 2, b0 - db / 2, a1 - a0 + da, b1 - b0 + db))
        index = index_levels(terrain.levels)
        self._lines.setData(
            *_polyline([line for at, lines in terrain.lines.items() if at not in index for line in lines])
        )
        self._index_lines.setData(*_polyline([line for level in index for line in terrain.lines[level]]))

    def show_frame(self, frame: Frame) -> None:
        """Draw the paths up to the frame's cursor."""
        if self.frame is None or frame.shown_objective is not self.frame.shown_objective:
            self.set_labels(*frame.shown_objective.parameters)
        super().show_frame(frame)

    def paint_overlay(self, painter: QPainter, frame: Frame) -> None:
        """Paint numbers, paths, signs and markers, the selected run on top."""
        points = [self.to_pixels(path) for path in self._paths.of(frame, self.half_pixel())]
        if self.terrain is not None:
            self._labels.paint(painter, self, self.terrain, points)
        order = sorted(range(len(points)), key=lambda i: frame.runs[i] is frame.selected_run)
        strokes = [self._stroke(frame.runs[i], frame) for i in order]
        area = self.plot_area().toAlignedRect()
        self._layers.paint(painter, area, [points[i] for i in order], strokes, order)
        paint_landmarks(painter, self, frame)
        self._paint_forks(painter, frame)
        for i in order:
            style = self.theme.run(frame.runs[i].look.style)
            size = self.theme.marker_size * (1.25 if frame.runs[i] is frame.selected_run else 1.0)
            draw_marker(painter, points[i][-1], style, self.theme.map.casing, size)
        self.arrows.paint(Sketch(painter, self.theme, self.to_pixels, self.plot_area()), frame, self.box())
        self._paint_notebook(painter, frame)
        self._paint_guess(painter, frame)
        paint_off_plane(painter, self.theme, self.plot_area(), frame, np.concatenate([np.empty((0, 2)), *points]))

    def _stroke(self, run: RunFrame, frame: Frame) -> Stroke:
        """Return how a run's path is drawn: the selected one wide."""
        is_selected, width = run is frame.selected_run, self.theme.path_width
        color, seam = self.theme.run(run.look.style).color, self.theme.map.casing
        return Stroke(color, seam, width * SELECTED if is_selected else width, 1.0 if is_selected else OTHERS)

    def _paint_guess(self, painter: QPainter, frame: Frame) -> None:
        """Paint where somebody thought that the step at the cursor would lead, as magnified as the step."""
        guess, step, anatomy = self.guess, frame.step, frame.anatomy
        if guess is None or step is None or anatomy is None or not np.array_equal(step.params, guess.step.params):
            return
        factor = magnification(anatomy, self.box())
        tail, tip = self.to_pixels(np.stack([step.before, step.before + factor * guess.vector]))
        draw_arrow(painter, tail, tip, self.theme.accent, 3.0)

    def _paint_forks(self, painter: QPainter, frame: Frame) -> None:
        """Paint a ring where a run left the one it came from."""
        for run in frame.runs:
            fork = run.run.fork
            if fork is not None and run.update >= fork.update:
                x, y = self.to_pixels(run.at(fork.update)[None])[0]
                for color, width in ((self.theme.base, 4.5), (self.theme.run(run.look.style).color, 2.5)):
                    painter.setPen(pg.mkPen(color, width=width))
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.drawEllipse(QPointF(x, y), 7, 7)

    def show_arrows(self, are_shown: bool) -> None:
        """Draw the arrows of the step, or hide them."""
        self.arrows.is_shown = are_shown
        self.viewport().update()

    def show_fan(self, is_shown: bool) -> None:
        """Draw the gradient of each sample beside that of the batch, or hide them."""
        self.arrows.has_fan = is_shown
        self.viewport().update()

    def ask(self, before: np.ndarray | None, anatomy: Anatomy | None = None) -> float:
        """Let the next click say where the step from `before` leads; return by how much it is to be drawn magnified.

        None: clicks choose the start again.
        """
        self.setCursor(Qt.CursorShape.ArrowCursor if before is None else Qt.CursorShape.CrossCursor)
        self._question = None
        if before is None or anatomy is None:
            return 1.0
        factor = magnification(anatomy, self.box())
        self._question = before, factor
        return factor

    def show_notebook(self, params: np.ndarray, objective: Objective) -> None:
        """Draw somebody's points, shape (k, 2), over the runs, as long as it is this objective that is shown."""
        self.notebook = params, objective
        self.viewport().update()

    def forget_notebook(self) -> None:
        """Draw it no more."""
        self.notebook = None
        self.viewport().update()

    def _paint_notebook(self, painter: QPainter, frame: Frame) -> None:
        if self.notebook is None or self.notebook[1] != frame.objective:
            return
        points = self.notebook[0] if frame.plane is None else frame.plane.projected(self.notebook[0])
        pixels = self.to_pixels(points)
        pixels = pixels[np.isfinite(pixels).all(axis=1)]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pg.mkPen(self.theme.warning, width=1))
        painter.drawPolyline(polygon(pixels))
        painter.setPen(pg.mkPen(self.theme.warning, width=5, cosmetic=True))
        painter.drawPoints(polygon(pixels))

    def show_guess(self, guess: Guess | None) -> None:
        """Draw a guess beside the step that it was about."""
        self.guess = guess
        self.viewport().update()

    def light(self, stage: str) -> None:
        """Let the arrows of a stage stand out."""
        if stage != self.arrows.lit_stage:
            self.arrows.lit_stage = stage
            self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let the arrow under the mouse stand out, here and in the equations."""
        if self.frame is not None and not event.buttons():
            at = np.array([event.position().x(), event.position().y()])
            stage = self.arrows.stage_at(self.frame, self.to_pixels, self.box(), at)
            if stage != self.arrows.lit_stage:
                self.light(stage)
                self.stage_lit.emit(stage)
        self.pointed.emit(self._readout(event.position()))
        super().mouseMoveEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Say that nothing is under the pointer."""
        self.pointed.emit("")
        super().leaveEvent(event)

    def _readout(self, at: QPointF) -> str:
        """Return the params and the error at a pixel."""
        if self.terrain is None or self.frame is None or not self.plot_area().contains(at):
            return ""
        point = self.view_box.mapSceneToView(self.mapToScene(at.toPoint()))
        error = float(self.terrain.sample(np.array([[point.x(), point.y()]]))[0])
        objective = self.frame.shown_objective
        a, b = objective.parameters
        return f"{a} {short(point.x())}   {b} {short(point.y())}   {objective.value_name} {number(error)}"

    def _clicked(self, event: pg.GraphicsScene.mouseEvents.MouseClickEvent) -> None:
        box = self.view_box
        if event.button() == Qt.MouseButton.LeftButton and box.sceneBoundingRect().contains(event.scenePos()):
            point = box.mapSceneToView(event.scenePos())
            event.accept()
            if self._question is None:
                self.start_chosen.emit(point.x(), point.y())
            else:
                before, factor = self._question
                self.step_drawn.emit(*(before + (np.array([point.x(), point.y()]) - before) / factor))


def _polyline(lines: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return the coordinates of lines of shape (k, 2), a NaN after each."""
    gap = np.full((1, 2), np.nan)
    points = np.concatenate([np.empty((0, 2)), *(piece for line in lines for piece in (line, gap))])
    return points[:, 0], points[:, 1]
