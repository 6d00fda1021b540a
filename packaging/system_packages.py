"""Installing what only the system's own package manager can: by apt where that is allowed, else by saying the line.

On a terminal the person is asked, once; where nobody can answer it is done, after saying so.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

APT = ["apt-get", "-q", "-o", "DPkg::Lock::Timeout=120"]
INSTALL_LINES = {
    "apt-get": "apt-get install -y",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed",
}


_allowed: list[bool] = []
"""What the person answered, or the command line said; empty: nobody was asked yet."""


def forbid() -> None:
    """Install nothing from now on; the line to type is said instead."""
    _allowed[:] = [False]


def is_allowed(packages: list[str], purpose: str) -> bool:
    """Ask, once and on a terminal only, whether packages may be installed; Enter is yes."""
    if not _allowed and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        say(f"May apt-get install {' '.join(packages)}, {purpose}? [Y/n]")
        try:
            answer = input().strip().lower()
        except EOFError:
            answer = "n"
        _allowed.append(answer in ("", "y", "yes"))
    return not _allowed or _allowed[0]


@dataclass(frozen=True)
class Need:
    """Something that the system lacks.

    Attributes
    ----------
    name
        What is lacking, as a person may look for it.
    apt, dnf, pacman
        The packages that bring it, separated by spaces; empty where unknown.
    """

    name: str
    apt: str = ""
    dnf: str = ""
    pacman: str = ""

    def packages(self, manager: str) -> list[str]:
        """Return the packages that bring it under a package manager of `INSTALL_LINES`."""
        return {"apt-get": self.apt, "dnf": self.dnf, "pacman": self.pacman}[manager].split()


def say(sentence: str) -> None:
    """Tell the person one thing, on standard error: standard output may be a program's result."""
    print(sentence, file=sys.stderr, flush=True)


def package_manager() -> str | None:
    """Return the first package manager of `INSTALL_LINES` that is here, or None."""
    return next((name for name in INSTALL_LINES if shutil.which(name)), None)


def install_line(needs: Iterable[Need]) -> str:
    """Return the line to type that installs the needs, or the needs' names where no package manager is known."""
    needs = list(needs)
    manager = package_manager()
    packages = _packages(needs, manager) if manager else []
    if not manager or not packages:
        return "install " + ", ".join(need.name for need in needs) + " with your system's package manager"
    prefix = "" if _is_root() else "sudo "
    return prefix + INSTALL_LINES[manager] + " " + shlex.join(packages)


def install(needs: Iterable[Need], purpose: str) -> bool:
    """Install the needs by apt, after saying so; return False, having changed nothing, where that is not possible.

    Parameters
    ----------
    needs
        What is lacking.
    purpose
        What it is for, as the end of the sentence that is said.
    """
    packages = _packages(needs, "apt-get")
    prefix = _root_prefix() if packages and package_manager() == "apt-get" else None
    if prefix is None or not is_allowed(packages, purpose):
        return False
    by = " (sudo may ask for your password)" if prefix[0] == "sudo" and "-n" not in prefix else ""
    say(f"Installing {' '.join(packages)} by apt-get, {purpose}{by}.")
    _run([*prefix, *APT, "update"])  # an old list may still serve, so its failure decides nothing
    if _run([*prefix, *APT, "install", "-y", "--no-install-recommends", *packages]) != 0:
        say("apt-get could not install all of it; what it printed above says why.")
        return False
    return True


def _packages(needs: Iterable[Need], manager: str) -> list[str]:
    """Return the needs' packages under `manager`, each once, sorted."""
    return sorted({package for need in needs for package in need.packages(manager)})


def _is_root() -> bool:
    """Tell whether this process may do everything (never asked on Windows)."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _root_prefix() -> list[str] | None:
    """Return the words that run a command as root, without waiting for a password that nobody can type; or None."""
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if _is_root():
        return quiet
    if not shutil.which("sudo"):
        return None
    if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n", *quiet]
    return ["sudo", *quiet] if sys.stdin is not None and sys.stdin.isatty() else None


def _run(command: list[str]) -> int:
    """Run a command with its output on standard error; return its exit code, 127 when it is not there."""
    try:
        return subprocess.run(command, stdout=sys.stderr, check=False).returncode
    except OSError as error:
        say(f"{command[0]} could not be started: {error}.")
        return 127
