"""Exports from the window: what is said, what is written, and that nothing is left behind."""

import os
import re

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QProgressBar, QPushButton

from gdviz.app.files.export_dialog import ExportDialog
from gdviz.views.theme import LIGHT
from tests.app.driving import on_map
from tests.export.drawn import count, decoded, pixels

pytestmark = pytest.mark.once


@pytest.fixture
def bar(window):
    """Give what the bar says and shows."""

    class Bar:
        exporting = window.exporting
        widget = window.exporting.bar
        progress = window.findChild(QProgressBar, "export_progress")
        button = window.findChild(QPushButton, "cancel_export")

        @property
        def text(self):
            return window.findChild(QLabel, "export_message").text()

    assert not Bar.widget.isVisible()
    return Bar()


def answer(monkeypatch, path, kind="Film (*.webm)"):
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path) if path else "", kind))


def test_an_image_is_saved_and_said(window, bar, tmp_path):
    window.controller.move_to(200)
    names = ["race.pdf", "race.png", "race.svg"]
    for name in names:
        bar.exporting.save_image(tmp_path / name)
        assert bar.text == f"Saved {tmp_path / name}"
        assert bar.widget.isVisible()
        assert not bar.progress.isVisible()
    assert sorted(os.listdir(tmp_path)) == names
    shown = pixels(tmp_path / "race.png")
    assert shown.shape == (720, 1280, 3)
    for index in range(6):
        assert count(shown, window.theme.run(index).color) > 100, index
    bar.button.click()
    assert not bar.widget.isVisible()


def test_an_image_is_of_what_the_window_shows(window, bar, tmp_path, spin):
    """The update, the theme and the part of the plane are the window's."""
    bar.exporting.save_image(tmp_path / "start.png")
    window.controller.move_to(300)
    bar.exporting.save_image(tmp_path / "end.png")
    window.board.contour.show_box(((0, 1), (0, 1)))
    window.controller.viewport.look_at(((0, 1), (0, 1)))
    bar.exporting.save_image(tmp_path / "part.png")
    window.action("theme").trigger()
    bar.exporting.save_image(tmp_path / "dark.png")
    start, end, part, dark = (pixels(tmp_path / f"{name}.png") for name in ("start", "end", "part", "dark"))
    assert (start != end).any(axis=2).mean() > 0.002
    assert dark.mean() < end.mean() - 60
    assert count(end, LIGHT.run(2).color) > 1.3 * count(part, LIGHT.run(2).color)  # it ends elsewhere


def test_a_film_is_written_with_progress_while_the_window_works(window, bar, tmp_path, spin):
    path = tmp_path / "race.gif"
    bar.exporting.save_animation(path, frames=12)
    assert bar.exporting.running
    assert bar.text == "Writing race.gif …"
    seen = set()
    while bar.exporting.running:
        window.controller.move_to(window.controller.cursor + 1)
        spin(lambda: bar.progress.value() not in seen or not bar.exporting.running)
        seen.add(bar.progress.value())
        assert bar.progress.isVisible() == bar.exporting.running
        assert re.fullmatch(r"Writing race\.gif(, \d+ s left| …)|Saved .*", bar.text)
    assert len(seen) >= 11
    assert bar.progress.maximum() == 12
    assert bar.text == f"Saved {path}"
    assert bar.button.text() == "Close"
    assert window.controller.cursor >= 11
    frames, rate, _ = decoded(path)
    assert [frame.shape for frame in frames] == [(720, 1280, 3)] * 12
    assert float(rate) == pytest.approx(30, rel=0.12)
    for index in range(6):
        assert count(frames[-1], window.theme.run(index).color, 24) > 100, index
    assert os.listdir(tmp_path) == [path.name]


def test_cancelling_leaves_nothing_and_the_next_export_works(window, bar, tmp_path, spin):
    old = tmp_path / "race.mp4"
    old.write_bytes(b"an older film")
    bar.exporting.save_animation(old)
    spin(lambda: len(os.listdir(tmp_path)) == 2)  # the encoder has begun to write
    assert bar.button.text() == "Cancel"
    bar.button.click()
    assert not bar.exporting.running
    assert bar.text == "Export cancelled; nothing was written."
    assert os.listdir(tmp_path) == [old.name]
    assert old.read_bytes() == b"an older film"
    QTest.qWait(30)
    bar.exporting.save_animation(old, frames=2)
    spin(lambda: not bar.exporting.running)
    assert len(decoded(old)[0]) == 2


def test_one_export_at_a_time(window, bar, tmp_path, spin):
    bar.exporting.save_animation(tmp_path / "first.gif", frames=5)
    spin(lambda: bar.progress.value() >= 1)
    bar.exporting.save_animation(tmp_path / "second.gif", frames=5)
    assert "still running" in bar.text
    assert not (tmp_path / "second.gif").exists()
    spin(lambda: not bar.exporting.running)
    assert os.listdir(tmp_path) == ["first.gif"]
    assert len(decoded(tmp_path / "first.gif")[0]) == 5


def test_an_image_can_be_saved_while_a_film_is_written(window, bar, tmp_path, spin):
    bar.exporting.save_animation(tmp_path / "race.webm", frames=5)
    spin(lambda: bar.progress.value() >= 1)
    bar.exporting.save_image(tmp_path / "race.png")
    assert bar.exporting.running
    assert bar.button.text() == "Cancel"
    spin(lambda: not bar.exporting.running)
    assert sorted(os.listdir(tmp_path)) == ["race.png", "race.webm"]
    assert len(decoded(tmp_path / "race.webm")[0]) == 5


def test_the_film_shows_the_experiment_as_it_was_when_it_began(window, bar, tmp_path, spin):
    window.controller.move_to(300)
    bar.exporting.save_animation(tmp_path / "race.gif", frames=6)
    spin(lambda: bar.progress.value() >= 1)
    window.panel.remove_run.click()
    window.action("theme").trigger()
    spin(lambda: not bar.exporting.running)
    assert bar.text.startswith("Saved")
    shown = decoded(tmp_path / "race.gif")[0][-1]
    assert shown.mean() > 170
    assert count(shown, LIGHT.run(0).color, 24) > 100


BAD = {
    "race.avi": "the name must end in",
    "gone/race.EXT": "there is no folder",
    "folder.EXT": "is a folder",
    "race": "the name must end in",
}


@pytest.mark.parametrize("ending", ["png", "mp4"])
def test_a_bad_target_is_said_in_a_sentence_in_the_bar(window, bar, tmp_path, ending):
    (tmp_path / f"folder.{ending}").mkdir()
    for name, said in BAD.items():
        path = tmp_path / name.replace("EXT", ending)
        (bar.exporting.save_image if ending == "png" else bar.exporting.save_animation)(path)
        assert bar.widget.isVisible()
        assert said in bar.text
        assert bar.text.endswith(".")
        assert "\n" not in bar.text
        assert not bar.exporting.running
        assert not bar.progress.isVisible()
        assert bar.button.text() == "Close"
        assert os.listdir(tmp_path) == [f"folder.{ending}"]


def test_an_error_while_writing_is_said_and_leaves_nothing(window, bar, tmp_path, spin, monkeypatch):
    folder = tmp_path / "films"
    folder.mkdir()
    bar.exporting.save_animation(folder / "race.gif", frames=4)
    spin(lambda: bar.progress.value() >= 1)
    monkeypatch.setattr(
        "gdviz.files.targets.os.replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left"))
    )
    spin(lambda: not bar.exporting.running)
    assert bar.text == f"{folder / 'race.gif'}: cannot be written: No space left."
    assert os.listdir(folder) == []


def test_closing_the_window_while_writing_leaves_nothing(window, bar, tmp_path, spin):
    bar.exporting.save_animation(tmp_path / "race.mp4")
    spin(lambda: any(".part" in name for name in os.listdir(tmp_path)))
    window.close()
    assert not bar.exporting.running
    assert os.listdir(tmp_path) == []
    QTest.qWait(50)
    assert os.listdir(tmp_path) == []


def test_export_while_playing_and_computing(open_window, tmp_path, spin):
    import gdviz

    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("oring").standardized())
    window = open_window(gdviz.lecture_race(neuron, updates=200_000))
    window.controller.play()
    spin(lambda: window.controller.reached > 100)
    window.exporting.save_image(tmp_path / "race.png")
    window.exporting.save_animation(tmp_path / "race.gif", frames=3)
    spin(lambda: not window.exporting.running)
    assert len(decoded(tmp_path / "race.gif")[0]) == 3
    assert sorted(os.listdir(tmp_path)) == ["race.gif", "race.png"]


def test_the_actions_ask_for_a_file_and_add_the_ending_of_its_kind(window, bar, tmp_path, spin, monkeypatch):

    def take(name):
        """Let the action ask how it is to look, and take that as it is."""
        window.action(name).trigger()
        dialog = window.findChild(ExportDialog)
        dialog._accept()
        dialog.deleteLater()
        spin(lambda: window.findChild(ExportDialog) is None)

    answer(monkeypatch, tmp_path / "image", "Picture (*.png)")
    take("export_image")
    assert bar.text == f"Saved {tmp_path / 'image.png'}"
    answer(monkeypatch, tmp_path / "film", "Film (*.webm)")
    take("export_animation")
    assert bar.exporting.running
    assert "film.webm" in bar.text
    bar.exporting.cancel()
    answer(monkeypatch, "")
    for name in ("export_image", "export_animation"):
        take(name)
    assert not bar.exporting.running
    assert os.listdir(tmp_path) == ["image.png"]


def test_exports_leave_the_window_as_it_was(window, bar, tmp_path, spin, qapp):
    """The stage that draws a picture is not the window: cursor, views and widgets stay."""
    widgets = len(qapp.topLevelWidgets())
    window.controller.move_to(250)
    spin(lambda: count(pixels(window.board.contour.grab().toImage()), on_map(window.theme, 1), 20) > 20)
    before = count(pixels(window.board.contour.grab().toImage()), on_map(window.theme, 1), 20)
    for name in ("a.png", "b.svg"):
        bar.exporting.save_image(tmp_path / name)
    bar.button.click()
    QTest.qWait(60)
    assert window.controller.cursor == 250
    assert count(pixels(window.board.contour.grab().toImage()), on_map(window.theme, 1), 20) == before
    assert len(qapp.topLevelWidgets()) == widgets
