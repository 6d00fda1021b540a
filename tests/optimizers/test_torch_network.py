"""Networks against torch, where torch is installed: in a process of its own, as in `test_torch.py`."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.beside


@pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")
def test_every_rule_that_torch_has_trains_the_same_network():
    file = Path(__file__).with_name("network_against_torch.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "filterwarnings=ignore", str(file)]
    # The threads of two libraries in one process wait for each other, and take turns in keeping the processor busy.
    alone = os.environ | dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(command, capture_output=True, text=True, env=alone)
    assert done.returncode == 0, done.stdout
