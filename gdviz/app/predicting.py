"""Predict the next step: a click on the contour is compared with where the selected run's step leads."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Signal

from gdviz.explaining.anatomy import anatomy_of
from gdviz.explaining.guess import Guess
from gdviz.notation.numbers import short

if TYPE_CHECKING:
    from gdviz.app.model.controller import Controller
    from gdviz.training import Step
    from gdviz.views.contour import ContourView

__all__ = ["Predicting"]


class Predicting(QObject):
    """Asks where the next step leads, and shows a guess beside it.

    Signals
    -------
    news(str)
        What to do, and what came of a guess: a sentence; empty: nothing is asked any more.
    """

    news = Signal(str)

    def __init__(self, controller: Controller, contour: ContourView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._contour = controller, contour
        self._is_asking = False
        self._angles: list[float] = []
        self._step: Step | None = None
        """The step that is asked for, in the plane that is looked at."""

    def switch(self) -> None:
        """Ask where the selected run's next step leads, or stop asking."""
        self._is_asking, self._angles = not self._is_asking, []
        self._contour.show_guess(None)
        self._controller.pause()
        self.news.emit("")
        self._ask()

    def stop(self) -> None:
        """Ask no more, where something was asked."""
        if self._is_asking:
            self.switch()

    def _ask(self, result: str = "") -> None:
        """Ask for the next step, after the `result` of the last guess."""
        contour, controller = self._contour, self._controller
        trajectory = controller.trajectories[controller.selected]
        update = controller.cursor + 1
        if not self._is_asking or update > trajectory.last:
            self._is_asking = bool(result) and self._is_asking  # the last guess is looked at until P ends it
            contour.ask(None)
            self.news.emit(f"{result}That was the last update. P ends it." if self._is_asking else "")
            return
        plane = controller.viewport.plane
        if plane is not None and plane.indices is None:
            self._is_asking = False
            contour.show_guess(None)
            self.news.emit("To predict a step, look at a plane of two weights.")
            contour.ask(None)
            return
        step = trajectory.step(update)
        step = self._step = step if plane is None else step.only(plane.axes)
        factor = contour.ask(step.before, anatomy_of(step))
        title = controller.experiment.titles[controller.selected]
        scale = f", drawn {short(factor)} times as long" if factor != 1 else ""
        self.news.emit(f"{result}Click where update {update} of {title} leads to{scale}. P ends it.")

    def take_guess(self, a: float, b: float) -> None:
        """Show the step that was asked for, beside the guess, and ask for the next one."""
        controller, step = self._controller, self._step
        trajectory = controller.trajectories[controller.selected]
        is_next = step is not None and controller.cursor + 1 == step.update <= trajectory.last
        plane = controller.viewport.plane
        axes = [0, 1] if plane is None else list(plane.axes)
        if step is None or not is_next or not np.array_equal(trajectory.params_at(step.update)[axes], step.params):
            self._ask("It went on meanwhile. ")
            return
        guess = Guess(step, np.array((a, b)) - step.before)
        self._angles.append(guess.angle)
        self._contour.show_guess(guess)
        controller.move_to(controller.cursor + 1)
        angles = [angle for angle in self._angles if not math.isnan(angle)]
        mean = f" On average {sum(angles) / len(angles):.0f}° off." if len(angles) > 1 else ""
        self._ask(f"{guess.sentence}{mean}  ")
