"""The transport: play, step, scrub, speed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from gdviz.app.controls.keys import reach_by_tab
from gdviz.app.controls.marked_slider import MarkedSlider
from gdviz.views.step.remarks import rounding
from gdviz.views.words import Label, named, verbatim

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from gdviz.scene.frame import Frame

__all__ = ["Timeline"]

SPEEDS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 100, 300, 1000, 3000, 10_000, math.inf)


class Timeline(QWidget):
    """Buttons for the given actions, the slider, what it stands at, the speed, and buttons for more actions.

    Signals
    -------
    moved(int)
        The update that the slider was moved to.
    speed_chosen(float)
        Updates a second; infinite for as fast as it goes.
    """

    moved = Signal(int)
    speed_chosen = Signal(float)

    def __init__(self, actions: list[QAction], more: list[QAction]) -> None:
        super().__init__()
        self._frame: Frame | None = None
        layout = self._row = QHBoxLayout(self)
        layout.setContentsMargins(10, 4, 10, 6)
        self._add_buttons(actions)
        self.label = Label("update 0 / 0")
        layout.addWidget(self.label)
        self.slider = MarkedSlider("timeline", "Timeline")
        self.slider.setToolTip("The update that is shown; the views follow it")
        self.slider.valueChanged.connect(self.moved)
        layout.addWidget(self.slider, 1)
        self.speed = named(QComboBox(), "speed", "Speed in updates a second")
        for speed in SPEEDS:
            self._add_speed(speed)
        self.speed.setToolTip("Updates a second")
        self.speed.activated.connect(lambda: self.speed_chosen.emit(float(self.speed.currentData())))
        layout.addWidget(self.speed)
        self._add_buttons(more)
        reach_by_tab(self.slider, self.speed)

    def _add_buttons(self, actions: list[QAction]) -> None:
        for action in actions:
            button = QToolButton(autoRaise=True)
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            self._row.addWidget(button)

    def show_speed(self, speed: float) -> None:
        """Show the speed; one that is not in the list is added to it."""
        if self.speed.findData(speed) < 0:
            if self.speed.count() > len(SPEEDS):
                self.speed.removeItem(len(SPEEDS))
            self._add_speed(speed)
        self.speed.setCurrentIndex(self.speed.findData(speed))

    def _add_speed(self, speed: float) -> None:
        self.speed.addItem(_told(speed), speed)

    def changeEvent(self, event: QEvent) -> None:
        """Make room for type of another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._frame is not None:
            self.label.setFont(self.font())
            self.show_frame(self._frame)

    def show_frame(self, frame: Frame) -> None:
        """Show where the cursor stands."""
        self._frame = frame
        computing = "" if frame.available >= frame.total else f"  ({frame.available} computed)"
        if any(run.ended for run in frame.runs):
            computing = ""
        preview = "a preview: the numbers are exact once the slider rests" if frame.is_preview else ""
        run = frame.selected_run.run
        epoch = f", epoch {run.epoch(frame.selected_run.update)}" if run.per_epoch > 1 else ""
        longest = f"update {frame.total} / {frame.total}{epoch and f', epoch {run.epoch(frame.total)}'} ≈"
        self.label.setMinimumWidth(self.label.fontMetrics().horizontalAdvance(longest))
        self.label.setText(f"update {frame.cursor} / {frame.total}{epoch}{' ≈' if preview else ''}")
        tip = preview or computing.strip(" ()") or f"updates in an epoch: {run.per_epoch}"
        self.label.setToolTip(verbatim(tip))
        with QSignalBlocker(self.slider):
            self.slider.setMaximum(frame.total)
            self.slider.setPageStep(max(1, frame.total // 20))
            self.slider.setValue(frame.cursor)
        self.slider.set_mark(frame.horizon, rounding(frame))


def _told(speed: float) -> str:
    """Return a speed in updates a second as it is called in the list."""
    if math.isinf(speed):
        return "as fast as it goes"
    seconds = 1 / speed
    is_whole = seconds > 1 and math.isclose(seconds, round(seconds))
    return f"1 in {round(seconds)} s" if is_whole else f"{speed:,g}/s".replace(",", " ")
