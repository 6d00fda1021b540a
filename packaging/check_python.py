"""Stops here, with one sentence, under a Python that is too old for the rest; so it is written for any Python 3."""

import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "gdviz needs Python 3.11 or newer, and this is Python "
        + sys.version.split()[0]
        + ": install a newer one from python.org or your system's packages and start this file with it.\n"
    )
    sys.exit(2)
