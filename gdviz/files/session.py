"""Session files: written whole or not at all, and read without executing anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gdviz.disk import open_regular
from gdviz.files.carriers import CARRIERS, extract
from gdviz.files.targets import check_target, replacing
from gdviz.scene.session import Session

if TYPE_CHECKING:
    from gdviz.training import Experiment

__all__ = ["ENDING", "open_session", "read_session", "save_session", "write_session"]

ENDING = ".gdviz"
LARGEST = 64 << 20
"""Bytes of a session file: 10⁶ samples take about 40 MB."""
MOST_DIGITS = 1000
MOST_CONTAINERS = 200_000
"""Lists and objects in a session file; each takes far more memory than the two bytes it is written with."""


def write_session(session: Session) -> str:
    """Return the session as JSON text, numbers as the shortest text that reads back exactly.

    Raises
    ------
    ValueError
        Where it holds an objective or a rule that is not the program's own: a sentence.
    """
    from gdviz.files.encoding import encoded  # not before it is needed: import gdviz is to be quick

    text = json.dumps(encoded(session), ensure_ascii=False, allow_nan=False, separators=(", ", ": "))
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a session can keep text only, and a name in it is none") from None
    return text


def read_session(text: str | bytes) -> Session:
    """Return the session of a JSON text; nothing in it is executed.

    Raises
    ------
    ValueError
        With a sentence that says where the text is wrong and what would be right.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > LARGEST:
        raise ValueError(f"larger than {LARGEST >> 20} MB; no session is")
    if data.count(b"[") + data.count(b"{") > MOST_CONTAINERS:
        raise ValueError(f"more than {MOST_CONTAINERS} lists and objects; no session has as many")
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant, parse_int=_whole_number)
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: not JSON: {error.msg}") from None
    except RecursionError:
        raise ValueError("lists and objects lie too deep in each other") from None
    from gdviz.files.decoding import decoded

    return decoded(value)


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number that JSON has")


def _whole_number(text: str) -> int:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"a number of {len(text)} digits is none that a session has")
    return int(text)


def save_session(session: Session | Experiment, path: str | Path) -> None:
    """Write a session, or an experiment alone, to a file whose name ends in ``.gdviz``: all of it, or nothing.

    Raises
    ------
    ValueError
        Where it cannot be written: a sentence; an old file stays as it was.
    """
    target = check_target(path, [ENDING])
    text = write_session(session if isinstance(session, Session) else Session(session))
    with replacing(target) as part:
        part.write_text(text + "\n", encoding="utf-8")


def open_session(path: str | Path) -> Session:
    """Read a session from a file: one of its own, or a picture or film that carries one.

    Raises
    ------
    ValueError
        Where the file cannot be read, carries none, is malformed or of a version that is not known: a sentence.
    """
    path = Path(path)
    try:
        return read_session(_carried(path) if path.suffix.lower() in CARRIERS else _whole(path))
    except OSError as error:
        raise ValueError(f"{path}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _whole(path: Path) -> bytes:
    with open_regular(path) as file:
        return file.read(LARGEST + 1)


def _carried(path: Path) -> str:
    text = extract(path, path.suffix.lower(), LARGEST)
    if text is None:
        raise ValueError("carries no session; pictures and films that gdviz exports do, unless they were told not to")
    return text
