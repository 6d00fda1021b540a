"""The samples of a network: a training part and, kept apart from it, a validation part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from gdviz.objectives.data.samples import Data
from gdviz.objectives.data.split import Scaler, split

if TYPE_CHECKING:
    from gdviz.elementary import Array

__all__ = ["Part", "Parts", "data_from_arrays", "parts_of", "usual_layers"]


@dataclass(frozen=True, eq=False)
class Part:
    """Some of the samples.

    Attributes
    ----------
    X
        Inputs, standardised where that is chosen, shape (N, d).
    T
        Targets, shape (N, k).
    """

    X: Array
    T: Array


@dataclass(frozen=True, eq=False)
class Parts:
    """The samples of a network.

    Attributes
    ----------
    training, validation
        The samples that the network is fitted to, and those kept apart; None: none are.
    scaler
        Standardises the inputs; None: they stay as they are.
    """

    training: Part
    validation: Part | None
    scaler: Scaler | None

    def scaled(self, X: Array) -> Array:
        """Return the network's inputs, shape (N, d), from inputs in the data's own unit, shape (N,) or (N, d)."""
        columns = X[:, None] if X.ndim == 1 else X
        return columns if self.scaler is None else self.scaler.apply(columns)


def data_from_arrays(X: Any, Y: Any, outputs: int, for_classes: bool) -> Data:
    """Return a program's samples as data: inputs (N,) or (N, d), and classes or numbers (N,) or targets (N, k)."""
    x, y = _numbers("X", X), _numbers("Y", Y)
    if len(x) != len(y):
        raise ValueError(f"network: X and Y must have one length, not {len(x)} and {len(y)}")
    classes: tuple[str, ...] = ()
    is_one_hot = y.ndim == 2 and outputs > 1 and bool(np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all())
    if is_one_hot and for_classes and y.shape[1] == outputs:
        y = y.argmax(axis=1).astype(float)
    if y.ndim == 1 and for_classes and outputs > 1:
        if not (np.all(y == np.floor(y)) and y.min() >= 0 and y.max() < outputs):
            raise ValueError(f"network: Y must be classes from 0 to {outputs - 1}, or targets of shape (N, {outputs})")
        classes = tuple(map(str, range(outputs)))
    return Data("given", x, y, about="Samples given by a program.", classes=classes)


def _numbers(name: str, values: Any) -> Array:
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"network: {name} must be an array of numbers") from None
    if array.ndim not in (1, 2) or array.size == 0:
        raise ValueError(f"network: {name} must have the shape (N,) or (N, d), N > 0, not {array.shape}")
    if not np.isfinite(array).all():
        raise ValueError(f"network: {name} must be finite; sample {int(np.argwhere(~np.isfinite(array))[0, 0])} is not")
    return array


def usual_layers(data: Data) -> str:
    """Return layers that suit the samples: two hidden ones of 16 neurons, for pictures one of 32."""
    inputs, outputs = _inputs(data), _outputs(data)
    return f"{inputs}-{'32' if data.image else '16-16'}-{outputs}"


def _inputs(data: Data) -> int:
    return 1 if data.X.ndim == 1 else data.X.shape[1]


def _outputs(data: Data) -> int:
    return data.Y.shape[1] if data.Y.ndim == 2 else max(1, len(data.classes))


def _targets(data: Data, outputs: int) -> Array:
    """Return the targets, shape (N, outputs): numbers, or one-hot vectors of the classes."""
    if data.Y.ndim == 1 and len(data.classes) == outputs:
        one_hot: Array = np.eye(outputs)[data.Y.astype(int)]
        return one_hot
    targets = data.Y if data.Y.ndim == 2 else data.Y[:, None]
    is_binary = outputs == 1 and len(data.classes) in (0, 2)
    if targets.shape[1] != outputs or (data.classes and not is_binary):
        has = f"{len(data.classes)} classes" if data.classes else f"{targets.shape[1]} number(s) for each sample"
        raise ValueError(
            f"network: layers must end with {_outputs(data)}, not {outputs}, for the data {data.name}: it has {has}"
        )
    return targets


def parts_of(data: Data, sizes: tuple[int, ...], share: float, seed: int, standardize: bool) -> Parts:
    """Return the samples of `data` for a network with layers of `sizes`; a share of them is kept apart.

    Raises
    ------
    ValueError
        Where layers and samples do not fit each other: a sentence.
    """
    inputs = _inputs(data)
    if inputs != sizes[0]:
        has = f"the data {data.name} has {inputs} input{'s' * (inputs > 1)}"
        raise ValueError(f"network: layers must begin with {inputs}, not {sizes[0]}: {has}")
    T, X = _targets(data, sizes[-1]), data.X[:, None] if data.X.ndim == 1 else data.X
    first, second = split(data.Y, share, seed, bool(data.classes))
    scaler = Scaler.of(X[first]) if standardize else None
    X = X if scaler is None else scaler.apply(X)
    validation = Part(X[second], T[second]) if len(second) else None
    return Parts(Part(np.ascontiguousarray(X[first]), np.ascontiguousarray(T[first])), validation, scaler)
