"""Kills a process again and again while it writes: ``python -m tests.export.killing KIND FOLDER KILLS``.

Two versions of each kind of file are written over each other. An export is the same bytes each time, so what bears the
target's name after a kill must be one of the two, to the last byte.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from itertools import cycle
from pathlib import Path

import numpy as np

import gdviz
from gdviz.cli import main
from gdviz.engine import train
from gdviz.export.film import FILMS, film
from gdviz.export.off_screen import OffScreen, application
from gdviz.export.options import PictureOptions, Shot
from gdviz.export.pack import pack
from gdviz.export.picture import PICTURES, save_picture
from gdviz.files import TABLES, save_session, write_grid, write_table
from gdviz.files.leftovers import PART
from gdviz.scene.session import Session

RACE = gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("sparse")), updates=300)
KINDS = {"session": ".gdviz", "script": ".py", "grid": ".npz", "pack": ""}
KINDS |= {ending[1:]: ending for ending in (*PICTURES, *FILMS)}
KINDS |= {f"table {ending[1:]}": ending for ending in TABLES}
EXPORTS = ("pack", *(ending[1:] for ending in (*PICTURES, *FILMS)))


def writer(kind):
    """Return what writes version 0 or 1 of a kind of file to a path."""
    if kind == "session":
        return lambda path, version: save_session(RACE.with_all(seed=version), path)
    trajectories = [train(run) for run in RACE.runs]
    if kind == "pack":
        short = [Session(RACE.with_all(updates=updates)) for updates in (2, 3)]
        paths = [[train(run) for run in session.experiment.runs] for session in short]
        return lambda path, version: list(pack(short[version], paths[version], path))
    if kind in EXPORTS:
        stage = OffScreen(Session(RACE), trajectories, PictureOptions(view="contour", width=320, height=240))
        shots = [[Shot(update) for update in range(begin, 300, 15)] for begin in (0, 10)]
        if f".{kind}" in FILMS:
            return lambda path, version: list(film(stage, path, shots[version], 20))
        return lambda path, version: save_picture(stage, path, 100 + version)
    if kind == "script":
        return lambda path, version: main(["script", "--optimizer", "gd", "--seed", str(version), "-o", str(path)])
    if kind == "grid":
        values = [np.full((300, 300), float(version)) for version in range(2)]
        axis = values[0][0]
        return lambda path, version: write_grid(path, ["w", "b"], axis, axis, values[version])
    races = [dict(zip(RACE.names, trajectories[version:] + trajectories[:version], strict=True)) for version in (0, 1)]
    return lambda path, version: write_table(path, races[version])


def content(path):
    """Return all bytes of a file or of a folder; None where there is nothing."""
    if path.is_dir():
        return {file.name: file.read_bytes() for file in path.iterdir()}
    return path.read_bytes() if path.exists() else None


def parts(folder):
    return [name for name in os.listdir(folder) if PART.fullmatch(name)]


def child(work):
    """Do some work in a process of its own; return its id."""
    pid = os.fork()
    if pid == 0:
        try:
            work()
        finally:
            os._exit(0)
    return pid


def finish(work):
    os.waitpid(child(work), 0)


def kill_again_and_again(kind, folder, kills):
    """Return what was seen: kills in the middle of writing, targets that were not whole, parts that were left."""
    write, target, dice = writer(kind), folder / "target" / f"race{KINDS[kind]}", random.Random(kind)
    target.parent.mkdir()
    whole, began = [], time.monotonic()
    for version in (0, 1):
        path = folder / f"version{version}{KINDS[kind]}"
        finish(lambda path=path, version=version: write(path, version))
        whole.append(content(path))
    seconds = (time.monotonic() - began) / 2

    def write_on():
        for version in [0] if kind == "pack" else cycle([1, 0]):  # a pack does not take the place of another one
            write(target, version)

    seen = {"kills": 0, "interrupted": 0, "broken": 0, "left": 0}
    for _ in range(kills):
        pid = child(write_on)
        time.sleep(dice.uniform(0, (1.2 if kind == "pack" else 2) * seconds))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        seen["kills"] += 1
        seen["interrupted"] += bool(parts(target.parent))
        seen["broken"] += content(target) not in ([*whole, None] if seen["kills"] == 1 or kind == "pack" else whole)
        if target.is_dir():
            shutil.rmtree(target)
        finish(lambda: write(target, 1))
        seen["left"] += os.listdir(target.parent) != [target.name]
        seen["broken"] += content(target) != whole[1]
        if target.is_dir():
            shutil.rmtree(target)
    return seen


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # no connection that a fork would share
    with application():
        print(json.dumps(kill_again_and_again(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))), flush=True)
        os._exit(0)
