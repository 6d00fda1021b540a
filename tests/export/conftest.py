"""A full disk and a stage to draw on."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import gdviz
from gdviz.engine import train
from gdviz.export.off_screen import OffScreen
from gdviz.export.options import PictureOptions
from gdviz.scene.session import Session
from tests.export.drawn import is_root


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder on a disk of 16 KB; skip where none can be mounted."""
    folder = tmp_path / "full"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "none", str(folder)]
    if not is_root() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def stage(qapp: object) -> Iterator[Callable[..., OffScreen]]:
    """Make stages of the lecture's race, and let go of them."""
    made = []

    def make(width: int = 320, height: int = 240, view: str = "contour", updates: int = 40) -> OffScreen:
        race = gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), updates=updates)
        options = PictureOptions(view=view, width=width, height=height)
        made.append(OffScreen(Session(race), [train(run) for run in race.runs], options))
        return made[-1]

    yield make
    for one in made:
        one.close()
