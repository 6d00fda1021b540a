"""The step is explained in the window: arrows on contour and surface, and the worked rule, linked by the mouse."""

from itertools import groupby

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPixmap

import gdviz
from gdviz.explaining.anatomy import STAGES
from gdviz.objectives import OBJECTIVES, SigmoidNeuron
from gdviz.optimizers import OPTIMIZERS
from gdviz.training import Experiment, usual
from gdviz.views.step.anatomy import magnification
from gdviz.views.step.head import paint_head
from gdviz.views.step.remarks import comparison
from tests.app.driving import has_color, pixels, press, rest, settle
from tests.surfaces import SURFACES


def hover(widget, point):
    where = QPointF(point)
    event = QMouseEvent(QEvent.Type.MouseMove, where, widget.mapToGlobal(where), Qt.MouseButton.NoButton,
                        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier)  # fmt: skip
    widget.mouseMoveEvent(event)


def show(window, update, selected=5):
    window.document.select(selected)
    window.controller.move_to(update)
    settle(window)


def test_each_stage_is_seen_in_its_colour_on_contour_and_surface(window):
    show(window, 20)
    for view in (window.board.contour, window.board.surface):
        for stage in ("gradient", "scaling"):
            assert has_color(view, window.theme.stage(stage), 40) > 15, (view.objectName(), stage)
    assert has_color(window.views["step"], window.theme.memory, 40) > 30


def test_the_key_hides_the_arrows_and_shows_them_again(window):
    show(window, 20)
    color = window.theme.scaling
    seen = has_color(window.board.contour, color, 40)
    press(window, Qt.Key.Key_A)
    assert has_color(window.board.contour, color, 40) < seen / 4
    assert has_color(window.board.surface, color, 6) == 0  # a run has a colour not far from it
    press(window, Qt.Key.Key_A)
    assert has_color(window.board.contour, color, 40) == pytest.approx(seen, rel=0.1)


def test_at_the_start_there_is_no_step_to_explain(window):
    show(window, 0)
    frame = window.board.contour.frame
    assert frame.anatomy is None and frame.working == () and frame.pasts == ()
    assert has_color(window.board.contour, window.theme.scaling, 40) == 0


def test_the_mouse_on_an_equation_lights_the_arrow_and_the_other_way_round(window):
    show(window, 20)
    arithmetic, contour = window.views["step"], window.board.contour
    plain, bright = pixels(contour), pixels(arithmetic)
    place = next(place for place, symbol, _ in arithmetic._places if symbol == "g")
    hover(arithmetic, place.center())
    assert contour.arrows.lit_stage == window.board.surface.arrows.lit_stage == "gradient"
    assert (pixels(contour) != plain).any() and (pixels(arithmetic) != bright).any()
    arithmetic.leaveEvent(QEvent(QEvent.Type.Leave))
    assert contour.arrows.lit_stage == "" and (pixels(contour) == plain).all()
    frame = contour.frame
    factor = magnification(frame.anatomy, contour.box())
    memory = next(mark for mark in frame.anatomy.marks if mark.stage == "memory" and mark.kind == "arrow")
    at = frame.anatomy.before + factor * (memory.at - frame.anatomy.before + 0.4 * memory.vector)
    hover(contour, QPointF(*contour.to_pixels(at[None])[0]))
    assert contour.arrows.lit_stage in ("memory", "step")  # they may lie on each other
    assert arithmetic._lit_stage == window.board.surface.arrows.lit_stage == contour.arrows.lit_stage
    hover(contour, QPoint(3, 3))
    assert arithmetic._lit_stage == ""


def test_what_is_under_the_mouse_says_what_it_is(window):
    show(window, 20)
    helps = {symbol: tip for _, symbol, tip in window.views["step"]._places if tip}
    assert "gradient" in helps["g"] and "root" in helps["ε"] and "learning rate" in helps["η"]
    assert any("counts with the weight" in tip for _, _, tip in window.views["step"]._places)


def test_the_sheet_does_not_shrink_while_numbers_change(window, spin):
    show(window, 20)
    window.views["step"].grab()
    height = window.views["step"].minimumHeight()
    assert height > 300
    for update in (1, 150, 300):
        show(window, update)
        window.views["step"].grab()
        assert window.views["step"].minimumHeight() >= height
    show(window, 300, selected=0)
    window.views["step"].grab()
    assert window.views["step"].minimumHeight() < height


def test_played_slowly_an_update_unfolds_in_its_stages(window, spin):
    seen = []
    window.controller.frame_changed.connect(lambda frame: seen.append((frame.cursor, frame.stages)))
    window.document.select(5)
    window.document.look(speed=2)
    window.controller.play()
    spin(lambda: window.controller.cursor == 2 and seen[-1][1] >= 3)
    # A frame may be drawn twice, for instance because a rounding horizon is known by now.
    stages = [stage for stage, _ in groupby(stages for cursor, stages in seen if cursor == 1)]
    # One after the other to the last; a busy machine may paint one so late that the next one is due.
    assert stages == sorted(stages) and stages[-1] == len(STAGES) and len(stages) > 1, stages
    assert len(window.board.contour.frame.anatomy.sentences) == 4
    window.controller.pause()
    spin(lambda: seen[-1][1] == len(STAGES))


def test_played_fast_it_is_shown_whole(window, spin):
    seen = []
    window.controller.frame_changed.connect(lambda frame: seen.append(frame.stages))
    window.document.look(speed=300)
    window.controller.play()
    spin(lambda: window.controller.cursor >= 100)
    assert set(seen) == {len(STAGES)}


@pytest.mark.beside
@pytest.mark.parametrize("name", [cls.name for cls in OBJECTIVES])
def test_every_rule_on_every_objective_is_explained_at_every_end(open_window, spin, name):
    """Qt's warnings, numpy's and Python's fail the test."""
    cls = next(cls for cls in OBJECTIVES if cls.name == name)
    objective = SigmoidNeuron([0.5, 2.5], [0.2, 0.9]) if cls is SigmoidNeuron else cls()
    window = open_window(Experiment.race(objective, [usual(rule, objective) for rule in OPTIMIZERS], updates=40))
    spin(lambda: window.controller.complete and window.board.surface.has_terrain)
    for update in (0, 1, 2, 40):
        for selected in range(len(OPTIMIZERS)):
            show(window, update, selected)
            frame = window.board.contour.frame
            assert (frame.anatomy is None) == (update == 0)
            assert len(frame.working) == len(frame.selected_run.run.optimizer.equations) * (update > 0)
        window.views["step"].grab()
        window.board.surface.grab()


def test_steps_are_magnified_by_round_numbers_until_they_can_be_seen():
    neuron = SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
    for eta in (1e-6, 1e-3, 0.5, 30.0):
        run = gdviz.Run(neuron, gdviz.GradientDescent(eta), (-2, -2), updates=3)
        step = next(gdviz.steps(run))
        anatomy = gdviz.explaining.anatomy.anatomy_of(step)
        factor = magnification(anatomy, ((-9, 9), (-9, 9)))
        share = np.linalg.norm(step.step / 18) * factor
        assert factor == 1 or 0.15 <= share <= 0.4
        assert f"{factor:.0e}"[0] in "125"
        narrow = magnification(anatomy, ((-2.1, -1.9), (-2.1, -1.9)))
        assert narrow <= factor and (narrow == 1 or np.linalg.norm(narrow * step.step / 0.2) <= 0.4)


def test_the_gauge_warns_before_a_run_diverges_and_the_note_says_why(open_window, spin):
    race = Experiment.race(gdviz.Ravine(steepness=20.0), [gdviz.GradientDescent(eta) for eta in (0.05, 0.09, 0.13)])
    window = open_window(race)
    spin(lambda: window.controller.complete and window.board.surface.has_terrain)
    warnings = []
    for selected in range(3):
        show(window, 3, selected)
        warnings.append(has_color(window.views["step"], window.theme.warning, 30))
        assert window.board.contour.frame.stability.share == pytest.approx((0.5, 0.9, 1.3)[selected], rel=1e-4)
    assert warnings[0] < 5 < 100 < min(warnings[1:])
    show(window, 100, 2)
    assert "diverged at update" in window.views["step"].note() and "η·λmax = 2.6 > 2" in window.views["step"].note()


def test_the_samples_gradients_are_seen_and_their_sum_is_the_batchs(open_window, spin):
    oring = SigmoidNeuron.on(gdviz.load_data("oring").standardized())
    batches = gdviz.MiniBatch(8, shuffle=True)
    race = gdviz.lecture_race(oring, sampling=batches, start=(-3, 3), reduction="sum", epochs=20)
    window = open_window(race)
    spin(lambda: window.controller.complete and window.board.surface.has_terrain)
    for selected in (0, 2):
        show(window, 20, selected)
        frame = window.board.contour.frame
        assert frame.fan.in_batch.sum() == 8 and frame.fan.vectors.shape == (23, 2)
        step = frame.selected_run.step
        np.testing.assert_allclose(frame.fan.vectors[frame.fan.in_batch].sum(axis=0), step.gradient, rtol=1e-12)
        np.testing.assert_array_equal(frame.fan.at, step.asked_at)
        np.testing.assert_allclose(frame.fan.vectors.sum(axis=0), oring.gradient(step.asked_at), rtol=1e-12)
    contour = window.board.contour
    rest(window)
    before = pixels(contour)
    press(window, Qt.Key.Key_G)
    settle(window)
    assert (pixels(contour) != before).any(axis=2).sum() > 100
    press(window, Qt.Key.Key_G)
    settle(window)
    assert (pixels(contour) == before).all()
    assert "epoch 7" in window.timeline.label.text()


def test_a_surface_has_no_fan(open_window, spin):
    window = open_window(gdviz.lecture_race(gdviz.Booth(), updates=20))
    spin(lambda: window.controller.complete)
    press(window, Qt.Key.Key_G)
    show(window, 5)
    assert window.board.contour.frame.fan is None and "of one sample" not in str(
        window.board.contour.frame.anatomy.sentences
    )


def test_every_objective_knows_its_samples_gradients():
    point = np.array([0.3, -0.2])
    for cls in (SigmoidNeuron, *SURFACES):
        objective = SigmoidNeuron([0.5, 2.5], [0.2, 0.9]) if cls is SigmoidNeuron else cls()
        each = objective.sample_gradients(point)
        assert each.shape == (objective.samples, 2)
        np.testing.assert_allclose(each.sum(axis=0), objective.gradient(point), rtol=1e-12)


def test_a_name_of_an_axis_is_in_the_middle_after_another_objective(open_window, spin):
    window = open_window()
    spin(lambda: window.controller.complete)
    oring = SigmoidNeuron.on(gdviz.load_data("oring").standardized())
    window.document.edit(window.controller.experiment.with_all(objective=oring), "data")
    spin(lambda: window.controller.complete and window.controller.settled)
    axis = window.board.views["fit"].getPlotItem().getAxis("bottom")
    label = axis.label.mapRectToParent(axis.label.boundingRect())
    assert "temperature" in axis.labelText
    assert abs(label.center().x() - axis.boundingRect().center().x()) < 25


def test_two_runs_that_differ_in_a_convention_say_where_they_part(open_window, spin):
    neuron = SigmoidNeuron([0.5, 2.5], [0.2, 0.9])
    rules = [gdviz.Adam(0.1), gdviz.Adam(0.1, corrected=False), gdviz.Adam(0.1, inside=True), gdviz.Adam(0.2)]
    window = open_window(Experiment.race(neuron, rules, updates=60))
    spin(lambda: window.controller.complete and window.controller.settled)
    show(window, 60, 0)
    (one, other), frame = window.board.contour.frame.partings, window.board.contour.frame
    assert [one[0], other[0]] == ["Adam#2", "Adam#3"]  # another rate is no convention
    apart = np.abs(frame.runs[0].params - frame.runs[1].params)
    first = int(np.argmax((apart > 8e-3).any(axis=1)))
    distances = np.hypot(*apart.T)
    assert one[1].first == first > 0 and one[1].widest == distances.argmax()
    assert one[1].distance == pytest.approx(distances.max())
    text = comparison(window.views["step"].frame)
    assert f"Apart from Adam#2 from update {first} on" in text and "Adam#3" in text
    show(window, 0, 0)
    assert "No different from Adam#2 so far." in comparison(window.views["step"].frame)
    show(window, 60, 3)
    assert comparison(window.views["step"].frame) == ""


def test_the_step_is_told_in_words_and_its_shares_as_a_bar(window):
    show(window, 40, 2)
    view, frame = window.views["step"], window.board.contour.frame
    assert view.accessibleDescription() == frame.headline and "velocity" in frame.headline
    colors = [QColor(window.theme.stage(share.stage)).getRgb()[:3] for share in frame.shares]
    counts = np.stack([(np.abs(pixels(view) - color).max(axis=2) < 8).sum(axis=1) for color in colors])
    widths = counts[:, counts.sum(axis=0).argmax()]  # in the row where there is most of them: the bar's
    assert [round(100 * width / sum(widths)) for width in widths] == pytest.approx(
        [share.percent for share in frame.shares], abs=2
    )


def test_the_head_of_the_step_keeps_its_room(window):
    heights = set()
    for selected in range(6):
        for update in (0, 1, 7, 60, 300):
            show(window, update, selected)
            with QPainter(picture := QPixmap(300, 400)) as painter:
                frame, room = window.board.contour.frame, QRectF(10, 10, 280, 0)
                heights.add(paint_head(painter, frame, window.theme, window.font(), room))
            assert not picture.isNull()
    assert len(heights) == 1
