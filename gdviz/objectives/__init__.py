"""What is minimised: the sigmoid neuron and networks on data, and benchmark surfaces."""

from __future__ import annotations

from typing import Any

from gdviz.objectives.base import Array, Box, Objective, Reduction, Samples
from gdviz.objectives.data.csv_tables import load_csv, load_data
from gdviz.objectives.data.roles import Choice
from gdviz.objectives.data.samples import DATASETS, FROM_FILE, Data
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.multimodal import Ackley, Camel, Himmelblau, McCormick, Rastrigin, Saddle, StyblinskiTang
from gdviz.objectives.network.activations import ACTIVATIONS, Activation
from gdviz.objectives.network.network import Network
from gdviz.objectives.neuron import SigmoidNeuron, sigmoid
from gdviz.objectives.plane import Plane
from gdviz.objectives.surface import Surface
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
    "Plane",
    "Rastrigin",
    "Ravine",
    "Reduction",
    "Rosenbrock",
    "Saddle",
    "Samples",
    "SigmoidNeuron",
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
