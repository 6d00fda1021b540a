"""The status line: what is under the pointer, and a room that is always there."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from tests.app.driving import press, settle

pytestmark = pytest.mark.beside


def move_to(window, x, y):
    viewport = window.board.contour.viewport()
    none = Qt.MouseButton.NoButton
    at = QPointF(x, y)
    event = QMouseEvent(QEvent.Type.MouseMove, at, viewport.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(viewport, event)


def point_at(window, at):
    move_to(window, *window.board.contour.to_pixels(np.array([at], float))[0].tolist())


@pytest.mark.parametrize("at", [(0.0, 0.0), (-2.0, 2.5), (3.0, -1.0)])
def test_the_params_and_the_error_under_the_pointer_are_read_out(window, at):
    point_at(window, at)
    text = window.status.readout.text().replace("−", "-").replace("×10⁻", "e-")
    match = re.fullmatch(r"w (\S+)   b (\S+)   error (\S+)", text)
    assert match, text
    point = np.array([float(match[1]), float(match[2])])
    np.testing.assert_allclose(point, at, atol=0.03)
    error = float(window.controller.experiment.objective.value(point))
    assert float(match[3]) == pytest.approx(error, abs=0.004)


def test_off_the_map_nothing_is_read_out(window):
    point_at(window, (0.0, 0.0))
    assert window.status.readout.text()
    move_to(window, 2, 2)
    assert window.status.readout.text() == ""


def test_no_message_and_no_pointer_moves_anything(window):
    def places():
        return [widget.geometry() for widget in (window.board, window.strip, window.timeline, window.status)]

    before = places()
    for say in ("A sentence.", "", "Another one that is a little longer than the first."):
        window.say(say)
        settle(window)
        assert places() == before
    point_at(window, (1.0, 1.0))
    assert places() == before
    press(window, Qt.Key.Key_Space)
    settle(window)
    window.controller.pause()
    settle(window)
    assert places() == before
