"""What of a window cannot be read or does not fit. Run as a program, it opens one and prints what it finds."""

import sys
import time

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDockWidget,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QWidget,
)

OWN = ("qt_", "ScrollLeftButton", "ScrollRightButton")
"""How Qt's own helpers are called, which are none of ours."""


def faults(window):
    """Return a sentence for everything visible that is cut off."""
    found = []
    for widget in window.findChildren(QWidget):
        if isinstance(widget, QDockWidget | QTabBar) and widget.geometry().right() < 0:  # Qt parks them there: docks
            continue  # behind others, and the tab bars of docks without tabs
        if not widget.isVisible() or widget.objectName().startswith(OWN) or not widget.parentWidget():
            continue
        found += [f"{_called(widget)}: {fault}" for fault in (_cut(widget), _elided(widget)) if fault]
    found += [f"the window is {window.width()} wide, its contents need {window.minimumSizeHint().width()}"] * (
        window.minimumSizeHint().width() > window.width()
    )
    return found


def _called(widget):
    text = getattr(widget, "text", str)()
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName() or text!r}"


def _cut(widget):
    """Say where a widget leaves its parent; what a scroll area holds may be higher, wider only above a scroll bar."""
    parent = widget.parentWidget()
    area = parent.parentWidget()
    if isinstance(area, QScrollArea) and parent is area.viewport():
        fits = widget.width() <= parent.width() or area.horizontalScrollBar().isVisible()
        return "" if fits else f"{widget.width()} wide in {parent.width()}"
    if widget.isWindow() or QRect(QPoint(0, 0), parent.size()).contains(widget.geometry()):
        return ""
    return f"at {widget.geometry()} in {parent.size()}"


def _elided(widget):
    """Say which text does not fit into a widget."""
    metrics = widget.fontMetrics()
    if isinstance(widget, QListWidget):
        wide, room = widget.sizeHintForColumn(0), widget.viewport().width()
        return f"a row needs {wide} of {room}" if wide > room else ""
    if isinstance(widget, QLabel):
        if widget.wordWrap():
            return f"{widget.text()!r} is cut" if widget.heightForWidth(widget.width()) > widget.height() else ""
        return f"{widget.text()!r} is cut" if widget.sizeHint().width() > widget.width() else ""
    text, room = _text_and_room(widget)
    return (
        f"{text!r} needs {metrics.horizontalAdvance(text)} of {room}" if metrics.horizontalAdvance(text) > room else ""
    )


def _text_and_room(widget):
    style = widget.style()
    if isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field = style.subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, widget
        )
        return widget.currentText(), field.width()
    if isinstance(widget, QLineEdit):
        return widget.text(), widget.width() - 4
    if isinstance(widget, QGroupBox):
        return widget.title(), widget.width()
    if isinstance(widget, QToolButton):
        return ("" if not widget.icon().isNull() else widget.text()), widget.width() - 2
    if isinstance(widget, QAbstractButton):
        option = QStyleOptionButton()
        option.initFrom(widget)
        kinds = {"QCheckBox": QStyle.SubElement.SE_CheckBoxContents}
        kind = kinds.get(type(widget).__name__, QStyle.SubElement.SE_PushButtonContents)
        return widget.text(), style.subElementRect(kind, option, widget).width()
    return "", 0


def main(width, height, theme):
    """Open the window in several scenes and print what does not fit."""
    from gdviz.app import create_application, create_window
    from gdviz.files.lessons import lessons

    application = create_application()
    window = create_window(None, theme)
    window.resize(width, height)
    window.show()
    for session in (None, *lessons()):
        if session is not None:
            window.sessions.show(session)
        deadline = time.monotonic() + 20
        while not (window.controller.complete and window.controller.settled):
            application.processEvents()
            assert time.monotonic() < deadline
        window.controller.move_to(40)
        for _ in range(20):
            application.processEvents()
            time.sleep(0.005)
        scene = session.lesson.title if session else "the lecture's race"
        for fault in faults(window):
            print(f"{scene}: {fault}")
    print("at", QApplication.primaryScreen().devicePixelRatio(), window.width(), window.height())
    window.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
