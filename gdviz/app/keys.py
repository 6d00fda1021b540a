"""Who gets a key: the control that has the focus and uses it, or the window's shortcut."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QWidget

__all__ = ["KeyRouter", "reach_by_tab"]

Key = Qt.Key
USED: dict[type[QWidget], tuple[Qt.Key, ...]] = {
    QAbstractSlider: (Key.Key_Left, Key.Key_Right, Key.Key_Home, Key.Key_End),
    QAbstractButton: (Key.Key_Space,),
    QComboBox: (Key.Key_Space, Key.Key_Home, Key.Key_End),
}
"""Keys that are shortcuts of the window, but belong to a control of this kind while it has the focus."""


class KeyRouter(QObject):
    """An event filter of the application that lets a focused control keep the keys it uses."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the key for the control, where it is one that the control uses."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            keys = next((keys for kind, keys in USED.items() if isinstance(watched, kind)), ())
            if event.key() in keys and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                event.accept()
                return True
        return False


def reach_by_tab(*widgets: QWidget) -> None:
    """Let the widgets take the focus by Tab, not by a click: after a drag the arrow keys still step."""
    for widget in widgets:
        widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
