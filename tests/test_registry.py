"""Registries, and a plug-in in a package of its own that adds one of each without a change in gdviz."""

import json
import os

import numpy as np
import pytest

from gdviz.optimizers import OPTIMIZERS, GradientDescent
from gdviz.registry import Registry
from tests.command import ENVIRONMENT, gdviz, python
from tests.export.drawn import pixels

pytestmark = pytest.mark.once

PLUGIN = """
from dataclasses import dataclass
import numpy as np
from gdviz.checking.mistakes import MISTAKES, Student
from gdviz.objectives import DATASETS, Data
from gdviz.optimizers import OPTIMIZERS, Optimizer
from gdviz.optimizers.declarations import learning_rate
from gdviz.training import SCHEDULES, Schedule

@OPTIMIZERS
@dataclass(frozen=True)
class SignGD(Optimizer):
    name = "signgd"
    label = "Sign descent"
    equations = ("w ← w − η sign(g)",)
    eta: float = learning_rate(0.1)

    @staticmethod
    def rule(g, t, eta):
        return eta * np.sign(g), (), ()

@SCHEDULES
@dataclass(frozen=True)
class Halved(Schedule):
    name = "halved"
    label = "Halved"
    formula = "η / 2"
    per = "epoch"

    def decayed(self, eta, t, T):
        return eta / 2

@DATASETS
def two():
    return Data("two", np.array([0.5, 2.5]), np.array([0.2, 0.9]), about="Two samples.")

@MISTAKES
class ThriceAsFar(Student):
    cause = "η was taken three times"

    def eta(self, run, update):
        return 3 * super().eta(run, update)
"""

PICTURES = """
from dataclasses import dataclass
import gdviz
from gdviz.export.options import EXPORT_OPTIONS, ExportOption
from gdviz.files.lessons import LESSONS
from gdviz.params import param
from gdviz.scene.session import Lesson, Session
from gdviz.views import Dock, Place, ViewKind
from gdviz.views.plot import Plot

@ViewKind(
    "pace",
    title="Pace",
    about="<b>How long the steps are.</b> One bar a run.",
    alt="The length of each run's last step",
    place=Place(1, 1),
    dock=Dock(),
    is_for=lambda objective: objective.data is not None,
)
class PaceView(Plot):
    def __init__(self, theme):
        super().__init__("pace", "The length of the last steps", theme)
        self.arrows = None
        self.set_theme(theme)


    def show_arrows(self, are_shown):
        self.arrows = are_shown

    def paint_overlay(self, painter, frame):
        painter.fillRect(self.plot_area(), "#12ab34")

@EXPORT_OPTIONS
@dataclass(frozen=True)
class Footer(ExportOption):
    name = "footer"
    footer: int = param(0, "footer", "pixels of a line along the lower edge", low=0, high=100)
    footer_color: str = param("#c0ffee", "colour", "of that line")

    def prepare(self, board):
        for view in board.views.values():
            view.setAccessibleName(view.accessibleName() + " over a footer")

    def paint(self, painter, board):
        assert all("footer" in view.accessibleName() for view in board.views.values())
        painter.fillRect(0, board.height() - self.footer, board.width(), self.footer, self.footer_color)

@LESSONS
def course():
    neuron = gdviz.SigmoidNeuron.on(gdviz.load_data("lecture"))
    return [Session(gdviz.lecture_race(neuron), lesson=Lesson("Signs alone", "Only the sign counts."))]
"""


@pytest.fixture
def plugin(tmp_path, monkeypatch):
    """Install a package with an entry point, as pip would."""
    (tmp_path / "signs.py").write_text(PLUGIN, "utf-8")
    (tmp_path / "pictures.py").write_text(PICTURES, "utf-8")
    (tmp_path / "broken.py").write_text("raise RuntimeError('not today')", "utf-8")
    info = tmp_path / "signs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: signs\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(
        "[gdviz.plugins]\nsigns = signs\npictures = pictures\nbroken = broken\n", "utf-8"
    )
    return tmp_path


def with_plugin(folder):
    return {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join([ENVIRONMENT["PYTHONPATH"], str(folder)])}


def run(plugin, *arguments):
    return gdviz(*arguments, env=with_plugin(plugin))


def test_names_are_found_and_refused_in_one_place():
    colours = Registry("colour")

    @colours
    class Red:
        name = "red"

    assert colours["red"] is Red and colours.names == ("red",) and list(colours) == [Red] and colours[0] is Red
    with pytest.raises(ValueError, match=r"unknown colour 'rad'; did you mean red\? known: red"):
        colours["rad"]
    with pytest.raises(ValueError, match="there are two colours of the name 'red'"):
        colours(Red)
    colours.remove("red")
    assert len(colours) == 0
    assert OPTIMIZERS["gd"] is GradientDescent and GradientDescent in OPTIMIZERS


def test_a_plugin_is_listed_and_one_that_fails_is_told(plugin):
    listed = run(plugin, "list", "optimizers")
    assert listed.returncode == 0 and "signgd" in listed.stdout and "sign(g)" in listed.stdout
    assert "the plug-in 'broken' is left out: RuntimeError: not today" in listed.stderr
    assert "two" in run(plugin, "list", "data").stdout and "halved" in run(plugin, "list", "schedules").stdout
    assert "signgd" in run(plugin, "train", "--help").stdout


def test_a_plugin_is_used_by_its_flags_and_kept_in_sessions(plugin, tmp_path):
    flags = ("--optimizer", "signgd:eta=0.2", "--schedule", "halved", "--data", "two", "--start=1,1", "--updates", "2")
    trained = run(plugin, "train", *flags, "-o", "-")
    assert trained.returncode == 0, trained.stderr
    rows = [line.split(",") for line in trained.stdout.splitlines()[1:]]
    assert [row[0] for row in rows] == ["signgd"] * 3
    steps = [abs(float(rows[i + 1][3]) - float(rows[i][3])) for i in range(2)]
    assert steps == pytest.approx([0.1, 0.1])  # half of η, whatever the gradient
    path = tmp_path / "plugged.gdviz"
    make = (
        "import sys, gdviz, signs; neuron = gdviz.SigmoidNeuron([0.5], [0.9]);"
        f"gdviz.save(gdviz.Experiment((gdviz.Run(neuron, signs.SignGD(), updates=2),)), {str(path)!r})"
    )
    saved = python("-c", make, env=with_plugin(plugin))
    assert saved.returncode == 0, saved.stderr
    assert json.loads(path.read_text("utf-8"))["runs"][0]["optimizer"] == {"name": "signgd", "eta": 0.1}
    assert run(plugin, "train", "--session", path, "-o", "-").returncode == 0
    without = gdviz("train", "--session", path, "-o", "-")
    assert without.returncode == 2 and "unknown optimizer 'signgd'" in without.stderr


def test_a_mistake_of_a_plugin_is_looked_for(plugin):
    found = "from gdviz.checking.mistakes import MISTAKES; from gdviz.registry import load_plugins; load_plugins();"
    said = python(
        "-c", f"{found} print(MISTAKES['ThriceAsFar'].cause)",
        env=with_plugin(plugin),
    )  # fmt: skip
    assert said.stdout.strip() == "η was taken three times", said.stderr


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
