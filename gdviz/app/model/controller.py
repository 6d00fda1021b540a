"""The controller: the document's experiment in, frames out. It owns the trajectories and the cursor.

Everything flows one way: an edit makes a new document; the workers compute; their chunks make the trajectories grow; a
frame is made from all that and handed to the views.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from gdviz.app.model.playback import Playback
from gdviz.app.model.race import Race
from gdviz.app.model.timers import make_timer
from gdviz.app.model.turns import Action, Event, Turns
from gdviz.app.model.viewport import Viewport
from gdviz.explaining.moments import converged_at
from gdviz.scene.frame import frame_at
from gdviz.scene.planes import Principal

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.app.model.background import Worker
    from gdviz.app.model.document import Document, Version
    from gdviz.objectives import Box
    from gdviz.scene.planes import PlaneRule
    from gdviz.training import Experiment, Trajectory

__all__ = ["Controller"]

FRAME = 16
"""Milliseconds from frame to frame: at most 60 a second."""


class Controller(QObject):
    """Follows the document, moves the cursor, and makes frames of trajectories.

    Signals
    -------
    gave_up(str)
        Why a thread gave up: a sentence.
    frame_changed(object)
        What the views are to draw; who draws it answers with :meth:`painted`.
    playing_changed(bool)
        Whether the cursor moves by itself.
    """

    gave_up = Signal(str)
    frame_changed = Signal(object)
    playing_changed = Signal(bool)

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)  # with which all that is connected to it goes
        self.document = document
        self.cursor = 0
        self.playback = Playback()
        self.turns = Turns()
        self._goal: int | None = document.session.cursor or None
        """The update that is shown once it is computed."""
        self._drawn_to = 0
        self.viewport = Viewport(document.session.views.plane, self)
        self.race = Race(self)
        self.race.awaited.connect(self._await)
        self.race.grew.connect(self._race_grew)
        self.race.horizons.found.connect(self._show)
        self.viewport.worker.previewed.connect(self.race.set_preview)
        self.viewport.looked_at.connect(self._note_box)
        for thread in self.threads:
            thread.failed.connect(self.gave_up)
        self._frames = make_timer(self, FRAME, self._tick)
        self._frames.setTimerType(Qt.TimerType.PreciseTimer)
        document.changed.connect(self._follow)

    @property
    def experiment(self) -> Experiment:
        """The experiment as it is now."""
        return self.document.experiment

    @property
    def selected(self) -> int:
        """The run whose step is explained."""
        return self.document.selected

    @property
    def trajectories(self) -> list[Trajectory]:
        """The trajectories that are shown."""
        return self.race.trajectories

    @property
    def threads(self) -> tuple[Worker, ...]:
        """The background threads."""
        return *self.race.threads, self.viewport.worker

    def start(self) -> None:
        """Start the workers and show the document."""
        self.race.start()
        self.viewport.worker.start()
        self._show_objective(self.document.session.views.box)
        self._compute(is_quick=False)

    def close(self) -> None:
        """Stop everything; no thread is left."""
        self.pause()
        self._frames.stop()
        for thread in self.threads:  # before any is waited for: one may wait for what another does
            thread.give_up()
        for part in (self.race, self.viewport):
            part.stop()

    # -- the document

    def _follow(self, old: Version, new: Version) -> None:
        """Compute what was edited, or show what is looked at otherwise."""
        if not new.is_of(old):
            self._open(new)
        elif new.session.experiment != old.session.experiment:
            self._apply(old.session.experiment)
        elif new.session.selected != old.session.selected:
            self._show()

    def _open(self, version: Version) -> None:
        """Show another session, at its update as soon as that is computed."""
        self.pause()
        self._goal = version.session.cursor
        self.viewport.rule = version.session.views.plane or Principal()
        self._show_objective(version.session.views.box)
        self._compute(is_quick=False)

    def _apply(self, old: Experiment) -> None:
        """Compute an edit; a quick one once the picture before it is painted."""
        if old.objective != self.experiment.objective:
            self._goal = None
            self._show_objective(None)
            self._compute(is_quick=False)
        elif len(self.trajectories) != len(self.experiment.runs):
            self._compute(is_quick=False)
        else:
            self._act(self.turns.take(Event.EDIT))

    def _show_objective(self, box: Box | None) -> None:
        """Begin again with an objective, at update 0, and look at a part of it; None: at all of it."""
        self.cursor = 0
        self.playback.set_speed(self.playback.speed, 0)
        self.viewport.show(self.experiment.objective, box)

    def _compute(self, is_quick: bool) -> None:
        self.turns.take(Event.BEGIN)
        self.race.compute(self.experiment, is_quick)

    def choose_plane(self, rule: PlaneRule) -> None:
        """Look at another plane through the params."""
        if rule != self.viewport.rule:
            self.viewport.rule = rule
            self._show()

    def fit(self) -> None:
        """Bring all of the paths into view, as far as they are computed, and the camera back to its place."""
        self.viewport.fit(self.trajectories)
        self.document.look(camera=None)

    def _note_box(self, box: Box | None) -> None:
        self.document.look(box=box)

    # -- time

    @property
    def reached(self) -> int:
        """The last update that can be shown."""
        return self.race.reached

    @property
    def complete(self) -> bool:
        """Whether all runs are computed to their ends."""
        return not self.turns.is_late and self.race.complete

    @property
    def settled(self) -> bool:
        """Whether what is shown is up to date and painted."""
        return self.turns.is_settled

    @property
    def playing(self) -> bool:
        """Whether the cursor moves by itself."""
        return self.playback.playing

    def play(self, stop_at: int | None = None) -> None:
        """Let the cursor move, to `stop_at` or to the end; from the start again where it stands there."""
        if (self.complete and self.cursor >= self.reached) or (stop_at is not None and self.cursor >= stop_at):
            self._move(0)
        was_playing = self.playing
        self._goal = None
        self.playback.begin(time.perf_counter(), self.cursor, stop_at)
        self._frames.start()
        if not was_playing:
            self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stop the cursor where it is."""
        if self.playing:
            self.turns.take(Event.MOVE)  # an update that was unfolding is shown whole
            self.playback.end()
            self._frames.start()
            self.playing_changed.emit(False)

    def move_to(self, update: int) -> None:
        """Pause and move the cursor to an update, as far as it is computed."""
        self.pause()
        self._goal = None
        self._move(update)

    def jump(self, find: Callable[[Trajectory, int], int | None]) -> None:
        """Move to the next such moment of the selected run, where there is one."""
        update = find(self.trajectories[self.selected], self.cursor)
        if update is not None:
            self.move_to(update)

    def play_until_converged(self) -> None:
        """Let the cursor move until every run has come to rest; to the end where one has not."""
        self.play(max(converged_at(trajectory) for trajectory in self.trajectories))

    def set_speed(self, updates_per_second: float) -> None:
        """Set how fast the cursor moves; the same speed again changes nothing, also not within an update."""
        if updates_per_second != self.playback.speed:
            self.playback.set_speed(updates_per_second, self.cursor)

    def _move(self, update: int) -> None:
        update = max(0, min(update, self.reached))
        if update != self.cursor:
            self.cursor = update
            self.turns.take(Event.MOVE)
            self._frames.start()
        if self._goal is None:
            self.document.look(cursor=min(update, self.experiment.total))

    def _go_to_goal(self) -> None:
        if self._goal is not None and (self.complete or self.reached >= self._goal):
            goal, self._goal = self._goal, None
            self._move(goal)

    # -- turns

    def _await(self) -> None:
        self.turns.take(Event.AWAIT)

    def _race_grew(self, is_new: bool) -> None:
        self._go_to_goal()
        is_other_plane = self.viewport.follow(self.trajectories, self.selected, self.cursor)
        if self.complete:
            self.viewport.paths_are_complete(self.trajectories)
        if self._drawn_to < self.cursor or is_other_plane:
            self.turns.take(Event.MOVE)
        if is_new:
            self._act(self.turns.take(Event.ARRIVE))
        if self.playing or not self.settled:
            self._frames.start()
        else:
            self.race.go_on()

    def painted(self) -> None:
        """Take note that every view has painted the last frame."""
        self._act(self.turns.take(Event.PAINTED))

    def _tick(self) -> None:
        """Make a frame where something moved and the last one is painted."""
        if self.playing:
            self._advance()
        action = self.turns.take(Event.TICK)
        self._act(action)
        if action is Action.GO_ON and not self.playing:
            self._frames.stop()

    def _advance(self) -> None:
        stages = self.playback.stages
        self._move(self.playback.at(time.perf_counter(), self.reached, self.complete))
        if stages != self.playback.stages:
            self.turns.take(Event.MOVE)
        if not self.playing:
            self.playing_changed.emit(False)

    def _show(self) -> None:
        self._act(self.turns.take(Event.SHOW))

    def _act(self, action: Action) -> None:
        if action is Action.DRAW:
            self._draw()
        elif action is Action.COMPUTE:
            self._compute(is_quick=True)
        elif action is Action.GO_ON:
            self.race.go_on()

    def _draw(self) -> None:
        self.viewport.follow(self.trajectories, self.selected, self.cursor)
        stages, plane, runs = self.playback.stages, self.viewport.plane, self.trajectories
        horizon = self.race.horizons.of(runs[self.selected])
        frame = frame_at(self.experiment, runs, self.cursor, self.selected, True, stages, plane, horizon)
        self._drawn_to = frame.cursor
        self.frame_changed.emit(frame)
