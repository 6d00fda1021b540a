"""A race is set up, stepped, forked and exported with the keyboard alone."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit

import gdviz
from tests.app.driving import settle

KEY, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


def strike(key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key wherever the focus is."""
    QTest.keyClick(QApplication.focusWidget(), key, modifier)


def tab_to(name):
    """Press Tab until the control of that name has the focus."""
    seen = []
    for _ in range(120):
        if QApplication.focusWidget().objectName() == name:
            return
        seen.append(QApplication.focusWidget().objectName())
        strike(KEY.Key_Tab)
    raise AssertionError(f"Tab does not lead to {name}: {seen}")


def choose_by_arrows(name, text):
    """Choose in a list with the arrow keys."""
    tab_to(name)
    box = QApplication.focusWidget()
    for _ in range(box.count()):
        if box.currentText() == text:
            return
        strike(KEY.Key_Down)
    for _ in range(box.count()):
        if box.currentText() == text:
            return
        strike(KEY.Key_Up)
    assert box.currentText() == text


def enter(name, text):
    """Type a number and press Return, then Escape: the keys are for stepping again."""
    tab_to(f"{name}_edit")
    strike(KEY.Key_A, CONTROL)
    QTest.keyClicks(QApplication.focusWidget(), text)
    strike(KEY.Key_Return)
    strike(KEY.Key_Escape)


def name_a_file(path):
    """Type a file's name into the dialog that is about to open, once it is there."""

    def type_it():
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog) or not dialog.isActiveWindow():
            return
        timer.stop()
        editor = dialog.findChild(QLineEdit, "fileNameEdit")
        editor.setFocus()
        editor.selectAll()
        QTest.keyClicks(editor, str(path))
        QTest.keyClick(editor, KEY.Key_Return)

    timer = QTimer(QApplication.instance(), interval=20, timeout=type_it)
    timer.start()


@pytest.fixture
def own_dialogs():
    """Let Qt show its own file dialogs, as it does where the system has none."""
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    yield
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


def test_a_race_by_keyboard(window, spin, tmp_path, own_dialogs):
    controller = window.controller
    choose_by_arrows("data", "oring")
    tab_to("standardize")
    strike(KEY.Key_Space)
    choose_by_arrows("strategy", "Mini-batch")
    window.board.contour.setFocus()  # as Escape or a click would; the race's own keys work from anywhere
    for _ in range(4):
        strike(KEY.Key_Delete)
    assert controller.experiment.names == ("rmsprop", "adam")
    choose_by_arrows("optimizer", "Momentum")
    enter("eta", "0.25")
    enter("gamma", "0.8")
    settle(window)
    run = controller.experiment.runs[controller.selected]
    assert run.optimizer == gdviz.Momentum(0.25, gamma=0.8)
    assert run.sampling.name == "minibatch" and run.objective.data.is_standardized
    assert run.objective.data.name == "oring"
    spin(lambda: controller.complete)
    for _ in range(7):
        strike(KEY.Key_Right)
    strike(KEY.Key_Left)
    assert controller.cursor == 6
    strike(KEY.Key_K)
    assert controller.experiment.runs[controller.selected].fork.update == 6
    enter("eta", "0.05")
    spin(lambda: controller.complete)
    strike(KEY.Key_End)
    settle(window)
    parent, fork = (t.params for t in controller.trajectories[:2])
    assert (parent[:7] == fork[:7]).all() and (parent[7:] != fork[7:]).any()
    picture, saved = tmp_path / "race.png", tmp_path / "race.gdviz"

    def with_dialog(key, path, options=False):
        name_a_file(path)
        strike(key, CONTROL)
        if options:  # how it is to look is asked first; Return takes it as it is
            dialog = window.findChild(QDialog, "export_options")
            dialog.activateWindow()
            spin(dialog.isActiveWindow)
            strike(KEY.Key_Return)
        window.activateWindow()  # what a window manager does once a dialog is closed
        spin(window.isActiveWindow)

    with_dialog(KEY.Key_E, picture, options=True)
    assert QImage(str(picture)).width() == 1280
    with_dialog(KEY.Key_S, saved)
    assert gdviz.files.open_session(saved).experiment == controller.experiment
    strike(KEY.Key_6, CONTROL)
    assert controller.experiment != gdviz.files.open_session(saved).experiment
    with_dialog(KEY.Key_O, saved)
    spin(lambda: controller.complete and controller.settled)
    assert gdviz.files.open_session(saved).experiment == controller.experiment


def test_tab_reaches_every_control_of_the_panel(window):
    reached = set()
    for _ in range(150):
        strike(KEY.Key_Tab)
        reached.add(QApplication.focusWidget().objectName())
    wanted = "objective data standardize runs optimizer eta_edit strategy for_all schedule reduction timeline speed"
    assert set(wanted.split()) <= reached
    assert {"contour", "surface", "error_curve"} & reached
