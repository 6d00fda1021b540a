"""The numbers of a step that are in none of its equations, as rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.notation.numbers import number
from gdviz.objectives.scored import about_value

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame

__all__ = ["table_rows"]


def table_rows(frame: Frame) -> list[tuple[str, str, list[str]]]:
    """Return the table's rows: a label, its help, and a number for each parameter; the first is the heading."""
    run, step = frame.chosen, frame.step
    rows = [("", "", list(frame.names))]
    if step is None:
        rows.append(_row("start", "where every run starts", run.params[0, list(frame.axes)]))
    else:
        rows.append(_row("before", "the point before this update", step.before))
        if step.asked_at is not step.before:
            rows.append(_row("asked at", "where the gradient was taken: the look-ahead point", step.asked_at))
        rows.append(_row("g", "the gradient of the batch", step.gradient))
        shown = {line.equation.target for line in frame.working}
        rows += [
            _row(term.symbol, term.help, step.terms[term.name])
            for term in (*run.run.optimizer.state, *run.run.optimizer.terms)
            if term.symbol not in shown
        ]
        rows.append(_row("step", "what is subtracted", step.step))
        rows.append(_row("after", "the point after this update", step.params))
        rows.append(("η", "the learning rate of this update", [number(step.eta), ""]))
    about = about_value(frame.objective)
    if run.shown[-1] < run.update:  # it takes too long to be measured with every update
        about = f"as of update {run.shown[-1]}; {about}"
    rows.append((frame.objective.value_name, about, [number(run.error[-1]), ""]))
    return rows


def _row(label, tip, values) -> tuple[str, str, list[str]]:
    return label, tip, [number(float(value)) for value in values]
