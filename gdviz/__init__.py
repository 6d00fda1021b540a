"""gdviz shows how gradient descent moves.

>>> import gdviz
>>> neuron = gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
>>> run = gdviz.Run(neuron, gdviz.Adam(eta=0.1), start=(-2, -2), epochs=100)
>>> trajectory = gdviz.train(run)
>>> trajectory.params.shape
(101, 2)

Importing gdviz loads no Qt; the window is in :mod:`gdviz.app`.
"""

import gdviz.texts.notebook  # noqa: F401  (says how runs and trajectories show themselves in a notebook)
from gdviz.engine import error_grid, horizon, train
from gdviz.files import open_session as open
from gdviz.files import save_session as save
from gdviz.objectives import (
    Ackley,
    Beale,
    Booth,
    Camel,
    Himmelblau,
    McCormick,
    Network,
    Objective,
    Rastrigin,
    Ravine,
    Rosenbrock,
    Saddle,
    SigmoidNeuron,
    StyblinskiTang,
    load_csv,
    load_data,
)
from gdviz.optimizers import (
    Adadelta,
    AdaGrad,
    Adam,
    AdaMax,
    AdamW,
    AMSGrad,
    GradientDescent,
    Lion,
    Momentum,
    NAdam,
    Nesterov,
    Optimizer,
    RMSProp,
    Term,
)
from gdviz.scene.session import Lesson, Session, Views
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
    "AMSGrad",
    "Ackley",
    "AdaGrad",
    "AdaMax",
    "Adadelta",
    "Adam",
    "AdamW",
    "Batch",
    "Beale",
    "Booth",
    "Camel",
    "ConstantRate",
    "CosineDecay",
    "Experiment",
    "ExponentialDecay",
    "GradientDescent",
    "Himmelblau",
    "InverseDecay",
    "Lesson",
    "Lion",
    "McCormick",
    "MiniBatch",
    "Momentum",
    "NAdam",
    "Nesterov",
    "Network",
    "Objective",
    "Optimizer",
    "RMSProp",
    "Rastrigin",
    "Ravine",
    "Rosenbrock",
    "Run",
    "Saddle",
    "Session",
    "SigmoidNeuron",
    "Step",
    "StepDecay",
    "Stochastic",
    "StyblinskiTang",
    "Term",
    "Trajectory",
    "Views",
    "error_grid",
    "horizon",
    "lecture_race",
    "load_csv",
    "load_data",
    "open",
    "save",
    "steps",
    "train",
]
