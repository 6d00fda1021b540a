"""A notebook is drawn over the selected run, and what is wrong with it is said where it departs."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QLineEdit, QTextBrowser

import gdviz
from gdviz.app.model.edits import SetHyperparameter
from tests.app.driving import has_color, settle

pytestmark = pytest.mark.beside


@pytest.fixture
def notebook(window, tmp_path):
    """What Adam without its correction does, as a student may have written it down."""
    adam = window.controller.experiment.runs[5]
    wrong = gdviz.train(gdviz.Run(adam.objective, gdviz.Adam(0.1, corrected=0), adam.start, epochs=300))
    path = tmp_path / "mine.csv"
    np.savetxt(path, wrong.params, delimiter=",", header="w,b", comments="", fmt="%.17g")
    window.document.select(5)
    return path


def button(dialog, text):
    """Return a button of a dialog by what it says."""
    buttons = dialog.findChild(QDialogButtonBox).buttons()
    return next(one for one in buttons if one.text().replace("&", "").startswith(text))


def test_it_is_drawn_and_explained(window, notebook, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(notebook), ""))
    window.controller.move_to(300)
    settle(window)
    before = has_color(window.board.contour, window.theme.warning, 30)
    window.action("check").trigger()
    asked = window.findChild(QDialog, "check_notebook")
    assert asked.findChild(QLineEdit, "check_columns").text() == "w, b, error"
    button(asked, "Choose the file").click()
    settle(window)
    assert has_color(window.board.contour, window.theme.warning, 30) > before + 100
    assert window.controller.cursor == 1 and "The first update that departs is 1" in window.hint.text()
    dialog = window.findChild(QDialog, "notebook")
    text = dialog.findChild(QTextBrowser).toPlainText()
    assert "bias correction is missing" in text and "Compared with Adam" in text
    dialog.close()
    window.edits.choose_objective("booth")
    settle(window)
    assert has_color(window.board.contour, window.theme.warning, 10) < 5


def test_a_file_that_is_no_notebook_is_one_sentence(window, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n")
    window.checking.check(path)
    assert "there is no column" in window.hint.text() and window.board.contour.notebook is None


@pytest.mark.parametrize("leave", ["escape", "undo", "edit"])
def test_what_was_said_goes_with_its_run(window, spin, notebook, leave):
    window.edits.apply(SetHyperparameter("beta2", 0.9))
    window.checking.check(notebook)
    settle(window)
    assert window.board.contour.notebook is not None and window.findChild(QDialog, "notebook") is not None
    window.checking.follow()  # nothing was edited
    assert window.board.contour.notebook is not None
    if leave == "escape":
        window.findChild(QDialog, "notebook").close()
        window.activateWindow()
        spin(window.isActiveWindow)
        window.board.contour.setFocus()
        QTest.keyClick(window.board.contour, Qt.Key.Key_Escape)
    elif leave == "undo":
        window.edits.apply(SetHyperparameter("eta", 0.2))
        window.checking.check(notebook)
        settle(window)
        window.action("undo").trigger()
    else:
        window.edits.apply(SetHyperparameter("eta", 0.2))
    settle(window)
    assert window.board.contour.notebook is None and window.hint.text() == ""


def test_columns_can_be_named_and_a_template_be_saved(window, tmp_path, monkeypatch):
    path = tmp_path / "template.csv"
    window.action("check").trigger()
    asked = window.findChild(QDialog, "check_notebook")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    button(asked, "Save a template").click()
    header, start = path.read_text().splitlines()
    assert header == "update,w,b,error" and start.startswith("0,-2.0,-2.0,0.4158")
    asked.columns.setText("w")
    button(asked, "Choose the file").click()
    assert asked.isVisible()  # two names are needed
    other = tmp_path / "mine.csv"
    other.write_text(path.read_text().replace("w,b", "first,second"))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    asked.columns.setText("first, second")
    button(asked, "Choose the file").click()
    settle(window)
    assert window.hint.text().startswith("Right")


def test_the_window_answers_while_a_notebook_is_compared_and_can_be_closed(window, spin, tmp_path):
    run = gdviz.train(window.controller.experiment.runs[5])
    rows = run.params + 1e-3 * np.arange(len(run))[:, None] ** 1.5
    path = tmp_path / "mine.csv"
    np.savetxt(path, rows, delimiter=",", header="w,b", comments="", fmt="%.17g")
    window.document.select(5)
    window.checking.check(path)
    assert window.hint.text() == "Comparing the numbers with Adam …" and not window.checking.settled
    window.controller.move_to(17)
    spin(lambda: window.controller.cursor == 17)
    window.checking.forget()
    settle(window)
    assert window.controller.cursor == 17
    assert window.board.contour.notebook is None and window.findChild(QDialog, "notebook") is None
    window.checking.check(path)  # and is closed while it is compared
