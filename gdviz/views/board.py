"""The views side by side, as in the window so in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gdviz.views.accuracy_curve import AccuracyCurve
from gdviz.views.contour import ContourView
from gdviz.views.error_curve import ErrorCurve
from gdviz.views.fit.data_fit import DataFit
from gdviz.views.layers.layers import LayersView
from gdviz.views.legend import Legend
from gdviz.views.surface import SurfaceView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Objective
    from gdviz.scene.frame import Frame
    from gdviz.scene.run_frame import Axis
    from gdviz.scene.terrain import Terrain
    from gdviz.views.theme import Theme

__all__ = ["VIEWS", "Board"]

VIEWS = ("contour", "surface", "error", "fit", "accuracy", "layers")
IN_COLUMNS = ((("contour",), ("error", "accuracy")), (("surface",), ("fit", "layers")))
"""The columns from left to right, their rows from top to bottom, and what stands side by side in a row."""


class Board(QWidget):
    """Contour above the error curve, surface above the data; the borders can be dragged.

    Parameters
    ----------
    theme
        The colours.
    only
        The names of the views to show; all of them by default.
    legend, title
        Whether a strip over the views says which run is which; what stands above it.
    """

    def __init__(self, theme: Theme, only: Sequence[str] = VIEWS, legend: bool = False, title: str = "") -> None:
        super().__init__()
        self._only = tuple(only)
        self.legend = Legend(theme, title, has_runs=legend)
        self.contour, self.surface = ContourView(theme), SurfaceView(theme)
        self.error_curve, self.data_fit = ErrorCurve(theme), DataFit(theme)
        self.accuracy_curve, self.layers = AccuracyCurve(theme), LayersView(theme)
        views = self.contour, self.surface, self.error_curve, self.data_fit, self.accuracy_curve, self.layers
        self.views = dict(zip(VIEWS, views, strict=True))
        columns = self._columns = QSplitter(Qt.Orientation.Horizontal, objectName="columns")
        for rows in IN_COLUMNS:
            column = QSplitter(Qt.Orientation.Vertical, objectName=f"column_{rows[0][0]}")
            for names in rows:
                self._add_row(column, [name for name in names if name in only])
            if column.count():
                columns.addWidget(column)
        for name, view in self.views.items():
            if name not in only:
                view.setParent(self)
                view.hide()
        self.use_usual_sizes()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.legend)
        self.legend.setVisible(legend or bool(title))
        layout.addWidget(columns, 1)

    def _add_row(self, column: QSplitter, names: Sequence[str]) -> None:
        """Add views side by side."""
        if len(names) == 1:
            column.addWidget(self.views[names[0]])
        elif names:
            row = QSplitter(Qt.Orientation.Horizontal, objectName=f"row_{names[0]}")
            for name in names:
                row.addWidget(self.views[name])
            column.addWidget(row)

    def use_usual_sizes(self) -> None:
        """Give each view its usual share of the room."""
        for column in self._columns.findChildren(QSplitter):
            column.setSizes([600, 330] if column.orientation() == Qt.Orientation.Vertical else [500, 500])
        self._columns.setSizes([560, 440])

    def show_data(self, objective: Objective) -> None:
        """Leave out what the objective has nothing for, unless nothing else is asked for."""
        there = {
            "fit": objective.data is not None,
            "accuracy": "accuracy" in objective.score_names,
            "layers": objective.has_layers,
        }
        for name, is_there in there.items():
            if name in self._only and len(self._only) > 1:
                self.views[name].setVisible(is_there)

    def shown(self) -> list[QWidget]:
        """Return what is not hidden: each can paint itself on any painter."""
        return [view for view in (self.legend, *self.views.values()) if not view.isHidden()]

    def show_frame(self, frame: Frame) -> None:
        """Draw the frame in every view."""
        for view in self.shown():
            view.show_frame(frame)

    @property
    def has_arrows(self) -> bool:
        """Whether the arrows of the step are shown."""
        return self.contour.arrows.is_shown

    def show_arrows(self, are_shown: bool) -> None:
        """Show the arrows of the step, or hide them."""
        for view in (self.contour, self.surface):
            view.show_arrows(are_shown)

    @property
    def has_fan(self) -> bool:
        """Whether the gradients of the samples are shown."""
        return self.contour.arrows.has_fan

    def show_fan(self, is_shown: bool) -> None:
        """Show the gradient of each sample beside that of the batch, or hide them."""
        self.contour.arrows.has_fan = is_shown
        self.contour.viewport().update()

    def show_axis(self, axis: Axis) -> None:
        """Draw the curves over updates, epochs or time."""
        for view in (self.error_curve, self.accuracy_curve):
            view.show_axis(axis)

    def show_terrain(self, terrain: Terrain | None) -> None:
        """Draw the error surface in the views that have one; None: there is none yet."""
        self.contour.show_terrain(terrain)
        self.surface.show_terrain(terrain)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        for view in (self.legend, *self.views.values()):
            view.set_theme(theme)
