"""The only place where signals are connected: controls to intents, the controller to what shows its news."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWhatsThis

from gdviz.app.actions import RACE_ACTIONS
from gdviz.app.controls.exercise import show_only
from gdviz.app.files.sessions import usual_session
from gdviz.app.help import show_keys
from gdviz.explaining.moments import next_epoch, next_overshoot, next_turn
from gdviz.optimizers import lecture_values, paper_values
from gdviz.views.view import LightsStages, TellsStage

if TYPE_CHECKING:
    from gdviz.app.window import MainWindow

__all__ = ["wire"]

Intentions = dict[str, Callable[[], object]]
"""What actions do, by their names."""


def wire(window: MainWindow) -> None:
    """Connect everything in the window."""
    _wire_news(window)
    _wire_actions(window)
    _wire_panel(window)
    window.timeline.moved.connect(window.controller.move_to)
    window.timeline.speed_chosen.connect(window.controller.set_speed)
    window.timeline.show_speed(window.controller.playback.speed)
    window.board.contour.start_chosen.connect(
        lambda a, b: window.panel.common.edit("start", window.controller.viewport.lifted(a, b))
    )
    window.board.contour.step_drawn.connect(lambda a, b: window.intents.take_guess((a, b)))
    window.board.contour.box_chosen.connect(window.controller.viewport.look_at)
    for one in window.views.values():
        for other in window.views.values():
            if isinstance(one, TellsStage) and isinstance(other, LightsStages) and other is not one:
                one.stage_lit.connect(other.light)


def _wire_news(window: MainWindow) -> None:
    controller = window.controller
    controller.experiment_changed.connect(window.show_experiment)
    controller.experiment_changed.connect(lambda *_: show_only(window.panel, controller.history.current.open_controls))
    controller.experiment_changed.connect(lambda experiment, _: window.checking.follow(experiment))
    controller.refused.connect(window.say)
    controller.opened.connect(window.intents.stop_predicting)
    controller.opened.connect(window.sessions.look)
    controller.frame_changed.connect(window.painting.send)
    window.painting.drawn.connect(controller.drawn)
    controller.playing_changed.connect(window.show_playing)
    controller.viewport.terrain_changed.connect(window.board.show_terrain)
    controller.viewport.box_changed.connect(window.board.contour.show_box)


def _wire_actions(window: MainWindow) -> None:
    does = _in_time(window) | _with_runs(window) | _with_files(window) | _with_views(window)
    for name, intent in does.items():
        window.action(name).triggered.connect(lambda checked=False, intent=intent: intent())


def _in_time(window: MainWindow) -> Intentions:
    controller, intents = window.controller, window.intents
    return {
        "play": lambda: controller.pause() if controller.playing else controller.play(),
        "step": lambda: controller.move_to(controller.cursor + 1),
        "back": lambda: controller.move_to(controller.cursor - 1),
        "reset": lambda: controller.move_to(0),
        "end": lambda: controller.move_to(controller.reached),
        "next_turn": lambda: intents.jump(next_turn),
        "next_overshoot": lambda: intents.jump(next_overshoot),
        "next_epoch": lambda: intents.jump(next_epoch),
        "converged": intents.play_until_converged,
        "predict": intents.predict,
        "undo": controller.undo,
        "redo": controller.redo,
    }


def _with_runs(window: MainWindow) -> Intentions:
    controller, intents = window.controller, window.intents
    return {
        "fork": intents.fork,
        "duplicate": intents.add_run,
        "remove": lambda: intents.remove_run(controller.selected),
        "rename": lambda: window.panel.runs.editItem(window.panel.runs.currentItem()),
        "recolour": intents.recolour_run,
        "hide": intents.hide_run,
        "solo": intents.solo,
        "move_up": lambda: intents.move_run(-1),
        "move_down": lambda: intents.move_run(1),
        "lecture_six": intents.lecture_six,
        "lecture_defaults": lambda: intents.take_defaults(lecture_values),
        "paper_defaults": lambda: intents.take_defaults(paper_values),
    }


def _with_files(window: MainWindow) -> Intentions:
    sessions = window.sessions
    return {
        "lecture_race": lambda: sessions.show(usual_session()),
        "open_session": sessions.ask_open,
        "save_session": sessions.save,
        "save_session_as": sessions.ask_save,
        "save_exercise": sessions.ask_exercise,
        "next_lesson": lambda: sessions.go_on(1),
        "previous_lesson": lambda: sessions.go_on(-1),
        "close_lesson": window.intents.close_lesson,
        "check": window.checking.ask,
        "forget_notebook": window.checking.forget,
        "copy_numpy": lambda: window.intents.copy_script("numpy"),
        "copy_torch": lambda: window.intents.copy_script("torch"),
        "export_image": window.exporting.ask_image,
        "export_animation": window.exporting.ask_animation,
        "export_pack": window.exporting.ask_pack,
        "quit": window.close,
    }


def _with_views(window: MainWindow) -> Intentions:
    board = window.board
    return {
        "fit": window.intents.fit,
        "anatomy": lambda: board.show_arrows(not board.has_arrows),
        "axis": board.next_axis,
        "fan": lambda: board.show_fan(not board.has_fan),
        "theme": window.switch_theme,
        "full_screen": window.switch_full_screen,
        "usual_layout": window.use_usual_layout,
        "what_is_this": QWhatsThis.enterWhatsThisMode,
        "keys": lambda: show_keys(window),
    }


def _wire_panel(window: MainWindow) -> None:
    panel, controller, intents = window.panel, window.controller, window.intents
    panel.objective_chosen.connect(intents.choose_objective)
    panel.data_chosen.connect(intents.choose_data)
    panel.edited_run.connect(lambda key, value: intents.attempt(intents.edit_run, key, value))
    panel.edited_all.connect(lambda key, value: intents.attempt(intents.edit_all, key, value))
    panel.edited_one.connect(lambda key, value: intents.attempt(intents.edit_one, key, value))
    panel.plane.chosen.connect(controller.choose_plane)
    panel.run_selected.connect(controller.select)
    panel.run_added.connect(intents.add_run)
    panel.run_removed.connect(intents.remove_run)
    panel.runs.renamed.connect(intents.rename_run)
    panel.runs.moved.connect(intents.put_run)
    panel.runs.hiding_toggled.connect(intents.hide_run)
    for name in RACE_ACTIONS:
        panel.runs.addAction(window.action(name))
