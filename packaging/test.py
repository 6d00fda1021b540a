"""Runs gdviz's tests on any computer with Python 3.11 or newer: ``python3 packaging/test.py [pytest's arguments]``.

What the tests need is installed into ``.venv`` first. On Linux they draw on a screen that nobody sees (Xvfb). Without
arguments they run twice: with numba, and with its import blocked, when numpy does all of the work; what takes long and
has nothing to do with that, once.
"""

import os
import sys

import check_python  # noqa: F401  (first: it stops a Python that is too old)
from setup_env import ROOT, run_main, run_program, set_up
from system_packages import say


def main() -> int:
    """Set up and test; return pytest's exit code."""
    set_up("test", xvfb=True)
    # A Qt platform chosen for other programs, such as offscreen, has no OpenGL.
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    code = run_program(["-m", "pytest", *sys.argv[1:]], ROOT, environment)
    if code != 0 or sys.argv[1:]:
        return code
    say("Once more as on a computer for which there is no numba.")
    environment["PYTHONPATH"] = str(ROOT / "tests" / "without_numba")
    return run_program(["-m", "pytest", "-p", "no:cacheprovider", "-m", "not once"], ROOT, environment)


if __name__ == "__main__":
    run_main(main)
