"""Samples from a file: taken where it is plain which columns are meant, otherwise asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from gdviz.app.controls.panel import OPEN_CSV
from gdviz.app.files.import_dialog import ImportDialog
from gdviz.app.files.reading import Offer, Reader, Request, offer_of
from gdviz.files.kinds import SAMPLES
from gdviz.objectives.data.samples import is_path
from gdviz.objectives.on_data import require_data

if TYPE_CHECKING:
    from gdviz.app.window import MainWindow
    from gdviz.objectives import Data, Objective

__all__ = ["Importing"]

TABLES = f"Tables ({' '.join(f'*{ending}' for ending in SAMPLES)});;All (*)"
LARGE = 1 << 20
"""Bytes of a file that is read in the background."""


class Importing(QObject):
    """Fits what is minimised to other samples; a large file is read in the background."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._request: Request | None = None
        self._is_said = False
        self._reader = Reader()
        self._reader.done.connect(self._read)
        for signal in (self._reader.refused, self._reader.failed):
            signal.connect(self._refuse_file)

    @property
    def settled(self) -> bool:
        """Whether no file is being read."""
        return self._reader.is_idle

    def stop(self) -> None:
        """End the reader and wait for it."""
        self._reader.stop()

    def choose(self, name: str, standardize: bool) -> None:
        """Fit what is minimised to samples by their name or path; `OPEN_CSV` asks for a path."""
        if name == OPEN_CSV:
            name, _ = QFileDialog.getOpenFileName(self._window, "Open samples", "", TABLES)
        current = self._window.controller.experiment.objective
        self._window.panel.data_problem.say("")
        self._end_reading()
        self._request = request = Request(current, name, standardize)
        has_other = current.data is not None and standardize != current.is_standardized
        known = _known(current, name) if has_other else None
        if not name:
            self._show()
        elif known is not None:  # a file that is chosen again may hold something else
            self._take(known, standardize)
        elif is_path(name) and os.path.isfile(name) and os.path.getsize(name) > LARGE:
            self._window.say(f"Reading {os.path.basename(name)} …")
            self._is_said = True
            self._show()
            self._reader.ask(request)
        else:
            self._offer(request)

    def _offer(self, request: Request) -> None:
        try:
            offer = offer_of(request)
        except ValueError as error:
            self._refuse(f"{error}.")
        else:
            self._follow(request, offer)

    def _read(self, request: Request, offer: Offer) -> None:
        """Follow what was read in the background, unless something else was chosen meanwhile."""
        is_neuron = not self._window.controller.experiment.objective.has_layers
        self._end_reading()
        if request is self._request and request.is_neuron == is_neuron:
            self._follow(request, offer)

    def _end_reading(self) -> None:
        """Give up what is being read in the background, and do not say any more that it is."""
        self._reader.cancel()
        if self._is_said:
            self._is_said = False
            self._window.say("")

    def _follow(self, request: Request, offer: Offer) -> None:
        """Take the samples, or ask which columns are meant."""
        self._window.panel.data_problem.say(offer.problem)
        if offer.data is not None:
            self._take(offer.data, request.standardize)
            return
        self._show()
        assert offer.table is not None
        dialog = ImportDialog(self._window, offer.table, offer.roles, request.is_neuron)
        dialog.chosen.connect(lambda data: self._take(data, request.standardize))
        dialog.open()

    def _take(self, data: Data, standardize: bool) -> None:
        """Fit the objective to samples, or say beside the list why that cannot be."""
        controller = self._window.controller
        experiment = controller.experiment
        try:
            edited = experiment.on(require_data(experiment.objective).with_data(data, standardize))
        except ValueError as error:
            self._refuse(f"{error}.")
        else:
            controller.edit(edited)
            self._show()

    def _refuse_file(self, sentence: str) -> None:
        self._end_reading()
        self._refuse(sentence)

    def _refuse(self, sentence: str) -> None:
        """Say beside the list why samples are not taken."""
        self._window.panel.data_problem.say(sentence)
        self._show()

    def _show(self) -> None:
        """Show in the panel what is minimised now, whatever was chosen."""
        controller = self._window.controller
        self._window.panel.show_experiment(controller.experiment, controller.selected)


def _known(objective: Objective, name: str) -> Data | None:
    """Return the samples that an objective has, not standardised, if they are those of that name and known."""
    data = objective.data
    if data is None or name not in (data.source, data.name):
        return None
    return data.raw if data.is_standardized else data
