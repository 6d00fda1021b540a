"""What happens in one step: the selected run's rule, the same with this update's numbers, and where they come from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from gdviz.explaining.anatomy import STAGES, stages_of
from gdviz.explaining.stability import NEAR, limit_of
from gdviz.explaining.working import scales_of
from gdviz.notation.numbers import number, short
from gdviz.notation.reading import read
from gdviz.views.step.formula import FONTS
from gdviz.views.step.head import paint_head
from gdviz.views.step.remarks import comparison, note, rounding
from gdviz.views.step.worked import Paper, formulas, help_of, past_lines, table_rows, worked_lines
from gdviz.views.view import Dock, ViewKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from gdviz.explaining.pasts import Past
    from gdviz.explaining.stability import Stability
    from gdviz.scene.frame import Frame
    from gdviz.views.step.formula import Box
    from gdviz.views.theme import Theme

__all__ = ["Arithmetic"]

MARGIN = 10
NO_LIMIT = "No gauge: how long this rule's steps are does not hang on the slope, so no curvature is too much for it."
GAUGE = 1.5
"""The gauge ends at this multiple of the limit."""
NAME = 150
"""Pixels beside a run's name that are taken by the update's number."""
BARS = 26
"""Pixels that the highest bar has."""


@ViewKind(
    "step",
    title="This step",
    about=(
        "<b>The selected run's last update, as one would work it out by hand.</b> Each line of the rule, and "
        "under it the same line with this update's numbers. A colour means the same as in the arrows: "
        "gradient, memory, scaling.<p>Point at a symbol: its arrow lights up. The bars are the weights of "
        "past gradients in the memory. The gauge shows η·λmax, the step times the curvature, against the "
        "rule's limit; beyond it the run swings and may diverge."
    ),
    alt="The rule of the selected run with the numbers of one update",
    dock=Dock(scrolls=True),
)
class Arithmetic(QWidget):
    """The rule of the selected run in the lecture's notation and its numbers.

    Painted, not laid out: the numbers change with every frame and nothing else may move because of that.

    Signals
    -------
    stage_lit(str)
        The stage of the quantity under the mouse; empty where there is none.
    """

    stage_lit = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("arithmetic")
        self.setAccessibleName("The arithmetic of this step")
        self.setMouseTracking(True)
        self.theme = theme
        self.frame: Frame | None = None
        self._lit_stage = ""
        self._places: list[tuple[QRectF, str, str]] = []
        self._stages: dict[str, str] = {}

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of `theme` from now on."""
        self.theme = theme
        self.update()

    def show_frame(self, frame: Frame) -> None:
        """Show the selected run's step at the cursor."""
        optimizer = frame.selected_run.run.optimizer
        if self.frame is None or type(optimizer) is not type(self.frame.selected_run.run.optimizer):
            self.setMinimumHeight(0)
            self._stages = dict(stages_of(optimizer))
        self.frame = frame
        self.setAccessibleDescription(frame.headline)
        self.update()

    def light(self, stage: str) -> None:
        """Let the quantities of a stage stand out."""
        if stage != self._lit_stage:
            self._lit_stage = stage
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
        return "" if self.frame is None else note(self.frame)

    # -- painting, from top to bottom: each part returns where the next begins

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sheet."""
        with QPainter(self) as painter:
            self.paint_on(painter)

    def paint_on(self, painter: QPainter, vector: bool = False) -> None:
        """Paint the sheet with any painter."""
        if self.frame is None:
            return
        self._places = []
        paper = Paper.of(self.width() - 2 * MARGIN, self.font())
        room = QRectF(MARGIN, MARGIN, self.width() - 2 * MARGIN, 0)
        y = paint_head(painter, self.frame, self.theme, self.font(), room)
        y = self._paint_rule(painter, self.frame, paper, y)
        y = self._paint_gauge(painter, self.frame.stability, y + 8)
        y = self._paint_stages(painter, self.frame, y + 6)
        painter.setOpacity(float(self.frame.stages == len(STAGES)))
        y = self._paint_table(painter, self.frame, y + 4)
        painter.setOpacity(1.0)
        for past in self.frame.pasts:
            y = self._paint_past(painter, past, paper, y + 10)
        y = self._paint_text(painter, comparison(self.frame), self.theme.text, y + 6)
        is_past = self.frame.horizon is not None and self.frame.selected_run.update >= self.frame.horizon
        y = self._paint_text(painter, rounding(self.frame) if is_past else "", self.theme.quiet, y + 6)
        y = self._paint_text(painter, self.note(), self.theme.warning, y + 6)
        if y + MARGIN > self.minimumHeight():  # it never shrinks while the numbers change
            self.setMinimumHeight(int(y) + MARGIN)

    def _paint_rule(self, painter: QPainter, frame: Frame, paper: Paper, y: float) -> float:
        """Paint each equation and, under it, the same with its numbers; a rule in another notation as it is written."""
        names = frame.names
        for line in frame.working:
            y = self._paint_boxes(painter, formulas(line.equation, paper), y + 3, self.theme.text)
            stage = self._stage(line.equation.target)
            is_there = not stage or frame.stages > STAGES.index(stage)  # it unfolds with the arrows
            painter.setOpacity(float(is_there))
            y = self._paint_boxes(painter, worked_lines(line, names, paper), y, self.theme.quiet)
            painter.setOpacity(1.0)
        if not frame.working:
            for text in frame.selected_run.run.optimizer.written():
                try:
                    boxes = formulas(read(text), paper)
                except ValueError:
                    boxes = [paper.formula.text(text)]
                y = self._paint_boxes(painter, boxes, y + 3, self.theme.text)
        return y

    def _paint_boxes(self, painter: QPainter, boxes: list[Box], y: float, plain: str) -> float:
        assert self.frame is not None
        for box in boxes:
            baseline = y + box.ascent
            for place, symbol in box.places(MARGIN, baseline):
                self._places.append((place, symbol, help_of(symbol, self.frame)))
                if self._lit_stage and self._stage(symbol) == self._lit_stage:
                    glow = QColor(self.theme.accent)
                    glow.setAlpha(60)
                    painter.fillRect(place, glow)
            box.paint(painter, MARGIN, baseline, lambda symbol: self._color(symbol, plain))
            y += box.height + 2
        return y

    def _stage(self, symbol: str) -> str:
        return self._stages.get(symbol) or self._stages.get(symbol.rstrip("₀₁₂₃₄₅₆₇₈₉"), "")

    def _color(self, symbol: str, plain: str) -> QColor:
        stage = self._stage(symbol)
        return QColor(self.theme.stage(stage)) if stage and stage != "step" else QColor(plain)

    def _paint_stages(self, painter: QPainter, frame: Frame, y: float) -> float:
        """Paint the sentences of the stages that are shown, each with its colour."""
        sentences = frame.anatomy.sentences if frame.anatomy is not None else {}
        for i, stage in enumerate(STAGES):
            if stage in sentences and stage != "step":
                is_shown = i < frame.stages  # the others keep their room
                if is_shown:
                    painter.fillRect(QRectF(MARGIN, y + 5, 4, self._line() - 8), QColor(self.theme.stage(stage)))
                color = self.theme.text if is_shown else self.theme.line
                y = self._paint_text(painter, sentences[stage], color, y + 2, indent=10)
        return y

    def _paint_gauge(self, painter: QPainter, stability: Stability | None, y: float) -> float:
        """Paint how much of what the rule can bear the curvature takes: beyond the mark its steps grow."""
        assert self.frame is not None
        optimizer = self.frame.selected_run.run.optimizer
        if stability is None:
            has_no_limit = self.frame.selected_run.step is not None and limit_of(optimizer) is None
            return self._paint_text(painter, NO_LIMIT if has_no_limit else "", self.theme.quiet, y)
        rates = scales_of(optimizer)
        rate = rates[0].symbol if rates else "η"
        label = f"{rate}·λmax  {short(stability.sharpness)} of {short(stability.limit)}"
        color = QColor(self.theme.warning if stability.share > NEAR else self.theme.accent)
        y = self._paint_text(painter, label, self.theme.text, y, families=FONTS)
        bar = QRectF(MARGIN, y + 2, self.width() - 2 * MARGIN, 7)
        painter.fillRect(bar, QColor(self.theme.line))
        whole = bar.width() / GAUGE
        painter.fillRect(QRectF(bar.left(), bar.top(), whole * min(max(stability.share, 0.0), GAUGE), 7), color)
        painter.fillRect(QRectF(bar.left() + whole - 1, bar.top() - 3, 2, 13), QColor(self.theme.text))
        self._places.append((bar.adjusted(0, -20, 0, 6), "η·λmax", "the rate times the largest curvature here"))
        return self._paint_text(painter, stability.sentence, color.name(), y + 13)

    def _paint_text(
        self, painter: QPainter, text: str, color: str, y: float, indent: int = 0, families: Sequence[str] = ()
    ) -> float:
        if not text:
            return y
        font = self.font()
        font.setFamilies(families or font.families())
        painter.setFont(font)
        painter.setPen(QColor(color))
        room = QRectF(MARGIN + indent, y, self.width() - 2 * MARGIN - indent, 1000)
        flags = int(Qt.TextFlag.TextWordWrap)
        painter.drawText(room, flags, text)
        return painter.boundingRect(room, flags, text).bottom()

    def _paint_table(self, painter: QPainter, frame: Frame, y: float) -> float:
        plain, formula = self.font(), self.font()
        formula.setFamilies(FONTS)
        for label, tip, numbers in table_rows(frame):
            self._places.append((QRectF(0, y, self.width(), self._line()), label, tip))
            baseline = y + painter.fontMetrics().ascent()
            painter.setFont(formula)
            painter.setPen(self._color(label, self.theme.text))
            painter.drawText(QPointF(MARGIN, baseline), label)
            painter.setFont(plain)
            painter.setPen(QColor(self.theme.text))
            for column, text in enumerate(numbers):
                right = self.width() - MARGIN - (len(numbers) - 1 - column) * self._column()
                painter.drawText(QPointF(right - painter.fontMetrics().horizontalAdvance(text), baseline), text)
            y += self._line()
        return y

    def _paint_past(self, painter: QPainter, past: Past, paper: Paper, y: float) -> float:
        """Paint a state as the sum that it is, and the weight of each past update as a bar, the newest on the left."""
        assert self.frame is not None
        y = self._paint_boxes(painter, past_lines(past, self.frame.names, paper), y, self.theme.quiet)
        most, width = max(past.weights), (self.width() - 2 * MARGIN) / 12
        for i, weight in enumerate(past.weights):
            height = BARS * weight / most if most > 0 else 0.0
            bar = QRectF(MARGIN + i * width, y + BARS - height, width - 3, height)
            painter.fillRect(bar, self._color(past.symbol, self.theme.text))
            whole = QRectF(bar.left(), y, bar.width(), BARS)
            tip = f"the gradient of update {past.updates[i]} counts with the weight {number(weight)}"
            self._places.append((whole, past.symbol, tip))
        painter.setPen(QColor(self.theme.line))
        painter.drawLine(QPointF(MARGIN, y + BARS), QPointF(self.width() - MARGIN, y + BARS))
        return y + BARS

    # -- the mouse

    def _under(self, point: QPointF) -> tuple[str, str]:
        """Return the symbol at a point, and its help."""
        return next(((symbol, tip) for place, symbol, tip in self._places if place.contains(point)), ("", ""))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Let what is under the mouse stand out, here and in the plane."""
        symbol = self._under(event.position())[0]
        self._point_at("step" if symbol in ("step", "after") else self._stage(symbol))

    def leaveEvent(self, event: QEvent) -> None:
        """Let nothing stand out any more."""
        self._point_at("")
        super().leaveEvent(event)

    def _point_at(self, stage: str) -> None:
        if stage != self._lit_stage:
            self.light(stage)
            self.stage_lit.emit(stage)

    def event(self, event: QEvent) -> bool:
        """Explain what is under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._under(QPointF(event.pos()))[1], self)
            return True
        return super().event(event)
