"""Which plane through a network's params the contour and the surface show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gdviz.app.forms import ParamForm
from gdviz.app.keys import reach_by_tab
from gdviz.app.parts import make_choice, make_group, show_choice
from gdviz.training.cuts import CUTS, Cut, Principal
from gdviz.views.words import Label, set_tip

if TYPE_CHECKING:
    from gdviz.objectives import Objective

__all__ = ["PlaneChoice"]


class PlaneChoice(QObject):
    """A group of controls; it only states intents.

    Signals
    -------
    chosen(object)
        The Cut that is wanted.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._cut: Cut = Principal()
        self.is_offered = False
        self.box, form = make_group("Plane of the landscape")
        self.box.setObjectName("plane_box")
        cuts = [(cls.label, cls.name) for cls in CUTS]
        self.choice = make_choice("plane", "Which plane through the parameters is drawn", cuts)
        self.choice.activated.connect(self._choose)
        form.addRow(self.choice)
        self.params = ParamForm()
        self.params.edited.connect(self._edit)
        form.addRow(self.params)
        self.about = Label(objectName="plane_about", wordWrap=True)
        form.addRow(self.about)
        reach_by_tab(self.choice)
        self.show_cut(self._cut)

    def _choose(self) -> None:
        self._show(next(cls for cls in CUTS if cls.name == self.choice.currentData())())

    def _edit(self, name: str, value: object) -> None:
        self._show(type(self._cut)(**{**self._cut.values(), name: value}))

    def _show(self, cut: Cut) -> None:
        self.show_cut(cut)
        self.chosen.emit(cut)

    def show_cut(self, cut: Cut) -> None:
        """Show a cut without saying that it was chosen."""
        self._cut = cut
        show_choice(self.choice, cut.name)
        set_tip(self.choice, cut.about)
        self.about.setText(cut.about)
        self.params.show_values(cut.params(), cut.values())
        self.params.setVisible(bool(cut.params()))

    def show_objective(self, objective: Objective) -> None:
        """Offer planes where there are more than two params."""
        self.is_offered = not objective.is_planar
        self.box.setVisible(self.is_offered)
