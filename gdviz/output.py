"""Standard output, which may be closed, full, or read by nobody any more."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

__all__ = ["check_stdout", "drop_output"]


def check_stdout() -> None:
    """Refuse ``-o -`` where nothing can be written to standard output."""
    if sys.stdout is None:
        raise ValueError("-o -: standard output is closed")


def drop_output() -> None:
    """Send what is still to be written to standard output nowhere, so that Python's end does not complain.

    What is written later goes where it went before.
    """
    with suppress(OSError, ValueError, AttributeError):  # it is closed, or no file
        output = sys.stdout.fileno()
        before, nowhere = os.dup(output), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, output)
        sys.stdout.flush()
        os.dup2(before, output)
        os.close(before)
        os.close(nowhere)
