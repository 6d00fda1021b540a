"""Reads samples, a large file in a thread of its own: a million rows take seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gdviz.app.model.background import TaskWorker
from gdviz.objectives.data.csv_tables import as_data, rows_left_out
from gdviz.objectives.data.roles import UNCHOSEN, Choice, Roles, network_roles, neuron_roles
from gdviz.objectives.data.samples import is_path
from gdviz.objectives.on_data import require_data
from gdviz.tables import Table, read_table
from gdviz.tables.idx import is_idx

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.objectives import Data, Objective

__all__ = ["Offer", "Reader", "Request", "offer_of"]

SKIPPING = Choice(skip_missing=True)


@dataclass(frozen=True, eq=False)
class Request:
    """Samples that somebody chose: for which objective, by which name or path, and whether x is to be standardised."""

    objective: Objective
    name: str
    standardize: bool

    @property
    def is_neuron(self) -> bool:
        """Whether they are for a neuron: one input and numbers from 0 to 1."""
        return not self.objective.has_layers


@dataclass(frozen=True, eq=False)
class Offer:
    """What a name or a file offers: samples, or a table of which somebody has to say what its columns are.

    Attributes
    ----------
    data
        The samples; None where it is not plain which columns are meant.
    table, roles
        The table, and what its columns may be.
    problem
        What is wrong with that, a sentence; empty: nothing.
    """

    data: Data | None
    table: Table | None = None
    roles: Roles | None = None
    problem: str = ""


def offer_of(request: Request, cancelled: Callable[[], bool] = lambda: False) -> Offer:
    """Return what a name or a path offers.

    Raises
    ------
    ValueError
        Where there is neither, or a file is not fit: a sentence.
    """
    objective, name, is_neuron = require_data(request.objective), request.name, request.is_neuron
    if name in objective.names_of_datasets() or not is_path(name) or is_idx(name):
        return Offer(objective.load(name))
    table = read_table(name, "columns of numbers and at least one row", cancelled)
    try:
        roles: Roles | None = (neuron_roles if is_neuron else network_roles)(table, UNCHOSEN)
    except ValueError:
        if len(table.useful) < 2:
            raise
        roles = None
    if roles is not None and not roles.doubt and not rows_left_out(roles).any():
        return Offer(as_data(table, roles, UNCHOSEN, is_neuron))
    if not table.rows:
        raise ValueError(f"{name}: there is a header but no row of numbers")
    return Offer(None, table, roles, _problem(table, roles, is_neuron))


def _problem(table: Table, roles: Roles | None, is_neuron: bool) -> str:
    """Return why what the columns may be cannot be right; empty where it can."""
    if roles is not None:
        try:
            as_data(table, roles, SKIPPING, is_neuron)
        except ValueError as error:
            return f"{error}."
    return ""


class Reader(TaskWorker):
    """Reads the samples of a request, in the background."""

    def do(self, task: Request, is_stale: Callable[[], bool]) -> Offer:
        """Return what the file offers."""
        return offer_of(task, is_stale)
