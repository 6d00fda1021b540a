"""The list of the runs that race, each with its marker, colour and most telling number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from gdviz.views.ink import draw_marker, draw_path
from gdviz.views.numbers import short

if TYPE_CHECKING:
    from gdviz.training import Experiment
    from gdviz.views.theme import Theme

__all__ = ["RaceList"]


LOOK = Qt.ItemDataRole.UserRole
"""Where an item keeps what its icon depends on."""


class RaceList(QListWidget):
    """A row for each run."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("runs")
        self.setAccessibleName("Runs in the race")
        self.setIconSize(QSize(34, 16))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Draw the markers in the colours of `theme` from the next showing on."""
        self._theme = theme

    def show_runs(self, experiment: Experiment, selected: int) -> None:
        """Show the experiment's runs."""
        while self.count() > len(experiment.runs):
            self.takeItem(self.count() - 1)
        while self.count() < len(experiment.runs):
            self.addItem(QListWidgetItem())
        for index, (name, run) in enumerate(zip(experiment.names, experiment.runs, strict=True)):
            item = self.item(index)
            suffix = name[len(run.optimizer.name) :]
            since = f", from {run.fork.update}" if run.fork else ""
            item.setText(f"{run.optimizer.label}{suffix}   η {short(run.optimizer.eta)}{since}")
            look = index, self._theme, self.devicePixelRatioF()
            if item.data(LOOK) != look:
                item.setData(LOOK, look)
                item.setIcon(self._icon(index))
        self.setCurrentRow(selected)
        rows = min(max(len(experiment.runs), 2), 8)
        self.setFixedHeight(rows * self.sizeHintForRow(0) + 2 * self.frameWidth())

    def _icon(self, index: int) -> QIcon:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.iconSize() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        style = self._theme.run(index)
        draw_path(painter, np.array([[0.0, 8.0], [34.0, 8.0]]), style)
        draw_marker(painter, np.array([17.0, 8.0]), style, self._theme.base)
        painter.end()
        icon = QIcon(picture)
        icon.addPixmap(picture, QIcon.Mode.Selected)
        return icon
