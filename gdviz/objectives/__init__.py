"""What is minimised: the sigmoid neuron on data, and benchmark surfaces."""

from __future__ import annotations

from typing import Any

from gdviz.objectives.base import Array, Batch, Box, Objective, Reduction
from gdviz.objectives.data import DATASETS, Data, load_csv, load_data
from gdviz.objectives.neuron import SigmoidNeuron, sigmoid
from gdviz.objectives.surfaces import SURFACES, Beale, Himmelblau, Rosenbrock, Surface

__all__ = [
    "DATASETS",
    "OBJECTIVES",
    "SURFACES",
    "Array",
    "Batch",
    "Beale",
    "Box",
    "Data",
    "Himmelblau",
    "Objective",
    "Reduction",
    "Rosenbrock",
    "SigmoidNeuron",
    "Surface",
    "load_csv",
    "load_data",
    "sigmoid",
]

OBJECTIVES: tuple[type[Any], ...] = (SigmoidNeuron, *SURFACES)
"""Every objective that the pickers, the command line and the contract tests know."""
