"""Tables in the window: taken where they are plain, otherwise a dialog over their first rows asks."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QTableWidget

import gdviz
from gdviz.app.files import importing
from gdviz.app.files.import_dialog import ImportDialog
from gdviz.cli import main
from tests.app.driving import settle

pytestmark = pytest.mark.beside

STUDY = "name;hours;sleep;passed\nAnna;9,4;7,5;yes\nEmil;6,1;;no\nIvo;8,7;8,4;yes\nJule;0,8;6,3;no\n"


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "study.csv"
    path.write_text(STUDY, encoding="cp1252")
    return path


def dialog_of(window):
    dialogs = window.findChildren(ImportDialog)
    return dialogs[-1] if dialogs else None


def choose_role(dialog, title, role):
    at = [column.title for column in dialog._table.columns].index(title)
    dialog.roles[at].setCurrentText(role)
    dialog.roles[at].activated.emit(dialog.roles[at].currentIndex())


def test_columns_are_chosen_and_rows_with_missing_cells_left_out(window, study):
    before = window.controller.experiment
    window.sessions.take(study)
    dialog = dialog_of(window)
    assert not dialog.use.isEnabled() and "Choose one input" in dialog.sentence.text()
    preview = dialog.findChild(QTableWidget, "import_preview")
    assert preview.item(2, 0).text() == "Anna" and preview.item(3, 2).text() == "empty"
    choose_role(dialog, "sleep", "Input")
    choose_role(dialog, "passed", "Answer")
    assert dialog.use.text() == "Use these 3 rows"
    assert dialog.sentence.text() == "3 rows will be used. Line 3 is left out: sleep is empty."
    choose_role(dialog, "hours", "Input")
    assert dialog.roles[2].currentText() == "Leave out", "the neuron has one input"
    assert dialog.use.text() == "Use these 4 rows" and window.controller.experiment == before
    dialog.use.click()
    settle(window)
    data = window.controller.experiment.objective.data
    assert (data.X.tolist(), data.Y.tolist()) == ([9.4, 6.1, 8.7, 0.8], [1, 0, 1, 0])
    assert (data.x_label, data.y_label, data.name) == ("hours", "passed", "study.csv")
    assert window.panel.data.currentText() == "study.csv"


def test_a_column_of_text_cannot_be_an_input(window, study):
    window.sessions.take(study)
    dialog = dialog_of(window)
    choose_role(dialog, "name", "Input")
    choose_role(dialog, "passed", "Answer")
    assert not dialog.use.isEnabled() and "'Anna' is not a number" in dialog.sentence.text()
    dialog.reject()


def test_a_network_takes_whole_numbers_as_is_chosen(window, tmp_path):
    path = tmp_path / "rooms.csv"
    path.write_text("size,age,y\n" + "10.5,3,2\n20.5,4,3\n30.5,7,2\n" * 10)
    window.edits.choose_objective("network")
    window.sessions.take(path)
    dialog = dialog_of(window)
    assert [role.currentText() for role in dialog.roles] == ["Input", "Input", "Answer: classes"]
    choose_role(dialog, "y", "Answer: numbers")
    dialog.use.click()
    settle(window)
    data = window.controller.experiment.objective.data
    assert data.classes == () and data.Y[:3].tolist() == [2, 3, 2] and data.inputs == ("size", "age")


def test_a_refusal_goes_with_its_cause(window, tmp_path):
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    bad.write_text("x,y\n1,abc\n")
    good.write_text("x,y\n1,0\n2,1\n")
    window.sessions.take(bad)
    assert "'abc' is not a number" in window.panel.data_problem.text()
    window.sessions.take(good)
    assert window.panel.data_problem.text() == ""
    window.sessions.take(bad)
    window.edits.choose_objective("booth")
    assert window.panel.data_problem.text() == ""


def test_standardising_a_file_and_back_is_exact_without_the_file(window, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("x,y\n0.1,0\n0.7,1\n70.3,1\n")
    window.sessions.take(path)
    path.unlink()
    window.panel.standardize.click()
    assert window.controller.experiment.objective.data.is_standardized
    window.panel.standardize.click()
    assert window.panel.data_problem.text() == ""
    assert window.controller.experiment.objective.data.X.tolist() == [0.1, 0.7, 70.3]


def test_open_takes_every_kind_of_file(window, tmp_path, monkeypatch):
    samples, log, session = tmp_path / "mine.tsv", tmp_path / "run.csv", tmp_path / "race.gdviz"
    samples.write_text("x\ty\n1\t0\n2\t1\n")
    assert main(["train", "--optimizer", "gd:eta=1", "--updates", "300", "-o", str(log)]) == 0
    gdviz.save(gdviz.lecture_race(gdviz.Booth()), session)
    for path in (log, samples, session):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, path=path: (str(path), ""))
        window.document.select(0)
        window.action("open_session").trigger()
        settle(window)
        if path is log:
            assert window.board.contour.notebook is not None
        elif path is samples:
            assert window.controller.experiment.objective.X.tolist() == [1, 2]
    assert window.controller.experiment.objective == gdviz.Booth()
    window.sessions.take(samples)
    assert window.controller.experiment.objective.name == "neuron"


def test_what_is_handed_on_has_no_folder(window, tmp_path):
    folder = tmp_path / "secret project"
    folder.mkdir()
    (folder / "mine.csv").write_text("x,y\n1,0\n2,1\n")
    window.sessions.take(folder / "mine.csv")
    window.sessions.save_to(tmp_path / "race.gdviz")
    text = (tmp_path / "race.gdviz").read_text()
    assert "mine.csv" in text and "secret" not in text


def test_foreign_text_is_shown_letter_by_letter(window, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("<b>a</b>,<i>b</i>,c\n1,2,3\n4,5,6\n")
    window.sessions.take(path)
    dialog = dialog_of(window)
    assert {label.textFormat() for label in dialog.findChildren(QLabel)} <= {Qt.TextFormat.PlainText}
    dialog.reject()


def test_the_neuron_hints_at_standardising_where_inputs_are_large(window):
    hint = window.panel.size_hint
    assert hint.isHidden()
    window.importing.choose("oring", False)
    assert not hint.isHidden() and "x is about 69.6" in hint.text() and "Standardise x" in hint.text()
    window.panel.standardize.click()
    assert hint.isHidden()
    window.importing.choose("oring", False)
    window.edits.choose_objective("booth")
    assert hint.isHidden()


def test_a_large_table_is_read_while_the_window_answers(window, spin, tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    path.write_text("x,y\n" + "0.5,0.2\n2.5,0.9\n" * 150_000)
    assert path.stat().st_size > importing.LARGE
    before = window.controller.experiment
    window.sessions.take(path)
    assert window.controller.experiment is before and window.hint.text() == "Reading large.csv …"
    window.controller.move_to(7)
    spin(lambda: window.controller.cursor == 7)
    spin(lambda: window.importing.settled, 60)
    settle(window)
    assert window.controller.experiment.objective.samples == 300_000 and window.hint.text() == ""
    path.write_text(path.read_text() + "1,2,3\n")
    window.sessions.take(path)
    spin(lambda: window.importing.settled, 60)
    settle(window)
    assert "line 300002: 3 column(s)" in window.panel.data_problem.text() and window.hint.text() == ""
    window.sessions.take(path)
    window.importing.choose("lecture", False)  # in place of it
    settle(window)
    assert window.controller.experiment.objective.samples == 2
    assert window.hint.text() == window.panel.data_problem.text() == ""
    window.sessions.take(path)  # and is closed while it is read
