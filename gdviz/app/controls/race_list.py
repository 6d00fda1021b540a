"""The list of the runs that race: shown or hidden, each with its marker, colour, name and most telling number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QListWidgetItem, QStyledItemDelegate

from gdviz.notation.numbers import short
from gdviz.views.ink import draw_marker, draw_path
from gdviz.views.words import verbatim

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QMouseEvent, QPaintEvent
    from PySide6.QtWidgets import QWidget

    from gdviz.training import Experiment, Run
    from gdviz.training.experiment import Look
    from gdviz.views.theme import Theme

__all__ = ["RaceList"]


LOOK = Qt.ItemDataRole.UserRole
"""Where an item keeps what its icon depends on."""
TIP = "The box shows the run or hides it; double click renames it; drag it to move it; more with a right click"
TITLE = Qt.ItemDataRole.UserRole + 1
"""Where an item keeps what its run is called."""


class Naming(QStyledItemDelegate):
    """Lets the name alone be edited, not what else stands in the row."""

    def __init__(self, runs: RaceList) -> None:
        super().__init__(runs)
        self._runs = runs

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Begin with the name."""
        assert isinstance(editor, QLineEdit)
        editor.setText(index.data(TITLE))
        editor.selectAll()

    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Say what the run is to be called."""
        assert isinstance(editor, QLineEdit)
        self._runs.renamed.emit(index.row(), editor.text())


class RaceList(QListWidget):
    """A row for each run: what it looks like, whether it is shown, its name and its most telling number.

    Signals
    -------
    renamed(int, str)
        The run in that row is to be called so.
    hiding_toggled(int)
        The run in that row is to be hidden, or shown again.
    moved(int, int)
        The run in the first row is to stand in the second.
    """

    renamed = Signal(int, str)
    hiding_toggled = Signal(int)
    moved = Signal(int, int)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("runs")
        self.setAccessibleName("Runs in the race")
        self.setIconSize(QSize(34, 16))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setEditTriggers(self.EditTrigger.DoubleClicked | self.EditTrigger.EditKeyPressed)
        self.setItemDelegate(Naming(self))
        self._drag_row = self._over = -1
        self._drag_from = QPointF()
        self.itemChanged.connect(lambda item: self.hiding_toggled.emit(self.row(item)))
        self._theme = theme

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag a run."""
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._drag_row = self.indexAt(event.position().toPoint()).row() if is_left else -1
        self._drag_from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that a run is being dragged; the selection stays on it."""
        if self._drag_row < 0:
            super().mouseMoveEvent(event)
            return
        way = event.position() - self._drag_from
        if self._over < 0 and way.manhattanLength() < QApplication.startDragDistance():
            return  # a hand that trembles drags nothing
        self._over = self._row_at(event)
        if self._over != self._drag_row:
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self.viewport().update()

    def _row_at(self, event: QMouseEvent) -> int:
        """Return the row under the mouse; the first one above all, the last one below."""
        y = event.position().toPoint().y()
        rows = [row for row in range(self.count()) if self.visualItemRect(self.item(row)).top() <= y]
        return rows[-1] if rows else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows and, while one is dragged, a line where it will stand."""
        super().paintEvent(event)
        if self._drag_row >= 0 and self._over not in (-1, self._drag_row):
            place = self.visualItemRect(self.item(self._over))
            y = place.bottom() if self._over > self._drag_row else place.top()
            with QPainter(self.viewport()) as painter:
                painter.setPen(QPen(QColor(self._theme.accent), 3))
                painter.drawLine(place.left(), y, place.right(), y)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the run down where the mouse is."""
        super().mouseReleaseEvent(event)
        row, to = self._drag_row, self._row_at(event)
        is_moved = self._over >= 0
        self._drag_row = self._over = -1
        self.viewport().unsetCursor()
        self.viewport().update()
        if row >= 0 and is_moved and row != to:
            self.moved.emit(row, to)

    def set_theme(self, theme: Theme) -> None:
        """Draw the markers in the colours of `theme` from the next showing on."""
        self._theme = theme

    def show_runs(self, experiment: Experiment, selected: int) -> None:
        """Show the experiment's runs; what is being dragged may be another one now."""
        if len(experiment.runs) != self.count():
            self._drag_row = self._over = -1
        with QSignalBlocker(self):
            while self.count() > len(experiment.runs):
                self.takeItem(self.count() - 1)
            while self.count() < len(experiment.runs):
                self.addItem(QListWidgetItem())
            runs = zip(experiment.titles, experiment.looks, experiment.runs, strict=True)
            for index, (title, look, run) in enumerate(runs):
                self._show_row(self.item(index), title, look, run)
            self.setCurrentRow(selected)
        rows = min(max(len(experiment.runs), 2), 8)
        self.setFixedHeight(rows * self.sizeHintForRow(0) + 2 * self.frameWidth())

    def _show_row(self, item: QListWidgetItem, title: str, look: Look, run: Run) -> None:
        since = f", from {run.fork.update}" if run.fork else ""
        item.setText(f"{title}   η {short(run.optimizer.eta)}{since}")
        item.setData(TITLE, look.title or run.optimizer.label)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked if look.hidden else Qt.CheckState.Checked)
        item.setToolTip(verbatim(f"{item.text()}\n{TIP}"))
        appearance = look.style, self._theme, self.devicePixelRatioF()
        if item.data(LOOK) != appearance:
            item.setData(LOOK, appearance)
            item.setIcon(self._icon(look.style))

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
