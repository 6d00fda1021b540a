"""The map: numbers that hide nothing, paths that are solid, start and minimum where they are."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

import gdviz
from gdviz.scene.frame import frame_at
from gdviz.scene.terrain import Terrain
from gdviz.views.contour import ContourView
from gdviz.views.contour_labels import APART, index_levels
from gdviz.views.path_layers import PathLayers, Stroke
from gdviz.views.theme import DARK, LIGHT

SURFACES = [cls for cls in gdviz.objectives.OBJECTIVES if issubclass(cls, gdviz.objectives.Surface)]


@pytest.fixture
def draw(qapp):
    """Draw a map of a race at an update; every view is closed afterwards."""
    views = []

    def make(race, update, theme=LIGHT, size=(620, 460), selected=0):
        view = ContourView(theme)
        views.append(view)
        view.resize(*size)
        view.show()
        qapp.processEvents()
        objective = race.objective
        a, b = (np.linspace(low, high, 161) for low, high in objective.box)
        view.show_box(objective.box)
        view.show_terrain(Terrain(a, b, objective.grid(a, b)))
        view.show_frame(frame_at(race, [gdviz.train(run) for run in race.runs], update, selected, True))
        qapp.processEvents()
        view.image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return view

    yield make
    for view in views:
        view.close()
        view.deleteLater()


def neuron(updates=300):
    return gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), updates=updates)


@pytest.mark.parametrize("cls", [gdviz.SigmoidNeuron, *SURFACES], ids=lambda cls: cls.name)
@pytest.mark.parametrize("size", [(620, 460), (320, 240)])
def test_numbers_lie_apart_inside_the_map_one_a_line_and_away_from_paths(draw, cls, size):
    race = neuron() if cls is gdviz.SigmoidNeuron else gdviz.lecture_race(cls(), updates=100)
    view = draw(race, race.total, size=size)
    labels, area = view._labels, view.plot_area()
    levels = index_levels(view.terrain.levels)
    assert len(labels.rects) <= len(levels)
    for rect in labels.rects:
        assert area.contains(rect)
        line = np.concatenate([view.to_pixels(line) for level in levels for line in view.terrain.lines[level]])
        middle = np.array([rect.center().x(), rect.center().y()])
        assert np.hypot(*(line - middle).T).min() < 6, "a number lies on its line"
    for one, other in itertools.combinations(labels.rects, 2):
        assert not one.adjusted(-APART / 2, -APART / 2, APART / 2, APART / 2).intersects(other)


def test_every_second_line_has_a_number():
    assert index_levels([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]) == [0.2, 0.4, 0.6]
    assert index_levels([0.2, 0.3, 0.4, 0.5]) == [0.2, 0.4]
    assert index_levels([1, 2, 5, 10, 20]) == [1, 5, 20] or index_levels([1, 2, 5, 10, 20]) == [2, 10]
    assert index_levels([3, 1, 2]) == [1, 2, 3] and index_levels([]) == []


def near(view, at, color, radius=3, tolerance=40):
    """Whether a colour is within a radius of a point of pixels."""
    x, y = (round(float(value)) for value in at)
    found = [
        QColor(view.image.pixel(x + i, y + j)).getRgb()[:3]
        for i in range(-radius, radius + 1)
        for j in range(-radius, radius + 1)
    ]
    return np.abs(np.array(found) - QColor(color).getRgb()[:3]).max(axis=1).min() <= tolerance


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)
@pytest.mark.parametrize("cls", SURFACES, ids=lambda cls: cls.name)
def test_a_ring_stands_at_each_known_minimum(draw, cls, theme):
    objective = cls()
    view = draw(gdviz.Experiment.race(objective, [gdviz.GradientDescent(1e-9)], updates=1), 0, theme)
    for minimum in view.to_pixels(np.array(objective.minima, float).reshape(-1, 2)):
        if view.plot_area().adjusted(12, 12, -12, -12).contains(*minimum):
            assert near(view, minimum, theme.map.goal, 1), "the dot"
            for angle in np.linspace(0, 2 * np.pi, 12, endpoint=False):
                ring = minimum + 7 * np.array([np.cos(angle), np.sin(angle)])
                assert near(view, ring, theme.map.goal, 1, 60), angle


def test_the_neurons_minimum_is_where_two_samples_are_met():
    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("lecture"))
    (minimum,) = neuron.minima
    assert neuron.value(np.array(minimum)) < 1e-30
    assert np.abs(neuron.gradient(np.array(minimum))).max() < 1e-15
    assert gdviz.SigmoidNeuron([0.5, 2.5, 3.0], [0.2, 0.9, 0.1]).minima == ()
    assert gdviz.SigmoidNeuron([0.5, 2.5], [0.0, 0.9]).minima == ()


def test_the_selected_run_is_on_top_where_paths_cross(draw):
    race = neuron()
    for selected in (0, 5):
        view = draw(race, 300, selected=selected)
        path = view.to_pixels(view.frame.selected_run.path)
        at = path[5] if selected == 5 else path[100]
        assert near(view, at, LIGHT.run(selected).color, 2, 30)


STROKE = Stroke("#942203", "#ffffff", 3.0)


def painted(layers, path, stroke=STROKE):
    picture = QPixmap(200, 150)
    picture.fill(QColor("#c0d8e8"))
    with QPainter(picture) as painter:
        layers.paint(painter, QRect(0, 0, 200, 150), [path], [stroke], [0])
    image = picture.toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(150, 200, 4)[..., :3].astype(int)


@pytest.mark.parametrize("step", [1, 3, 17])
def test_a_path_that_grew_looks_as_if_it_was_drawn_at_once(qapp, step):
    t = np.linspace(0, 9, 300)
    path = np.stack([100 + 8 * t * np.cos(t), 75 + 7 * t * np.sin(t)], axis=1)
    layers = PathLayers()
    for count in range(2, 300, step):
        painted(layers, path[:count])
    grown, fresh = painted(layers, path), painted(PathLayers(), path)
    np.testing.assert_array_equal(grown, fresh)
    np.testing.assert_array_equal(painted(layers, path[:50]), painted(PathLayers(), path[:50]))  # and back


def test_across_a_stroke_one_colour_runs_with_a_seam_on_both_sides(qapp):
    row = painted(PathLayers(), np.array([[10.0, 75.0], [190.0, 75.0]]))[:, 100]
    reddish = np.flatnonzero(np.abs(row - [3, 34, 148]).max(axis=1) < 12)
    assert len(reddish) >= 2 and (np.diff(reddish) == 1).all()
    assert row[reddish[0] - 2].min() > 200 and row[reddish[-1] + 2].min() > 200


def test_a_gap_in_a_path_stays_a_gap(qapp):
    path = np.array([[10.0, 75.0], [80.0, 75.0], [np.nan, np.nan], [120.0, 75.0], [190.0, 75.0]])
    row = painted(PathLayers(), path)[75]
    assert np.abs(row[100] - row[199]).max() < 3 and np.abs(row[50] - [3, 34, 148]).max() < 40


def test_more_than_a_dozen_runs_are_still_drawn(qapp):
    picture = QPixmap(200, 150)
    picture.fill(Qt.GlobalColor.white)
    paths = [np.array([[10.0, 5.0 + 9 * i], [190.0, 5.0 + 9 * i]]) for i in range(15)]
    with QPainter(picture) as painter:
        PathLayers().paint(painter, QRect(QPoint(0, 0), picture.size()), paths, [STROKE] * 15, list(range(15)))
    image = picture.toImage()
    assert all(QColor(image.pixel(100, round(path[0, 1]))).lightness() < 200 for path in paths)
    assert QRectF(picture.rect()).isValid()
