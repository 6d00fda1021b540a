"""What every background thread is: it sleeps until it is given something, and is given up at any time."""

from __future__ import annotations

from threading import Condition
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QThread, Signal

from gdviz.capacity import TOO_LITTLE

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TaskWorker", "Worker"]


class Worker(QThread):
    """A thread that sleeps until it is given something; the newest task replaces an older one.

    Signals
    -------
    failed(str)
        What was asked for was given up: a sentence.
    """

    failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._changed = Condition()
        self._stopping = False

    def run(self) -> None:
        """Work until :meth:`stop`."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or self.has_work())
                if self._stopping:
                    return
            try:
                self.work()
            except MemoryError:
                with self._changed:
                    self.drop()
                self.failed.emit(f"{TOO_LITTLE[:1].upper()}{TOO_LITTLE[1:]}.")

    def drop(self) -> None:
        """Forget what was asked for."""
        raise NotImplementedError

    def has_work(self) -> bool:
        """Return whether there is something to do now."""
        raise NotImplementedError

    def work(self) -> None:
        """Do a piece of it."""
        raise NotImplementedError

    def give_up(self) -> None:
        """End the thread soon; whatever it is doing is given up."""
        with self._changed:
            self._stopping = True
            self._changed.notify()

    def stop(self) -> None:
        """End the thread and wait for it."""
        self.give_up()
        self.wait()


class TaskWorker(Worker):
    """A worker that has one task, which another one replaces; the thread starts with the first.

    Signals
    -------
    done(object, object)
        A task and what came of it, unless it was replaced.
    refused(str)
        Why nothing can come of it: a sentence.
    """

    done = Signal(object, object)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._task: Any = None
        self._doing: Any = None
        self._is_busy = False

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to do."""
        with self._changed:
            return self._task is None and not self._is_busy

    def ask(self, task: Any) -> None:
        """Do this and nothing else."""
        with self._changed:
            self._task = task
            self._changed.notify()
        self.start()

    def cancel(self) -> None:
        """Give up what was asked for; nothing comes of it any more."""
        with self._changed:
            self._task = self._doing = None

    def drop(self) -> None:
        """Forget what was asked for."""
        self._task = None

    def has_work(self) -> bool:
        """Return whether there is a task that was not begun."""
        return self._task is not None

    def work(self) -> None:
        """Do the task, unless another one is asked for or nothing any more."""
        with self._changed:
            if self._task is None:
                return
            self._doing, self._task, self._is_busy = self._task, None, True
            task = self._doing

        def is_stale() -> bool:
            return self._stopping or self.has_work() or self._doing is not task

        try:
            result = self.do(task, is_stale)
            if not is_stale():
                self.done.emit(task, result)
        except ValueError as error:
            if not is_stale():
                self.refused.emit(f"{error}.")
        finally:
            self._is_busy = False

    def do(self, task: Any, is_stale: Callable[[], bool]) -> Any:
        """Return what comes of a task, or raise a ValueError, a sentence; `is_stale`: whether nobody wants it now."""
        raise NotImplementedError
