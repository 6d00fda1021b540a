"""What is minimised: the sigmoid neuron and networks on data, and benchmark surfaces."""

from __future__ import annotations

from typing import Any

from gdviz.objectives.activations import ACTIVATIONS, Activation
from gdviz.objectives.base import Array, Batch, Box, Objective, Reduction
from gdviz.objectives.data import DATASETS, FROM_FILE, Data
from gdviz.objectives.multimodal import Ackley, Camel, Himmelblau, McCormick, Rastrigin, Saddle, StyblinskiTang
from gdviz.objectives.network import Network
from gdviz.objectives.neuron import SigmoidNeuron, sigmoid
from gdviz.objectives.points import LABELLED
from gdviz.objectives.roles import Choice
from gdviz.objectives.slice import Slice
from gdviz.objectives.surface import Surface
from gdviz.objectives.tables import load_csv, load_data
from gdviz.objectives.unimodal import Beale, Booth, Ravine, Rosenbrock

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "FROM_FILE",
    "LABELLED",
    "OBJECTIVES",
    "SURFACES",
    "Ackley",
    "Activation",
    "Array",
    "Batch",
    "Beale",
    "Booth",
    "Box",
    "Camel",
    "Choice",
    "Data",
    "Himmelblau",
    "McCormick",
    "Network",
    "Objective",
    "Rastrigin",
    "Ravine",
    "Reduction",
    "Rosenbrock",
    "Saddle",
    "SigmoidNeuron",
    "Slice",
    "StyblinskiTang",
    "Surface",
    "load_csv",
    "load_data",
    "sigmoid",
]

SURFACES: tuple[type[Surface], ...] = (
    Himmelblau,
    Rosenbrock,
    Beale,
    Booth,
    McCormick,
    Camel,
    StyblinskiTang,
    Rastrigin,
    Ackley,
    Saddle,
    Ravine,
)
"""Every benchmark surface."""
OBJECTIVES: tuple[type[Any], ...] = (SigmoidNeuron, Network, *SURFACES)
"""Every objective that the pickers, the command line and the contract tests know."""
