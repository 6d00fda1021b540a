"""gdviz shows how gradient descent moves.

>>> import gdviz
>>> neuron = gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
>>> run = gdviz.Run(neuron, gdviz.Adam(eta=0.1), start=(-2, -2), epochs=100)
>>> trajectory = gdviz.train(run)
>>> trajectory.params.shape
(101, 2)

Importing gdviz loads no Qt; the window is in :mod:`gdviz.app`.
"""

from gdviz.engine import error_grid, train
from gdviz.objectives import Beale, Himmelblau, Objective, Rosenbrock, SigmoidNeuron, load_csv, load_data
from gdviz.optimizers import AdaGrad, Adam, GradientDescent, Momentum, Nesterov, Optimizer, RMSProp, Term
from gdviz.training import (
    Batch,
    ConstantRate,
    CosineDecay,
    Experiment,
    ExponentialDecay,
    InverseDecay,
    MiniBatch,
    Run,
    Step,
    StepDecay,
    Stochastic,
    Trajectory,
    lecture_race,
    steps,
)

__version__ = "0.1.0"

__all__ = [
    "AdaGrad",
    "Adam",
    "Batch",
    "Beale",
    "ConstantRate",
    "CosineDecay",
    "Experiment",
    "ExponentialDecay",
    "GradientDescent",
    "Himmelblau",
    "InverseDecay",
    "MiniBatch",
    "Momentum",
    "Nesterov",
    "Objective",
    "Optimizer",
    "RMSProp",
    "Rosenbrock",
    "Run",
    "SigmoidNeuron",
    "Step",
    "StepDecay",
    "Stochastic",
    "Term",
    "Trajectory",
    "error_grid",
    "lecture_race",
    "load_csv",
    "load_data",
    "steps",
    "train",
]
