"""Samples from a file: taken where it is plain which columns are meant, otherwise asked for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.app.controls.panel import OPEN_CSV
from gdviz.app.files.reading import Offer, Reader, Request, offer_of
from gdviz.files.kinds import SAMPLES
from gdviz.objectives.data.samples import is_path
from gdviz.objectives.on_data import require_data

if TYPE_CHECKING:
    from gdviz.app.edits import Edits
    from gdviz.app.model.document import Document
    from gdviz.objectives import Data, Objective

__all__ = ["Importing"]

TABLES = f"Tables ({' '.join(f'*{ending}' for ending in SAMPLES)});;All (*)"
LARGE = 1 << 20
"""Bytes of a file that is read in the background."""


class Importing(QObject):
    """Fits what is minimised to other samples; a large file is read in the background.

    Signals
    -------
    news(str)
        That a file is being read; empty: that is over.
    problem_found(str)
        What is wrong with the samples that were chosen: a sentence; empty: nothing.
    ended()
        A choice was taken or not: what is minimised now is to be shown.
    """

    news = Signal(str)
    problem_found = Signal(str)
    ended = Signal()

    def __init__(self, document: Document, edits: Edits, parent: QWidget) -> None:
        super().__init__(parent)
        self._document, self._edits, self._parent = document, edits, parent
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
            name, _ = QFileDialog.getOpenFileName(self._parent, "Open samples", "", TABLES)
        current = self._document.experiment.objective
        self.problem_found.emit("")
        self._end_reading()
        self._request = request = Request(current, name, standardize)
        has_other = current.data is not None and standardize != require_data(current).is_standardized
        data = _known(current, name) if has_other else None
        if not name:
            self._show()
        elif data is not None:  # a file that is chosen again may hold something else
            self._take(data, standardize)
        elif is_path(name) and os.path.isfile(name) and os.path.getsize(name) > LARGE:
            self.news.emit(f"Reading {os.path.basename(name)} …")
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
        is_neuron = not self._document.experiment.objective.has_layers
        self._end_reading()
        if request is self._request and request.is_neuron == is_neuron:
            self._follow(request, offer)

    def _end_reading(self) -> None:
        """Give up what is being read in the background, and do not say any more that it is."""
        self._reader.cancel()
        if self._is_said:
            self._is_said = False
            self.news.emit("")

    def _follow(self, request: Request, offer: Offer) -> None:
        """Take the samples, or ask which columns are meant."""
        self.problem_found.emit(offer.problem)
        if offer.data is not None:
            self._take(offer.data, request.standardize)
            return
        self._show()
        assert offer.table is not None
        from gdviz.app.files.import_dialog import ImportDialog  # not before it is needed: the start is to be quick

        dialog = ImportDialog(self._parent, offer.table, offer.roles, request.is_neuron)
        dialog.chosen.connect(lambda data: self._take(data, request.standardize))
        dialog.open()

    def _take(self, data: Data, standardize: bool) -> None:
        """Fit the objective to samples, or say beside the list why that cannot be."""
        experiment = self._document.experiment
        try:
            other = experiment.on(require_data(experiment.objective).with_data(data, standardize))
        except ValueError as error:
            self._refuse(f"{error}.")
        else:
            self._edits.edit(other)
            self._show()

    def _refuse_file(self, sentence: str) -> None:
        self._end_reading()
        self._refuse(sentence)

    def _refuse(self, sentence: str) -> None:
        """Say beside the list why samples are not taken."""
        self.problem_found.emit(sentence)
        self._show()

    def _show(self) -> None:
        """Let what is minimised now be shown, whatever was chosen."""
        self.ended.emit()

    def take_file(self, path: str) -> None:
        """Take the samples of a file for what is minimised; for the neuron where that has none."""
        if self._document.experiment.objective.data is None:
            self._edits.choose_objective("neuron")
        self.choose(path, False)


def _known(objective: Objective, name: str) -> Data | None:
    """Return the samples that an objective has, not standardised, if they are those of that name and known."""
    data = objective.data
    if data is None or name not in (data.source, data.name):
        return None
    return data.raw if data.is_standardized else data
