"""Text that would load a file if anybody took it for markup, and a look at whether anybody did."""

import os
import threading

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip, QWhatsThis, QWidget
from shiboken6 import isValid

MARKUP = '<img src="canary">'


class Canary:
    """A FIFO called ``canary`` in the working folder; who opens it to read is noticed and let go.

    A reader of a FIFO waits in ``open`` until somebody writes; to open it for writing without waiting fails as long
    as nobody reads.
    """

    def __init__(self, folder):
        self.path = folder / "canary"
        os.mkfifo(self.path)
        self.opened = 0
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look)

    def __enter__(self):
        self._watch.start()
        return self

    def __exit__(self, *_):
        self._done.set()
        self._watch.join()

    def _look(self):
        while not self._done.wait(0.002):
            try:
                os.close(os.open(self.path, os.O_WRONLY | os.O_NONBLOCK))
            except OSError:  # nobody reads
                continue
            self.opened += 1


def hover(window):
    """Ask every widget, and every row of every list, for its tooltip and for what it is."""
    for widget in window.findChildren(QWidget):
        ask(widget, QPoint(3, 3))
        if isValid(widget) and isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for row in range(min(widget.model().rowCount(), 50)):
                ask(widget.viewport(), widget.visualRect(widget.model().index(row, 0)).center())
    QToolTip.hideText()
    QWhatsThis.leaveWhatsThisMode()


def ask(widget, at):
    if not isValid(widget):  # what was asked before may have changed what there is
        return
    for kind in (QEvent.Type.ToolTip, QEvent.Type.WhatsThis):
        QApplication.sendEvent(widget, QHelpEvent(kind, at, widget.mapToGlobal(at)))
    QWhatsThis.hideText()
