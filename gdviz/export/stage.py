"""The views out of sight, at any size: what every export is drawn by."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from gdviz.engine import error_grid
from gdviz.training.frame import available, box_around, frame_at
from gdviz.views.board import VIEWS, Board
from gdviz.views.gl import Camera, drop_canvas, gl_problem
from gdviz.views.plot import Plot
from gdviz.views.terrain import Terrain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gdviz.objectives import Box
    from gdviz.training import Experiment, Trajectory
    from gdviz.views.theme import Theme

__all__ = ["Stage", "application", "views_there_are"]

LINES = 201


@contextmanager
def application() -> Iterator[None]:
    """Let widgets be made in this block, with the QApplication there is or one that lasts as long as the block."""
    if QApplication.instance() is not None:
        yield
        return
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    own = QApplication(["gdviz"])
    own.setStyle("Fusion")
    try:
        yield
    finally:
        drop_canvas()
        own.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        own.shutdown()


def views_there_are(view: str = "all") -> tuple[str, ...]:
    """Return the views that can be drawn here: without OpenGL all but the surface.

    Raises
    ------
    ValueError
        Where only the surface is asked for and there is no OpenGL.
    """
    wanted = VIEWS if view == "all" else (view,)
    there = tuple(name for name in wanted if name != "surface" or not gl_problem())
    if not there:
        raise ValueError(f"the surface cannot be drawn: {gl_problem()}; --view contour shows the same from above")
    return there


class Stage:
    """The views of an experiment at a size in pixels.

    Parameters
    ----------
    experiment, trajectories
        What is drawn, computed to the end.
    theme, size, views
        How, how large, and which of :data:`gdviz.views.board.VIEWS`.
    box, terrain
        The part of the plane, and its error surface where it is already there.
    arrows
        Whether to draw what the selected run's step is made of.
    """

    def __init__(
        self,
        experiment: Experiment,
        trajectories: Sequence[Trajectory],
        theme: Theme,
        size: QSize,
        views: Sequence[str] = VIEWS,
        box: Box | None = None,
        terrain: Terrain | None = None,
        selected: int = 0,
        camera: Camera | None = None,
        arrows: bool = False,
    ) -> None:
        self.experiment, self.trajectories, self.selected = experiment, trajectories, selected
        self.board = Board(theme, views, legend=True)
        self.board.show_arrows(arrows)
        self.board.show_data(experiment.objective)
        self.board.setPalette(theme.palette())
        self.board.setAutoFillBackground(True)
        for view in self.board.views.values():
            view.setMinimumSize(1, 1)  # the size that is asked for goes before what would be comfortable
        self.board.setFixedSize(size)
        self.board.grab()  # lays out what is never shown
        box = box or box_around(experiment.objective, trajectories)
        self.board.contour.show_box(box)
        self.board.show_frame(frame_at(experiment, trajectories, self.last, selected))
        self.board.grab()  # moves the views below the legend, which needs as many rows as there are names
        if terrain is None:
            a, b = (np.linspace(low, high, LINES) for low, high in box)
            terrain = Terrain(a, b, error_grid(experiment.objective, a, b))
        self.board.show_terrain(terrain)
        self.board.surface.set_camera(camera or Camera())
        self._draw(QImage(size, QImage.Format.Format_RGB32))  # settles the widths of the axes

    @property
    def size(self) -> QSize:
        """The size in pixels."""
        return self.board.size()

    @property
    def last(self) -> int:
        """The last update there is to draw."""
        return available(self.trajectories)

    def show(self, update: int) -> None:
        """Let the views show an update."""
        self.board.show_frame(frame_at(self.experiment, self.trajectories, update, self.selected))

    def picture(self, update: int) -> QImage:
        """Return the views at an update."""
        self.show(update)
        image = QImage(self.size, QImage.Format.Format_RGB32)
        self._draw(image)
        return image

    def _draw(self, image: QImage) -> None:
        self._settle()
        painter = QPainter(image)
        self.paint(painter)
        painter.end()

    def _settle(self) -> None:
        """Let the views lay themselves out: their own events only, for others may close what is being drawn."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        for view in self.board.views.values():
            if isinstance(view, Plot):
                QApplication.sendPostedEvents(view.scene())

    def paint(self, painter: QPainter, vector: bool = False) -> None:
        """Paint all views with any painter."""
        painter.fillRect(self.board.rect(), self.board.palette().window())
        for view in self.board.shown():
            painter.save()
            painter.translate(view.mapTo(self.board, QPoint(0, 0)))
            view.paint_on(painter, vector)
            painter.restore()

    def close(self) -> None:
        """Let go of the views."""
        self.board.close()
        self.board.deleteLater()
