"""The views out of sight, at any size: what every export is drawn by."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from gdviz.engine import error_grid, horizon
from gdviz.export.options import PictureOptions, Shot
from gdviz.files import write_session
from gdviz.registry import load_plugins
from gdviz.scene.frame import available, box_around, frame_at
from gdviz.scene.planes import Principal
from gdviz.scene.terrain import Terrain
from gdviz.stopping import check_stopped, is_stopped
from gdviz.views.board import Board
from gdviz.views.camera import Camera
from gdviz.views.gl import drop_canvas, follow_pyopengl, gl_problem, try_to_draw
from gdviz.views.plot import Plot
from gdviz.views.theme import THEMES
from gdviz.views.view import VIEWS, HasBox, HasCamera, HasPixels, kinds_on_board, widget_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gdviz.objectives import Box, Plane
    from gdviz.scene.session import Session
    from gdviz.training import Trajectory

__all__ = ["OffScreen", "application", "views_left_out", "views_there_are"]

LINES, FEWEST = 201, 25
MOST = 1e11
"""Evaluations of a sample that are too many to wait for: then there are fewer lines."""


@contextmanager
def application() -> Iterator[None]:
    """Let widgets be made in this block, with the QApplication there is or one that lasts as long as the block."""
    if QApplication.instance() is not None:
        yield
        return
    follow_pyopengl()
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
    """Return the names of the views that can be drawn here: without OpenGL those that need none.

    Parameters
    ----------
    view
        The one that is asked for, or all.

    Raises
    ------
    ValueError
        Where only one is asked for and it cannot be drawn.
    """
    if view == "all":
        load_plugins()
    kinds = kinds_on_board() if view == "all" else (VIEWS[view],)
    if any(kind.needs_opengl for kind in kinds):
        try_to_draw()
    names = tuple(kind.name for kind in kinds if not (kind.needs_opengl and gl_problem()))
    if not names:
        hint = f"; {kinds[0].instead}" if kinds[0].instead else ""
        raise ValueError(f"the {view} cannot be drawn: {gl_problem()}{hint}")
    return names


def views_left_out() -> tuple[str, ...]:
    """Return a sentence for each view that a picture of all views lacks here."""
    return tuple(
        f"the 3D {kind.title.lower()} was left out: {gl_problem()}"
        for kind in kinds_on_board()
        if kind.needs_opengl and gl_problem()
    )


class OffScreen:
    """The views of a session at a size in pixels.

    Parameters
    ----------
    session, trajectories
        What is drawn and how it is looked at; computed to the end.
    options
        What the picture is to look like.
    terrain
        The error surface of the part of the plane that is looked at, where it is already there.
    """

    def __init__(
        self,
        session: Session,
        trajectories: Sequence[Trajectory],
        options: PictureOptions,
        terrain: Terrain | None = None,
    ) -> None:
        self.session, self.trajectories, self.options = session, trajectories, options
        views, experiment = session.views, session.experiment
        theme = THEMES[options.theme].transparent() if options.transparent else THEMES[options.theme]
        self.board = Board(theme, views_there_are(options.view), legend=options.legend, title=options.title)
        self._extras = [extra for extra in options.extras if extra != type(extra)()]
        for extra in self._extras:
            extra.prepare(self.board)
        self.board.show_arrows(bool(views.arrows))
        self.board.show_fan(views.fan)
        self.board.show_axis(views.axis)
        self.board.show_data(experiment.objective)
        self.camera = Camera(*views.camera) if views.camera else Camera()
        self._look_from(self.camera)
        self.board.setPalette(theme.palette())
        for view in self.board.views.values():
            if isinstance(view, HasPixels):
                view.vector_ratio = float(options.scale)
            widget_of(view).setMinimumSize(1, 1)  # the size that is asked for goes before what would be comfortable
        self.board.setFixedSize(QSize(*options.pixels))
        self._plane_rule, self._plane_at = views.plane or Principal(), -1
        self._horizon = horizon(trajectories[session.selected].run)
        self.plane: Plane | None = None
        if not experiment.objective.is_planar:
            self.plane = self._make_plane(self.last)
            usual = self.plane.box
        else:
            usual = box_around(experiment.objective, trajectories)
        self._lay_out(views.box or usual, terrain)

    def _make_plane(self, update: int) -> Plane:
        """Return the plane that is looked at."""
        session, self._plane_at = self.session, update
        return self._plane_rule.plane(session.experiment.objective, self.trajectories, session.selected, update)

    def _terrain(self) -> Terrain:
        objective = self.session.experiment.objective if self.plane is None else self.plane
        lines = min(LINES, max(FEWEST, int((MOST / objective.work) ** 0.5)))
        a, b = (np.linspace(low, high, lines) for low, high in self.box)
        values = error_grid(objective, a, b, is_stopped)
        check_stopped()
        return Terrain(a, b, values)

    def _lay_out(self, box: Box, terrain: Terrain | None) -> None:
        self.board.grab()  # lays out what is never shown
        self.box = box
        for view in self.board.views.values():
            if isinstance(view, HasBox):
                view.show_box(box)
        self.show(Shot(self.last))
        self.board.grab()  # moves the views below the legend, which needs more rows for more names
        if terrain is None:
            terrain = self._terrain()
        self.board.show_terrain(terrain)
        self._draw(self._image())  # settles the widths of the axes

    @property
    def size(self) -> QSize:
        """The size in pixels."""
        return self.board.size()

    @property
    def picture_size(self) -> QSize:
        """The size of a picture in its own pixels."""
        return self.size * self.options.scale

    @property
    def last(self) -> int:
        """The last update there is to draw."""
        return available(self.trajectories)

    def carried(self, update: int) -> str | None:
        """Return the session at an update as the text that a file is to carry; None where it is to carry none."""
        if not self.options.session:
            return None
        camera = self.camera.azimuth, self.camera.elevation, self.camera.distance
        box = self.box if self.plane is None else self.session.views.box  # a plane is cut where the paths are
        views = replace(self.session.views, box=box, camera=camera)
        try:
            return write_session(replace(self.session, cursor=update, views=views))
        except ValueError:  # it holds something that is not the program's own
            return None

    def show(self, shot: Shot) -> None:
        """Let the views show an update, from where the camera is then."""
        session = self.session
        if self.plane is not None and self._plane_rule.follows_cursor and shot.update != self._plane_at:
            self.plane = self._make_plane(shot.update)
            self.board.show_terrain(self._terrain())
        self.board.show_frame(
            frame_at(
                session.experiment,
                self.trajectories,
                shot.update,
                session.selected,
                plane=self.plane,
                horizon=self._horizon,
            )
        )
        self._look_from(replace(self.camera, azimuth=self.camera.azimuth + shot.turn))

    def _look_from(self, camera: Camera) -> None:
        """Let the views in perspective look from there; one that does already keeps its picture."""
        for view in self.board.views.values():
            if isinstance(view, HasCamera) and view.camera != camera:
                view.set_camera(camera)

    def picture(self, shot: Shot) -> QImage:
        """Return the views at an update."""
        self.show(shot)
        image = self._image()
        self._draw(image)
        return image

    def _image(self) -> QImage:
        is_clear = self.options.transparent
        kind = QImage.Format.Format_ARGB32_Premultiplied if is_clear else QImage.Format.Format_RGB32
        image = QImage(self.size * self.options.scale, kind)
        image.setDevicePixelRatio(self.options.scale)
        if is_clear:
            image.fill(0)
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
        if not self.options.transparent:
            painter.fillRect(self.board.rect(), self.board.palette().window())
        for view in self.board.shown():
            painter.save()
            painter.translate(widget_of(view).mapTo(self.board, QPoint(0, 0)))
            view.paint_on(painter, vector)
            painter.restore()
        for extra in self._extras:
            painter.save()
            extra.paint(painter, self.board)
            painter.restore()

    def close(self) -> None:
        """Let go of the views."""
        self.board.close()
        self.board.deleteLater()
