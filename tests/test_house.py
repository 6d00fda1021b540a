"""The house rules hold: ruff, mypy and import-linter find nothing, and files stay short enough to read."""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINT_IMPORTS = str(Path(sysconfig.get_path("scripts")) / "lint-imports")


@pytest.mark.parametrize(
    "tool",
    [
        [sys.executable, "-m", "ruff", "check", "--output-format=concise", "."],
        [sys.executable, "-m", "ruff", "format", "--check", "."],
        [sys.executable, "-m", "mypy"],
        [LINT_IMPORTS, "--no-cache"],
    ],
    ids=["ruff", "ruff format", "mypy", "import-linter"],
)
def test_tools_find_nothing(tool):
    done = subprocess.run(tool, cwd=ROOT, capture_output=True, text=True, timeout=110)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_file_is_longer_than_300_lines():
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode:
        pytest.skip("not a git checkout")
    files = [path for path in map(ROOT.joinpath, tracked.stdout.splitlines()) if path.exists()]
    assert files
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert {name: lines for name, lines in lengths.items() if lines > 300} == {}


CLASSES = "Network|SigmoidNeuron|Surface|Plane|Architecture|Declared|Fitted"
QUESTIONS = re.compile(rf"is(instance|subclass)\(.*\b({CLASSES})\b|\btype\([\w.]+\) is (not )?({CLASSES})\b")


def test_nobody_outside_objectives_asks_of_which_class_an_objective_is():
    """A plug-in's objective is of no class that is known here, so it is asked what it can do."""
    files = (path for path in (ROOT / "gdviz").rglob("*.py") if "objectives" not in path.relative_to(ROOT).parts)
    lines = [(path.name, line.strip()) for path in files for line in path.read_text("utf-8").splitlines()]
    assert len(lines) > 10_000 and [line for line in lines if QUESTIONS.search(line[1])] == []
