"""Fast computation: whole trajectories, many runs at once, error grids."""

from gdviz.engine.grid import error_grid, prepare_grids
from gdviz.engine.many import Ends, train_many
from gdviz.engine.preview import Preview, original_of, preview_of
from gdviz.engine.rounding import horizon, horizon_sentence
from gdviz.engine.trainer import (
    advance,
    is_compiled,
    is_prepared,
    new_trajectory,
    prepare,
    train,
    train_all,
    values_at,
)

__all__ = [
    "Ends",
    "Preview",
    "advance",
    "error_grid",
    "horizon",
    "horizon_sentence",
    "is_compiled",
    "is_prepared",
    "new_trajectory",
    "original_of",
    "prepare",
    "prepare_grids",
    "preview_of",
    "train",
    "train_all",
    "train_many",
    "values_at",
]
