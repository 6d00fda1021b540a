"""The views: each is told a theme, a terrain and frames, and never asks."""

# ruff: noqa: I001 -- the order of these modules is the order in which views are listed
from gdviz.views.view import VIEWS, Dock, Place, View, ViewKind
from gdviz.views.contour import ContourView
from gdviz.views.surface import SurfaceView
from gdviz.views.error_curve import ErrorCurve
from gdviz.views.fit.data_fit import DataFit
from gdviz.views.accuracy_curve import AccuracyCurve
from gdviz.views.step.arithmetic import Arithmetic
from gdviz.views.layers.layers import LayersView

__all__ = [
    "VIEWS",
    "AccuracyCurve",
    "Arithmetic",
    "ContourView",
    "DataFit",
    "Dock",
    "ErrorCurve",
    "LayersView",
    "Place",
    "SurfaceView",
    "View",
    "ViewKind",
]
