"""A notebook is drawn over the selected run, and what is wrong with it is said where it departs."""

import numpy as np
import pytest
from PySide6.QtWidgets import QDialog, QFileDialog, QTextBrowser

import gdviz
from tests.app.driving import has_color, settle


@pytest.fixture
def notebook(window, tmp_path):
    """What Adam without its correction does, as a student may have written it down."""
    adam = window.controller.experiment.runs[5]
    wrong = gdviz.train(gdviz.Run(adam.objective, gdviz.Adam(0.1, corrected=0), adam.start, epochs=300))
    path = tmp_path / "mine.csv"
    np.savetxt(path, wrong.params, delimiter=",", header="w,b", comments="", fmt="%.17g")
    window.controller.select(5)
    return path


def test_it_is_drawn_and_explained(window, notebook, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(notebook), ""))
    window.controller.move_to(300)
    settle(window)
    before = has_color(window.board.contour, window.theme.warning, 30)
    window.action("check").trigger()
    settle(window)
    assert has_color(window.board.contour, window.theme.warning, 30) > before + 100
    assert window.controller.cursor == 1 and "The first update that departs is 1" in window.hint.text()
    dialog = window.findChild(QDialog, "notebook")
    text = dialog.findChild(QTextBrowser).toPlainText()
    assert "bias correction is missing" in text and "Compared with Adam" in text
    dialog.close()
    window.intents.choose_objective("booth")
    settle(window)
    assert has_color(window.board.contour, window.theme.warning, 10) < 5


def test_a_file_that_is_no_notebook_is_one_sentence(window, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("a,b\n1,2\n")
    window.checking.check(path)
    assert "there is no column" in window.hint.text() and window.board.contour.notebook is None
