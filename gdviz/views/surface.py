"""The 3D surface with the runs' paths lifted onto it.

The surface is drawn once for a scene and a camera; paths are projected onto that picture. Where the picture's depth
says that the surface hides a piece of a path, it is drawn faintly instead of being lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from gdviz.scene.thinning import Paths
from gdviz.views.camera import HEIGHT, Camera, Picture
from gdviz.views.gl import draw_surface, gl_problem
from gdviz.views.ink import draw_marker, draw_path
from gdviz.views.step.anatomy import StepArrows
from gdviz.views.step.sketch import Sketch
from gdviz.views.surface_axes import SurfaceAxes
from gdviz.views.view import Place, ViewKind

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame
    from gdviz.scene.terrain import Terrain
    from gdviz.views.theme import RunStyle, Theme

__all__ = ["SurfaceView"]

HIDDEN = 2e-3
"""How much deeper than the surface a point must lie to count as hidden."""


@ViewKind(
    "surface",
    title="Surface",
    about=(
        "<b>The same error as a landscape.</b> Height and colour are the error, and the paths lie on it; "
        "pieces behind a slope are faint.<p>Drag turns it, the wheel comes nearer, a double click or F goes back."
    ),
    alt="The error over the plane of the parameters as a surface in perspective",
    alt_of_networks="The error over a plane through the space of the parameters as a surface in perspective",
    place=Place(1, 0),
    needs_opengl=True,
    instead="--view contour shows the same from above",
)
class SurfaceView(QWidget):
    """The error surface in 3D; drag to turn it, wheel to come nearer, double click for the first view.

    Signals
    -------
    camera_chosen(object)
        The Camera that a hand moved to.
    """

    camera_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("surface")
        self.setAccessibleName("Error surface in three dimensions")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 120)
        self.theme = theme
        self.camera = Camera()
        self.vector_ratio = 1.0
        """The pixels for each in the picture of the surface that an SVG or PDF holds."""
        self.frame: Frame | None = None
        self._terrain: Terrain | None = None
        self._picture: Picture | None = None
        self._backdrop: QPixmap | None = None
        self._paths = Paths()
        self._names: tuple[str, tuple[str, ...]] = ("error", ("w", "b"))
        self._grip: QPointF | None = None
        self.arrows = StepArrows()

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        self.theme = theme
        self._redraw()

    def show_terrain(self, terrain: Terrain | None) -> None:
        """Draw the error surface; None: there is none yet."""
        self._terrain = terrain
        self._redraw()

    @property
    def has_terrain(self) -> bool:
        """Whether there is an error surface to draw."""
        return self._terrain is not None

    def show_frame(self, frame: Frame) -> None:
        """Draw the paths up to the frame's cursor."""
        names = frame.shown_objective.value_name, frame.shown_objective.parameters
        if names != self._names:
            self._names, self._backdrop = names, None  # the axes' names are part of it
        self.frame = frame
        self.update()

    def show_arrows(self, are_shown: bool) -> None:
        """Draw the arrows of the step, or hide them."""
        self.arrows.is_shown = are_shown
        self.update()

    def light(self, stage: str) -> None:
        """Let the arrows of a stage stand out."""
        if stage != self.arrows.lit_stage:
            self.arrows.lit_stage = stage
            self.update()

    def set_camera(self, camera: Camera) -> None:
        """Look at the surface from elsewhere."""
        self.camera = camera
        self._redraw()

    def _redraw(self) -> None:
        self._backdrop = None
        self.update()

    def resizeEvent(self, event: object) -> None:
        """Draw the surface anew at the new size."""
        self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the surface and, over it, the paths."""
        with QPainter(self) as painter:
            self.paint_on(painter)

    def paint_on(self, painter: QPainter, vector: bool = False) -> None:
        """Paint the view with any painter; `vector`: the axes as lines and text, only the surface as a picture."""
        if gl_problem():
            self._paint_problem(painter)
            return
        ratio = self.vector_ratio if vector else painter.device().devicePixelRatioF()
        backdrop = self._backdrop
        if vector or backdrop is None or backdrop.devicePixelRatioF() != ratio:
            backdrop = self._draw_backdrop(ratio)
            if not vector:
                with QPainter(backdrop) as on_backdrop:
                    self._paint_axes(on_backdrop)
        if gl_problem():  # drawing was tried, and failed
            self._paint_problem(painter)
            return
        painter.drawPixmap(0, 0, backdrop)
        if vector:
            self._paint_axes(painter)
        self._backdrop = None if vector else backdrop
        if self.frame is not None and self._terrain is not None:
            self._paint_runs(painter, self._terrain, self.frame)

    def _paint_problem(self, painter: QPainter) -> None:
        painter.fillRect(self.rect(), self.theme.ground)
        painter.setPen(QColor(self.theme.quiet))
        text = f"No 3D surface here: {gl_problem()}.\nEverything else works: the contour shows the same surface."
        how = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(20, 20, -20, -20), how, text)

    def _draw_backdrop(self, ratio: float) -> QPixmap:
        size = QSize(max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio)))
        backdrop = QPixmap(size)
        backdrop.setDevicePixelRatio(ratio)
        backdrop.fill(self.theme.ground)
        if self._terrain is None:
            with QPainter(backdrop) as painter:
                painter.setPen(QColor(self.theme.quiet))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "computing the error surface …")
            return backdrop
        self._picture = draw_surface(self._terrain, self.theme, self.camera, size)
        if self._picture is not None:
            with QPainter(backdrop) as painter:
                painter.drawImage(QRectF(self.rect()), self._picture.image)
        return backdrop

    def project(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return pixels, shape (k, 2), and depths, shape (k,), of points of shape (k, 3) in the surface's space."""
        matrix = self.camera.matrix(self.width() / self.height())
        clip = np.column_stack([points, np.ones(len(points))]) @ matrix.T
        cube = clip[:, :3] / clip[:, 3:]
        pixels = np.column_stack([(cube[:, 0] + 1) / 2 * self.width(), (1 - cube[:, 1]) / 2 * self.height()])
        return pixels, (cube[:, 2] + 1) / 2

    def lifted(self, points: np.ndarray, terrain: Terrain) -> np.ndarray:
        """Return params of shape (k, 2) as points on the surface, shape (k, 3); NaN outside it."""
        unit = np.column_stack([_unit(points[:, i], bounds) for i, bounds in enumerate(terrain.box)])
        return np.column_stack([unit, HEIGHT * terrain.height(terrain.sample(points))])

    def _paint_runs(self, painter: QPainter, terrain: Terrain, frame: Frame) -> None:
        pixel = np.array([high - low for low, high in terrain.box]) / (2 * max(self.width(), 1))
        paths = self._paths.of(frame, pixel)
        pixels, depth = self.project(self.lifted(np.concatenate([np.empty((0, 2)), *paths]), terrain))
        is_hidden = self._hidden(pixels, depth)
        ends = np.cumsum([len(path) for path in paths])
        styles = [self.theme.run(run.look.style) for run in frame.runs]
        pieces = zip(np.split(pixels, ends)[:-1], np.split(is_hidden, ends)[:-1], styles, strict=True)
        for path, behind, style in pieces:
            self._paint_path(painter, path, behind, style)
        for end, style in reversed(list(zip(ends, styles, strict=True))):
            draw_marker(painter, pixels[end - 1], style, self.theme.base, self.theme.marker_size)
        on_surface = lambda points: self.project(self.lifted(points, terrain))[0]  # noqa: E731
        sketch = Sketch(painter, self.theme, on_surface, QRectF(self.rect()))
        self.arrows.paint(sketch, frame, terrain.box)

    def _paint_path(self, painter: QPainter, pixels: np.ndarray, is_hidden: np.ndarray, style: RunStyle) -> None:
        is_there = np.isfinite(pixels[:, 0])
        for faint, mine in ((True, is_hidden), (False, ~is_hidden)):
            if mine[is_there].any():
                touching = mine | np.append(mine[1:], False)
                piece = pixels if touching.all() else np.where(touching[:, None], pixels, np.nan)
                draw_path(painter, piece, style, self.theme.path_width, faint)

    def _hidden(self, pixels: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """Return which points lie behind the surface, shape (k,)."""
        if self._picture is None or self._picture.depth is None:
            return np.zeros(len(pixels), bool)
        buffer = self._picture.depth
        scale = buffer.shape[1] / self.width()
        x = np.clip(np.nan_to_num(pixels[:, 0] * scale), 0, buffer.shape[1] - 1).astype(int)
        y = np.clip(np.nan_to_num(pixels[:, 1] * scale), 0, buffer.shape[0] - 1).astype(int)
        return np.asarray(np.nan_to_num(depth) > buffer[y, x] + HIDDEN)

    def _paint_axes(self, painter: QPainter) -> None:
        if self._terrain is not None:
            SurfaceAxes(painter, self.theme, self.size(), self.project).paint(self._terrain, *self._names)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the surface."""
        self._grip = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Turn the surface with the mouse."""
        if self._grip is not None and event.buttons():
            way = event.position() - self._grip
            self._grip = event.position()
            self.turn(-0.5 * way.x(), 0.5 * way.y())

    def turn(self, azimuth: float, elevation: float) -> None:
        """Turn the surface by angles in degrees."""
        tilt = min(max(self.camera.elevation + elevation, 5.0), 89.0)
        self._choose(Camera(self.camera.azimuth + azimuth, tilt, self.camera.distance))

    def _choose(self, camera: Camera) -> None:
        self.set_camera(camera)
        self.camera_chosen.emit(camera)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Come nearer or go away."""
        distance = self.camera.distance * 0.999 ** event.angleDelta().y()
        self._choose(Camera(self.camera.azimuth, self.camera.elevation, min(max(distance, 2.5), 15.0)))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Go back to the first view."""
        self._choose(Camera())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn with Shift and the arrow keys."""
        turns = {Qt.Key.Key_Left: (10, 0), Qt.Key.Key_Right: (-10, 0), Qt.Key.Key_Up: (0, 5), Qt.Key.Key_Down: (0, -5)}
        turn = turns.get(Qt.Key(event.key()))
        if turn and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.turn(*turn)
        else:
            super().keyPressEvent(event)


def _unit(values: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    low, high = bounds
    return np.asarray(2 * (values - low) / (high - low) - 1)
