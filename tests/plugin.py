"""A package of plug-ins as somebody else would write it, and how it is installed."""

import os

from tests.command import ENVIRONMENT, gdviz

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


def install(folder):
    """Install the package and one that fails, as pip would."""
    (folder / "signs.py").write_text(PLUGIN, "utf-8")
    (folder / "pictures.py").write_text(PICTURES, "utf-8")
    (folder / "broken.py").write_text("raise RuntimeError('not today')", "utf-8")
    info = folder / "signs-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: signs\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text(
        "[gdviz.plugins]\nsigns = signs\npictures = pictures\nbroken = broken\n", "utf-8"
    )


def with_plugin(folder):
    return {**ENVIRONMENT, "PYTHONPATH": os.pathsep.join([ENVIRONMENT["PYTHONPATH"], str(folder)])}


def run(plugin, *arguments):
    return gdviz(*arguments, env=with_plugin(plugin))
