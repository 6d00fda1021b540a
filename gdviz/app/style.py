"""The style sheet of the window, made from a theme: ink and paper, so that only runs and quantities have colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdviz.views.theme import Theme

__all__ = ["style_sheet"]

RULES = """
QMainWindow, QMenuBar, QDockWidget {{ background: {window}; }}
QMainWindow::separator {{ background: {window}; width: 8px; height: 8px; }}
QMenuBar::item {{ padding: 4px 10px; background: transparent; }}
QMenuBar::item:selected, QMenu::item:selected {{ background: {selection}; color: {text}; }}
QMenu {{ background: {panel}; border: 1px solid {line}; padding: 4px; }}
QMenu::item {{ padding: 4px 24px; }}
QMenu::item:disabled {{ color: {quiet}; }}
QMenu::separator {{ height: 1px; background: {line}; margin: 4px 8px; }}
QDockWidget::title {{ background: {window}; padding: 4px; }}
QScrollArea, #panel {{ background: {panel}; border: none; }}
QGroupBox {{ border: none; border-top: 1px solid {line}; margin-top: 14px; padding-top: 10px; font-weight: 600; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 0px; top: 4px; padding-right: 6px; background: {panel}; }}
QPushButton {{ background: {field}; border: 1px solid {edge}; border-radius: 6px; padding: 4px 10px; }}
QPushButton:hover, QToolButton:hover {{ background: {hover}; }}
QPushButton:disabled {{ color: {quiet}; border-color: {line}; }}
QPushButton:focus, QLineEdit:focus {{ border: 2px solid {accent}; }}
QLineEdit {{ background: {field}; border: 1px solid {edge}; border-radius: 5px; padding: 2px 4px; }}
QToolButton {{ border: none; border-radius: 6px; padding: 3px; }}
QToolButton:checked {{ background: {selection}; }}
QToolButton:focus {{ border: 2px solid {accent}; }}
QListWidget {{ background: {panel}; border: none; }}
QListWidget::item {{ padding: 2px; border-radius: 5px; }}
QListWidget::item:selected {{ background: {selection}; color: {text}; }}
QSlider::groove:horizontal {{ height: 3px; border-radius: 1px; background: {line}; }}
QSlider::sub-page:horizontal {{ background: {text}; border-radius: 1px; }}
QSlider::handle:horizontal {{
    background: {field}; border: 2px solid {text}; width: 10px; height: 10px; margin: -6px 0; border-radius: 7px;
}}
QSlider::handle:horizontal:focus {{ border-color: {accent}; }}
QSlider::sub-page:horizontal:disabled {{ background: {line}; }}
QSlider::handle:horizontal:disabled {{ background: {line}; border-color: {line}; }}
QStatusBar::item {{ border: none; }}
QSplitter::handle {{ background: {window}; }}
QTabBar::tab {{ background: transparent; color: {quiet}; padding: 6px 12px; border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {text}; border-bottom: 2px solid {text}; }}
QToolTip {{ background: {panel}; color: {text}; border: 1px solid {line}; padding: 3px; }}
QLabel[problem='true'] {{ color: {warning}; }}
#hint, #readout {{ color: {quiet}; padding: 3px; }}
"""


def style_sheet(theme: Theme) -> str:
    """Return the style sheet in the colours of `theme`."""
    names = ("window", "panel", "field", "text", "quiet", "warning", "line", "edge", "selection", "hover", "accent")
    return RULES.format(**{name: getattr(theme, name) for name in names})
