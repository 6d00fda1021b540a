"""Paths of the files that ship with the program: inside the installed package, or beside it in a checkout."""

from pathlib import Path

__all__ = ["asset"]

_PACKAGE = Path(__file__).parent


def asset(name: str) -> Path:
    """Return the path of a shipped file such as ``data/oring.csv``.

    Raises
    ------
    FileNotFoundError
        Where the installation lacks it.
    """
    for folder in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        if (folder / name).exists():
            return folder / name
    raise FileNotFoundError(f"the installation lacks its file resources/{name}; install gdviz again")
