"""Makes the environment that gdviz runs in: ``.venv`` in the project's root, and what Qt needs of the system.

With only Python's standard library. A second call finds everything in place and takes a fraction of a second.
(No ``__init__.py`` in this folder, ever: it would hide the library that is named packaging, too.)
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qt_libraries import ensure_libraries
from system_packages import Need, forbid, install, install_line, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = {
    "": ROOT / "packaging" / "requirements.txt",
    "test": ROOT / "packaging" / "requirements-test.txt",
}
"""Every version with its hashes, by the optional dependencies that are wanted."""
NO_SYSTEM_PACKAGES = "--no-system-packages"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
PROBE = "import sys, pip; print(*sys.version_info[:2]); print(sys.prefix)"


class SetupError(Exception):
    """What hinders the setup, and what to do, in one sentence."""


def run_main(main: Callable[[], int]) -> None:
    """Call `main` and exit with its code; 2 with one sentence when the setup fails, 130 on Ctrl-C: no traceback."""
    try:
        code = main()
    except SetupError as error:
        say(str(error))
        code = 2
    except KeyboardInterrupt:
        say("\nStopped.")
        code = 130
    sys.exit(code)


def own_flag(arguments: list[str]) -> list[str]:
    """Return the arguments without the one for the setup, which forbids to install what only the system has."""
    if NO_SYSTEM_PACKAGES in arguments:
        forbid()
    return [argument for argument in arguments if argument != NO_SYSTEM_PACKAGES]


def set_up(extra: str = "", xvfb: bool = False) -> None:
    """Make or mend the environment, and put in gdviz and the system's libraries.

    Parameters
    ----------
    extra
        The optional dependencies wanted besides gdviz's own: ``test``, or none.
    xvfb
        Whether a screen that nobody sees is needed (Linux).

    Raises
    ------
    SetupError
        When gdviz cannot be installed; a lacking library of the system is only told.
    """
    ensure_venv()
    ensure_installed(extra)
    if sys.platform == "linux":
        ensure_libraries(site_packages() / "PySide6", xvfb, poppler=extra == "test")


def ensure_venv() -> None:
    """Make ``.venv`` where it is missing, broken or made with another Python."""
    state = venv_state()
    if state == "good":
        return
    if Path(sys.prefix).resolve() == VENV.resolve():
        raise SetupError(f"{VENV} is damaged and runs this very file: start it with your system's Python instead.")
    ensure_venv_module()
    say(f"Making the environment {VENV}" + ("." if state == "missing" else f" anew: the old one {state}."))
    done = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], stdout=sys.stderr, check=False)
    if done.returncode != 0 or venv_state() != "good":
        raise SetupError(f"Python could not make the environment {VENV}; what it printed above says why.")


def venv_state() -> str:
    """Return ``good`` or ``missing``, or what is wrong with ``.venv`` as the end of a sentence about it."""
    if not VENV.exists():
        return "missing"
    try:
        done = subprocess.run([str(PYTHON), "-I", "-c", PROBE], capture_output=True, text=True, check=False)
    except OSError:
        return "does not run"
    lines = done.stdout.splitlines()
    if done.returncode != 0 or len(lines) != 2:
        return "does not run"
    if Path(lines[1]).resolve() != VENV.resolve():
        return "is no environment"
    if lines[0].split() != [str(number) for number in sys.version_info[:2]]:
        return f"was made with Python {'.'.join(lines[0].split())}"
    lost = missing_packages()
    return f"lacks {', '.join(lost[:3])}" if lost else "good"


def ensure_venv_module() -> None:
    """See that Python can make environments; Debian and Ubuntu pack that part apart."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    # Debian's name for the default Python's is python3-venv; this one is right for any other version too.
    need = Need("Python's venv module", f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    installed = install([need], "with which Python makes environments")
    importlib.invalidate_caches()
    if not (installed and importlib.util.find_spec("ensurepip")):
        raise SetupError(f"This Python cannot make environments yet; type: {install_line([need])}")


def ensure_installed(extra: str) -> None:
    """Install gdviz into ``.venv``, unless what is asked for has not changed since the last time."""
    # Tests need all that a start needs, so their stamp serves it as well.
    names = [extra] if extra else ["", "test"]
    stamp = fingerprint()
    if any(read(stamp_file(name)).partition("\n")[0] == stamp for name in names):
        return
    say("Installing gdviz and what it needs into .venv (the first time this takes a few minutes).")
    stamp_file(extra).unlink(missing_ok=True)
    pip_install("--require-hashes", "--requirement", str(REQUIREMENTS[extra]))
    # With what is there now: nothing else is fetched, to build it neither.
    pip_install("--no-deps", "--no-build-isolation", "--editable", ".")
    stamp_file(extra).write_text("\n".join([stamp, *packages()]), encoding="utf-8")


def pip_install(*arguments: str) -> None:
    """Let pip install into ``.venv``."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", progress_bar()]
    environment = {**os.environ, "PIP_USER": "0"}
    done = subprocess.run([*command, *arguments], cwd=ROOT, env=environment, stdout=sys.stderr, check=False)
    if done.returncode != 0:
        raise SetupError(
            "pip could not install gdviz; what it printed above says why. "
            "Check that this computer reaches the internet, then start this again."
        )


def packages() -> list[str]:
    """Return what stands in the folder that packages are installed into."""
    folder = site_packages()
    return sorted(path.name for path in folder.iterdir() if path.name != "__pycache__") if folder.is_dir() else []


def missing_packages() -> list[str]:
    """Return what was installed into ``.venv`` and is no longer there."""
    there = set(packages())
    listed = [name for extra in REQUIREMENTS for name in read(stamp_file(extra)).splitlines()[1:]]
    return sorted(name for name in set(listed) - there if not name.endswith((".dist-info", ".pth")))


def fingerprint() -> str:
    """Return a hash of all that decides what is installed, and of where the project lies."""
    files = [ROOT / "pyproject.toml", *REQUIREMENTS.values()]
    parts = [*(file.read_bytes() for file in files), os.fsencode(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp_file(extra: str) -> Path:
    """Return the file inside ``.venv`` that remembers the last successful install."""
    return VENV / f"gdviz-installed{'-' + extra if extra else ''}.txt"


def read(file: Path) -> str:
    """Return a text file's content, empty when there is none."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return file.read_text(encoding="utf-8")
    return ""


def progress_bar() -> str:
    """Return pip's setting: a bar on a terminal, none in a log."""
    return "on" if sys.stderr is not None and sys.stderr.isatty() else "off"


def site_packages() -> Path:
    """Return the folder of ``.venv`` that packages are installed into."""
    if os.name == "nt":
        return VENV / "Lib" / "site-packages"
    return VENV / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def run_program(arguments: Sequence[str], cwd: Path | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Run ``.venv``'s Python; on Ctrl-C wait until it has ended in its own way, on a second one end it.

    Returns
    -------
    int
        Its exit code; 128 plus the signal's number, as in a shell, when a signal ended it.
    """
    with subprocess.Popen([str(PYTHON), *arguments], cwd=cwd, env=environment) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                process.terminate()
                code = process.wait()
    return code if code >= 0 else 128 - code
