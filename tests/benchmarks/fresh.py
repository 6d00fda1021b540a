"""What a fresh process takes before it is fast: ``python tests/benchmarks/fresh.py [--quick]``.

Import, first training and the kernels' loading, with an empty kernel cache (they are compiled) and with a warm one.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS, QUICK_ROUNDS = 2, 1
CHILD, WAITS = "child", "waits"
KERNELS = "the six rules' kernels, waited for"


def main() -> None:
    """Print the table; as a child, measure this process."""
    if CHILD in sys.argv:
        print(json.dumps(measured(waits=WAITS in sys.argv)))
    else:
        show("--quick" in sys.argv)


def measured(waits: bool) -> dict[str, float]:
    """Return the milliseconds that this fresh process takes for each thing that it does for the first time."""
    times: dict[str, float] = {}
    with lap(times, "import gdviz"):
        import gdviz
    run = gdviz.Run(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), gdviz.Adam(eta=0.01), epochs=1000)
    if waits:
        from entrants.ours import make_ready

        with lap(times, KERNELS):
            can_wait = make_ready(gdviz.lecture_race(run.objective).runs)
        if not can_wait:
            return {}
    for count in ("first", "second"):
        with lap(times, f"{count} train of 1,000 updates{', kernels there' if waits else ''}"):
            len(gdviz.train(run).error)
    return times


@contextmanager
def lap(times: dict[str, float], name: str) -> Iterator[None]:
    """Note how long the block takes."""
    began = time.perf_counter()
    yield
    times[name] = (time.perf_counter() - began) * 1e3


def child(cache: str, *words: str) -> dict[str, float]:
    """Return what a fresh process with that cache folder measures, and how long it lives."""
    # What an engine in the parent has set must not lead the child to another cache.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA_")}
    command = [sys.executable, str(Path(__file__)), CHILD, *words]
    began = time.perf_counter()
    printed = subprocess.check_output(command, env={**environment, "XDG_CACHE_HOME": cache}, text=True)
    whole = (time.perf_counter() - began) * 1e3
    return {**json.loads(printed), f"whole process that {'waits' if words else 'trains at once'}": whole}


def show(quick: bool) -> None:
    """Print the medians, with an empty and with a warm kernel cache."""
    print("\nfresh: the first things that a fresh process does, ms")
    if not sys.platform.startswith("linux"):
        print("  measured on Linux only, where XDG_CACHE_HOME moves the kernel cache: skipped")
        return
    empty: dict[str, list[float]] = {}
    warm: dict[str, list[float]] = {}
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        with tempfile.TemporaryDirectory() as cache:
            add(empty, child(cache))
        with tempfile.TemporaryDirectory() as cache:
            add(empty, child(cache, WAITS))  # who waits leaves all kernels in the cache
            add(warm, child(cache, WAITS))
            add(warm, child(cache))
    table(empty, warm)


def add(times: dict[str, list[float]], measured: dict[str, float]) -> None:
    for name, ms in measured.items():
        times.setdefault(name, []).append(ms)


def table(empty: dict[str, list[float]], warm: dict[str, list[float]]) -> None:
    print(f"  {'':46}{'empty cache':>12}{'warm cache':>12}")
    for name in empty:
        print(f"  {name:46}{statistics.median(empty[name]):12,.1f}{statistics.median(warm[name]):12,.1f}")
    if KERNELS not in empty:
        print(f"  {KERNELS:46}not there yet: gdviz.engine.load")
        return
    compiling = statistics.median(empty[KERNELS]) - statistics.median(warm[KERNELS])
    print(f"  {'compiling alone: the difference':46}{compiling:12,.1f}")


if __name__ == "__main__":
    main()
