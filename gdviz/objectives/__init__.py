"""What is minimised: the sigmoid neuron and networks on data, and benchmark surfaces."""

from __future__ import annotations

# ruff: noqa: I001 -- the order of these modules is the order in which the objectives are listed: the lecture's first
from gdviz.objectives.base import OBJECTIVES, Array, Box, Objective, Reduction, Samples
from gdviz.objectives.on_data import OnData
from gdviz.objectives.scored import Scored
from gdviz.objectives.per_update import PerUpdate
from gdviz.objectives.compiled import Compiled
from gdviz.objectives.neuron import SigmoidNeuron, is_neuron, sigmoid
from gdviz.objectives.data.samples import DATASETS, FROM_FILE, Data
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.data.roles import Choice
from gdviz.objectives.data.csv_tables import load_csv, load_data
from gdviz.objectives.network.activations import ACTIVATIONS, Activation
from gdviz.objectives.network.network import Network
from gdviz.objectives.plane import Plane
from gdviz.objectives.surface import Surface
from gdviz.objectives.surfaces import (
    Ackley,
    Beale,
    Booth,
    Camel,
    Himmelblau,
    McCormick,
    Rastrigin,
    Rosenbrock,
    StyblinskiTang,
)
from gdviz.objectives.obstacles import Ravine, Saddle

__all__ = [
    "ACTIVATIONS",
    "DATASETS",
    "FROM_FILE",
    "LABELLED",
    "OBJECTIVES",
    "Ackley",
    "Activation",
    "Array",
    "Beale",
    "Booth",
    "Box",
    "Camel",
    "Choice",
    "Compiled",
    "Data",
    "Himmelblau",
    "McCormick",
    "Network",
    "Objective",
    "OnData",
    "PerUpdate",
    "Plane",
    "Rastrigin",
    "Ravine",
    "Reduction",
    "Rosenbrock",
    "Saddle",
    "Samples",
    "Scored",
    "SigmoidNeuron",
    "StyblinskiTang",
    "Surface",
    "is_neuron",
    "load_csv",
    "load_data",
    "sigmoid",
]
