"""The map's colours: blue valleys, sand hills, and a soft light from the upper left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gdviz.scene.terrain import Terrain
    from gdviz.views.theme import Theme

__all__ = ["relief"]

STEEP = 4.0
"""The height across the whole picture, times this, from which on a slope is as light or as dark as it gets."""


def relief(terrain: Terrain, theme: Theme) -> np.ndarray:
    """Return the colours of an error surface from above, uint8 of shape (len(a), len(b), 4).

    A slope that faces the upper left is lighter by the theme's hillshade, one that faces away is darker.
    """
    height = np.nan_to_num(terrain.height(terrain.values))
    colors = theme.colors(height)
    along_a, along_b = np.gradient(height)
    light = (along_a - along_b) * len(height) / STEEP
    factor = np.asarray(1 + theme.map.hillshade * np.clip(light, -1, 1))
    colors[..., :3] = np.clip(colors[..., :3] * factor[..., None], 0, 255).astype(np.uint8)
    return colors
