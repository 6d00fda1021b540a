"""Objectives that are fitted to samples."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any, ClassVar

from gdviz.objectives.base import Objective
from gdviz.objectives.data.roles import UNCHOSEN, Choice

if TYPE_CHECKING:
    from typing import Self

    from gdviz.elementary import Array
    from gdviz.objectives.data.samples import Data, DataSet
    from gdviz.registry import Registry

__all__ = ["OnData", "require_data"]


class OnData(Objective):
    """An objective that is fitted to samples, and can be fitted to others.

    The command line, session files and the picker of data construct it from a data set or a file. The view of the data
    draws its predictions.
    """

    datasets: ClassVar[tuple[Registry[DataSet], ...]]
    """The registries of the data sets that it can be fitted to."""
    usual_data: ClassVar[str]
    """The name of the default data set."""
    data: Data
    """The samples that it is fitted to."""
    is_share: bool = False
    """Whether its predictions are shares, from 0 to 1."""
    saturates: bool = False
    """Whether large inputs saturate it, so that it hardly learns and inputs should be standardised."""

    @classmethod
    def names_of_datasets(cls) -> tuple[str, ...]:
        """Return the names of the data sets that it can be fitted to, the usual one first."""
        names = (name for registry in cls.datasets for name in registry.names)
        return tuple(dict.fromkeys((cls.usual_data, *names)))

    @classmethod
    @abc.abstractmethod
    def load(cls, name: str, choice: Choice = UNCHOSEN) -> Data:
        """Return the samples of a data set or a table.

        Parameters
        ----------
        name
            The name of a data set, or the path of a table.
        choice
            Which columns of the table to use; by default they are found.

        Raises
        ------
        ValueError
            Where there is neither, or the table does not suit the objective: a sentence.
        """

    @classmethod
    @abc.abstractmethod
    def on(cls, data: Data, **values: Any) -> Self:
        """Return the objective on a data set.

        Parameters
        ----------
        data
            The samples.
        values
            Its declared parameters by name; the defaults suit the data.

        Raises
        ------
        ValueError
            Where a value is not valid, or the samples do not fit: a sentence.
        """

    @abc.abstractmethod
    def with_data(self, data: Data, standardize: bool) -> Self:
        """Return the objective on other samples; settings that fit them stay.

        Parameters
        ----------
        data
            The samples.
        standardize
            Whether their inputs are shifted and scaled first.
        """

    @abc.abstractmethod
    def predict(self, x: Array, params: Array, carried: Array | None = None) -> Array:
        """Return the predictions for inputs.

        Parameters
        ----------
        x
            Inputs in the data's own unit and columns, shape (N,) or (N, d).
        params
            Shape (n,).
        carried
            The running statistics of a run, shape (r,), see :attr:`PerUpdate.carried`; None: none.

        Returns
        -------
        array
            Shape (N,) or, for k outputs, (N, k).
        """

    @property
    def is_standardized(self) -> bool:
        """Whether the inputs are shifted and scaled."""
        return self.data.is_standardized

    @property
    def standardizes(self) -> bool:
        """Whether the objective itself shifts and scales the inputs; otherwise only the data can be standardised."""
        return False

    def in_own_units(self, params: Array) -> Array | None:
        """Return the params for x in the data's own unit, shape (n,); None where they are the same."""
        return None


def require_data(objective: Objective) -> OnData:
    """Return an objective as one that is fitted to samples.

    Raises
    ------
    ValueError
        Where it has no data: a sentence.
    """
    if not isinstance(objective, OnData):
        raise ValueError(f"{objective.name} has no data")
    return objective
