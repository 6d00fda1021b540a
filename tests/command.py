"""Running gdviz's command line: in this process, which is fast, or in a fresh one, which is the real thing."""

import os
import subprocess
import sys
from pathlib import Path

from gdviz.cli import main

ROOT = Path(__file__).resolve().parents[1]
PATHS = [*filter(None, [os.environ.get("PYTHONPATH")]), str(ROOT)]
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join(PATHS)}


def python(*arguments, **options):
    """Run a fresh interpreter; its output is captured as text."""
    options = {"capture_output": True, "text": True, "env": ENVIRONMENT, "timeout": 60, **options}
    return subprocess.run([sys.executable, *map(str, arguments)], **options)


def gdviz(*arguments, **options):
    return python("-m", "gdviz", *arguments, **options)


def refused(capsys, *arguments):
    """Run a command that must be refused in this process; return the one line it prints."""
    try:
        code = main([str(argument) for argument in arguments])
    except SystemExit as stop:  # argparse's way out
        code = stop.code
    out, err = capsys.readouterr()
    assert code == 2, (code, err)
    assert out == ""
    assert err.endswith("\n") and err.count("\n") == 1, err
    assert "Traceback" not in err
    return err
