"""The rules against torch.optim, where torch is installed: in a process of its own.

torch and the software OpenGL of the window tests each bring an LLVM; one process does not survive both.
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
def test_every_rule_that_torch_has_agrees_with_it():
    file = Path(__file__).with_name("against_torch.py")
    # What torch and its own packages warn each other of is not for us to mend.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "filterwarnings=ignore", str(file)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
