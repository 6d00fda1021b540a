"""Nothing is cut off: at the sizes of a laptop and of a projector, at every scale, in both themes."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from gdviz.optimizers import OPTIMIZERS
from tests.app.driving import choose, settle
from tests.app.fitting import faults
from tests.app.test_process import environment

pytestmark = pytest.mark.beside

PROGRAM = Path(__file__).with_name("fitting.py")


@pytest.mark.parametrize(
    ("factor", "size", "theme"),
    [
        ("1", (1280, 720), "light"),
        ("1", (1920, 1080), "dark"),
        ("1.5", (1280, 720), "dark"),
        ("2", (1920, 1080), "dark"),
    ],
)
def test_nothing_is_cut_off(factor, size, theme):
    """In a process of its own, for the scale is taken once; with every lesson's text."""
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *map(str, size), theme],
        env={**environment(), "QT_SCALE_FACTOR": factor},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"at {float(factor)} {size[0]} {size[1]}\n"


def test_what_is_cut_off_is_found(window, qapp):
    assert faults(window) == []
    window.timeline.label.setFixedWidth(20)
    window.panel.add_run.setFixedWidth(15)
    window.panel.data.setFixedWidth(30)
    wide = QPushButton("outside", window.timeline)
    wide.setGeometry(window.timeline.width() - 10, 0, 80, 20)
    wide.show()
    qapp.processEvents()
    found = "\n".join(faults(window))
    for expected in ("update 0 / 300", "+ add", "'lecture' needs", "'outside'"):
        assert expected in found


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_every_rules_controls_and_equations_fit(window, qapp, cls):
    choose(window, "optimizer", cls.name)
    window.controller.move_to(12)
    settle(window)
    qapp.processEvents()
    assert faults(window) == []
    sheet = window.views["step"]
    assert sheet.minimumSizeHint().width() <= sheet.width()
    for place, symbol, _ in sheet._places:
        assert 0 <= place.left() and place.right() <= sheet.width() + 1, symbol


def test_a_refusal_beside_a_field_can_be_read(window, qapp):
    field = window.panel.hyperparameters.fields["eta"]
    field.editor.setText("-3")
    field.editor.editingFinished.emit()
    qapp.processEvents()
    assert field.problem.isVisible() and faults(window) == []


def test_in_full_screen_the_larger_type_fits(window, qapp, spin):
    window.action("full_screen").trigger()
    spin(window.isFullScreen)
    window.resize(1920, 1080)  # where no window manager does it
    for _ in range(5):
        qapp.processEvents()
    assert faults(window) == []
