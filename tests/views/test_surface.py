"""The paths lie where OpenGL draws the surface: pixels and depths of both agree."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage, QPainter

import gdviz
from gdviz.engine import train
from gdviz.scene.frame import frame_at
from gdviz.scene.terrain import Terrain
from gdviz.views import gl
from gdviz.views import surface as surface_module
from gdviz.views.camera import HEIGHT, Camera
from gdviz.views.gl import gl_problem
from gdviz.views.surface import HIDDEN, SurfaceView
from gdviz.views.theme import DARK, LIGHT
from tests.export.drawn import count, pixels

N = 61
FIRST = Camera()
GRID = np.linspace(-1, 1, N)


def hill(function=lambda a, b: np.exp(-3 * (a**2 + b**2)) + 0.1 * a):
    return Terrain(3 * GRID, 5 * GRID, function(GRID[:, None], GRID))


@pytest.fixture
def view(qapp):
    made = []

    def make(terrain, camera=FIRST, size=(400, 300), theme=LIGHT):
        one = SurfaceView(theme)
        made.append(one)
        one.resize(*size)
        one.show_terrain(terrain)
        one.set_camera(camera)
        return one

    yield make
    for one in made:
        one.close()
        one.deleteLater()


def drawn(view):
    """Return the view's pixels, painted as an export does."""
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    view.paint_on(painter)
    painter.end()
    return pixels(image)


@pytest.fixture
def needs_opengl(qapp):
    if gl_problem():
        pytest.skip(gl_problem())


@pytest.mark.parametrize("azimuth", [-52, 0, 37, 120, 200, 291])
@pytest.mark.parametrize("size", [(400, 300), (300, 420), (640, 200)])
def test_a_lifted_point_is_seen_where_opengl_draws_the_surface(needs_opengl, view, azimuth, size):
    terrain = hill()
    seen = view(terrain, Camera(azimuth, 75), size)  # from so high that nothing is hidden
    drawn(seen)
    a, b = (grid.ravel() for grid in np.meshgrid(terrain.a[3:-3:4], terrain.b[3:-3:4], indexing="ij"))
    points = seen.lifted(np.column_stack([a, b]), terrain)
    where, depth = seen.project(points)
    x, y = where.astype(int).T
    assert (x.min(), y.min()) >= (0, 0)
    assert x.max() < size[0]
    assert y.max() < size[1]
    buffer = seen._picture.depth
    assert buffer.shape == size[::-1]
    assert np.abs(buffer[y, x] - depth).max() < 1.5 * HIDDEN  # where it is steep, a pixel is that deep
    assert seen._hidden(where, depth).mean() < 0.01
    floating = points + np.array([0, 0, 0.15])
    where, depth = seen.project(floating)
    x, y = where.astype(int).T
    assert (buffer[y, x] - depth).min() > HIDDEN  # the test can tell a point that is not on the surface


def test_the_projected_corners_are_the_corners_of_what_is_drawn(needs_opengl, view):
    flat = hill(lambda a, b: 0 * a * b)
    seen = view(flat, Camera(-52, 40))
    drawn(seen)
    corners = seen.project(np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], float))[0]
    y, x = np.nonzero(seen._picture.depth < 1)
    assert x.min() == pytest.approx(corners[:, 0].min(), abs=1.5)
    assert x.max() + 1 == pytest.approx(corners[:, 0].max(), abs=1.5)
    assert y.min() == pytest.approx(corners[:, 1].min(), abs=1.5)
    assert y.max() + 1 == pytest.approx(corners[:, 1].max(), abs=1.5)


def test_what_lies_behind_a_ridge_is_hidden_and_what_lies_before_it_is_not(needs_opengl, view):
    ridge = hill(lambda a, b: np.exp(-20 * a**2) + 0 * b)
    params = np.array([(-1.5, 0.0), (1.5, 0.0)])
    for azimuth, hidden in ((0, [True, False]), (180, [False, True])):
        seen = view(ridge, Camera(azimuth, 15))
        drawn(seen)
        assert seen._hidden(*seen.project(seen.lifted(params, ridge))).tolist() == hidden, azimuth


def test_a_higher_value_is_drawn_higher(needs_opengl, view):
    seen = view(hill())
    base, top = seen.project(np.array([[0, 0, 0], [0, 0, HEIGHT]], float))[0]
    assert top[1] < base[1]
    assert top[0] == pytest.approx(base[0], abs=1e-6)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_surface_has_the_colours_of_its_heights(needs_opengl, view, theme):
    """Not the shade but the hue tells the height: the top of the hill is yellower than its foot."""
    terrain = hill()
    seen = view(terrain, Camera(-52, 60), theme=theme)
    shown = drawn(seen)
    where = seen.project(seen.lifted(np.array([(0.0, 0.0), (-2.5, -4.0)]), terrain))[0].astype(int)
    top, foot = (shown[y, x] for x, y in where)
    assert top[0] - top[2] > 20 + foot[0] - foot[2]
    assert count(shown, theme.base, 0) > 0.2 * shown.shape[0] * shown.shape[1]


def test_a_markers_colour_is_at_the_projected_end(needs_opengl, view):
    race = gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), updates=60)
    a, b = (np.linspace(low, high, N) for low, high in race.objective.box)
    terrain = Terrain(a, b, gdviz.error_grid(race.objective, a, b))
    trajectories = [train(run) for run in race.runs]
    seen = view(terrain)
    seen.show_arrows(False)
    seen.show_frame(frame_at(race, trajectories, 60))
    shown = drawn(seen)
    ends = np.array([trajectory.params[-1] for trajectory in trajectories])
    where = seen.project(seen.lifted(ends, terrain))[0]
    for index, (x, y) in enumerate(where):
        if all(np.hypot(*(where[index] - other)) > 10 for other in where[:index]):
            color = QColor(LIGHT.run(index).color).getRgb()[:3]
            assert np.abs(shown[round(y), round(x)] - color).max() <= 12, index


@pytest.mark.parametrize("heights", [lambda a, b: 0 * a * b + 3, lambda a, b: np.where(a > 0.5, np.nan, a + b)])
def test_plains_and_holes_are_drawn(needs_opengl, view, heights):
    assert len(np.unique(drawn(view(hill(heights))).reshape(-1, 3), axis=0)) > 3


def test_without_opengl_it_says_why_and_what_to_do(view, monkeypatch):
    monkeypatch.setattr(surface_module, "gl_problem", lambda: "the moon is too full")
    monkeypatch.setattr(surface_module, "draw_surface", lambda *_: pytest.fail("OpenGL was used"))
    texts = []

    class Listener(QPainter):
        def drawText(self, *given):
            texts.append(given[-1])
            super().drawText(*given)

    for theme in (LIGHT, DARK):
        seen = view(hill(), theme=theme)
        image = QImage(seen.size(), QImage.Format.Format_RGB32)
        painter = Listener(image)
        seen.paint_on(painter)
        painter.end()
        assert "the moon is too full" in texts[-1]
        assert "contour" in texts[-1]
        shown = pixels(image)
        assert count(shown, theme.base, 0) > 0.8 * shown[..., 0].size
        assert count(shown, theme.quiet, 40) > 100


def test_a_drawing_that_fails_says_why_in_the_view_and_is_not_tried_again(needs_opengl, view, monkeypatch, qapp):
    monkeypatch.setattr(gl, "_failures", [])
    tried, texts = [], []

    class Broken:
        def draw(self, *_):
            tried.append(1)
            raise RuntimeError("the\nwires are cut " + "!" * 500)

    class Listener(QPainter):
        def drawText(self, *given):
            texts.append(given[-1])
            super().drawText(*given)

    monkeypatch.setattr(gl, "_canvas", Broken)
    seen = view(hill())
    image = QImage(seen.size(), QImage.Format.Format_RGB32)
    for _ in range(3):
        painter = Listener(image)
        seen.paint_on(painter)
        painter.end()
    assert len(tried) == 1
    assert len(texts) == 3 and "OpenGL cannot draw: RuntimeError the wires are cut !" in texts[0]
    assert len(texts[0]) < 450
