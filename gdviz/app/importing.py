"""Samples from a file: taken where it is plain which columns are meant, otherwise asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog

from gdviz.app.import_dialog import ImportDialog
from gdviz.app.panel import OPEN_CSV
from gdviz.files.kinds import SAMPLES
from gdviz.objectives import Data, Network, Objective
from gdviz.objectives.data import is_path
from gdviz.objectives.roles import UNCHOSEN, Choice, Roles, network_roles, neuron_roles
from gdviz.objectives.tables import as_data, rows_left_out
from gdviz.tables import read_table
from gdviz.tables.idx import is_idx

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.app.window import MainWindow

__all__ = ["choose_data"]

SKIPPING = Choice(skip_missing=True)
TABLES = f"Tables ({' '.join(f'*{ending}' for ending in SAMPLES)});;All (*)"


def choose_data(window: MainWindow, name: str, standardize: bool) -> None:
    """Fit what is minimised to samples by their name or path; `OPEN_CSV` asks for a path."""
    if name == OPEN_CSV:
        name, _ = QFileDialog.getOpenFileName(window, "Open samples", "", TABLES)
    current = window.controller.experiment.objective

    def load() -> Data | None:
        known = _known(current, name) if standardize != current.is_standardized else None
        if known is not None:  # a file that is chosen again may hold something else
            return known
        return _offered(window, current, name, lambda data: _take(window, lambda: data, standardize)) if name else None

    _take(window, load, standardize)


def _known(objective: Objective, name: str) -> Data | None:
    """Return the samples that an objective has, not standardised, if they are those of that name and known."""
    data = objective.data
    if data is None or name not in (data.source, data.name):
        return None
    return data.raw if data.is_standardized else data


def _take(window: MainWindow, load: Callable[[], Data | None], standardize: bool) -> None:
    """Fit the objective to what is loaded, if anything is, or say beside the list why that cannot be."""
    panel, controller = window.panel, window.controller
    panel.data_problem.say("")
    try:
        data = load()
        experiment = controller.experiment
        edited = None if data is None else experiment.on(experiment.objective.with_data(data, standardize))
    except ValueError as error:
        panel.data_problem.say(f"{error}.")
    else:
        if edited is not None:
            controller.edit(edited)
    finally:
        panel.show_experiment(controller.experiment, controller.selected)


def _offered(window: MainWindow, objective: Objective, name: str, take: Callable[[Data], None]) -> Data | None:
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
    if roles is not None:
        try:
            as_data(table, roles, SKIPPING, is_neuron)
        except ValueError as error:  # so the guess is wrong
            window.panel.data_problem.say(f"{error}.")
    dialog = ImportDialog(window, table, roles, is_neuron)
    dialog.chosen.connect(take)
    dialog.open()
    return None
