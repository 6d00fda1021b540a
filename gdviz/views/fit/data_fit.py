"""The data and what each run makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from gdviz.views.caption import caption_height, paint_caption
from gdviz.views.fit.confusion import Matrix
from gdviz.views.fit.curves import Curves, SaidAgainstTrue
from gdviz.views.fit.decision import Regions
from gdviz.views.fit.fit import Fit, NoFit
from gdviz.views.pace import Pace
from gdviz.views.plot import Plot
from gdviz.views.view import Place, ViewKind

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter, QPaintEvent

    from gdviz.objectives import Network, Objective
    from gdviz.scene.frame import Frame
    from gdviz.views.theme import Theme

__all__ = ["DataFit", "fit_for"]


def fit_for(objective: Objective) -> type[Fit[Any]]:
    """Return the kind of picture that shows most of what runs make of an objective's data."""
    if objective.data is None:
        return NoFit
    if not objective.has_layers:
        return Curves
    inputs, has_classes = cast("Network", objective).sizes[0], bool(objective.data.classes)
    if inputs == 1 and len(objective.data.classes) in (0, 2):
        return Curves
    if inputs == 2:
        return Regions
    return Matrix if has_classes else SaidAgainstTrue


@ViewKind(
    "fit",
    title="Data",
    about=(
        "<b>What was learned.</b> The dots are the samples; those of the batch that the last update saw are "
        "ringed. Each curve is one run's output with its parameters of now; of a network with two inputs the "
        "selected run's regions, hollow dots being kept apart for validation; of one with many inputs which classes "
        "it takes for which. A benchmark surface has no samples."
    ),
    alt="The samples and the output of the neuron at the end of each run",
    alt_of_networks="The samples and what the network says of them at the end of a run",
    place=Place(1, 1),
    is_for=lambda objective: objective.data is not None,
    explains=False,
)
class DataFit(Plot):
    """The samples and what runs make of them; how, depends on the objective: see :func:`fit_for`."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("data_fit", "Samples and the output of each run", theme)
        self.fit: Fit[Any] | None = None
        self._pace = Pace(self)
        self.view_box.setMouseEnabled(x=False, y=False)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        super().set_theme(theme)
        if self.frame is not None:
            self._show_data(self.frame.objective)

    def _show_data(self, objective: Objective) -> None:
        for item in self.fit.items if self.fit is not None else ():
            self.removeItem(item)
        kind = fit_for(objective)
        for side in ("left", "bottom"):
            self.getPlotItem().showAxis(side, kind.has_axes)
        self.fit = kind(self, objective)
        room = caption_height(self, self.theme) if self.fit.has_caption else 8
        self.getPlotItem().setContentsMargins(0, room, 8, 0)
        self.getPlotItem().layout.activate()  # an export paints before the event loop would do both
        self._backdrop = None
        for item in self.fit.items:
            self.addItem(item, ignoreBounds=True)

    def show_frame(self, frame: Frame) -> None:
        """Draw what runs make of the data at the frame's cursor, and the batch."""
        if self.fit is None or frame.objective is not self.fit.objective:
            self._show_data(frame.objective)
        super().show_frame(frame)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the view; a large network may be seen as it was half a second ago."""
        newest = self.frame
        self.frame = self._pace.frame(newest)
        super().paintEvent(event)
        self.frame = newest

    def paint_overlay(self, painter: QPainter, frame: Frame) -> None:
        """Paint what moves."""
        if self.fit is not None:
            self.fit.paint(painter, frame)

    def paint_on(self, painter: QPainter, vector: bool = False) -> None:
        """Paint the view with any painter; `vector`: as lines and text instead of the kept picture."""
        super().paint_on(painter, vector)
        if self.frame is not None and self.fit is not None and self.fit.has_caption:
            paint_caption(painter, self, self.theme, self.frame, self.fit.caption(self.frame))
