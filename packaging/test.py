"""Runs gdviz's tests on any computer with Python 3.11 or newer: ``python3 packaging/test.py [pytest's arguments]``.

What the tests need is installed into ``.venv`` first. On Linux they draw on a screen that nobody sees (Xvfb). Without
arguments they run twice, side by side: with numba, and with its import blocked, when numpy does all of the work; what
takes long and has nothing to do with that, once, in the one run or in the other. ``--slow`` runs what takes minutes and
is left out otherwise: the long fuzzers, kills and sweeps.
"""

import os
import subprocess
import sys
import tempfile

import check_python  # noqa: F401  (first: it stops a Python that is too old)
from setup_env import PYTHON, ROOT, own_flag, run_main, run_program, set_up
from system_packages import say

WITH_NUMBA = ["-m", "pytest", "-m", "not beside and not slow"]
WITHOUT_NUMBA = ["-m", "pytest", "-p", "no:cacheprovider", "-m", "not once and not slow"]
SLOW = ["-m", "pytest", "-m", "slow", "-o", "faulthandler_timeout=7200"]


def main() -> int:
    """Set up and test; return pytest's exit code."""
    arguments = own_flag(sys.argv[1:])
    set_up("test", xvfb=True)
    # A Qt platform chosen for other programs, such as offscreen, has no OpenGL.
    environment = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    if arguments[:1] == ["--slow"]:
        return run_program([*SLOW, *arguments[1:]], ROOT, environment)
    if arguments:
        return run_program(["-m", "pytest", *arguments], ROOT, environment)
    blocked = {**environment, "PYTHONPATH": str(ROOT / "tests" / "without_numba")}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        say("Tests with numba; beside them, silently, those of a computer for which there is none.")
        beside = subprocess.Popen(
            [str(PYTHON), *WITHOUT_NUMBA], cwd=ROOT, env=blocked, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            code = run_program(WITH_NUMBA, ROOT, environment)
            other = beside.wait()
        finally:
            if beside.poll() is None:
                beside.terminate()
                beside.wait()
        said.seek(0)
        say("Without numba:\n" + said.read())
    return code or abs(other)


if __name__ == "__main__":
    run_main(main)
