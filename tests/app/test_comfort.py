"""What makes the window easy to live with: help everywhere, a layout that is remembered, runs that can be dragged."""

import pytest
from PySide6.QtCore import QByteArray, QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSplitter, QToolButton, QWhatsThis, QWidget

from gdviz.app import create_window
from gdviz.app.files.memory import Memory
from gdviz.views.view import VIEWS
from tests.app.driving import press, settle

pytestmark = pytest.mark.once


@pytest.fixture
def settings(tmp_path):
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def remembering(open_window, settings, qapp, spin):
    """Open windows that remember, each after the one before was closed."""

    def make(theme=None):
        window = create_window(None, theme, Memory(settings))
        opened.append(window)
        window.show()
        window.activateWindow()
        spin(window.isActiveWindow)
        return window

    opened = []
    yield make
    for window in opened:
        window.close()
        window.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def shown_text(qapp):
    """The text of the What's This window that is open."""
    found = [w for w in qapp.topLevelWidgets() if w.metaObject().className() == "QWhatsThat" and w.isVisible()]
    return found[0] if found else None


@pytest.fixture
def on_network(window, spin):
    """A window that shows a network, for which every view has something to show."""
    window.edits.choose_objective("network")
    spin(lambda: window.controller.complete and window.controller.settled)
    return window


@pytest.mark.parametrize("name", VIEWS.names)
def test_every_view_says_what_it_is(on_network, qapp, spin, name):
    window = on_network
    if name == "layers":
        window.docks["layers"].raise_()
    view = window.findChild(QWidget, window.views[name].objectName())
    spin(view.isVisible)
    sign = view.findChild(QToolButton, f"about_{view.objectName()}")
    assert sign.isVisible() and sign.geometry().right() < view.width() and sign.geometry().top() >= 0
    QTest.mouseClick(sign, Qt.MouseButton.LeftButton)
    spin(lambda: shown_text(qapp) is not None)
    assert view.whatsThis() == VIEWS[name].about
    QWhatsThis.hideText()
    spin(lambda: shown_text(qapp) is None)


def test_the_signs_stay_in_their_corners(on_network, qapp):
    window = on_network
    window.docks["layers"].raise_()
    window.resize(1600, 900)
    qapp.processEvents()
    for view in window.views.values():
        assert view.findChild(QToolButton, f"about_{view.objectName()}").geometry().right() == view.width() - 5


def test_shift_f1_points_at_anything(window, qapp, spin):
    window.action("what_is_this").trigger()
    assert QWhatsThis.inWhatsThisMode()
    QTest.mouseClick(window.panel.hyperparameters.fields["eta"].label, Qt.MouseButton.LeftButton)
    spin(lambda: shown_text(qapp) is not None)
    QWhatsThis.hideText()
    QWhatsThis.leaveWhatsThisMode()


def test_every_control_has_a_name_and_help(window):
    for widget in window.panel.findChildren(QWidget):
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible() and type(widget) is not QWidget:
            named = widget.accessibleName() or (widget.text() if hasattr(widget, "text") else "")
            assert named, (widget, widget.objectName())
    for action in window.actions_by_name.values():
        assert action.toolTip() and action.text() and action.shortcuts()


def test_no_key_is_given_twice(window):
    keys = [key.toString() for action in window.actions_by_name.values() for key in action.shortcuts()]
    menus = [f"Alt+{menu.text().partition('&')[2][0].upper()}" for menu in window.menuBar().actions()]
    assert len(set(keys + menus)) == len(keys + menus)


def test_the_layout_comes_back(remembering, qapp):
    window = remembering("dark")
    window.resize(1500, 900)
    window.docks.first.hide()
    splitter = window.board.findChild(QSplitter, "columns")
    splitter.setSizes([300, 700])
    qapp.processEvents()
    sizes = splitter.sizes()
    window.close()
    again = remembering()
    qapp.processEvents()
    assert again.theme.name == "dark" and again.size() == window.size()
    assert again.docks.first.isHidden() and not again.docks.panel.isHidden()
    assert again.board.findChild(QSplitter, "columns").sizes() == pytest.approx(sizes, abs=8)
    again.action("usual_layout").trigger()
    qapp.processEvents()
    assert not again.docks.first.isHidden()
    left, right = again.board.findChild(QSplitter, "columns").sizes()
    assert left > right


def test_a_theme_that_is_asked_for_goes_before_the_remembered_one(remembering):
    remembering("dark").close()
    assert remembering("light").theme.name == "light"


def test_a_lesson_that_was_open_is_not_open_the_next_time(remembering, qapp):
    window = remembering()
    press(window, Qt.Key.Key_N)
    assert not window.docks.lesson.isHidden()
    window.close()
    assert remembering().docks.lesson.isHidden()


@pytest.mark.parametrize("rubbish", ["x", 7, QByteArray(b"\0\1\2 garbage"), QByteArray(), ["a", "b"]])
def test_rubbish_in_the_settings_does_no_harm(remembering, settings, rubbish):
    for key in ("geometry", "layout", "columns", "column_contour", "theme"):
        settings.setValue(key, rubbish)
    window = remembering()
    assert window.isVisible() and window.theme.name in ("light", "dark")


def test_full_screen_is_not_remembered(remembering, settings, spin):
    window = remembering()
    window.action("full_screen").trigger()
    spin(window.isFullScreen)
    window.close()
    assert not remembering().isFullScreen()


def test_windows_for_others_leave_no_settings(window, tmp_path):
    assert window.memory is None


def drag(runs, row, to):
    """Drag a row of the list to before another one, as the mouse does."""
    begin, end = (runs.visualItemRect(runs.item(at)) for at in (row, to))
    where = QPointF(end.center().x(), end.top() + 2 if to < row else end.bottom() - 2)
    for kind, at in (
        (QEvent.Type.MouseButtonPress, QPointF(begin.center())),
        (QEvent.Type.MouseMove, (QPointF(begin.center()) + where) / 2),
        (QEvent.Type.MouseMove, where),
        (QEvent.Type.MouseButtonRelease, where),
    ):
        buttons = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseButtonRelease else Qt.MouseButton.LeftButton
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
        view = runs.viewport()
        event = QMouseEvent(kind, at, view.mapToGlobal(at), button, buttons, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(view, event)


@pytest.mark.parametrize(("row", "to"), [(0, 3), (5, 1), (2, 2)])
def test_a_run_is_dragged_to_another_place(window, row, to):
    before = list(window.controller.experiment.looks)
    drag(window.panel.runs, row, to)
    settle(window)
    before.insert(to, before.pop(row))
    assert list(window.controller.experiment.looks) == before
    assert window.controller.selected == to
    if row != to:
        window.action("undo").trigger()
        assert [look.style for look in window.controller.experiment.looks] == list(range(6))


def test_tooltips_of_the_equations_come_from_the_declarations(window, qapp):
    window.controller.move_to(3)
    settle(window)
    sheet = window.views["step"]
    place = next(place for place, symbol, tip in sheet._places if symbol == "η")
    point = place.center().toPoint()
    QApplication.sendEvent(sheet, QHelpEvent(QEvent.Type.ToolTip, point, sheet.mapToGlobal(point)))
    qapp.processEvents()
    assert any("learning rate" in label.text() for label in qapp.topLevelWidgets() if isinstance(label, QLabel))
    QTest.mouseMove(sheet, QPoint(1, 1))
