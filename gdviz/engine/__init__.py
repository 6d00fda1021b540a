"""The fast paths: whole trajectories and error grids."""

from gdviz.engine.grid import error_grid
from gdviz.engine.trainer import CHUNK, advance, train

__all__ = ["CHUNK", "advance", "error_grid", "train"]
