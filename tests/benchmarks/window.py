"""How soon does the window answer a slider? ``python tests/benchmarks/window.py [moves]``.

Opens the window at 1280x720 (or WIDTHxHEIGHT, the second argument) on the lecture's six rules over 1000 updates, for
several numbers of samples, with all overlays on, and moves a slider: η, which the explained run depends on, and the
start, which all six do. It prints how long it took from the move until the changed paths were painted in all views.
Without a display it takes Xvfb.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEventLoop

import gdviz
from gdviz.app import create_application, create_window
from gdviz.export.display import drawing_place
from gdviz.export.off_screen import application

if TYPE_CHECKING:
    from collections.abc import Callable

    from gdviz.app import MainWindow

UPDATES = 1000
SAMPLES = (2, 100, 1000, 100_000)
PATIENCE = 120.0


def main() -> None:
    """Measure each number of samples in turn."""
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    width, height = map(int, sys.argv[2].split("x")) if len(sys.argv) > 2 else (1280, 720)
    application = create_application()
    print(f"{width}x{height}, six runs, {UPDATES} updates; ms from the move to the painted frame")
    print(f"{'samples':>8}  {'slider':10}{'computed':>9}{'p50':>8}{'p99':>8}{'most':>8}")
    for samples in SAMPLES:
        window = opened(samples, (width, height))
        for slider, runs in (("eta", 1), ("start w", 6)):
            times = dragged(window, slider, moves)
            p50, p99 = np.percentile(times, [50, 99])
            print(f"{samples:8}  {slider:10}{runs:6} runs{p50:8.1f}{p99:8.1f}{max(times):8.1f}", flush=True)
        window.close()
        application.processEvents()


def neuron_on(samples: int) -> gdviz.SigmoidNeuron:
    """Return a neuron on so many noisy samples of a sigmoid."""
    random = np.random.default_rng(0)
    x = random.uniform(-3, 3, samples)
    return gdviz.SigmoidNeuron(x, 1 / (1 + np.exp(-(1.7 * x - 0.6 + 0.5 * random.normal(size=samples)))))


def opened(samples: int, size: tuple[int, int]) -> MainWindow:
    """Return a window that shows the whole race and has nothing left to do."""
    race = gdviz.lecture_race(neuron_on(samples), updates=UPDATES, reduction="mean")
    window = create_window(race)
    window.resize(*size)
    window.show()
    controller = window.controller
    wait(lambda: controller.complete and controller.settled and window.board.surface.has_terrain)
    wait(lambda: samples < 1000 or controller.race.has_preview)
    window.document.look(fan=True)
    controller.move_to(UPDATES)
    wait(lambda: controller.settled)
    time.sleep(0.3)
    return window


def wait(holds: Callable[[], bool]) -> None:
    """Let the event loop run until something holds."""
    loop, deadline = QEventLoop(), time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit("the window did not get there in time")
        loop.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)


def dragged(window: MainWindow, name: str, moves: int) -> list[float]:
    """Move a slider to and fro and return how long each move took, in ms."""
    forms = (window.panel.hyperparameters, window.panel.shared_settings.stop_and_start)
    slider = next(form.fields[name].slider for form in forms if name in form.fields)
    middle, times = slider.value(), []
    painted: list[bool] = []
    window.painting.drawn.connect(lambda: painted.append(True))
    for move in range(moves):
        painted.clear()
        began = time.perf_counter()
        slider.setValue(middle - 30 + 3 * (move % 20))
        wait(lambda: bool(painted) and not window.controller.race.awaits and not window.controller.turns.is_late)
        times.append((time.perf_counter() - began) * 1e3)
    return times


if __name__ == "__main__":
    with drawing_place(), application():
        if os.environ.get("PROFILE"):
            with cProfile.Profile() as profile:
                main()
            pstats.Stats(profile).sort_stats("tottime").print_stats(35)
        else:
            main()
