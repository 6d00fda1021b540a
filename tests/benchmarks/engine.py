"""How fast is the engine? ``python tests/benchmarks/engine.py [--quick] [ROW ...]``.

Prints for each row what the lecture's loop, torch.optim, JAX, a loop in C and gdviz take for the same float64 work:
medians of runs that take turns, in milliseconds; how many times as long as gdviz that is, against the target; and how
far the results are off gdviz's, relatively. RMSProp's are compared only before its limit cycle, in which the order of
a sum alone makes a difference of some per cent. Who takes long does a part of the work and the rest is extrapolated;
the table says so.

Rows: race-2, race-100, race-1000, stochastic, grid-500, grid-1000, basin; and fresh, what a fresh process takes.

torch, jax and optax come with ``pip install gdviz[bench]``, the loop in C needs a compiler; who is missing is skipped.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import time
from typing import TYPE_CHECKING

import fresh
from entrants.ours import make_ready
from rows import FUSED, OURS, ROWS, Row
from timing import Entrant, take_turns

import gdviz

if TYPE_CHECKING:
    from work import Agreement

FRESH = "fresh"
ROUNDS, QUICK_ROUNDS = 5, 2
SECONDS, QUICK_SECONDS = 0.05, 0.02
"""How long everybody is timed in a round, at least."""
NOISY = 1.5
"""A median that is so many times the best says that something else was going on."""
PACKAGES = ("numpy", "numba", "torch", "jax", "optax")


def main() -> None:
    """Print the rows that were asked for, and what missed its target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"all by default: {', '.join([*ROWS, FRESH])}")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller parts")
    options = parser.parse_args()
    unknown = [name for name in options.rows if name not in (*ROWS, FRESH)]
    if unknown:
        parser.error(f"unknown row {unknown[0]!r}; known: {', '.join([*ROWS, FRESH])}")
    chosen = options.rows or [*ROWS, FRESH]
    print(machine())
    met = {}
    if any(name in ROWS for name in chosen):
        load_engine()
    for name in (name for name in chosen if name in ROWS):
        met |= {f"{name} against {who}": is_met for who, is_met in show(name, ROWS[name], options.quick).items()}
    if FRESH in chosen:
        fresh.show(options.quick)
    if met:
        missed = [f"  missed: {name}" for name, is_met in met.items() if not is_met]
        print(f"\n{len(met) - len(missed)} of {len(met)} targets met", *missed, sep="\n")


def machine() -> str:
    """Return what the figures depend on."""
    versions = []
    for package in PACKAGES:
        try:
            versions.append(f"{package} {importlib.metadata.version(package)}")
        except importlib.metadata.PackageNotFoundError:
            versions.append(f"no {package}")
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} × {processor()}{load}, Python {platform.python_version()}, {', '.join(versions)}"


def processor() -> str:
    """Return what LLVM calls the processor, and how wide its registers are: AVX-512 doubles what a loop can reach."""
    try:
        from llvmlite.binding import get_host_cpu_features, get_host_cpu_name
    except ImportError:
        return platform.machine()
    wide = next((name for name in ("avx512f", "avx2") if get_host_cpu_features().get(name)), platform.machine())
    return f"{get_host_cpu_name()} ({wide})"


def load_engine() -> None:
    """Let the engine make its kernels ready, and say how long that took."""
    began = time.perf_counter()
    if make_ready(gdviz.lecture_race(gdviz.SigmoidNeuron([0, 1], [0, 1])).runs):
        print(f"gdviz's kernels were there after {(time.perf_counter() - began) * 1e3:,.0f} ms")
    else:
        print("gdviz.engine.load: not there yet")


def show(name: str, row: Row, quick: bool) -> dict[str, bool]:
    """Time and print one row; return who had a target, and whether it is met."""
    print(f"\n{name}: {row.title}", flush=True)
    entrants, missing = row.entrants(quick)
    take_turns(entrants, *((QUICK_ROUNDS, QUICK_SECONDS) if quick else (ROUNDS, SECONDS)))
    for who, reason in missing.items():
        print(f"  {who:30}{reason}")
    ours = next((entrant for entrant in entrants if entrant.name == OURS), None)
    whole = [entrant for entrant in entrants if entrant.scale == 1 and entrant.result is not None]
    reference = ours or max(whole, key=lambda entrant: entrant.name == FUSED, default=None)
    print(f"  {'':30}{'ms':>11}{'× gdviz':>11}{'target':>11}  {'':7}{'off by':>8}")
    met = {}
    for entrant in entrants:
        target = row.targets.get(entrant.name)
        ratio = entrant.ms / ours.ms if ours else None
        if target and ratio:
            met[entrant.name] = ratio >= target
        print(line(entrant, ratio, target, off(entrant, reference)))
    if reference and not ours:
        print(f"  (off by: against {reference.name})")
    return met


def off(entrant: Entrant, reference: Entrant | None) -> Agreement | None:
    """Return how far the entrant's result is from the reference's, where both have one."""
    if entrant is reference or reference is None or entrant.result is None:
        return None
    return entrant.part.agreement(reference.result, entrant.result)


def line(entrant: Entrant, ratio: float | None, target: float | None, agreement: Agreement | None) -> str:
    """Return the entrant's line."""
    verdict = "" if not target or ratio is None else "met" if ratio >= target else "MISSED"
    ms, times = entrant.ms, number(ratio) if ratio else ""
    least = "" if not target else f"≥ {number(target)}" if target >= 1 else f"≥ 1/{1 / target:.3g}"
    part = f"{entrant.part.part}, extrapolated" if entrant.part.part else ""
    best = min(entrant.times) * entrant.scale * 1e3
    once = "timed once" if len(entrant.times) == 1 else f"noisy: {number(best)} at best" if ms > NOISY * best else ""
    difference, remark = (f"{agreement.worst:.0e}", agreement.remark) if agreement else ("", "")
    notes = "; ".join(filter(None, (part, once, entrant.job.note, remark)))
    return f"  {entrant.name:30}{number(ms):>11}{times:>11}{least:>11}  {verdict:7}{difference:>8}  {notes}".rstrip()


def number(value: float) -> str:
    """Return three significant digits, without an exponent."""
    digits = next((d for d, limit in ((3, 1), (2, 10), (1, 100)) if value < limit), 0)
    return f"{value:,.{digits}f}" if value != int(value) else f"{value:,.0f}"


if __name__ == "__main__":
    main()
