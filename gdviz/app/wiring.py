"""The only place where signals are connected: controls to intents, the controller to what shows its news."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog

from gdviz.app.panel import OPEN_CSV
from gdviz.objectives import OBJECTIVES, Objective, SigmoidNeuron, load_data
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import SCHEDULES, Experiment, usual
from gdviz.training.moments import next_epoch, next_overshoot, next_turn

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.app.window import MainWindow
    from gdviz.training import Trajectory

__all__ = ["wire"]


def wire(window: MainWindow) -> None:
    """Connect everything in the window."""
    _wire_news(window)
    _wire_actions(window)
    _wire_panel(window)
    window.timeline.moved.connect(window.controller.move_to)
    window.timeline.speed_chosen.connect(window.controller.set_speed)
    window.timeline.show_speed(window.controller.speed)
    window.board.contour.start_chosen.connect(window.controller.set_start)
    window.board.contour.box_chosen.connect(window.controller.plane.look_at)
    for one, others in (
        (window.arithmetic, (window.board.contour, window.board.surface)),
        (window.board.contour, (window.arithmetic, window.board.surface)),
    ):
        for other in others:
            one.stage_lit.connect(other.light)


def _wire_news(window: MainWindow) -> None:
    controller = window.controller
    controller.experiment_changed.connect(window.show_experiment)
    controller.frame_changed.connect(window.relay.send)
    window.relay.drawn.connect(controller.drawn)
    controller.playing_changed.connect(window.show_playing)
    controller.plane.terrain_changed.connect(window.board.show_terrain)
    controller.plane.box_changed.connect(window.board.contour.show_box)


def _wire_actions(window: MainWindow) -> None:
    controller = window.controller
    intents = {
        "play": controller.toggle,
        "step": controller.step,
        "back": lambda: controller.step(-1),
        "reset": lambda: controller.move_to(0),
        "end": lambda: controller.move_to(controller.reached),
        "undo": controller.undo,
        "redo": controller.redo,
        "export_image": window.exporting.ask_image,
        "export_animation": window.exporting.ask_animation,
        "fit": controller.fit,
        "fork": lambda: window.intents.fork(),
        "next_turn": lambda: window.intents.jump(next_turn),
        "next_overshoot": lambda: window.intents.jump(next_overshoot),
        "next_epoch": lambda: window.intents.jump(next_epoch),
        "converged": controller.play_until_converged,
        "anatomy": lambda: window.board.show_arrows(not window.board.has_arrows),
        "theme": window.switch_theme,
        "full_screen": window.switch_full_screen,
        "keys": window.show_keys,
        "quit": window.close,
    }
    for name, intent in intents.items():
        window.action(name).triggered.connect(lambda checked=False, intent=intent: intent())


def _wire_panel(window: MainWindow) -> None:
    panel, controller = window.panel, window.controller
    intents = window.intents = Intents(window)
    panel.objective_chosen.connect(intents.choose_objective)
    panel.data_chosen.connect(intents.choose_data)
    panel.edited_run.connect(lambda key, value: intents.attempt(intents.edit_run, key, value))
    panel.edited_all.connect(lambda key, value: intents.attempt(intents.edit_all, key, value))
    panel.run_selected.connect(controller.select)
    panel.run_added.connect(intents.add_run)
    panel.run_removed.connect(intents.remove_run)


class Intents:
    """What the panel's signals mean for the experiment."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._controller = window.controller

    @property
    def _experiment(self) -> Experiment:
        return self._controller.experiment

    def choose_objective(self, name: str) -> None:
        """Minimise something else, at learning rates that suit it."""
        if name == self._experiment.objective.name:
            return
        cls = next(cls for cls in OBJECTIVES if cls.name == name)
        self._replace_objective(SigmoidNeuron.on(load_data("lecture")) if cls is SigmoidNeuron else cls())

    def _replace_objective(self, objective: Objective) -> None:
        runs = [
            replace(run, fork=None, objective=objective, start=(), optimizer=_suited(run.optimizer, objective))
            for run in self._experiment.runs
        ]
        self._controller.edit(Experiment(tuple(runs)), "objective")

    def choose_data(self, name: str, standardize: bool) -> None:
        """Fit the neuron to other samples; what is wrong with a file is said beside the list."""
        if name == OPEN_CSV:
            name, _ = QFileDialog.getOpenFileName(self._window, "Open samples", "", "CSV files (*.csv *.txt);;All (*)")
        current = self._experiment.objective
        try:
            if not name:
                return
            old = current.data if isinstance(current, SigmoidNeuron) else None
            data = old if old and old.name == name and not old.is_standardized else load_data(name)
            neuron = SigmoidNeuron.on(data.standardized() if standardize else data)
        except ValueError as error:
            self._window.panel.data_problem.say(f"{error}.")
        else:
            self._controller.edit_all("data", objective=neuron)
        finally:
            self._window.panel.show_experiment(self._experiment, self._controller.selected)

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
            cls = next(cls for cls in OPTIMIZERS if cls.name == value)
            optimizer = usual(cls, run.objective)
        else:
            optimizer = replace(run.optimizer, **{key: value})
        self._controller.edit_run(f"{key} of {self._controller.selected}", optimizer=optimizer)

    def edit_all(self, key: str, value: Any) -> None:
        """Change a field of every run, or a parameter of their schedule."""
        if key == "schedule":
            changes = {"schedule": next(cls for cls in SCHEDULES if cls.name == value)()}
        elif key.startswith("schedule."):
            run = self._experiment.runs[self._controller.selected]
            changes = {"schedule": replace(run.schedule, **{key.partition(".")[2]: value})}
        elif key.startswith("objective."):
            objective: Any = self._experiment.objective
            changes = {"objective": replace(objective, **{key.partition(".")[2]: value})}
        else:
            changes = {key: value} if key != "epochs" else {"epochs": value, "updates": None}
        self._controller.edit_all(key, **changes)

    def add_run(self) -> None:
        """Add a copy of the selected run below it."""
        runs = list(self._experiment.runs)
        at = self._controller.selected
        runs.insert(at + 1, runs[at])
        self._controller.edit(Experiment(tuple(runs)), "add", select=at + 1)

    def fork(self) -> None:
        """Add a run that is the selected one up to the cursor and can be changed from there on."""
        at = self._controller.selected
        runs = list(self._experiment.runs)
        update = min(self._controller.cursor, self._controller.trajectories[at].last)
        if update > 0:
            runs.insert(at + 1, runs[at].forked_at(update))
            self._controller.edit(Experiment(tuple(runs)), "fork", select=at + 1)

    def jump(self, find: Callable[[Trajectory, int], int | None]) -> None:
        """Move to the next such moment of the selected run, where there is one."""
        update = find(self._controller.trajectories[self._controller.selected], self._controller.cursor)
        if update is not None:
            self._controller.move_to(update)

    def remove_run(self, index: int) -> None:
        """Take a run out of the race."""
        runs = [run for i, run in enumerate(self._experiment.runs) if i != index]
        self._controller.edit(Experiment(tuple(runs)), "remove", select=min(index, len(runs) - 1))


def _suited(optimizer: Any, objective: Objective) -> Any:
    return replace(optimizer, eta=usual(type(optimizer), objective).eta)
