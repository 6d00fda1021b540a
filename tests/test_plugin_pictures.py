"""What plug-ins bring to pictures and to the window: views, options of exports, lessons, and their place in pickers."""

import numpy as np
import pytest

from tests.command import gdviz, python
from tests.export.drawn import pixels
from tests.plugin import run, with_plugin

pytestmark = pytest.mark.once

RACE = ("--optimizer", "gd", "--updates", "5", "--size", "480x320")
GREEN, FOAM = (0x12, 0xAB, 0x34), (0xC0, 0xFF, 0xEE)


def share_of(path, color):
    """Return which share of a picture has a colour."""
    return float((pixels(path) == np.array(color)).all(axis=2).mean())


def test_a_view_of_a_plugin_is_drawn_alone_and_with_the_others(plugin, tmp_path):
    alone, together, without = (tmp_path / f"{name}.png" for name in ("alone", "together", "without"))
    drawn = run(plugin, "render", *RACE, "--view", "pace", "-o", alone)
    assert drawn.returncode == 0, drawn.stderr
    assert share_of(alone, GREEN) > 0.5
    assert run(plugin, "render", *RACE, "-o", together).returncode == 0
    assert 0.01 < share_of(together, GREEN) < 0.3
    assert run(plugin, "render", *RACE, "--objective", "booth", "-o", without).returncode == 0
    assert share_of(without, GREEN) == 0, "it has nothing to show of a surface"
    assert "fit, accuracy, layers, pace; default all" in " ".join(run(plugin, "render", "--help").stdout.split())
    refused = run(plugin, "render", *RACE, "--view", "pice", "-o", alone)
    assert refused.returncode == 2 and "layers, pace, not 'pice'" in refused.stderr


def test_a_pack_has_a_view_of_a_plugin_and_says_what_it_shows(plugin, tmp_path):
    session = tmp_path / "race.gdviz"
    neuron = "gdviz.SigmoidNeuron([0.5], [0.9])"
    make = f"import gdviz; gdviz.save(gdviz.lecture_race({neuron}, updates=3), {str(session)!r})"
    assert python("-c", make).returncode == 0
    assert run(plugin, "pack", session, "--optimizer", "signgd", "-o", tmp_path / "pack").returncode == 0
    assert share_of(tmp_path / "pack" / "pace.png", GREEN) > 0.5
    alts = (tmp_path / "pack" / "alt.txt").read_text("utf-8")
    assert "all: Five views: contour, surface, error, data and pace, for Sigmoid neuron" in alts
    assert "pace: The length of each run's last step, for Sigmoid neuron" in alts


def test_an_option_of_exports_of_a_plugin_has_its_flags_and_its_effect(plugin, tmp_path):
    plain, lined, film = (tmp_path / name for name in ("plain.png", "lined.png", "film.gif"))
    flags = (*RACE, "--view", "error")
    assert run(plugin, "render", *flags, "-o", plain).returncode == 0
    assert run(plugin, "render", *flags, "--footer", "16", "-o", lined).returncode == 0
    assert share_of(lined, FOAM) == pytest.approx(16 / 320) and share_of(plain, FOAM) == 0
    assert run(plugin, "render", *flags, "--footer", "16", "--footer-color", "#ff0000", "-o", film).returncode == 0
    refused = run(plugin, "render", *flags, "--footer", "-3", "-o", lined)
    assert "--footer must be a whole number >= 0 and <= 100, not '-3'" in refused.stderr
    said = " ".join(run(plugin, "render", "--help").stdout.split())
    assert "--footer N pixels of a line along the lower edge; default 0" in said
    unknown = gdviz("render", *flags, "--footer", "16", "-o", lined)
    assert unknown.returncode == 2 and "unrecognized arguments: --footer 16" in unknown.stderr


IN_THE_WINDOW = """
import sys, time
from gdviz.app import create_application, create_window
from gdviz.views import Place, ViewKind
from gdviz.views.plot import Plot
from PySide6.QtWidgets import QDialog, QDockWidget, QFileDialog, QToolButton
application = create_application()
window = create_window()
panel = window.panel
pickers = {panel.optimizer: "signgd", panel.shared_settings.schedule: "halved"}
assert window.findChild(QDockWidget, "dock_pace") is None  # the first picture does not wait for plug-ins
assert all(picker.findData(name) < 0 for picker, name in pickers.items())
window.show()
end = time.monotonic() + 20
while window.findChild(QDockWidget, "dock_pace") is None and time.monotonic() < end:
    application.processEvents()
dock = window.findChild(QDockWidget, "dock_pace")
views = next(action.menu() for action in window.menuBar().actions() if action.text() == "&View")
assert "Pace" in [action.text() for action in views.actions()]
view = window.views["pace"]
assert dock.widget() is view and not dock.isHidden() and "pace" not in window.board.views
assert view.whatsThis() == "<b>How long the steps are.</b> One bar a run."
assert view.findChild(QToolButton, "about_pace") is not None
assert all(picker.findData(name) >= 0 for picker, name in pickers.items())
assert panel.data.findData("two") >= 0 and "Sign descent" in [rule.text() for rule in panel.rules.actions()]
assert window.hint.text() == "The plug-in 'broken' is left out: RuntimeError: not today."
panel.optimizer.setCurrentIndex(panel.optimizer.findData("signgd"))
panel.optimizer.activated.emit(0)
assert window.controller.experiment.runs[0].optimizer.name == "signgd"

@ViewKind("late", title="Late", about="Late.", alt="Nothing", place=Place(0, 1))
class Late(Plot):
    def __init__(self, theme):
        super().__init__("late", "Late", theme)
        self.set_theme(theme)

added = window.add_views()
assert list(added) == ["late"] and added["late"].isVisible() and window.board.contour.isVisible()
window.board.use_usual_sizes()
application.processEvents()
assert added["late"].width() > 50 and added["late"].y() == window.board.views["error"].y()
window.edits.choose_objective("booth")
end = time.monotonic() + 20
while not dock.isHidden() and time.monotonic() < end:
    application.processEvents()  # an edit may wait for a picture
assert dock.isHidden() and not dock.toggleViewAction().isVisible()
QFileDialog.getSaveFileName = lambda *_: (sys.argv[1], "")
window.exporting.ask_image()
dialog = window.findChild(QDialog, "export_options")
assert list(dialog.forms[1].fields) == ["footer", "footer_color"]
assert "pace" in dialog.forms[0].fields["view"].param.words
dialog.forms[1].fields["footer"]._try("8")
dialog._accept()
from gdviz.files.lessons import lessons
assert lessons()[-1].lesson.title == "Signs alone" and len(lessons()) > 10
window.close()
"""


def test_the_window_has_what_plugins_bring(plugin, tmp_path):
    path = tmp_path / "lined.png"
    said = python("-c", IN_THE_WINDOW, path, env={**with_plugin(plugin), "QT_QPA_PLATFORM": "offscreen"})
    assert said.returncode == 0, said.stderr
    assert share_of(path, FOAM) == pytest.approx(8 / 720)
