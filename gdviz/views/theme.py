"""Colours and markers: what a run or a quantity looks like, everywhere the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette, QPen

from gdviz.views.palette import rgb

__all__ = ["DARK", "LIGHT", "STYLES", "THEMES", "MapLook", "RunStyle", "Theme"]

MARKERS = ("o", "t1", "s", "d", "t", "star")
"""Circle, triangle up, square, diamond, triangle down, star: the shapes of the lecture's six, in their order."""
FURTHER_MARKERS = ("p", "h", "t3", "t2")
"""The shapes of further runs of the same colours."""
STYLES = len(MARKERS) * (1 + len(FURTHER_MARKERS))
"""The number of styles: each colour with five shapes."""


@dataclass(frozen=True)
class RunStyle:
    """How one run is told apart: by colour and by marker; `dash` is for paper that has one ink only."""

    color: str
    marker: str
    dash: tuple[float, ...] = ()

    def pen(self, width: float = 2.0) -> QPen:
        """Return the pen of the run's path."""
        pen: QPen = pg.mkPen(self.color, width=width, cosmetic=False)  # in a picture of more pixels it is wider
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if self.dash else Qt.PenCapStyle.RoundCap)
        if self.dash:
            pen.setDashPattern(list(self.dash))
        return pen


@dataclass(frozen=True)
class MapLook:
    """How the error from above is drawn: a muted relief with thin lines.

    Attributes
    ----------
    low, mid, high
        The colours of valleys, of the middle and of hills.
    contour, label
        The colours of the contour lines and of their numbers.
    goal, casing
        The colour of the minimum's ring and of the start's cross, and that of the light seam of paths and signs.
    line_alpha, index_alpha
        How much of its colour a line has, and every second one, which has a number.
    hillshade
        The part by which slopes are lighter or darker.
    """

    low: str
    mid: str
    high: str
    contour: str
    label: str
    goal: str
    casing: str
    line_alpha: float
    index_alpha: float
    hillshade: float


@dataclass(frozen=True)
class Theme:
    """A colour scheme.

    Attributes
    ----------
    window, panel, base, field
        The backgrounds of the window, of panels, of the views, and of what can be filled in.
    text, quiet, warning
        Text, secondary text, and messages about what is wrong.
    line, edge
        Lines between things, and the edges of what can be changed.
    selection, hover
        The backgrounds of what is selected and of what is under the pointer.
    accent
        The ring of the focus, and marks in views that are no run's and no quantity's.
    gradient, memory, scaling
        The colours of a step's stages, in arrows as in equations; the whole step has that of the text.
    runs
        The colours of the lecture's six; further runs have them again with other shapes.
    map
        How the error from above is drawn.
    path_width, marker_size
        In pixels; larger for the last row of a lecture hall.
    type_size
        Of the axes' numbers and labels, in points; 0: as the system has it.
    is_clear
        Whether the views have no background.
    """

    name: str
    window: str
    panel: str
    base: str
    field: str
    text: str
    quiet: str
    warning: str
    line: str
    edge: str
    selection: str
    hover: str
    accent: str
    gradient: str
    memory: str
    scaling: str
    runs: tuple[str, ...]
    map: MapLook
    path_width: float = 1.75
    marker_size: float = 12.0
    type_size: float = 0.0
    is_clear: bool = False

    def stage(self, name: str) -> str:
        """Return the colour of a stage of a step."""
        return {"gradient": self.gradient, "memory": self.memory, "scaling": self.scaling}.get(name, self.text)

    def transparent(self) -> Theme:
        """Return the theme with nothing for a background."""
        return replace(self, is_clear=True)

    @property
    def ground(self) -> QColor:
        """What the views are drawn on."""
        ground = QColor(self.base)
        ground.setAlpha(0 if self.is_clear else 255)
        return ground

    def run(self, style: int) -> RunStyle:
        """Return one of the styles that tell runs apart."""
        again, i = divmod(style % STYLES, len(self.runs))
        return RunStyle(self.runs[i], MARKERS[i] if again == 0 else FURTHER_MARKERS[(again - 1 + i) % 4])

    def colors(self, height: np.ndarray) -> np.ndarray:
        """Return the colours, uint8 of shape (..., 4), of heights from 0 to 1: valleys, middle, hills."""
        stops = np.stack([rgb(color) for color in (self.map.low, self.map.mid, self.map.high)])
        share = np.clip(np.nan_to_num(height), 0, 1)
        rgba = np.full((*height.shape, 4), 255, np.uint8)
        for channel in range(3):
            rgba[..., channel] = np.interp(share, (0, 0.5, 1), stops[:, channel]).round()
        return rgba

    def palette(self) -> QPalette:
        """Return the palette of Qt's own widgets."""
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: self.window,
            QPalette.ColorRole.Base: self.field,
            QPalette.ColorRole.AlternateBase: self.window,
            QPalette.ColorRole.Button: self.window,
            QPalette.ColorRole.WindowText: self.text,
            QPalette.ColorRole.Text: self.text,
            QPalette.ColorRole.ButtonText: self.text,
            QPalette.ColorRole.ToolTipBase: self.base,
            QPalette.ColorRole.ToolTipText: self.text,
            QPalette.ColorRole.PlaceholderText: self.quiet,
            QPalette.ColorRole.Highlight: self.selection,
            QPalette.ColorRole.HighlightedText: self.text,
            QPalette.ColorRole.Accent: self.accent,
        }
        for role, color in roles.items():
            palette.setColor(role, QColor(color))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.quiet))
        return palette


LIGHT = Theme(
    "light", window="#F4F3EF", panel="#FBFAF7", base="#FFFFFF", field="#FFFFFF", text="#1C2128", quiet="#5C646D",
    warning="#B3261E", line="#CBC7BC", edge="#8F8A82", selection="#EAE7DE", hover="#ECEAE3", accent="#1F5FBF",
    gradient="#C2185B", memory="#8A5200", scaling="#0A6C67",
    runs=("#2E3747", "#A96904", "#942203", "#0C7E78", "#1B4C9F", "#9049E4"),
    map=MapLook(
        "#C0D8E8", "#E6EEEA", "#F9F1E0", contour="#6B5A45", label="#54472F", goal="#1C2128", casing="#FFFFFF",
        line_alpha=0.34, index_alpha=0.62, hillshade=0.06,
    ),
)  # fmt: skip
DARK = Theme(
    "dark", window="#14171B", panel="#191D22", base="#101317", field="#22272E", text="#ECEEF0", quiet="#9CA6B0",
    warning="#FF9A8F", line="#3B434D", edge="#6A737E", selection="#2A3038", hover="#232930", accent="#7FB2FF",
    gradient="#FF86B0", memory="#FFB95C", scaling="#4FD3C4",
    runs=("#E4EAEE", "#FFB95C", "#FF6F4E", "#40DAC1", "#67A0FC", "#C684B8"),
    map=MapLook(
        "#16293A", "#26313A", "#3B3831", contour="#D9C8AE", label="#D9CDB8", goal="#FFFFFF", casing="#0B0E12",
        line_alpha=0.26, index_alpha=0.5, hillshade=0.16,
    ),
)  # fmt: skip
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
