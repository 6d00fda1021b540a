"""Colours, markers and dashes: what a run or a quantity looks like, everywhere the same."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette, QPen

from gdviz.views.palette import rgb

__all__ = ["DARK", "LIGHT", "STYLES", "THEMES", "RunStyle", "Theme"]

OKABE_ITO = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00")
"""Okabe and Ito's colours that can be seen on white and on black; a theme adds two of its own."""
MARKERS = ("o", "t1", "s", "d", "t", "star", "p", "h")
STYLES = 3 * len(MARKERS)
"""The number of styles: each colour with three markers and dashes."""
DASHES: tuple[tuple[float, ...], ...] = (
    (),
    (7, 3),
    (2, 2.5),
    (8, 3, 2, 3),
    (4, 2),
    (12, 3),
    (1, 3),
    (6, 2, 2, 2, 2, 2),
)


@dataclass(frozen=True)
class RunStyle:
    """How one run is told apart: by colour, by marker and by dash."""

    color: str
    marker: str
    dash: tuple[float, ...]

    def pen(self, width: float = 2.0) -> QPen:
        """Return the pen of the run's path."""
        pen: QPen = pg.mkPen(self.color, width=width, cosmetic=False)  # in a picture of more pixels it is wider
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self.dash:
            pen.setDashPattern(list(self.dash))
        return pen


@dataclass(frozen=True)
class Theme:
    """A colour scheme.

    Attributes
    ----------
    window, base, text, quiet, line, accent, warning, field
        Background of the window and of the views, text, secondary text, lines between things, the one accent,
        the colour of messages about what is wrong, background of what can be filled in.
    gradient, memory, scaling
        The colours of a step's stages, in arrows as in equations; the whole step has that of the text.
    more_runs
        The colours of the seventh and the eighth run.
    map_share
        The share of the height map's colour that is left; the rest is the view's background.
    path_width, marker_size
        In pixels; larger for the last row of a lecture hall.
    type_size
        Of the axes' numbers and labels, in points; 0: as the system has it.
    is_clear
        Whether the views have no background.
    """

    name: str
    window: str
    base: str
    text: str
    quiet: str
    line: str
    accent: str
    warning: str
    field: str
    gradient: str
    memory: str
    scaling: str
    more_runs: tuple[str, str]
    map_share: float
    path_width: float = 2.0
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
        colors = (*OKABE_ITO, *self.more_runs)
        again, i = divmod(style % STYLES, len(colors))
        return RunStyle(colors[i], MARKERS[(i + 3 * again) % len(MARKERS)], DASHES[(i + 5 * again) % len(DASHES)])

    def colors(self, height: np.ndarray) -> np.ndarray:
        """Return the colours, uint8 of shape (..., 4), of heights from 0 to 1."""
        table = pg.colormap.get("viridis").getLookupTable(nPts=512).astype(float)
        table = self.map_share * table + (1 - self.map_share) * rgb(self.base)
        rgba = np.full((*height.shape, 4), 255, np.uint8)
        rgba[..., :3] = table[(np.clip(np.nan_to_num(height), 0, 1) * 511).astype(np.intp)]
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
            QPalette.ColorRole.Highlight: self.accent,
            QPalette.ColorRole.HighlightedText: "#ffffff",
            QPalette.ColorRole.Accent: self.accent,
        }
        for role, color in roles.items():
            palette.setColor(role, QColor(color))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.quiet))
        return palette


LIGHT = Theme(
    "light", window="#f4f5f7", base="#ffffff", text="#1b2430", quiet="#5b6675", line="#c9d0d9", accent="#2f6fde",
    warning="#b3261e", field="#ffffff", gradient="#c2185b", memory="#5e35b1", scaling="#00707a",
    more_runs=("#693C1E", "#000000"), map_share=0.5,
)  # fmt: skip
DARK = Theme(
    "dark", window="#171b21", base="#0f1318", text="#e8ecf1", quiet="#9aa5b3", line="#39424e", accent="#2f6fde",
    warning="#ff8a80", field="#2b333e", gradient="#ff6f9f", memory="#b39ddb", scaling="#4dd0e1",
    more_runs=("#F0E442", "#FFFFFF"), map_share=0.55,
)  # fmt: skip
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}
