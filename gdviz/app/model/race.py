"""The trajectories of the experiment that is shown: computed in the background, again only where something changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gdviz.app.model.horizons import Horizons
from gdviz.app.model.timers import make_timer
from gdviz.app.model.worker import LoadingWorker, TrainingWorker
from gdviz.capacity import TOO_LITTLE
from gdviz.engine import is_compiled, is_prepared, new_trajectory, original_of
from gdviz.scene.frame import available
from gdviz.training import Batch, Experiment, Trajectory
from gdviz.training.budget import checkpoint_every, kept_every, measured_every

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gdviz.app.model.worker import Worker
    from gdviz.engine import Preview
    from gdviz.training import Chunk, Run

__all__ = ["Race"]

LATER = 300
"""Milliseconds from the first picture until loops are loaded, which keeps the interpreter busy for a moment."""
REST = 150
"""Milliseconds without an edit after which a preview gives way to the exact numbers."""
LONG = 2e6
"""Evaluations of a sample that take too long to be awaited at every move of a slider."""


class Race(QObject):
    """Owns the trajectories and lets workers make them grow.

    Signals
    -------
    awaited()
        New trajectories are shown once something of them is there.
    grew(bool)
        There is more of the trajectories; whether they are new ones.

    Attributes
    ----------
    trajectories
        One for each run; those of before an edit until something of the new ones is there.
    """

    awaited = Signal()
    grew = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.trajectories: list[Trajectory] = []
        self._coming: list[Trajectory] = []
        self._preview: Preview | None = None
        self._experiment: Experiment | None = None
        self._generation = 0
        self._hand_overs = 0
        """The number of hand-overs of the training worker."""
        self._rough: list[Trajectory] = []
        self._to_load: list[Run] = []
        self.training = TrainingWorker()
        self.training.computed.connect(self._take_chunks)
        self.training.failed.connect(self._give_up)
        self.horizons = Horizons()
        self.loading = LoadingWorker()
        self.loading.loaded.connect(self._use_what_was_loaded)
        self._later = make_timer(self, LATER, self._load, once=True)
        self._rest = make_timer(self, REST, self._be_exact, once=True)

    def start(self) -> None:
        """Start the workers."""
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """End the workers and wait for them; what they still hand over is dropped."""
        self._generation += 1
        self._rough = []
        self._rest.stop()
        self._later.stop()
        self.training.stop()
        self.loading.stop()
        self.horizons.stop()

    @property
    def threads(self) -> tuple[Worker, ...]:
        """The background threads."""
        return self.training, self.loading, self.horizons.worker

    @property
    def reached(self) -> int:
        """The last update that can be shown."""
        return available(self.trajectories)

    @property
    def awaits(self) -> bool:
        """Whether nothing of new trajectories is there yet."""
        return self.trajectories is not self._coming

    @property
    def is_preview(self) -> bool:
        """Whether some of the newest trajectories are previews."""
        objectives = [trajectory.run.objective for trajectory in self._coming]
        return any(original_of(objective) is not objective for objective in objectives)

    @property
    def complete(self) -> bool:
        """Whether all runs are computed to their ends, exactly and by what they are to be computed with."""
        is_rough = self.awaits or self._rough or self.is_preview
        return not is_rough and all(trajectory.complete for trajectory in self.trajectories)

    @property
    def has_preview(self) -> bool:
        """Whether there is a stand-in for an objective on very many samples."""
        return self._preview is not None

    def set_preview(self, preview: Preview | None) -> None:
        """Take what stands in for an objective on very many samples while a slider moves."""
        self._preview = preview

    def compute(self, experiment: Experiment, is_quick: bool = False) -> None:
        """Compute the runs of `experiment` that are not there yet; `is_quick`: another edit may follow at once."""
        self._experiment = experiment
        self._begin(self._coming, may_preview=is_quick)

    def _begin(self, trajectories: Sequence[Trajectory], may_preview: bool = False) -> None:
        assert self._experiment is not None
        left, coming = list(trajectories), []
        for run in self._experiment.runs:
            same = next((trajectory for trajectory in left if _is_the_same(trajectory.run, run)), None)
            if same is not None:
                left.remove(same)
            elif may_preview and self._preview is not None and self._is_long(run):
                same = new_trajectory(replace(run, objective=self._preview))
            coming.append(same if same is not None else new_trajectory(run))
        self._coming = coming
        self._rough = [trajectory for trajectory in coming if not is_prepared(trajectory.run)]
        self._to_load = [trajectory.run for trajectory in self._rough]
        self._generation += 1
        to_do = {i: (t.run, t.end) for i, t in enumerate(coming) if not t.complete}
        self.training.train(self._generation, to_do)
        self.horizons.want(())
        if self.is_preview:
            self._rest.start()
        # A path that is computed anew would vanish for a moment if it was shown before its first updates are there.
        is_alike = len(self.trajectories) == len(coming) and _same_space(self.trajectories[0], coming[0])
        if to_do and is_alike:
            self.awaited.emit()
        else:
            self._show()

    def _show(self) -> None:
        self.trajectories = self._coming
        self._grown(True)

    def _grown(self, is_new: bool) -> None:
        if self.complete:
            self.horizons.want(self.trajectories)
        self.grew.emit(is_new)

    def _is_long(self, run: Run) -> bool:
        stands_in = self._preview is not None and self._preview.neuron is run.objective
        work = run.total * run.objective.samples
        return stands_in and isinstance(run.sampling, Batch) and work > LONG

    def _be_exact(self) -> None:
        """Compute what was only previewed."""
        if self.is_preview:
            self._begin(self._coming)

    def _use_what_was_loaded(self) -> None:
        """Compute again what numpy computed meanwhile: the numbers shown do not depend on when a loop came."""
        again = [t for t in self._rough if is_compiled(t.run)]
        self._rough = [t for t in self._rough if not is_prepared(t.run)]
        if again:
            self._begin([trajectory for trajectory in self._coming if trajectory not in again])

    def _take_chunks(self, generation: int, chunks: Sequence[tuple[int, Chunk]]) -> None:
        self._hand_overs += 1
        if generation != self._generation:
            return
        try:
            for index, chunk in chunks:
                self._coming[index].append(chunk)
        except MemoryError:
            self.training.failed.emit(TOO_LITTLE)
            return
        if self.awaits:
            self._show()
        else:
            self._grown(False)

    def _give_up(self) -> None:
        """Show what there is; the next edit begins anew."""
        self._generation += 1
        self.training.train(self._generation, {})
        self._show()

    def go_on(self) -> None:
        """Let the workers go on: what there is was painted, or need not be."""
        self.training.proceed(self._hand_overs)
        if self._to_load and not self._later.isActive():
            self._later.start()

    def _load(self) -> None:
        self.loading.load(self._to_load)
        self._to_load = []


def _is_the_same(one: Run, other: Run) -> bool:
    """Return whether both lead to one trajectory, of which as much is kept: fewer runs have more room."""
    return one == other and all(every(one) == every(other) for every in (kept_every, checkpoint_every, measured_every))


def _same_space(one: Trajectory, other: Trajectory) -> bool:
    """Return whether both can be drawn in one picture: a preview's objective counts as the one it stands in for."""
    objectives = [original_of(trajectory.run.objective) for trajectory in (one, other)]
    return bool(objectives[0] == objectives[1])
