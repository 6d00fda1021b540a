"""What every background thread is: it sleeps until it is given something, and is given up at any time."""

from __future__ import annotations

from threading import Condition

from PySide6.QtCore import QThread, Signal

from gdviz.capacity import TOO_LITTLE

__all__ = ["Worker"]


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
