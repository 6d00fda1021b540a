"""What a stranger wrote is shown letter by letter, wherever it is shown; nobody takes it for markup."""

import ast
from html import escape
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QToolTip

import gdviz
from gdviz.cli import main
from gdviz.export.options import FilmOptions, PictureOptions
from gdviz.files import save_session
from gdviz.views.words import Label, verbatim
from tests.export.drawn import count, pixels
from tests.trust import hostile
from tests.trust.canary import MARKUP, Canary, hover

pytestmark = pytest.mark.beside

PACKAGE = Path(gdviz.__file__).parent


@pytest.fixture
def canary(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with Canary(tmp_path) as one:
        yield one
    assert one.opened == 0, "a text was taken for markup"


def computed(window, spin):
    spin(lambda: window.controller.complete and window.controller.settled and window.board.surface.has_terrain)


def look_at_everything(window, spin):
    computed(window, spin)
    window.grab()
    window.controller.move_to(4)
    hover(window)
    for name in ("keys", "help"):
        if name in window.actions_by_name:
            window.action(name).trigger()
    for dialog in window.findChildren(QDialog):
        dialog.grab()
        dialog.close()
    QApplication.processEvents()


def export_everything(window, spin):
    options = PictureOptions(width=640, height=480)
    for ending in ("png", "svg", "pdf"):
        window.exporting.save_image(f"race.{ending}", options)
        assert window.exporting.message.text() == f"Saved race.{ending}"
    window.exporting.save_animation("race.gif", options, FilmOptions(), 3)
    spin(lambda: not window.exporting.running)
    assert window.exporting.message.text() == "Saved race.gif"


@pytest.mark.parametrize("make", [hostile.neuron, hostile.network])
def test_nobody_opens_what_a_session_names(canary, open_window, spin, make):
    session = make()
    save_session(session, f"{MARKUP}.gdviz")
    window = open_window()
    window.sessions.open(f"{MARKUP}.gdviz")
    assert MARKUP in window.hint.text() and MARKUP in window.windowTitle()
    look_at_everything(window, spin)
    export_everything(window, spin)
    window.sessions.open("race.png")  # which carries the session
    assert window.controller.experiment == session.experiment
    look_at_everything(window, spin)
    for thing in (session.experiment.runs[0], gdviz.train(session.experiment.runs[0])):
        assert "<img" not in thing._repr_html_()


def test_nobody_opens_what_a_table_a_notebook_and_a_refusal_name(canary, open_window, spin):
    names = [f"{MARKUP}{ending}" for ending in (".csv", ".gdviz")]
    Path(names[0]).write_text(f"x,{MARKUP}\n1,0.5\n2,0.7\n".replace('"', ""), "utf-8")
    Path(names[1]).write_text(MARKUP, "utf-8")
    Path("log.csv").write_text("run,w,b,error\n" + f"{MARKUP},1,2,3\n".replace('"', ""), "utf-8")
    window = open_window()
    window.importing.choose(names[0], False)
    look_at_everything(window, spin)
    for path in (*names, "log.csv"):  # each is refused, or is no notebook of this race
        window.checking.check(path)
        spin(lambda: window.checking.settled)
        window.sessions.open(path)
        window.grab()
        hover(window)
    window.edits.rename_run(0, MARKUP)
    look_at_everything(window, spin)
    export_everything(window, spin)
    assert main(["check", "log.csv", "--optimizer", "gd:eta=1", "--data", names[0]]) in (1, 2)


def test_a_pack_holds_it_as_text(canary, qapp):
    save_session(hostile.neuron(), "race.gdviz")
    assert main(["pack", "race.gdviz", "--epochs", "3", "-o", "pack"]) == 0
    page = Path("pack/index.html").read_text("utf-8")
    assert page.count(escape(MARKUP)) > 6 and 'src="canary"' not in page


def test_no_picture_of_a_strangers_choice_is_drawn(tmp_path, monkeypatch, qapp):
    monkeypatch.chdir(tmp_path)
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff00ff"))
    assert image.save("canary.png")
    text = '<img src="canary.png"><font color="#ff00ff" size="7">wide</font>'
    save_session(hostile.neuron(text), "race.gdviz")
    assert main(["render", "--session", "race.gdviz", "--title", text, "-o", "race.png"]) == 0
    assert count(pixels("race.png"), "#ff00ff") == 0


def test_a_tooltip_shows_what_it_was_given(open_window, spin):
    window = open_window(hostile.neuron().experiment)
    spin(lambda: window.panel.data.toolTip() != "")
    at = QPoint(3, 3)
    QApplication.sendEvent(window.panel.data, QHelpEvent(QEvent.Type.ToolTip, at, window.panel.data.mapToGlobal(at)))
    (shown,) = [one for one in QApplication.topLevelWidgets() if one.metaObject().className() == "QTipLabel"]
    assert escape(MARKUP) in shown.text()
    QToolTip.hideText()
    label = Label(MARKUP)
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(MARKUP)
    assert verbatim("a < b, c > d & e") == "a < b, c > d & e"


def calls(path):
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def is_safe(argument):
    """Whether an argument cannot hold foreign text that Qt might take for markup."""
    if isinstance(argument, ast.Call):
        return isinstance(argument.func, ast.Name) and argument.func.id == "verbatim"
    return isinstance(argument, ast.Constant)


def test_text_reaches_widgets_in_one_way():
    own = {
        "views/words.py",
        "app/help.py",
        "app/controls/parts.py",
    }  # what they hand on is ours, or was made safe before
    wrong = []
    for path in sorted(path for room in ("app", "views", "export") for path in (PACKAGE / room).rglob("*.py")):
        place = str(path.relative_to(PACKAGE))
        for call in [] if place in own else calls(path):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            guesses = name in ("setToolTip", "setWhatsThis", "setStatusTip", "setHtml")
            if (guesses and not all(map(is_safe, call.args[-1:]))) or name in ("QLabel", "QTextBrowser", "QMessageBox"):
                wrong.append(f"{place}:{call.lineno} {name}")
    assert wrong == []


def test_no_label_guesses(open_window, spin):
    window = open_window(hostile.network().experiment)
    computed(window, spin)
    guessing = [one.text() for one in window.findChildren(QLabel) if one.textFormat().name == "AutoText"]
    assert not any("<" in text for text in guessing), guessing
    assert np.isfinite(window.controller.trajectories[0].params).all()
