"""Samples as a value, and the data sets with one input, for the neuron."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gdviz.assets import asset
from gdviz.registry import Registry, load_plugins
from gdviz.tables import read_table
from gdviz.wording import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.elementary import Array

__all__ = ["DATASETS", "FROM_FILE", "Data", "DataSet", "find_data", "is_known", "is_path"]

FROM_FILE = "Samples from a file"
"""The beginning of the sentence about samples from a file."""


LARGEST = 1e100
"""Maximum absolute value of a sample."""


@dataclass(frozen=True, eq=False)
class Data:
    """Samples (x, y) and their origin; x is one input or several, y a number or a class.

    Attributes
    ----------
    name
        The data set's name, or the file's name without its folder. Sessions, pictures and scripts contain it.
    X
        Shape (N,), or (N, d) for d inputs.
    Y
        Shape (N,): numbers, or the index of each sample's class.
    x_label, y_label
        What the axes show.
    about
        One sentence on what it teaches.
    is_standardized
        Whether x is shifted and scaled.
    inputs
        The names of the inputs where there are several.
    classes
        The names of the classes; none: y is a number.
    image
        Rows and columns where the inputs are the pixels of a picture, row by row; otherwise none.
    source
        The path of the file on this computer, which no session, picture or script contains; empty: not from a file.
    unit
        Mean and standard deviation of x before it was standardised: x = unit[0] + unit[1] · X. None where it was not
        standardised, or where they are unknown.
    raw
        The samples before x was shifted and scaled, where they are known; no session, picture or script contains them.
    """

    name: str
    X: Array
    Y: Array
    x_label: str = "x"
    y_label: str = "y"
    about: str = ""
    is_standardized: bool = False
    inputs: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    image: tuple[int, ...] = ()
    unit: tuple[float, float] | None = None
    source: str = field(default="", repr=False, compare=False)
    raw: Data | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Remove the folder from the name, and refuse numbers whose squares would overflow."""
        object.__setattr__(self, "name", re.split(r"[/\\]", self.name.rstrip("/\\"))[-1] or "data")
        for name, values in (("x", self.X), ("y", self.Y)):
            extreme = max((values.min(), values.max()), key=abs) if values.size else 0.0
            if abs(extreme) > LARGEST:
                raise ValueError(f"samples: {name} must be numbers from −{LARGEST:g} to {LARGEST:g}, not {extreme:g}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Data) and all(
            np.array_equal(getattr(self, f.name), getattr(other, f.name)) for f in fields(self) if f.compare
        )

    def checked(self) -> Data:
        """Return the data; raise ValueError, a sentence, where its fields contradict each other."""
        if len(self.X) != len(self.Y) or not len(self.X):
            raise ValueError(f"x and y must have one length above 0, not {len(self.X)} and {len(self.Y)}")
        columns = 1 if self.X.ndim == 1 else self.X.shape[1]
        if self.inputs and len(self.inputs) != columns:
            raise ValueError(f"inputs must be {columns} names, one for each column of x, not {len(self.inputs)}")
        if self.image and (len(self.image) != 2 or min(self.image) < 1 or math.prod(self.image) != columns):
            raise ValueError(f"image must be rows and columns of {columns} pixels, not {plain(list(self.image))}")
        if self.classes and not (self.Y.ndim == 1 and np.isin(self.Y, np.arange(len(self.classes))).all()):
            raise ValueError(f"y must be classes from 0 to {len(self.classes) - 1}")
        return self

    def standardized(self) -> Data:
        """Return the data with x shifted to mean 0 and scaled to standard deviation 1 (a constant x only shifted)."""
        # A constant x may have a standard deviation of 1e-17 through rounding; min and max tell whether it is constant.
        spread = float(self.X.std()) if self.X.min() < self.X.max() else 1.0
        mean, spread = float(self.X.mean()), spread or 1.0  # the square of a spread below 1e-162 is 0
        X, label = (self.X - mean) / spread, f"{self.x_label}, standardised"
        return replace(self, X=X, x_label=label, is_standardized=True, unit=(mean, spread), raw=self)


DataSet = Callable[[], Data]
"""A function that returns samples; its name is the data set's."""
DATASETS: Registry[DataSet] = Registry("data set")
"""Every data set with one input and targets from 0 to 1: for the neuron, and for networks."""


@DATASETS
def lecture() -> Data:
    """Return the two samples of the lecture."""
    return _asset("lecture", "The lecture's two samples: every number can be checked by hand.")


@DATASETS
def oring() -> Data:
    """Return the 23 shuttle launches before January 1986 (Dalal, Fowlkes and Hoadley, JASA 84, 1989)."""
    return _asset("oring", "Shuttle launches before 1986: O-ring distress against temperature. Why one standardises.")


def _asset(name: str, about: str) -> Data:
    x, y = read_table(asset(f"data/{name}.csv")).columns
    return Data(name, x.numbers("."), y.numbers("."), x.name, y.name, about)


@DATASETS
def sparse(samples: int = 100, seed: int = 0) -> Data:
    """Return seeded samples; four in five have x = 0, so that the gradient of w is mostly 0, that of b never."""
    random = np.random.default_rng(seed)
    x = np.zeros(samples)
    x[::5] = random.uniform(0.5, 3.0, len(x[::5]))
    x = random.permutation(x)
    y = np.where(x == 0, 0.2, 0.9) + random.uniform(-0.1, 0.1, samples)
    about = "x is 0 for four samples in five: the reason for a learning rate per parameter."
    return Data("sparse", x, y, about=about)


def find_data(name: str, registries: Sequence[Registry[DataSet]], load: Callable[[str], Data]) -> Data:
    """Return the data set of that name in one of the registries, or what `load` reads where the name is a path.

    Raises
    ------
    ValueError
        Where it is neither: a sentence with the names there are.
    """
    if not is_known(name, registries):
        if is_path(name):
            return load(name)
        load_plugins()
    for registry in registries:
        if name in registry.names:
            return registry[name]()
    names = ", ".join(name for registry in registries for name in registry.names)
    raise ValueError(f"unknown data {plain(name)}; known: {names}, or the path of a CSV file")


def is_known(name: str, registries: Sequence[Registry[DataSet]]) -> bool:
    """Return whether a data set has that name."""
    return any(name in registry.names for registry in registries)


def is_path(name: str) -> bool:
    """Return whether a name looks like the path of a file."""
    return bool(Path(name).suffix) or "/" in name or "\\" in name or os.path.exists(name)
