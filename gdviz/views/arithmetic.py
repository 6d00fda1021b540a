"""What happens in one step: the selected run's rule, and under it every quantity with its numbers at the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from gdviz.views.numbers import number

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from gdviz.optimizers import Term
    from gdviz.training.frame import Frame
    from gdviz.views.theme import Theme

__all__ = ["Arithmetic"]

MARGIN = 10
FORMULA_FONTS = ["DejaVu Serif", "Cambria Math", "STIX Two Math", "serif"]


class Arithmetic(QWidget):
    """The rule of the selected run in the lecture's notation and its numbers, one row a quantity.

    Painted, not laid out: the numbers change with every frame and nothing else may move because of that.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("arithmetic")
        self.setAccessibleName("The arithmetic of this step")
        self.theme = theme
        self.frame: Frame | None = None
        self._places: list[tuple[QRectF, str]] = []

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        self.theme = theme
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Show the selected run's step at the cursor."""
        rows = len(frame.chosen.run.optimizer.equations) + len(_rows(frame)) + 5
        if self.frame is None or frame.chosen.run.optimizer != self.frame.chosen.run.optimizer:
            self.setMinimumHeight(rows * self._line())
        self.frame = frame
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return room for two columns of numbers."""
        return QSize(90 + 2 * self._column() + 2 * MARGIN, 200)

    def _line(self) -> int:
        return self.fontMetrics().height() + 3

    def _column(self) -> int:
        return self.fontMetrics().horizontalAdvance("−1.234×10⁻¹⁰") + 8

    def note(self) -> str:
        """Return the sentence on a run that ended; empty where it goes on."""
        if self.frame is None or not self.frame.chosen.ended:
            return ""
        return f"{self.frame.chosen.run.optimizer.label} {self.frame.chosen.ended}."

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rule and the table."""
        painter = QPainter(self)
        if self.frame is None:
            return
        run, y = self.frame.chosen, float(MARGIN)
        painter.fillRect(QRectF(MARGIN, y + 4, 9, 9), QColor(self.theme.run(self.frame.selected).color))
        plain, bold, formula = self.font(), self.font(), self.font()
        bold.setBold(True)
        formula.setFamilies(FORMULA_FONTS)
        self._write(painter, bold, f"{run.run.optimizer.label}, update {run.update}", MARGIN + 16, y)
        for equation in run.run.optimizer.equations:
            y += self._line()
            self._write(painter, formula, equation, MARGIN, y)
        y += 0.6 * self._line()
        self._places = []
        for cells in _rows(self.frame):
            y += self._line()
            self._places.append((QRectF(0, y, self.width(), self._line()), cells[0][1]))
            self._write(painter, formula, cells[0][0], MARGIN, y)
            for column, (text, _) in enumerate(cells[1:]):
                right = self.width() - MARGIN - (len(cells) - 2 - column) * self._column()
                self._write(painter, plain, text, right, y, to_the_left=True)
        painter.setPen(QColor(self.theme.warning))
        rest = QRectF(MARGIN, y + 1.5 * self._line(), self.width() - 2 * MARGIN, 4 * self._line())
        painter.drawText(rest, int(Qt.TextFlag.TextWordWrap), self.note())

    def _write(
        self, painter: QPainter, font: QFont, text: str, x: float, y: float, *, to_the_left: bool = False
    ) -> None:
        painter.setFont(font)
        painter.setPen(QColor(self.theme.text))
        width = painter.fontMetrics().horizontalAdvance(text) if to_the_left else 0
        painter.drawText(QPointF(x - width, y + painter.fontMetrics().ascent()), text)

    def event(self, event: QEvent) -> bool:
        """Explain the row under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            under = (tip for place, tip in self._places if place.contains(QPointF(event.pos())))
            QToolTip.showText(event.globalPos(), next(under, ""), self)
            return True
        return super().event(event)


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
