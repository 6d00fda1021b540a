"""Trains digits in the window for a while and says by how much its memory grows in an hour, and how sure that is.

``python tests/benchmarks/hour.py [MINUTES]``. The slope is that of a line through the resident size after a warm-up,
as it is and without the bytes that the runs' trajectories keep on purpose, which have a budget: what still grows leaks.
How far chance may have moved it is told by a bootstrap over blocks: neighbours are alike, long blocks are not.
"""

import sys
import time

import numpy as np
import psutil
from PySide6.QtCore import QEventLoop, QTimer

import gdviz
from gdviz.app import create_application, create_window
from gdviz.objectives.data.shipped import digits
from gdviz.scene.session import Session, Views

EVERY, TOLD_EVERY, DRAWS = 2.0, 60.0, 2000
"""Seconds between two looks and between two lines, and how often a bootstrap draws."""
BLOCKS = (60.0, 180.0, 420.0)
"""Seconds of a block; where the spread grows with them the longest is to be believed."""
WARM_UP = 1 / 6


def race():
    """Return six rules on a network for handwritten digits; their runs last longer than anybody looks."""
    network = gdviz.Network.on(digits(), layers="64-32-10", validation=0.2)
    return gdviz.lecture_race(network, sampling=gdviz.MiniBatch(32, shuffle=True), epochs=5000)


def sizes(minutes):
    """Return seconds since the start, resident bytes and those of the trajectories at each look; and the updates."""
    application = create_application()
    window = create_window(Session(race(), views=Views(speed=float("inf"))))
    window.show()
    window.controller.play()
    loop, process, began, seen = QEventLoop(), psutil.Process(), time.monotonic(), []

    def look():
        application.processEvents()
        kept = sum(trajectory.nbytes for trajectory in window.controller.trajectories)
        seen.append((time.monotonic() - began, process.memory_info().rss, kept))
        if len(seen) % int(TOLD_EVERY / EVERY) == 1:
            after, size, kept = seen[-1]
            print(f"  {after / 60:5.1f} min  {size / 1e6:6.1f} MB, of which {kept / 1e6:5.1f} MB are kept", flush=True)
        if window.controller.cursor >= window.controller.experiment.total:
            window.controller.move_to(0)
            window.controller.play()

    timer = QTimer(interval=int(1000 * EVERY), timeout=look)
    timer.start()
    QTimer.singleShot(int(60_000 * minutes), loop.quit)
    loop.exec()
    reached = window.controller.reached
    window.close()
    return np.array(seen), reached


def slope(seconds, size):
    """Return the bytes an hour of the line through sizes."""
    return float(np.polyfit(seconds / 3600, size, 1)[0])


def spread(seconds, size, block):
    """Return how far chance may have moved the slope, in bytes an hour (95 %)."""
    random, fitted = np.random.default_rng(0), np.polyval(np.polyfit(seconds, size, 1), seconds)
    length = min(int(block / EVERY), max(1, len(size) // 4))
    starts, count = np.arange(len(size) - length + 1), -(-len(size) // length)
    drawn = []
    for _ in range(DRAWS):
        blocks = [(size - fitted)[first : first + length] for first in random.choice(starts, count)]
        drawn.append(slope(seconds, fitted + np.concatenate(blocks)[: len(size)]))
    return 1.96 * float(np.std(drawn))


def main():
    """Train, and print what was seen."""
    minutes = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    seen, reached = sizes(minutes)
    seconds, size, kept = seen[int(len(seen) * WARM_UP) :].T
    print(f"{minutes:g} minutes, {reached} updates of each of six runs; {size[0] / 1e6:.0f} → {size[-1] / 1e6:.0f} MB")
    for what, grown in (("memory", size), ("memory without what the trajectories keep", size - kept)):
        for block in BLOCKS:
            told = f"{slope(seconds, grown) / 1e6:+.1f} ± {spread(seconds, grown, block) / 1e6:.1f} MB an hour"
            print(f"{what} grows by {told} (95 %, blocks of {block:.0f} s)")


if __name__ == "__main__":
    main()
