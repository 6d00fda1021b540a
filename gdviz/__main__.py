"""``python -m gdviz`` is the command ``gdviz``."""

import sys

from gdviz.cli import main

sys.exit(main())
