"""How much memory this process has held at most."""

import sys
from pathlib import Path

import pytest

STATUS = Path("/proc/self/status")


def peak() -> int:
    """Return the greatest resident size of this process so far, in bytes.

    On Linux getrusage counts what the parent held when it started this process, so the kernel is asked otherwise.
    """
    if STATUS.exists():
        (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    resource = pytest.importorskip("resource")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
