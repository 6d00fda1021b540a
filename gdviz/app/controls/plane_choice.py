"""Which plane through a network's params the contour and the surface show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gdviz.app.controls.forms import ParamForm
from gdviz.app.controls.keys import reach_by_tab
from gdviz.app.controls.parts import Picker, make_group
from gdviz.scene.planes import PLANES, PlaneRule, Principal
from gdviz.views.words import Label, set_tip

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gdviz.objectives import Objective

__all__ = ["PlaneChoice"]


class PlaneChoice(QObject):
    """A group of controls; it only states intents.

    Signals
    -------
    chosen(object)
        The PlaneRule that is wanted.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rule: PlaneRule = Principal()
        self.is_offered = False
        self.box, form = make_group("Plane of the landscape")
        self.box.setObjectName("plane_box")
        self.choice = Picker("plane", "Which plane through the parameters is drawn", PLANES)
        self.choice.activated.connect(self._choose)
        form.addRow(self.choice)
        self.params = ParamForm()
        self.params.edited.connect(self._edit)
        form.addRow(self.params)
        self.about = Label(objectName="plane_about", wordWrap=True)
        form.addRow(self.about)
        reach_by_tab(self.choice)
        self.show_rule(self._rule)

    def _choose(self) -> None:
        self.chosen.emit(PLANES[self.choice.currentData()]())

    def _edit(self, name: str, value: object) -> None:
        self.chosen.emit(type(self._rule)(**{**self._rule.values(), name: value}))

    def show_rule(self, rule: PlaneRule) -> None:
        """Show a rule without saying that it was chosen."""
        self._rule = rule
        self.choice.show_name(rule.name)
        set_tip(self.choice, rule.about)
        self.about.setText(rule.about)
        self.params.show_values(rule.params(), rule.values())
        self.params.setVisible(bool(rule.params()))

    def show_objective(self, objective: Objective) -> None:
        """Offer planes where there are more than two params."""
        self.is_offered = not objective.is_planar
        self.box.setVisible(self.is_offered)
