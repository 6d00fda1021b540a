"""The only place where parts are connected: controls to edits, the document and the controller to what shows news."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWhatsThis

from gdviz.app.actions import RACE_ACTIONS
from gdviz.app.files.sessions import usual_session
from gdviz.app.help import explain_views, show_keys
from gdviz.app.model.timers import make_timer
from gdviz.explaining.moments import next_epoch, next_overshoot, next_turn
from gdviz.optimizers import lecture_values, paper_values
from gdviz.registry import load_plugins, new_problems
from gdviz.scene.planes import PlaneRule, Principal
from gdviz.scene.settings import AXES
from gdviz.views.camera import Camera
from gdviz.views.view import LightsStages, TellsStage

if TYPE_CHECKING:
    from gdviz.app.files.reopening import Reopening
    from gdviz.app.model.document import Version
    from gdviz.app.window import MainWindow
    from gdviz.views.view import View

__all__ = ["wire", "wire_reopening"]

LATER = 500
"""Milliseconds from the first picture until plug-ins are looked for, which takes a moment."""
Callbacks = dict[str, Callable[[], object]]
"""What actions do, by their names."""


def wire(window: MainWindow) -> None:
    """Connect everything in the window, and show its document."""
    _wire_document(window)
    show_looks = _wire_looks(window)
    _wire_news(window)
    _wire_actions(window)
    _wire_panel(window)
    _wire_contour(window)
    _wire_views(window, window.views)
    _wire_plugins(window, show_looks)


def wire_reopening(window: MainWindow, reopening: Reopening) -> None:
    """Connect what shows at the start what was on the screen at the end."""
    reopening.news.connect(
        lambda text, is_offered: window.say(text, window.action("lecture_race") if is_offered else None)
    )


def _wire_document(window: MainWindow) -> None:
    """Let the window show the document, and what changes of it."""

    def follow(old: Version, new: Version) -> None:
        is_opened, session, before = not new.is_of(old), new.session, old.session
        if is_opened:
            window.predicting.stop()
        if is_opened or (session.experiment, session.selected) != (before.experiment, before.selected):
            window.show_experiment()
            window.checking.follow()
        if is_opened:
            window.panel.shared_settings.set_for_all(not session.experiment.differing)
        if session.lesson != before.lesson:
            window.show_lesson(session.lesson)
        if new.origin != old.origin:
            window.show_path(new.origin.path)

    document = window.document
    document.changed.connect(follow)
    window.show_experiment()
    window.panel.shared_settings.set_for_all(not document.experiment.differing)
    window.show_lesson(document.session.lesson)


def _wire_looks(window: MainWindow) -> Callable[[], None]:
    """Let each part show its field of the document's views, and change it there; return what shows all fields."""
    document, shows = window.document, _shows(window)

    def follow(old: Version, new: Version) -> None:
        for name, show in shows.items():
            value = getattr(new.session.views, name)
            if value != getattr(old.session.views, name):
                show(value)

    def show_all() -> None:
        for name, show in shows.items():
            show(getattr(document.session.views, name))

    document.changed.connect(follow)
    show_all()
    window.board.surface.camera_chosen.connect(
        lambda camera: document.look(camera=None if camera == Camera() else astuple(camera))
    )
    window.timeline.speed_chosen.connect(lambda speed: document.look(speed=speed))
    window.panel.plane.chosen.connect(lambda rule: document.look(plane=rule))
    window.docks.tab_chosen.connect(lambda view: document.look(tab=view))
    return show_all


def _shows(window: MainWindow) -> dict[str, Callable[[Any], None]]:
    """Return what shows each field of the views, by the field's name; the viewport shows the box itself."""
    board, controller = window.board, window.controller

    def show_plane(rule: PlaneRule | None) -> None:
        controller.choose_plane(rule or Principal())
        window.panel.plane.show_rule(rule or Principal())

    def show_speed(speed: float) -> None:
        controller.set_speed(speed)
        window.timeline.show_speed(speed)

    return {
        "camera": lambda camera: board.surface.set_camera(Camera(*camera) if camera else Camera()),
        "arrows": board.show_arrows,
        "fan": board.show_fan,
        "axis": board.show_axis,
        "speed": show_speed,
        "plane": show_plane,
        "tab": window.docks.show_tab,
    }


def _wire_news(window: MainWindow) -> None:
    controller = window.controller
    for part in (window.sessions, window.checking, window.importing, window.exporting, window.predicting):
        part.news.connect(window.say)
    controller.gave_up.connect(window.say)
    controller.frame_changed.connect(window.painting.send)
    window.painting.drawn.connect(controller.painted)
    controller.playing_changed.connect(window.show_playing)
    controller.viewport.terrain_changed.connect(window.board.show_terrain)
    controller.viewport.box_changed.connect(window.board.contour.show_box)
    window.sessions.named.connect(window.remember)
    window.menus.file_chosen.connect(window.sessions.open)
    window.menus.lesson_chosen.connect(window.sessions.show_lesson)
    window.sessions.log_opened.connect(window.checking.check)
    window.sessions.samples_opened.connect(window.importing.take_file)
    window.checking.departed.connect(controller.move_to)
    window.importing.problem_found.connect(window.panel.data_problem.say)
    window.importing.ended.connect(window.show_experiment)


def _wire_actions(window: MainWindow) -> None:
    does = _in_time(window) | _with_runs(window) | _with_files(window) | _with_views(window)
    for name, act in does.items():
        window.action(name).triggered.connect(lambda _=False, act=act: act())


def _in_time(window: MainWindow) -> Callbacks:
    controller, document = window.controller, window.document
    return {
        "play": lambda: controller.pause() if controller.playing else controller.play(),
        "step": lambda: controller.move_to(controller.cursor + 1),
        "back": lambda: controller.move_to(controller.cursor - 1),
        "reset": lambda: controller.move_to(0),
        "end": lambda: controller.move_to(controller.reached),
        "next_turn": lambda: controller.jump(next_turn),
        "next_overshoot": lambda: controller.jump(next_overshoot),
        "next_epoch": lambda: controller.jump(next_epoch),
        "converged": controller.play_until_converged,
        "predict": window.predicting.switch,
        "undo": document.undo,
        "redo": document.redo,
    }


def _with_runs(window: MainWindow) -> Callbacks:
    controller, edits = window.controller, window.edits

    def fork() -> None:
        edits.fork(min(controller.cursor, controller.trajectories[controller.selected].last))

    return {
        "fork": fork,
        "duplicate": edits.add_run,
        "remove": lambda: edits.remove_run(controller.selected),
        "rename": lambda: window.panel.runs.editItem(window.panel.runs.currentItem()),
        "recolour": edits.recolour_run,
        "hide": edits.hide_run,
        "solo": edits.solo,
        "move_up": lambda: edits.move_run(-1),
        "move_down": lambda: edits.move_run(1),
        "lecture_six": edits.lecture_six,
        "lecture_defaults": lambda: edits.take_defaults(lecture_values),
        "paper_defaults": lambda: edits.take_defaults(paper_values),
    }


def _with_files(window: MainWindow) -> Callbacks:
    sessions = window.sessions
    return {
        "lecture_race": lambda: sessions.show(usual_session()),
        "open_session": sessions.ask_open,
        "save_session": sessions.save,
        "save_session_as": sessions.ask_save,
        "save_exercise": sessions.ask_exercise,
        "next_lesson": lambda: sessions.go_on(1),
        "previous_lesson": lambda: sessions.go_on(-1),
        "close_lesson": window.document.close_lesson,
        "check": window.checking.ask,
        "forget_notebook": window.checking.forget,
        "copy_numpy": lambda: window.exporting.copy_script("numpy"),
        "copy_torch": lambda: window.exporting.copy_script("torch"),
        "export_image": window.exporting.ask_image,
        "export_animation": window.exporting.ask_animation,
        "export_pack": window.exporting.ask_pack,
        "quit": window.close,
    }


def _with_views(window: MainWindow) -> Callbacks:
    document = window.document

    def next_axis() -> None:
        document.look(axis=AXES[(AXES.index(document.session.views.axis) + 1) % len(AXES)])

    return {
        "fit": window.controller.fit,
        "anatomy": lambda: document.look(arrows=not document.session.views.arrows),
        "axis": next_axis,
        "fan": lambda: document.look(fan=not document.session.views.fan),
        "theme": window.switch_theme,
        "full_screen": window.switch_full_screen,
        "usual_layout": window.use_usual_layout,
        "what_is_this": QWhatsThis.enterWhatsThisMode,
        "keys": lambda: show_keys(window),
    }


def _wire_panel(window: MainWindow) -> None:
    panel, edits = window.panel, window.edits

    def refuse(name: str, sentence: str) -> None:
        if name:
            panel.refuse(name, sentence)
        else:
            window.show_experiment()  # all is as it was
            window.say(f"{sentence}.")

    edits.refused.connect(refuse)
    panel.objective_chosen.connect(edits.choose_objective)
    panel.data_chosen.connect(window.importing.choose)
    panel.edited.connect(edits.apply)
    panel.run_selected.connect(window.document.select)
    panel.run_added.connect(edits.add_run)
    panel.run_removed.connect(edits.remove_run)
    window.strip.selected.connect(window.document.select)
    window.strip.hiding_toggled.connect(edits.hide_run)
    window.strip.soloed.connect(edits.solo)
    panel.runs.renamed.connect(edits.rename_run)
    panel.runs.moved.connect(edits.put_run)
    panel.runs.hiding_toggled.connect(edits.hide_run)
    for name in RACE_ACTIONS:
        panel.runs.addAction(window.action(name))


def _wire_contour(window: MainWindow) -> None:
    contour, viewport = window.board.contour, window.controller.viewport
    window.timeline.moved.connect(window.controller.move_to)
    contour.start_chosen.connect(lambda a, b: window.panel.shared_settings.edit("start", viewport.lifted(a, b)))
    contour.step_drawn.connect(window.predicting.take_guess)
    contour.box_chosen.connect(viewport.look_at)
    contour.pointed.connect(window.status.show_readout)


def _wire_views(window: MainWindow, new_views: Mapping[str, View]) -> None:
    """Connect views with all others: a stage that one tells stands out in them."""
    explain_views(new_views)
    for name, one in window.views.items():
        for other, view in window.views.items():
            if other != name and (name in new_views or other in new_views):
                if isinstance(one, TellsStage) and isinstance(view, LightsStages):
                    one.stage_lit.connect(view.light)


def _wire_plugins(window: MainWindow, show_looks: Callable[[], None]) -> None:
    """Load plug-ins a moment after the window is painted, and show what they bring."""

    def show_plugins() -> None:
        if load_plugins():
            new_views = window.add_views()
            _wire_views(window, new_views)
            window.show_experiment()
            if new_views:
                window.board.show_terrain(window.board.contour.terrain)
                show_looks()
        for problem in new_problems():
            window.say(f"{problem[:1].upper()}{problem[1:]}.")

    later = make_timer(window, LATER, show_plugins, once=True)
    window.painting.drawn.connect(later.start, Qt.ConnectionType.SingleShotConnection)
