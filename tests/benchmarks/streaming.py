"""Does the window answer while six runs stream? ``python tests/benchmarks/streaming.py [seconds]``.

Opens the window at 1280x720 on the lecture's race, plays as fast as it goes, and prints how late a 5 ms timer of the
event loop is, how many frames are drawn, and whether every update arrived. Without a display it takes Xvfb.
"""

from __future__ import annotations

import math
import sys
import time

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer

import gdviz
from gdviz.app import create_application, create_window
from gdviz.export.display import drawing_place
from gdviz.export.off_screen import application

BEAT = 5


def main() -> None:
    """Stream, measure, compare."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    application = create_application()
    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("lecture"))
    window = create_window(gdviz.lecture_race(neuron, updates=1_000_000))
    window.show()
    late, frames = stream(window, seconds)
    streamed = [trajectory.last for trajectory in window.controller.trajectories]
    whole = all(
        np.array_equal(t.params, gdviz.train(gdviz_run(t.run, t.last)).params) for t in window.controller.trajectories
    )
    window.close()
    application.processEvents()
    print(f"six runs streamed for {seconds:g} s: {sum(streamed)} updates, {len(frames) / seconds:.1f} frames a second")
    print(f"event loop late by p50 {np.percentile(late, 50):.1f}, p99 {np.percentile(late, 99):.1f}, ", end="")
    print(f"at most {max(late):.1f} ms; every update arrived: {'yes' if whole else 'NO'}")


def gdviz_run(run: gdviz.Run, updates: int) -> gdviz.Run:
    """Return the run cut short after so many updates."""
    from dataclasses import replace

    return replace(run, updates=updates)


def stream(window: object, seconds: float) -> tuple[list[float], list[int]]:
    """Return how late the beats were, in ms, and the cursor of each frame drawn."""
    loop = QEventLoop()
    settle = QTimer(singleShot=True, interval=2000, timeout=loop.quit)
    settle.start()
    loop.exec()
    late: list[float] = []
    frames: list[int] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(0.0, (now - last) * 1e3 - BEAT))
        last = now

    window.controller.frame_changed.connect(lambda frame: frames.append(frame.cursor))
    window.document.look(speed=math.inf)
    window.controller.play()
    heart = QTimer(interval=BEAT, timerType=Qt.TimerType.PreciseTimer, timeout=beat)
    heart.start()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
    heart.stop()
    window.controller.pause()
    return late, frames


if __name__ == "__main__":
    with drawing_place(), application():
        main()
