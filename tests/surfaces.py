"""The benchmark surfaces that ship with the program."""

from gdviz.objectives import OBJECTIVES, Surface

SURFACES = tuple(cls for cls in OBJECTIVES if issubclass(cls, Surface))
