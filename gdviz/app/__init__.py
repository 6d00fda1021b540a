"""The window: Qt, signals and threads."""

from gdviz.app.application import create_application, create_window, run_window
from gdviz.app.window import MainWindow

__all__ = ["MainWindow", "create_application", "create_window", "run_window"]
