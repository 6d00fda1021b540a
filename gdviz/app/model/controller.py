"""The controller: intents in, frames out. It owns the experiment, the trajectories and the cursor.

Everything flows one way: a control's intent becomes a new experiment or a move of the cursor; the workers compute;
their chunks make the trajectories grow; a frame is made from all that and handed to the views.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gdviz.app.controls.exercise import refusal_of
from gdviz.app.model.history import History
from gdviz.app.model.playback import Playback
from gdviz.app.model.race import Race
from gdviz.app.model.viewport import Viewport
from gdviz.scene.frame import frame_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.app.model.background import Worker
    from gdviz.scene.planes import PlaneRule
    from gdviz.scene.session import Session
    from gdviz.training import Experiment, Trajectory

__all__ = ["Controller"]

FRAME = 16
"""Milliseconds from frame to frame: at most 60 a second."""


class Controller(QObject):
    """Turns intents into experiments and cursor moves, and trajectories into frames.

    Signals
    -------
    experiment_changed(object, int)
        The experiment as it is now, and the index of the selected run.
    opened(object)
        Another session is shown than before.
    refused(str)
        Why an edit is not made, or why a thread gave up.
    frame_changed(object)
        What the views are to draw; who draws it answers with :meth:`drawn`.
    playing_changed(bool)
        Whether the cursor moves by itself.
    """

    experiment_changed = Signal(object, int)
    opened = Signal(object)
    refused = Signal(str)
    frame_changed = Signal(object)
    playing_changed = Signal(bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)  # with which all that is connected to it goes
        self.history = History(session)
        self.cursor = 0
        self.playback = Playback()
        self._wanted: int | None = session.cursor or None
        self._dirty = False
        self._drawing = False
        self.is_late = False  # an edit waits until the picture before it is painted
        self._shown = 0
        self.viewport = Viewport(session.views.plane)
        self.race = Race()
        self.race.grew.connect(self._race_grew)
        self.race.horizons.found.connect(self._show)
        self.viewport.worker.previewed.connect(self.race.set_preview)
        for thread in self.threads:
            thread.failed.connect(self.refused)
        self._frames = QTimer(self, interval=FRAME, timerType=Qt.TimerType.PreciseTimer, timeout=self._tick)

    @property
    def experiment(self) -> Experiment:
        """The experiment as it is now."""
        return self.history.current.experiment

    @property
    def selected(self) -> int:
        """The run whose step is explained."""
        return self.history.current.selected

    @property
    def heading_for(self) -> int:
        """The update that is shown, or will be once it is computed."""
        return self.cursor if self._wanted is None else self._wanted

    @property
    def trajectories(self) -> list[Trajectory]:
        """The trajectories that are shown."""
        return self.race.trajectories

    def start(self) -> None:
        """Start the workers and show the experiment."""
        self.race.start()
        self.viewport.worker.start()
        self._apply(None)

    def close(self) -> None:
        """Stop everything; no thread is left."""
        self.pause()
        self._frames.stop()
        for thread in self.threads:  # before any is waited for: one may wait for what another does
            thread.give_up()
        for part in (self.race, self.viewport):
            part.stop()

    @property
    def threads(self) -> tuple[Worker, ...]:
        """The background threads."""
        return *self.race.threads, self.viewport.worker

    # -- the experiment

    def edit(self, experiment: Experiment, key: str = "", select: int | None = None) -> None:
        """Make `experiment` the current one and `select` a run; edits of one `key` in quick succession are one."""
        old = self.experiment
        refusal = refusal_of(self.history.current, experiment)
        if refusal:
            self.refused.emit(refusal)
            self.experiment_changed.emit(old, self.selected)  # all is as it was
            return
        if experiment == old and select in (None, self.selected):
            return
        selected = min(self.selected if select is None else select, len(experiment.runs) - 1)
        self.history.change(experiment, selected, key)
        self._apply(old)

    def open(self, session: Session) -> None:
        """Show a session, at its update as soon as that is computed; undo leads back to what was there before."""
        self.pause()
        self.history.edit(replace(session, views=replace(session.views)))
        self._wanted = session.cursor
        self._apply(None)
        self.opened.emit(self.history.current)

    def undo(self) -> None:
        """Go back to the experiment before the last edit."""
        self._step_history(self.history.undo)

    def redo(self) -> None:
        """Take an undo back."""
        self._step_history(self.history.redo)

    def _step_history(self, move: Callable[[], None]) -> None:
        old = self.history.current
        move()
        new = self.history.current
        self._wanted = None
        self._apply(old.experiment)
        if new.views is not old.views:
            self.pause()
            self._wanted = new.cursor
            self._go_to_wanted()
            self.opened.emit(new)

    def select(self, index: int) -> None:
        """Select the run whose step is explained and whose hyperparameters are edited."""
        if 0 <= index < len(self.experiment.runs) and index != self.selected:
            self.history.note(selected=index)
            self.experiment_changed.emit(self.experiment, index)
            self._show()

    def _apply(self, old: Experiment | None) -> None:
        """Show the current experiment; what a quick edit changed is computed once the picture before it is painted."""
        experiment = self.experiment
        is_another = old is None or old.objective != experiment.objective
        if is_another:
            self.cursor = 0
            self.playback.set_speed(self.playback.speed, 0)
            self.viewport.show(experiment.objective)
        self.experiment_changed.emit(experiment, self.selected)
        is_quick = not is_another and len(self.trajectories) == len(experiment.runs)
        self.is_late = is_quick and (self._drawing or self.race.awaits)
        if not self.is_late:
            self.race.compute(experiment, is_quick)

    def choose_plane(self, rule: PlaneRule) -> None:
        """Look at another plane through the params."""
        self.viewport.rule = rule
        self._show()

    # -- time

    @property
    def reached(self) -> int:
        """The last update that can be shown."""
        return self.race.reached

    @property
    def complete(self) -> bool:
        """Whether all runs are computed to their ends."""
        return not self.is_late and self.race.complete

    @property
    def settled(self) -> bool:
        """Whether what is shown is up to date and painted."""
        return not (self._dirty or self._drawing or self.is_late or self.race.awaits)

    @property
    def playing(self) -> bool:
        """Whether the cursor moves by itself."""
        return self.playback.playing

    def play(self, stop_at: int | None = None) -> None:
        """Let the cursor move, to `stop_at` or to the end; from the start again where it stands there."""
        at_end = self.complete and self.cursor >= self.reached
        if at_end or (stop_at is not None and self.cursor >= stop_at):
            self._move(0)
        was_playing = self.playing
        self._wanted = None
        self.playback.begin(time.perf_counter(), self.cursor, stop_at)
        self._frames.start()
        if not was_playing:
            self.playing_changed.emit(True)

    def pause(self) -> None:
        """Stop the cursor where it is."""
        if self.playing:
            self._dirty = True  # an update that was unfolding is shown whole
            self.playback.end()
            self._frames.start()
            self.playing_changed.emit(False)

    def move_to(self, update: int) -> None:
        """Pause and move the cursor to an update, as far as it is computed."""
        self.pause()
        self._wanted = None
        self._move(update)

    def set_speed(self, updates_per_second: float) -> None:
        """Set how fast the cursor moves."""
        self.playback.set_speed(updates_per_second, self.cursor)

    def _move(self, update: int) -> None:
        update = max(0, min(update, self.reached))
        if update != self.cursor:
            self.cursor = update
            self._dirty = True
            self._frames.start()

    def _go_to_wanted(self) -> None:
        if self._wanted is not None and (self.complete or self.reached >= self._wanted):
            self._move(self._wanted)
            self._wanted = None

    def _race_grew(self, is_new: bool) -> None:
        self._go_to_wanted()
        is_other_plane = self.viewport.follow(self.trajectories, self.selected, self.cursor)
        if self.complete:
            self.viewport.paths_are_complete(self.trajectories)
        self._dirty = self._dirty or self._shown < self.cursor or is_other_plane
        if is_new:
            self._show()
        if self.playing or self._dirty or self._drawing:
            self._frames.start()
        else:
            self.race.painted()

    def drawn(self) -> None:
        """Take note that the last frame is painted: what was edited meanwhile is computed, or the workers go on."""
        self._drawing = False
        if self.is_late:
            self.is_late = False
            self.race.compute(self.experiment, is_edit=True)
        else:
            self.race.painted()

    def _tick(self) -> None:
        """Make a frame where something moved and the last one is painted."""
        if self.playing:
            self._advance()
        if self._dirty and not self._drawing:
            self._show()
        elif not self._drawing:
            self.race.painted()
            if not self.playing:
                self._frames.stop()

    def _advance(self) -> None:
        stages = self.playback.stages
        self._move(self.playback.at(time.perf_counter(), self.reached, self.complete))
        self._dirty = self._dirty or stages != self.playback.stages
        if not self.playing:
            self.playing_changed.emit(False)

    def _show(self) -> None:
        self._dirty, self._drawing = False, True
        self.viewport.follow(self.trajectories, self.selected, self.cursor)
        stages, plane, runs = self.playback.stages, self.viewport.plane, self.trajectories
        horizon = self.race.horizons.of(runs[self.selected])
        frame = frame_at(self.experiment, runs, self.cursor, self.selected, True, stages, plane, horizon)
        self._shown = frame.cursor
        self.frame_changed.emit(frame)
