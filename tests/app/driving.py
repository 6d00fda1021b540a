"""Driving a window as a user would, and looking at its pixels."""

import time

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

import gdviz


def whole(experiment):
    return [gdviz.train(run) for run in experiment.runs]


def pixels(widget: QWidget) -> np.ndarray:
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    array = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return array[:, : image.width(), 2::-1].astype(int)


def has_color(widget: QWidget, color: str, tolerance: int = 12) -> int:
    red_green_blue = QColor(color).getRgb()[:3]
    return int((np.abs(pixels(widget) - red_green_blue).max(axis=2) <= tolerance).sum())


def wait(seconds: float) -> None:
    """Let the window live; QTest's own waiting would keep its workers from the interpreter."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.001)


def on_map(theme, style: int) -> str:
    """The colour of a path that is not the selected run's, over the middle of the map."""
    shares = zip(QColor(theme.run(style).color).getRgb(), QColor(theme.map.mid).getRgb(), strict=True)
    return QColor(*(round(0.72 * path + 0.28 * ground) for path, ground in shares)).name()


def settle(window) -> None:
    """Wait until what is shown is up to date and painted."""
    for _ in range(20_000):
        is_idle = window.checking.settled and window.importing.settled  # what came of it is still to be delivered
        wait(0.001)
        if is_idle and window.controller.settled:
            return
    raise AssertionError("the window does not settle")


def rest(window) -> None:
    """Wait until nothing more comes: the surface of what is in view may replace a first one, a mark may come."""
    terrain, quiet = None, 0
    while quiet < 10:
        wait(0.03)
        settle(window)
        is_known = window.controller.complete and window.controller.race.horizons.complete
        is_same = is_known and window.board.contour.terrain is terrain
        quiet = quiet + 1 if is_same else 0
        terrain = window.board.contour.terrain


def choose(window, name: str, data: str) -> None:
    box = window.findChild(QComboBox, name)
    box.setCurrentIndex(box.findData(data) if box.findData(data) >= 0 else box.findText(data))
    box.activated.emit(box.currentIndex())


def press(window, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(window.board.contour, key, modifier)
