"""What is seen: pixels of the contour, the surface and the themes."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest

from gdviz.views.theme import LIGHT
from tests.app.driving import choose, has_color, on_map, pixels, settle

pytestmark = pytest.mark.beside


def test_every_run_is_seen_in_its_colour_on_contour_and_surface(window, spin):
    window.controller.move_to(300)
    settle(window)
    for view in (window.board.contour, window.board.surface):
        for index in range(6):
            selected = index == window.controller.selected or view is window.board.surface
            color = window.theme.run(index).color if selected else on_map(window.theme, index)
            assert has_color(view, color, 20) > 20, (view.objectName(), index)


def test_the_contour_shows_height_as_colour(window, spin):
    """The middle of each quarter of the contour has the colour of its error, not another quarter's."""
    contour, terrain = window.board.contour, window.board.contour.terrain
    shown = pixels(contour.viewport())
    for corner in [(-3, 3.4), (3.2, 2.6), (-3.5, -3.3), (3.5, -0.5)]:
        x, y = contour.to_pixels(np.array([corner], float))[0].round().astype(int)
        value = float(window.controller.experiment.objective.value(np.array(corner, float)))
        wanted = window.theme.colors(terrain.height(np.array([value])))[0, :3].astype(int)
        around = shown[y - 3 : y + 4, x - 3 : x + 4].reshape(-1, 3)
        assert np.abs(around - wanted).max(axis=1).min() <= 6, corner


def test_turning_the_surface_changes_its_pixels(window, qapp):
    surface = window.board.surface
    before = pixels(surface)
    assert len(np.unique(before.reshape(-1, 3), axis=0)) > 200
    QTest.mousePress(surface, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    QTest.mouseMove(surface, QPoint(160, 110))
    QTest.mouseRelease(surface, Qt.MouseButton.LeftButton, pos=QPoint(160, 110))
    surface.turn(40, 0)
    qapp.processEvents()
    assert (pixels(surface) != before).any(axis=2).mean() > 0.1


def test_a_path_behind_a_ridge_is_faint(window):
    surface = window.board.surface
    window.controller.move_to(300)
    settle(window)
    color = window.theme.run(1).color
    seen = has_color(surface, color)
    surface.turn(180, -25)
    settle(window)
    assert has_color(surface, color) < 0.7 * seen


def test_zooming_asks_for_the_surface_there(window, spin):
    before = window.board.contour.terrain.box
    window.board.contour.view_box.scaleBy((0.5, 0.5))
    window.board.contour.box_chosen.emit(window.board.contour.box())
    spin(lambda: window.board.contour.terrain.box != before)
    (low, high), _ = window.board.contour.terrain.box
    assert high - low == pytest.approx(4, rel=1e-6)


@pytest.mark.parametrize("objective", ["himmelblau", "rosenbrock", "beale", "neuron"])
def test_every_objective_is_drawn(window, spin, objective):
    choose(window, "objective", "rosenbrock" if objective == "neuron" else "neuron")
    choose(window, "objective", objective)
    spin(lambda: window.controller.complete)
    window.controller.move_to(window.controller.reached)
    spin(lambda: getattr(window.board.contour.terrain, "box", 0) == window.controller.experiment.objective.box)
    settle(window)
    assert has_color(window.board.contour, on_map(window.theme, 5), 20) > 20


def test_light_and_dark_are_two_looks(window, qapp):
    light = pixels(window).mean()
    window.action("theme").trigger()
    qapp.processEvents()
    assert window.theme.name == "dark"
    assert pixels(window).mean() < light - 60
    window.action("theme").trigger()


def test_full_screen_and_back(window, qapp, spin):
    size = window.board.size()
    window.action("full_screen").trigger()
    QTest.qWait(100)
    assert window.isFullScreen()
    assert window.theme.path_width == 1.5 * LIGHT.path_width
    window.action("full_screen").trigger()
    QTest.qWait(100)
    assert not window.isFullScreen()
    assert window.theme.path_width == LIGHT.path_width
    spin(lambda: window.board.size() == size)


def test_hovering_the_error_curve_shows_the_values(window):
    window.controller.move_to(200)
    settle(window)
    curve = window.board.views["error"]
    before = pixels(curve.viewport())
    middle = curve.plot_area().center().toPoint()
    QTest.mouseMove(curve.viewport(), middle + QPoint(-20, 0))
    curve.mouseMoveEvent(_move(QPointF(middle)))
    settle(window)
    assert (pixels(curve.viewport()) != before).any()


def _move(position: QPointF):
    none = Qt.MouseButton.NoButton
    return QMouseEvent(QEvent.Type.MouseMove, position, position, none, none, Qt.KeyboardModifier.NoModifier)
