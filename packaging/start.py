"""Starts gdviz on any computer with Python 3.11 or newer: ``python3 packaging/start.py [gdviz's arguments]``.

The first start installs what gdviz needs into ``.venv``; on Linux, it sees to the system's libraries too. Where there
is no screen, the lecture's race is drawn into the current folder as a picture and an animation.
"""

import os
import sys
from pathlib import Path

import check_python  # noqa: F401  (first: it stops a Python that is too old)
from setup_env import SetupError, run_main, run_program, set_up
from system_packages import say

GDVIZ = ["-P", "-m", "gdviz"]
COMMANDS = ("train", "render", "list")
RACE = ["gd:eta=1", "momentum:eta=1", "nag:eta=1", "adagrad:eta=0.5", "rmsprop:eta=0.05", "adam:eta=0.1"]


def main() -> int:
    """Set up and start; return gdviz's exit code."""
    arguments = sys.argv[1:]
    wants_window = not arguments or not (arguments[0] in COMMANDS or arguments[0].startswith("-"))
    draws = wants_window and not has_display()
    if draws and not os.access(Path.cwd(), os.W_OK):
        raise SetupError(f"There is no screen, and pictures cannot be written into {Path.cwd()}: go to another folder.")
    set_up(xvfb=not has_display())
    return draw(arguments) if draws else run_program([*GDVIZ, *arguments])


def has_display() -> bool:
    """Tell whether there is a screen for a window."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def draw(arguments: list[str]) -> int:
    """Draw the lecture's race, or the session file that was given, as a picture and an animation."""
    if arguments:
        flags, stem = ["--session", *arguments], Path(arguments[0]).stem
    else:
        flags, stem = race_flags(), "lecture-race"
    say("There is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set), so the race is drawn into files.")
    for name in (f"{stem}.png", f"{stem}.gif"):
        code = run_program([*GDVIZ, "render", *flags, "-o", name])
        if code != 0:
            return code
        print(Path.cwd() / name, flush=True)
    return 0


def race_flags() -> list[str]:
    """Return the run flags of the lecture's race: its six optimizers for 300 epochs."""
    flags = [word for optimizer in RACE for word in ("--optimizer", optimizer)]
    return [*flags, "--epochs", "300"]


if __name__ == "__main__":
    run_main(main)
