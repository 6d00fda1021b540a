"""The options of an export: each has a field, what is wrong is said, and what is chosen is what is drawn."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog

import gdviz
from gdviz.app.files.export_dialog import ExportDialog
from gdviz.export.options import FilmOptions, PictureOptions
from gdviz.views.theme import LIGHT
from tests.app.driving import pixels, rest
from tests.export.drawn import decoded

pytestmark = pytest.mark.beside


def dialog_of(window):
    return window.findChild(ExportDialog, "export_options")


def accept(dialog):
    button = next(b for b in dialog.findChild(QDialogButtonBox).buttons() if b.text() == "Save as …")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def answer(monkeypatch, tmp_path):
    def name(file):
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / file), ""))
        return tmp_path / file

    return name


def test_what_is_chosen_is_what_is_drawn(window, answer):
    path = answer("race.png")
    window.action("export_image").trigger()
    fields = dialog_of(window).forms[0].fields
    assert set(fields) == {declared.name for declared in PictureOptions.params()}
    for name, value in (("width", "400"), ("height", "300"), ("scale", "2")):
        fields[name]._try(value)
    fields["view"].editor.setCurrentText("contour")
    fields["title"].editor.setText("Six rules")
    fields["title"].editor.editingFinished.emit()
    fields["transparent"].editor.setChecked(True)
    accept(dialog_of(window))
    picture = QImage(str(path))
    assert (picture.width(), picture.height()) == (800, 600) and picture.hasAlphaChannel()
    assert picture.pixelColor(799, 599).alpha() == 0 and picture.pixelColor(400, 300).alpha() == 255
    window.action("export_image").trigger()  # as the last time
    assert dialog_of(window).forms[0].fields["title"].editor.text() == "Six rules"


def test_a_size_that_cannot_be_is_said_and_the_old_one_stays(window):
    window.action("export_image").trigger()
    dialog = dialog_of(window)
    dialog.forms[0].fields["width"]._try("100")
    assert "size must be from 160 to 8192 pixels" in dialog._problem.text()
    assert dialog.forms[0].fields["width"].value() == 1280
    dialog.reject()


def test_a_film_has_its_own_options_too(window, answer, spin):
    path = answer("race.gif")
    window.action("export_animation").trigger()
    picture, film = dialog_of(window).forms
    assert set(film.fields) == {declared.name for declared in FilmOptions.params()}
    for name, value in (("width", "320"), ("height", "240")):
        picture.fields[name]._try(value)
    picture.fields["view"].editor.setCurrentText("error")
    for name, value in (("fps", "10"), ("first", "10"), ("last", "20"), ("per_frame", "2"), ("hold", "0.3")):
        film.fields[name]._try(value)
    accept(dialog_of(window))
    spin(lambda: not window.exporting.running)
    assert len(decoded(path)[0]) == 6 + 3
    assert gdviz.open(path).cursor == 20


# -- the options themselves


def drawn(qapp, **options):
    from gdviz.export.off_screen import OffScreen
    from gdviz.export.options import Shot
    from gdviz.scene.session import Session

    race = gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), updates=30)
    stage = OffScreen(Session(race), [gdviz.train(run) for run in race.runs], PictureOptions(**options))
    try:
        return stage.picture(Shot(30))
    finally:
        stage.close()


@pytest.mark.parametrize("view", ["contour", "surface", "error", "fit", "all"])
def test_a_multiple_shows_the_same_in_more_pixels(qapp, view):
    size = {"width": 400, "height": 300, "view": view}
    one, three = drawn(qapp, **size), drawn(qapp, **size, scale=3)
    assert (three.width(), three.height()) == (1200, 900)
    smaller = three.scaled(400, 300, mode=Qt.TransformationMode.SmoothTransformation)
    difference = np.abs(array(smaller) - array(one))
    assert difference.mean() < 6


def array(image):
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), :3].astype(int)


@pytest.mark.parametrize("view", ["contour", "surface", "error", "all"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_without_a_background_only_what_is_drawn_is_there(qapp, view, theme):
    clear = drawn(qapp, width=400, height=300, view=view, transparent=True, theme=theme, legend=False)
    solid = drawn(qapp, width=400, height=300, view=view, theme=theme, legend=False)
    alpha = np.frombuffer(clear.constBits(), np.uint8).reshape(300, -1, 4)[..., 3]
    assert (alpha == 0).mean() > 0.05 and (alpha == 255).sum() > 300
    opaque = alpha == 255
    assert np.abs(array(clear) - array(solid))[opaque].mean() < 3


def test_a_size_on_paper_is_in_the_file(tmp_path, qapp):
    from gdviz.cli import main

    path = tmp_path / "race.png"
    flags = ["--size", "8x6cm", "--scale", "2", "--view", "error", "--updates", "9", "--title", "T", "--no-legend"]
    assert main(["render", *flags, "-o", str(path)]) == 0
    picture = QImage(str(path))
    assert picture.width() == 604 and picture.width() / picture.dotsPerMeterX() == pytest.approx(0.08, rel=0.01)


def test_shots_go_where_they_are_asked_to():
    assert [shot.update for shot in FilmOptions(first=5, last=9).shots(50)] == [5, 6, 7, 8, 9]
    eased = [shot.update for shot in FilmOptions(duration=2, fps=30, ease=True).shots(1000)]
    assert len(eased) == 60 and eased[0] == 0 and eased[-1] == 1000
    steps = np.diff(eased)
    assert steps[0] < steps[30] / 5 > steps[-1] and (steps >= 0).all()
    turned = FilmOptions(turn=90, hold=1, fps=10, per_frame=10).shots(100)
    assert len(turned) == 11 + 10 and turned[-1].turn == 90 == turned[10].turn and turned[5].turn == 45
    for options, sentence in (
        ({"first": 60}, "from: there is no update 60; the last one is 50"),
        ({"first": 9, "last": 3}, "update 9 comes after update 3"),
        ({"duration": 3600, "fps": 240, "hold": 600}, "at most 1000000"),
    ):
        if "hold" in options:
            options = {**options, "per_frame": 0.00001, "duration": 0}
        with pytest.raises(ValueError, match=sentence):
            FilmOptions(**options).shots(50)


def test_updates_from_frame_to_frame_are_even():
    assert [shot.update for shot in FilmOptions(per_frame=0.5).shots(3)] == [0, 1, 1, 2, 2, 3, 3]
    assert [shot.update for shot in FilmOptions(per_frame=3).shots(10)] == [0, 3, 6, 9, 10]


def test_lines_are_as_thick_in_a_multiple(qapp):
    size = {"width": 400, "height": 300, "view": "error"}
    thin, thick = (array(drawn(qapp, **size, scale=scale)) for scale in (1, 4))
    colors = [QColor(LIGHT.run(style).color).getRgb()[2::-1] for style in range(6)]
    shares = [sum((np.abs(image - color).max(axis=2) < 40).mean() for color in colors) for image in (thin, thick)]
    assert shares[1] > 0.7 * shares[0]


def at_rest(window):
    """The views' picture once it does not change any more: a finer surface may follow a first one."""
    rest(window)
    return pixels(window.board)


def test_nothing_of_the_window_is_changed_by_an_export(window, answer):
    answer("race.png")
    before = at_rest(window)
    window.action("export_image").trigger()
    accept(dialog_of(window))
    window.exporting.bar.hide()
    np.testing.assert_array_equal(at_rest(window), before)
