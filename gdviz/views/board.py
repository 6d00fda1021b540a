"""The views side by side, as in the window so in a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gdviz.views.legend import Legend
from gdviz.views.view import VIEWS, HasAxis, ShowsArrows, ShowsFan, ShowsTerrain, kinds_on_board, widget_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.objectives import Objective
    from gdviz.scene.frame import Frame
    from gdviz.scene.settings import Axis
    from gdviz.scene.terrain import Terrain
    from gdviz.views.contour import ContourView
    from gdviz.views.surface import SurfaceView
    from gdviz.views.theme import Theme
    from gdviz.views.view import View, ViewKind

__all__ = ["Board"]

COLUMNS, ROWS, BESIDE = (560, 440), (600, 330), (500, 500)
"""The usual shares of the columns, of the rows of a column, and of the views in a row; more have the last one's."""


class Board(QWidget):
    """Contour above the error curve, surface above the data; the borders can be dragged.

    Parameters
    ----------
    theme
        The colours.
    only
        The names of the views to make; None: all that have a place on the board.
    legend, title
        Whether a strip over the views says which run is which; what stands above it.
    """

    def __init__(self, theme: Theme, only: Sequence[str] | None = None, legend: bool = False, title: str = "") -> None:
        super().__init__()
        self.legend = Legend(theme, title, has_runs=legend)
        self.views: dict[str, View] = {}
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._columns.setObjectName("columns")
        self.add_views([kind for kind in kinds_on_board() if only is None or kind.name in only], theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.legend)
        self.legend.setVisible(legend or bool(title))
        layout.addWidget(self._columns, 1)

    def add_views(self, kinds: Sequence[ViewKind], theme: Theme) -> None:
        """Make views and put them in their places among those that are there, in the order of the registry."""
        views = self.views | {kind.name: kind.make(theme) for kind in kinds}
        self.views = {kind.name: views[kind.name] for kind in kinds_on_board() if kind.name in views}
        columns = self._columns.findChildren(QSplitter, options=Qt.FindChildOption.FindDirectChildrenOnly)
        self._lay_out_columns()
        for column in columns:  # their views stand in new ones
            column.setParent(None)
            column.deleteLater()
        self.use_usual_sizes()

    def _lay_out_columns(self) -> None:
        """Put each view where its kind has its place; a column is named after the first view that belongs there."""
        columns: dict[int, dict[int, list[ViewKind]]] = {}
        for kind in kinds_on_board():
            if kind.place is not None:
                columns.setdefault(kind.place.column, {}).setdefault(kind.place.row, []).append(kind)
        for _, rows in sorted(columns.items()):
            column = QSplitter(Qt.Orientation.Vertical)
            column.setObjectName(f"column_{rows[min(rows)][0].name}")
            for _, kinds in sorted(rows.items()):
                self._add_row(column, [kind.name for kind in kinds if kind.name in self.views])
            if column.count():
                self._columns.addWidget(column)

    def _add_row(self, column: QSplitter, names: Sequence[str]) -> None:
        """Add views side by side."""
        if len(names) == 1:
            column.addWidget(widget_of(self.views[names[0]]))
        elif names:
            row = QSplitter(Qt.Orientation.Horizontal)
            row.setObjectName(f"row_{names[0]}")
            for name in names:
                row.addWidget(widget_of(self.views[name]))
            column.addWidget(row)

    def use_usual_sizes(self) -> None:
        """Give each view its usual share of the room."""
        for splitter in self._columns.findChildren(QSplitter):
            _share(splitter, ROWS if splitter.orientation() == Qt.Orientation.Vertical else BESIDE)
        _share(self._columns, COLUMNS)

    @property
    def contour(self) -> ContourView:
        """The view from above, in which the window's user chooses starts and predicts steps."""
        return cast("ContourView", self.views["contour"])

    @property
    def surface(self) -> SurfaceView:
        """The view in perspective."""
        return cast("SurfaceView", self.views["surface"])

    def show_data(self, objective: Objective) -> None:
        """Leave out the views that have nothing to show of the objective, unless nothing else is asked for."""
        if len(self.views) > 1:
            for name, view in self.views.items():
                widget_of(view).setVisible(VIEWS[name].is_for(objective))

    def shown(self) -> list[View]:
        """Return the legend and the views, those that are not hidden."""
        return [view for view in (self.legend, *self.views.values()) if not widget_of(view).isHidden()]

    def show_frame(self, frame: Frame) -> None:
        """Draw the frame in every view."""
        for view in self.shown():
            view.show_frame(frame)

    def show_arrows(self, are_shown: bool) -> None:
        """Draw the arrows of the step, or hide them."""
        for view in self.views.values():
            if isinstance(view, ShowsArrows):
                view.show_arrows(are_shown)

    def show_fan(self, is_shown: bool) -> None:
        """Draw the gradient of each sample beside that of the batch, or hide them."""
        for view in self.views.values():
            if isinstance(view, ShowsFan):
                view.show_fan(is_shown)

    def show_axis(self, axis: Axis) -> None:
        """Draw the curves over updates, epochs or time."""
        for view in self.views.values():
            if isinstance(view, HasAxis):
                view.show_axis(axis)

    def show_terrain(self, terrain: Terrain | None) -> None:
        """Draw the error surface in the views that have one; None: there is none yet."""
        for view in self.views.values():
            if isinstance(view, ShowsTerrain):
                view.show_terrain(terrain)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        for view in (self.legend, *self.views.values()):
            view.set_theme(theme)


def _share(splitter: QSplitter, shares: Sequence[int]) -> None:
    """Share the room of a splitter among what is in it."""
    splitter.setSizes([shares[min(at, len(shares) - 1)] for at in range(splitter.count())])
