"""Runs and experiments, schedules, sampling, the step-by-step loop, and trajectories."""

from gdviz.training.experiment import Experiment, lecture_race, usual
from gdviz.training.loop import Best, Loop, Point, Step, following, has_stopped, steps, with_best
from gdviz.training.run import Run
from gdviz.training.sampling import STRATEGIES, Batch, MiniBatch, Sampling, Stochastic
from gdviz.training.schedules import (
    SCHEDULES,
    ConstantRate,
    CosineDecay,
    ExponentialDecay,
    InverseDecay,
    Schedule,
    StepDecay,
)
from gdviz.training.trajectory import Chunk, Trajectory

__all__ = [
    "SCHEDULES",
    "STRATEGIES",
    "Batch",
    "Best",
    "Chunk",
    "ConstantRate",
    "CosineDecay",
    "Experiment",
    "ExponentialDecay",
    "InverseDecay",
    "Loop",
    "MiniBatch",
    "Point",
    "Run",
    "Sampling",
    "Schedule",
    "Step",
    "StepDecay",
    "Stochastic",
    "Trajectory",
    "following",
    "has_stopped",
    "lecture_race",
    "steps",
    "usual",
    "with_best",
]
