"""No test can hang: whatever it waits for, it fails after a while or ends the run, and its name is said."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
WAITING = {
    "python": "import time; time.sleep(60)",
    "process": "import subprocess; subprocess.run(['sleep', '60'])",
    "dialog": "from PySide6.QtWidgets import QApplication, QDialog; app = QApplication([]); QDialog().exec()",
    "thread": "from PySide6.QtCore import QMutex; mutex = QMutex(); mutex.lock(); mutex.lock()",
}


@pytest.mark.parametrize("what", WAITING)
def test_a_test_that_hangs_fails(tmp_path, what):
    path = tmp_path / "test_it.py"
    path.write_text(f"def test_that_waits_for_a_{what}():\n    {WAITING[what]}\n")
    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    kept = {key: options[key] for key in ("timeout_method", "faulthandler_exit_on_timeout")}
    limits = {"timeout": 2, "faulthandler_timeout": 4, **kept}
    given = [word for key, value in limits.items() for word in ("-o", f"{key}={str(value).lower()}")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), *given, str(path)],
        capture_output=True, text=True, timeout=60, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode != 0
    assert f"test_that_waits_for_a_{what}" in done.stdout + done.stderr
    assert options["timeout"] < options["faulthandler_timeout"]
