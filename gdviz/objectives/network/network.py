"""A feed-forward network: one more objective, whose params are one flat vector."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.objectives.base import OBJECTIVES, Array, Box, Reduction, Samples
from gdviz.objectives.data.csv_tables import load_any
from gdviz.objectives.data.roles import UNCHOSEN, Choice
from gdviz.objectives.data.samples import DATASETS, Data
from gdviz.objectives.data.shipped import LABELLED
from gdviz.objectives.network.fitted import Fitted
from gdviz.objectives.network.outputs import OUTPUTS
from gdviz.objectives.network.parts import usual_layers
from gdviz.objectives.on_data import OnData
from gdviz.objectives.per_update import PerUpdate
from gdviz.objectives.scored import Scored

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdviz.objectives.network.layers import Statistics
    from gdviz.objectives.network.parts import Part
    from gdviz.objectives.space import ParameterSpace

__all__ = ["Network"]

FAR = 1e6
"""Parameters farther from 0 than this have diverged."""
WIDTH = 4.0
"""The width of the range in which most parameters lie."""
KEPT_APART = 0.2
"""The default share of the samples that is kept apart for validation."""


@OBJECTIVES
@dataclass(frozen=True, eq=False)
class Network(Fitted, OnData, Scored, PerUpdate):  # type: ignore[override]  # what a run never writes is computed
    """A feed-forward network, fitted by the mean error over its training samples and the penalty ½ λ Σ W².

    The flat vector of params holds for each layer W (inputs × outputs, row by row), then b; the γ of a normalised layer
    follows its b. See :mod:`gdviz.objectives.network.layers`.

    Parameters
    ----------
    layers
        Neurons in each layer, the inputs' number first: ``(2, 16, 2)`` or ``2-16-2``.
    activation
        Of the hidden layers: one for all, or one for each, such as ``tanh-relu``.
    X, Y
        Samples, shape (N,) or (N, d), and their classes (N,) from 0 on, numbers (N,), or targets (N, k).
    data
        The samples with their names, in place of X and Y.

    Raises
    ------
    ValueError
        With one sentence that says what does not fit, and what would.
    """

    name = "network"
    label = "Feed-forward network"
    datasets = (LABELLED, DATASETS)
    usual_data = "moons"
    formula = "E = mean error + ½ λ Σ W²,  a = f(a W + b) from layer to layer"

    @classmethod
    def on(cls, data: Data, **values: Any) -> Network:
        """Return a network on a data set; the defaults of layers, output and validation suit the data."""
        output = "softmax" if data.classes else "linear"
        usual = {"layers": usual_layers(data), "output": output, "validation": KEPT_APART}
        return cls(**{**usual, **values}, data=data)

    @classmethod
    def load(cls, name: str, choice: Choice = UNCHOSEN) -> Data:
        """Return the samples of a data set, or of a table with all its columns."""
        return load_any(name, choice)

    def with_data(self, data: Data, standardize: bool) -> Network:
        """Return the network on other samples; numbers of inputs and outputs and the kind of error adapt to them."""
        usual = Network.on(data)
        sizes = (usual.sizes[0], *self.sizes[1:-1], usual.sizes[-1])
        fits = OUTPUTS[self.output].for_classes == bool(data.classes)
        still = {} if data.image else {"shift": 0.0, "rotate": 0.0}
        values = {**self.values(), **still, "layers": sizes, "output": self.output if fits else usual.output}
        return Network(**{**values, "standardize": standardize}, data=data)

    @property
    def is_standardized(self) -> bool:
        """Whether the inputs are shifted and scaled."""
        return self.standardize

    @property
    def standardizes(self) -> bool:
        """Whether it shifts and scales the inputs itself."""
        return self.standardize

    @property
    def is_share(self) -> bool:  # type: ignore[override]
        """Whether its outputs are shares, from 0 to 1."""
        return self.output != "linear"

    def has_params_of(self, other: ParameterSpace) -> bool:
        """Return whether the other is a network with the same layout of the flat vector."""
        return isinstance(other, Network) and self.layout == other.layout

    # -- as an objective

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self.layout.size

    @cached_property
    def parameters(self) -> tuple[str, ...]:  # type: ignore[override]
        """The names of all parameters, such as ``W1[0,3]`` and ``b1[3]``."""
        return tuple(map(self.name_of, range(self.size)))

    @property
    def samples(self) -> int:  # type: ignore[override]
        """The number of training samples."""
        return len(self.parts.training.X)

    @property
    def value_name(self) -> str:  # type: ignore[override]
        """The name of the value: the training error, perhaps with the penalty."""
        penalty = " + penalty" if self.l2 and not self.decoupled else ""
        return f"training error{penalty}"

    @property
    def about_value(self) -> str:  # type: ignore[override]
        """How the value is computed, as a tip."""
        penalty = ", and ½ λ Σ W²" if self.l2 and not self.decoupled else ""
        return f"the mean {self.output_layer.error_name} over the training part, dropout off{penalty}"

    @cached_property
    def start(self) -> tuple[float, ...]:
        """The seeded initial weights; b is 0 and γ is 1."""
        return tuple(self.first_params(self.init, self.init_seed).tolist())

    @property
    def box(self) -> Box:
        """The range of any two parameters."""
        return ((-WIDTH / 2, WIDTH / 2), (-WIDTH / 2, WIDTH / 2))

    @property
    def extent(self) -> Array:
        """The same range for every parameter."""
        return np.broadcast_to(WIDTH, self.size)

    @property
    def limits(self) -> Array:
        """The same range for every parameter."""
        return np.broadcast_to([-FAR, FAR], (self.size, 2))

    @property
    def work(self) -> float:
        """Weights times samples, on a scale on which the neuron has one weight."""
        return float(self.samples * max(1, self.size // 2))

    def rate_factor(self, grows_with_gradient: bool) -> float:
        """Return 0.2, because many directions may be steep; 0.1 for other rules, because many params move at once."""
        return 0.2 if grows_with_gradient else 0.1

    def divisor(self, reduction: Reduction, batch_size: int, lecture_divides: bool) -> float:
        """Return the divisor of a batch's gradient, which is the mean already; ``lecture`` is ``mean``."""
        return 1 / batch_size if reduction == "sum" else 1.0

    def value(self, params: Array, cancelled: Callable[[], bool] = lambda: False) -> Array:
        """Return the mean error over the training samples, dropout off, and the penalty, at points (..., n).

        NaN once `cancelled` returns True, which is called every few milliseconds.
        """
        points = self.checked(params).reshape(-1, self.size)
        errors = [self._scores(self._training, point, (), cancelled)[0] + self.penalty(point) for point in points]
        return np.reshape(errors, np.shape(params)[:-1])

    def gradient_in(self, params: Array, batch: Samples, update: int, seed: int) -> Array:
        """Return the gradient with the augmented inputs and the dropout masks of an update."""
        return self.gradient(params, batch, self.draw(update, seed, batch) if self.draws else None)

    def sample_gradients(self, params: Array) -> Array | None:
        """Return each sample's gradient; None where layers are normalised over a batch or an update draws something."""
        return None if self.batchnorm or self.draws else super().sample_gradients(params)

    # -- scores

    @cached_property
    def score_names(self) -> tuple[str, ...]:  # type: ignore[override]
        """The training error without penalty, perhaps the validation error, and for classes their accuracies."""
        names = ["training_error", *(["accuracy"] if self._has_classes else [])]
        if self.parts.validation is not None:
            names += ["validation_error", *(["validation_accuracy"] if self._has_classes else [])]
        return tuple(names)

    @property
    def _has_classes(self) -> bool:
        return bool(self.data.classes)

    def measured(self, points: Array, cancelled: Callable[[], bool] = lambda: False) -> Array:
        """Return the value and the scores at points of shape (k, n), dropout off: shape (k, 1 + scores).

        Points have the shape (k, n + r) where r running means are carried along. NaN once `cancelled` returns True.
        """
        pairs = np.split(points, [self.size], axis=1)
        rows = [self._measured(point, carried, cancelled) for point, carried in zip(*pairs, strict=True)]
        return np.array(rows).reshape(len(points), -1)

    def _measured(self, params: Array, carried: Array, cancelled: Callable[[], bool]) -> list[float]:
        scores = self._scores(self._training, params, (), cancelled)
        if self._held_out is not None:
            scores += self._scores(self._held_out, params, self._statistics(params, carried), cancelled)
        return [scores[0] + self.penalty(params), *scores]

    def _statistics(self, params: Array, carried: Array | None) -> tuple[Statistics | None, ...]:
        """Return mean and variance for normalised layers: the running ones where there are any."""
        return self.statistics_of(carried) or self.exact_statistics(params)

    def _scores(
        self, part: Part, params: Array, statistics: Sequence[Statistics | None],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[float]:  # fmt: skip
        """Return the mean error and, for classes, the accuracy: the share of samples whose class is the likeliest."""
        error, right = 0.0, 0
        for rows in self._blocks(len(part.X)):
            if cancelled():
                error = np.nan
                break
            z, T = self.passes(params, part.X[rows], None, statistics)[-1].a, part.T[rows]
            error += float(self.output_layer.error(z, T).sum(dtype=float))
            right += int(np.count_nonzero(self._is_right(z, T))) if self._has_classes else 0
        return [error / len(part.X), *([right / len(part.X)] if self._has_classes else [])]

    def _is_right(self, z: Array, T: Array) -> Any:
        if T.shape[1] == 1:
            return ((self.output_layer.f(z) > 0.5) == (T > 0.5))[:, 0]
        return z.argmax(axis=1) == T.argmax(axis=1)

    def validation_error(self, params: Array, carried: Array | None = None) -> float:
        """Return the mean error over the samples that are kept apart, dropout off, without the penalty."""
        if self._held_out is None:
            return super().validation_error(params, carried)
        return self._scores(self._held_out, params, self._statistics(params, carried))[0]
