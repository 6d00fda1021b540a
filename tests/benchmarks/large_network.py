"""Does the window answer while 10⁶ parameters train? ``python tests/benchmarks/large_network.py [seconds] [windows]``.

Opens the window at 1280x720 on a 64-1000-900-10 network for the digits with Adam and mini-batches of 32, plays as fast
as it goes, and prints how late a 5 ms timer of the event loop is, and how long it takes to stop. Without a display it
takes Xvfb.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from streaming import stream

import gdviz
from gdviz.app import create_application, create_window
from gdviz.export.display import drawing_place
from gdviz.export.off_screen import application
from gdviz.objectives import Network
from gdviz.training import Experiment, MiniBatch


def main() -> None:
    """Train, measure, stop."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    windows = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    app = create_application()
    network = Network.on(Network.load("digits"), layers=(64, 1000, 900, 10), activation="relu", init="he")
    sampling = MiniBatch(32, shuffle=True)
    print(f"{network.size} parameters, {network.samples} samples")
    for _ in range(windows):
        window = create_window(Experiment.race(network, [gdviz.Adam(0.001)], sampling=sampling, epochs=50))
        window.resize(1280, 720)
        window.show()
        late, frames = stream(window, seconds)
        updates = window.controller.trajectories[0].last
        began = time.perf_counter()
        window.close()
        stopped = 1e3 * (time.perf_counter() - began)
        app.processEvents()
        print(
            f"{updates / (seconds + 2):.0f} updates and {len(frames) / seconds:.0f} frames a second; "
            f"event loop late by p50 {np.percentile(late, 50):.1f}, p99 {np.percentile(late, 99):.1f}, "
            f"at most {max(late):.1f} ms; "
            f"stopped in {stopped:.0f} ms"
        )


if __name__ == "__main__":
    with drawing_place(), application():
        main()
