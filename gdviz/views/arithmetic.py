"""What happens in one step: the selected run's rule, and under it every quantity with its numbers at the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from gdviz.views.numbers import number

if TYPE_CHECKING:
    from gdviz.optimizers import Term
    from gdviz.training.frame import Frame
    from gdviz.views.theme import Theme

__all__ = ["Arithmetic"]


class Arithmetic(QWidget):
    """The rule of the selected run in the lecture's notation and its numbers, one row a quantity."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("arithmetic")
        self.setAccessibleName("The arithmetic of this step")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        self._title, self._rule, self._note = QLabel(), QLabel(), QLabel()
        self._title.setTextFormat(Qt.TextFormat.RichText)
        self._rule.setFont(_formula_font(self._rule))
        self._note.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(3)
        self._cells: dict[tuple[int, int], QLabel] = {}
        for item in (self._title, self._rule):
            layout.addWidget(item)
        layout.addSpacing(8)
        layout.addLayout(self._grid)
        layout.addSpacing(6)
        layout.addWidget(self._note)
        layout.addStretch(1)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        self.theme = theme
        self._note.setStyleSheet(f"color: {theme.warning}")

    def show_frame(self, frame: Frame) -> None:
        """Show the selected run's step at the cursor."""
        run = frame.chosen
        optimizer = run.run.optimizer
        color = self.theme.run(frame.selected).color
        self._title.setText(f'<span style="color:{color}">■</span> <b>{optimizer.label}</b>, update {run.update}')
        self._rule.setText("\n".join(optimizer.equations))
        rows = _rows(frame)
        for i, cells in enumerate(rows):
            for j, (text, tip) in enumerate(cells):
                self._cell(i, j).setText(text)
                self._cell(i, j).setToolTip(tip)
        for (i, _), label in self._cells.items():
            label.setVisible(i < len(rows))
        self._note.setText(f"{optimizer.label} {run.ended}." if run.ended else "")

    def _cell(self, row: int, column: int) -> QLabel:
        if (row, column) not in self._cells:
            label = QLabel()
            label.setAlignment(Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft)
            if column:
                label.setMinimumWidth(label.fontMetrics().horizontalAdvance("−0.0001234×10⁻¹") - 6)
            self._cells[row, column] = label
            self._grid.addWidget(label, row, column)
        return self._cells[row, column]


def _formula_font(label: QLabel):
    font = label.font()
    font.setFamilies(["DejaVu Serif", "Cambria Math", "STIX Two Math", font.family()])
    return font


def _rows(frame: Frame) -> list[list[tuple[str, str]]]:
    """Return the table's cells, each a text and its help: a heading, then one row a quantity."""
    names = frame.objective.parameters
    run, step = frame.chosen, frame.chosen.step
    rows = [[("", ""), *((name, "") for name in names)]]
    if step is None:
        rows.append(_row("start", "where every run starts", run.params[0]))
    else:
        terms = {term.name: term for term in (*run.run.optimizer.state, *run.run.optimizer.terms)}
        rows.append(_row("before", "the point before this update", step.before))
        if step.asked_at is not step.before:
            rows.append(_row("asked at", "where the gradient was taken: the look-ahead point", step.asked_at))
        rows.append(_row("g", "the gradient of the batch", step.gradient))
        rows += [_term_row(terms[name], values) for name, values in step.terms.items()]
        rows.append(_row("step", "what is subtracted", step.step))
        rows.append(_row("after", "the point after this update", step.params))
        rows.append([("η", "the learning rate of this update"), (number(step.eta), ""), ("", "")])
    value = (frame.objective.value_name, "summed over all data")
    rows.append([value, (number(run.error[-1]), ""), ("", "")])
    return rows


def _term_row(term: Term, values) -> list[tuple[str, str]]:
    return _row(term.symbol, term.help, values)


def _row(label: str, tip: str, values) -> list[tuple[str, str]]:
    return [(label, tip), *((number(float(value)), tip) for value in values)]
