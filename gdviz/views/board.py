"""The views side by side, as in the window so in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gdviz.objectives import SigmoidNeuron
from gdviz.views.contour import ContourView
from gdviz.views.data_fit import DataFit
from gdviz.views.error_curve import ErrorCurve
from gdviz.views.legend import Legend
from gdviz.views.surface import SurfaceView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Objective
    from gdviz.training.frame import Frame
    from gdviz.views.terrain import Terrain
    from gdviz.views.theme import Theme

__all__ = ["VIEWS", "Board"]

VIEWS = ("contour", "surface", "error", "fit")


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
        self.views = dict(zip(VIEWS, (self.contour, self.surface, self.error_curve, self.data_fit), strict=True))
        columns = QSplitter(Qt.Orientation.Horizontal, objectName="columns")
        for names in (("contour", "error"), ("surface", "fit")):
            column = QSplitter(Qt.Orientation.Vertical, objectName=f"column_{names[0]}")
            for name in names:
                if name in only:
                    column.addWidget(self.views[name])
                else:
                    self.views[name].setParent(self)
                    self.views[name].hide()
            if column.count():
                columns.addWidget(column)
        self._columns = columns
        self.use_usual_sizes()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.legend)
        self.legend.setVisible(legend or bool(title))
        layout.addWidget(columns, 1)

    def use_usual_sizes(self) -> None:
        """Give each view its usual share of the room."""
        for column in self._columns.findChildren(QSplitter):
            column.setSizes([600, 330])
        self._columns.setSizes([560, 440])

    def show_data(self, objective: Objective) -> None:
        """Leave the data out where the objective has none, unless nothing else is asked for."""
        if "fit" in self._only and len(self._only) > 1:
            self.data_fit.setVisible(isinstance(objective, SigmoidNeuron))

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

    def show_terrain(self, terrain: Terrain | None) -> None:
        """Draw the error surface in the views that have one; None: there is none yet."""
        self.contour.show_terrain(terrain)
        self.surface.show_terrain(terrain)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        for view in (self.legend, *self.views.values()):
            view.set_theme(theme)
