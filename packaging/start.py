"""Starts gdviz on any computer with Python 3.11 or newer: ``python3 packaging/start.py [gdviz's arguments]``.

The first start installs what gdviz needs into ``.venv``; on Linux, it sees to the system's libraries too. Where there
is no screen, the lecture's race is drawn into the current folder as a picture and an animation.
``--no-system-packages`` forbids to install what only the system's package manager has.
"""

import os
import sys
from pathlib import Path

import check_python  # noqa: F401  (first: it stops a Python that is too old)
from setup_env import SetupError, own_flag, run_main, run_program, set_up
from system_packages import say

GDVIZ = ["-P", "-m", "gdviz"]
QUESTIONS = ("-h", "--help", "--version")


def main() -> int:
    """Set up and start; return gdviz's exit code."""
    arguments = own_flag(sys.argv[1:])
    draws = wants_window(arguments) and not has_display()
    if draws and not os.access(Path.cwd(), os.W_OK):
        raise SetupError(f"There is no screen, and pictures cannot be written into {Path.cwd()}: go to another folder.")
    set_up(xvfb=not has_display())
    return draw(arguments) if draws else run_program([*GDVIZ, *arguments])


def wants_window(arguments: list[str]) -> bool:
    """Tell whether gdviz would open its window: without a command, which is a first word that names no file."""
    if not arguments:
        return True
    first = arguments[0]
    return first not in QUESTIONS if first.startswith("-") else bool(os.path.splitext(first)[1])


def has_display() -> bool:
    """Tell whether there is a screen for a window."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def draw(arguments: list[str]) -> int:
    """Draw the lecture's race, or the one that the run flags describe, as a picture and an animation."""
    stem = "race" if arguments else "lecture-race"
    say("There is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set), so the race is drawn into files.")
    if arguments and not arguments[0].startswith("-"):
        arguments = ["--session", *arguments]
    for name in (f"{stem}.png", f"{stem}.gif"):
        code = run_program([*GDVIZ, "render", *arguments, "-o", name])
        if code != 0:
            return code
        print(Path.cwd() / name, flush=True)
    return 0


if __name__ == "__main__":
    run_main(main)
