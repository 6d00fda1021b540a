"""Sentences on the selected run: why it ended, where rounding decides, how far those of another convention are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.engine import horizon_sentence
from gdviz.notation.numbers import number, short

if TYPE_CHECKING:
    from gdviz.scene.frame import Frame

__all__ = ["comparison", "note", "rounding"]


def note(frame: Frame) -> str:
    """Return why the run ended; empty where it goes on."""
    if not frame.selected_run.ended:
        return ""
    edge = frame.stability
    why = f" (η·λmax = {short(edge.sharpness)} > {short(edge.limit)})" if edge and edge.share > 1 else ""
    return f"{frame.selected_run.title} {frame.selected_run.ended}{why}."


def rounding(frame: Frame) -> str:
    """Return from which update on rounding decides the run's numbers; empty where it does not, or nobody knows."""
    if frame.horizon is None:
        return ""
    sentence = horizon_sentence(frame.horizon)
    return f"{sentence[0].upper()}{sentence[1:]}."


def comparison(frame: Frame) -> str:
    """Return how far the run is from those that differ from it in a convention only; empty where there are none."""
    sentences = []
    for title, parting in frame.partings:
        if parting.first is None:
            sentences.append(f"No different from {title} so far.")
        else:
            far = f"at most {number(parting.distance)}, after update {parting.widest}"
            sentences.append(f"Apart from {title} from update {parting.first} on; {far}.")
    return " ".join(sentences)
