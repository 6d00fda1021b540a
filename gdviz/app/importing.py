"""Samples from a file: taken where it is plain which columns are meant, otherwise asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.app.import_dialog import ImportDialog
from gdviz.objectives import Data, Network, Objective
from gdviz.objectives.data import is_path
from gdviz.objectives.roles import UNCHOSEN, Roles, network_roles, neuron_roles
from gdviz.objectives.tables import as_data, rows_left_out
from gdviz.tables import read_table
from gdviz.tables.idx import is_idx

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.app.window import MainWindow

__all__ = ["offered"]


def offered(window: MainWindow, objective: Objective, name: str, take: Callable[[Data], None]) -> Data | None:
    """Return the samples of that name or path; None where a dialog asks which columns are meant, and calls `take`.

    Raises
    ------
    ValueError
        Where there is neither, or a file is not fit: a sentence.
    """
    if name in objective.datasets or not is_path(name) or is_idx(name):
        return objective.load(name)
    table = read_table(name, "columns of numbers and at least one row")
    is_neuron = not isinstance(objective, Network)
    try:
        roles: Roles | None = (neuron_roles if is_neuron else network_roles)(table, UNCHOSEN)
    except ValueError:
        if len(table.useful) < 2:
            raise
        roles = None
    if roles is not None and not roles.doubt and not rows_left_out(roles).any():
        return as_data(table, roles, UNCHOSEN, is_neuron)
    if not table.rows:
        raise ValueError(f"{name}: there is a header but no row of numbers")
    dialog = ImportDialog(window, table, roles, is_neuron)
    dialog.chosen.connect(take)
    dialog.open()
    return None
