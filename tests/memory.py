"""How much memory this process holds, and has held at most."""

import sys
from pathlib import Path

import pytest

STATUS = Path("/proc/self/status")


def peak() -> int:
    """Return the greatest resident size of this process so far, in bytes.

    On Linux getrusage counts what the parent held when it started this process, so the kernel is asked otherwise.
    """
    if STATUS.exists():
        return _status("VmHWM")
    resource = pytest.importorskip("resource")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def now() -> int:
    """Return the resident size of this process now, in bytes; the test is skipped where the system does not tell."""
    if not STATUS.exists():
        pytest.skip("this system does not tell")
    return _status("VmRSS")


def _status(key: str) -> int:
    (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith(f"{key}:"))
    return int(line.split()[1]) * 1024
