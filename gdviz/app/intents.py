"""What the controls' signals mean for the experiment: each intent makes a new one, or says why that cannot be."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtWidgets import QApplication

from gdviz.app.changing import suited, with_param
from gdviz.explaining.anatomy import anatomy_of
from gdviz.explaining.guess import Guess
from gdviz.explaining.moments import converged_at
from gdviz.notation.numbers import short
from gdviz.objectives import OBJECTIVES, Objective, OnData
from gdviz.optimizers import LECTURE, OPTIMIZERS
from gdviz.training import SCHEDULES, Experiment, usual
from gdviz.training.experiment import MOST_RUNS
from gdviz.views.camera import Camera
from gdviz.views.theme import STYLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gdviz.app.window import MainWindow
    from gdviz.optimizers import Optimizer
    from gdviz.texts.python import Library
    from gdviz.training import Run, Step, Trajectory

__all__ = ["Intents"]

LONGEST = 40
"""Letters of a run's name."""


class Intents:
    """What the panel's signals mean for the experiment."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._guessing = False
        self._guesses: list[float] = []
        self._asked: Step | None = None
        self._controller = window.controller

    @property
    def _experiment(self) -> Experiment:
        return self._controller.experiment

    def choose_objective(self, name: str) -> None:
        """Minimise something else, at learning rates that suit it."""
        if name != self._experiment.objective.name:
            cls = OBJECTIVES[name]
            self._replace_objective(cls.on(cls.load(cls.usual_data)) if issubclass(cls, OnData) else cls())

    def _replace_objective(self, objective: Objective) -> None:
        def moved(run: Run) -> Run:
            return replace(run, fork=None, objective=objective, start=(), optimizer=suited(run.optimizer, objective))

        self._controller.edit(self._experiment.with_each(moved))

    def choose_data(self, name: str, standardize: bool) -> None:
        """Fit the objective to other samples; what is wrong with a file is said beside the list."""
        self._window.importing.choose(name, standardize)

    def attempt(self, intent: Callable[[str, Any], None], key: str, value: Any) -> None:
        """Do what is meant, or say beside the field why that cannot be."""
        try:
            intent(key, value)
        except ValueError as error:
            self._window.panel.show_experiment(self._experiment, self._controller.selected)
            self._window.panel.refuse(key, str(error))

    def edit_run(self, key: str, value: Any) -> None:
        """Change the selected run's rule or one of its hyperparameters."""
        run = self._experiment.runs[self._controller.selected]
        if key == "optimizer":
            cls = OPTIMIZERS[value]
            optimizer = usual(cls, run.objective)
        else:
            optimizer = replace(run.optimizer, **{key: value})
        at = self._controller.selected
        edited = self._experiment.with_run(at, optimizer=optimizer)
        self._controller.edit(edited, "" if key == "optimizer" else f"{key} of {at}")

    def edit_all(self, key: str, value: Any) -> None:
        """Change a field of every run, or a parameter of the schedule of those that have one of its kind."""
        what, _, name = key.partition(".")
        if what == "objective":
            edited = self._experiment.on(with_param(self._experiment.objective, name, value))
        else:
            edited = self._experiment.with_each(lambda run: run.changed(**self._changes(run, key, value)))
        self._controller.edit(edited, key)

    def edit_one(self, key: str, value: Any) -> None:
        """Change a field of the selected run that runs usually share."""
        at = self._controller.selected
        run = self._experiment.runs[at]
        changes = self._changes(run, key, value)
        # A fork begins where the run began that it was; everything else is changed from the fork on.
        edited = run.changed(**changes) if key == "start" else replace(run, **changes)
        runs = (*self._experiment.runs[:at], edited, *self._experiment.runs[at + 1 :])
        self._controller.edit(replace(self._experiment, runs=runs), f"{key} of {at}")

    def _changes(self, run: Run, key: str, value: Any) -> dict[str, Any]:
        what, _, name = key.partition(".")
        if key == "schedule":
            return {"schedule": SCHEDULES[value]()}
        if what == "schedule":
            kind = type(self._experiment.runs[self._controller.selected].schedule)
            return {"schedule": replace(run.schedule, **{name: value})} if isinstance(run.schedule, kind) else {}
        return {key: value} if key != "epochs" else {"epochs": value, "updates": None}

    def add_run(self, rule: type[Optimizer] | None = None) -> None:
        """Add a run below the selected one: its copy, or one that differs from it in its rule."""
        if not self._has_room():
            return
        at = self._controller.selected
        run = self._experiment.runs[at]
        if rule is not None:
            run = replace(run, fork=None, optimizer=usual(rule, run.objective))
        self._controller.edit(self._experiment.with_added(at + 1, run), select=at + 1)

    def _has_room(self) -> bool:
        if len(self._experiment.runs) >= MOST_RUNS:
            self._window.say(f"A race has at most {MOST_RUNS} runs.")
            return False
        return True

    def fork(self) -> None:
        """Add a run that is the selected one up to the cursor and can be changed from there on."""
        at = self._controller.selected
        update = min(self._controller.cursor, self._controller.trajectories[at].last)
        if update > 0 and self._has_room():
            try:
                forked = self._experiment.runs[at].forked_at(update)
            except ValueError as error:
                self._window.say(f"{error}.")
            else:
                self._controller.edit(self._experiment.with_added(at + 1, forked), select=at + 1)

    def jump(self, find: Callable[[Trajectory, int], int | None]) -> None:
        """Move to the next such moment of the selected run, where there is one."""
        update = find(self._controller.trajectories[self._controller.selected], self._controller.cursor)
        if update is not None:
            self._controller.move_to(update)

    def copy_script(self, library: Library) -> None:
        """Copy the selected run as a script."""
        from gdviz.texts.python import script_of

        at = self._controller.selected
        try:
            QApplication.clipboard().setText(script_of(self._experiment.runs[at], library))
        except ValueError as error:
            self._window.say(f"{error}.")
        else:
            self._window.say(f"Copied {self._experiment.titles[at]} as a script for {library}.")

    def play_until_converged(self) -> None:
        """Let the cursor move until every run has come to rest; to the end where one has not."""
        self._controller.play(max(converged_at(trajectory) for trajectory in self._controller.trajectories))

    def fit(self) -> None:
        """Bring all of the paths into view, as far as they are computed, and the camera back to its place."""
        self._controller.viewport.fit(self._controller.trajectories)
        self._window.board.surface.set_camera(Camera())

    def close_lesson(self) -> None:
        """Put the lesson away; its race stays."""
        self._controller.history.note_opened(lesson=None)
        self._window.show_lesson(None)

    def predict(self) -> None:
        """Ask where the selected run's next step leads, or stop asking."""
        self._guessing, self._guesses = not self._guessing, []
        self._window.board.contour.show_guess(None)
        self._controller.pause()
        self._window.say("")
        self._ask()

    def stop_predicting(self) -> None:
        """Ask no more, where something was asked."""
        if self._guessing:
            self.predict()

    def _ask(self, said: str = "") -> None:
        contour, controller = self._window.board.contour, self._controller
        trajectory = controller.trajectories[controller.selected]
        update = controller.cursor + 1
        if not self._guessing or update > trajectory.last:
            self._guessing = bool(said) and self._guessing  # the last guess is looked at until P ends it
            contour.ask(None)
            self._window.say(f"{said}That was the last update. P ends it." if self._guessing else "")
            return
        plane = controller.viewport.plane
        if plane is not None and plane.indices is None:
            self._guessing = False
            contour.show_guess(None)
            self._window.say("To predict a step, look at a plane of two weights.")
            contour.ask(None)
            return
        step = trajectory.step(update)
        step = self._asked = step if plane is None else step.only(plane.axes)
        factor = contour.ask(step.before, anatomy_of(step))
        title = self._experiment.titles[controller.selected]
        drawn = f", drawn {short(factor)} times as long" if factor != 1 else ""
        self._window.say(f"{said}Click where update {update} of {title} leads to{drawn}. P ends it.")

    def take_guess(self, point: tuple[float, float]) -> None:
        """Show the step that was asked for, beside the guess, and ask for the next one."""
        controller, step = self._controller, self._asked
        trajectory = controller.trajectories[controller.selected]
        is_next = step is not None and controller.cursor + 1 == step.update <= trajectory.last
        plane = controller.viewport.plane
        axes = [0, 1] if plane is None else list(plane.axes)
        if step is None or not is_next or not np.array_equal(trajectory.params_at(step.update)[axes], step.params):
            self._ask("It went on meanwhile. ")
            return
        guess = Guess(step, np.array(point) - step.before)
        self._guesses.append(guess.angle)
        self._window.board.contour.show_guess(guess)
        controller.move_to(controller.cursor + 1)
        angles = [angle for angle in self._guesses if not math.isnan(angle)]
        mean = f" On average {sum(angles) / len(angles):.0f}° off." if len(angles) > 1 else ""
        self._ask(f"{guess.sentence}{mean}  ")

    def remove_run(self, index: int) -> None:
        """Take a run out of the race."""
        if len(self._experiment.runs) > 1:
            last = len(self._experiment.runs) - 2
            self._controller.edit(self._experiment.without(index), select=min(index, last))

    def move_run(self, by: int) -> None:
        """Move the selected run up or down in the list."""
        at = self._controller.selected
        self.put_run(at, min(max(at + by, 0), len(self._experiment.runs) - 1))

    def put_run(self, at: int, to: int) -> None:
        """Put a run at another place in the list."""
        self._controller.edit(self._experiment.with_moved(at, to), select=to)

    def rename_run(self, index: int, title: str) -> None:
        """Call a run by another name in all pictures; an empty one means its optimizer's."""
        run, look = self._experiment.runs[index], self._experiment.looks[index]
        title = " ".join(title.split())[:LONGEST]
        title = "" if title == run.optimizer.label else title
        if title != look.title:
            self._controller.edit(self._experiment.with_look(index, title=title))

    def recolour_run(self) -> None:
        """Give the selected run the next colour, marker and dash that no other run has."""
        at = self._controller.selected
        style = self._experiment.looks[at].style
        others = {look.style % STYLES for i, look in enumerate(self._experiment.looks) if i != at}
        following = [(style + i) % STYLES for i in range(1, STYLES)]
        free = [one for one in following if one not in others] or following
        self._controller.edit(self._experiment.with_look(at, style=free[0]))

    def hide_run(self, index: int | None = None) -> None:
        """Leave a run, or the selected one, out of the pictures, or bring it back."""
        at = self._controller.selected if index is None else index
        look = self._experiment.looks[at]
        self._controller.edit(self._experiment.with_look(at, hidden=not look.hidden))

    def solo(self) -> None:
        """Show the selected run alone, or all again."""
        self._controller.edit(self._experiment.with_only(self._controller.selected))

    def lecture_six(self) -> None:
        """Let the lecture's six rules race under the settings that all runs share."""
        run = self._experiment.runs[0]
        rules = [usual(cls, run.objective) for cls in LECTURE]
        self._controller.edit(Experiment(tuple(replace(run, fork=None, optimizer=rule) for rule in rules)), select=0)

    def take_defaults(self, values_of: Callable[[type[Optimizer]], Mapping[str, Any]]) -> None:
        """Set every run's hyperparameters to those that some source gives; others stay as they are."""

        def taken(rule: Optimizer) -> Optimizer:
            return replace(rule, **values_of(type(rule)))

        self._controller.edit(self._experiment.with_each(lambda run: replace(run, optimizer=taken(run.optimizer))))
