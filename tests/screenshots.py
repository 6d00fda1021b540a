"""Make the screenshots: ``python tests/screenshots.py FOLDER`` opens the window in both themes and two sizes.

Without a display it takes Xvfb.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import gdviz
from gdviz.app import MainWindow, create_application, create_window
from gdviz.export.display import drawing_place
from gdviz.export.off_screen import application
from gdviz.training import Experiment, MiniBatch

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

SIZES = ((1280, 720), (1920, 1080))


def scenes() -> dict[str, tuple[Experiment, int, int]]:
    """Return experiments by name, with the update to show and the run to select."""
    lecture = gdviz.SigmoidNeuron.on(gdviz.load_data("lecture"))
    oring = gdviz.SigmoidNeuron.on(gdviz.load_data("oring").standardized())
    batches = MiniBatch(8, shuffle=True)
    moons = gdviz.Network.on(gdviz.Network.load("moons"), layers="2-16-16-2")
    digits = gdviz.Network.on(gdviz.Network.load("digits"), layers="64-32-10", l2=0.0005)
    rules, some = [gdviz.Adam(0.01), gdviz.GradientDescent(0.5)], MiniBatch(32, shuffle=True)
    return {
        "lecture": (gdviz.lecture_race(lecture), 137, 5),
        "start": (gdviz.lecture_race(lecture), 0, 0),
        "oring": (gdviz.lecture_race(oring, sampling=batches, epochs=60, start=(-3, 3)), 90, 4),
        "himmelblau": (gdviz.lecture_race(gdviz.Himmelblau()), 60, 2),
        "moons": (gdviz.lecture_race(moons), 150, 5),
        "digits": (Experiment.race(digits, rules, sampling=some, epochs=10), 225, 0),
        "rosenbrock": (gdviz.lecture_race(gdviz.Rosenbrock()), 300, 3),
    }


def shoot(application: QApplication, window: MainWindow, update: int, selected: int, path: Path) -> None:
    """Show an update, wait until all is drawn, and save what is seen."""
    wait(application, lambda: window.controller.complete and window.board.surface.has_terrain)
    wait(application, lambda: window.controller.settled)
    window.document.select(selected)
    window.controller.move_to(update)
    began = time.monotonic()
    wait(application, lambda: time.monotonic() - began > 0.5 and window.controller.settled)
    window.grab().save(str(path))
    print(path)


def wait(application: QApplication, holds: object) -> None:
    """Let the window live until something holds."""
    while not holds():
        application.processEvents()
        time.sleep(0.002)


def main() -> None:
    """Make all screenshots."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    application = create_application()
    for theme in ("light", "dark"):
        for width, height in SIZES:
            for name, (experiment, update, selected) in scenes().items():
                window = create_window(experiment, theme)
                window.resize(width, height)
                window.show()
                shoot(application, window, update, selected, folder / f"{name}-{theme}-{width}x{height}.png")
                window.close()


if __name__ == "__main__":
    with drawing_place(), application():
        main()
