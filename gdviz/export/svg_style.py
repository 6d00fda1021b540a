"""Lines, fills, type and pictures of Qt as the attributes of SVG's elements: those alone that every viewer knows."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QFont, QPainterPath

from gdviz.export.families import css_families

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QImage, QPen, QTransform

__all__ = ["as_link", "as_matrix", "as_number", "as_outline", "fill_of", "stroke_of", "type_of"]

CAPS = {Qt.PenCapStyle.FlatCap: "butt", Qt.PenCapStyle.SquareCap: "square", Qt.PenCapStyle.RoundCap: "round"}
JOINS = {Qt.PenJoinStyle.BevelJoin: "bevel", Qt.PenJoinStyle.RoundJoin: "round"}
"""What SVG calls the ends and the corners of lines; any other corner is a mitre."""
COMMANDS = {
    QPainterPath.ElementType.MoveToElement: "M",
    QPainterPath.ElementType.LineToElement: "L",
    QPainterPath.ElementType.CurveToElement: "C",
    QPainterPath.ElementType.CurveToDataElement: "",
}


def as_number(x: float) -> str:
    """Return a number of pixels with as many digits as can be seen, however much a picture is enlarged."""
    text = f"{x:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def as_outline(path: QPainterPath) -> str:
    """Return a path as SVG has it; what ends where it began is closed, so that its corner is one."""
    elements = [path.elementAt(at) for at in range(path.elementCount())]
    pieces, first, before = [], 0, ""
    for at, element in enumerate(elements):
        command = COMMANDS[element.type]
        first = at if command == "M" else first
        pieces.append(f"{'' if command == before == 'L' else command}{as_number(element.x)},{as_number(element.y)}")
        before = command
        is_last = at + 1 == len(elements) or elements[at + 1].isMoveTo()
        if is_last and at > first + 1 and (element.x, element.y) == (elements[first].x, elements[first].y):
            pieces.append("Z")
    return " ".join(pieces)


def as_matrix(transform: QTransform) -> str:
    """Return a transform as SVG has it."""
    scales = transform.m11(), transform.m12(), transform.m21(), transform.m22()
    shift = map(as_number, (transform.dx(), transform.dy()))
    return f"matrix({' '.join([*(f'{x:.9g}' for x in scales), *shift])})"


def as_link(image: QImage) -> str:
    """Return a picture as a link that holds all of it."""
    file = QBuffer()
    file.open(QBuffer.OpenModeFlag.WriteOnly)
    image.save(file, "PNG")  # type: ignore[call-overload]  # it refuses the bytes that its types ask for
    return f"data:image/png;base64,{base64.b64encode(file.data().data()).decode()}"


def _color(name: str, color: QColor, opacity: float) -> dict[str, str]:
    alpha = color.alphaF() * opacity
    return {name: color.name()} | ({f"{name}-opacity": as_number(alpha)} if alpha < 0.9995 else {})


def fill_of(color: QColor | None, opacity: float, is_even_odd: bool = False) -> dict[str, str]:
    """Return the attributes of what is filled with a colour; None: it is not filled."""
    if color is None:
        return {"fill": "none"}
    return _color("fill", color, opacity) | ({"fill-rule": "evenodd"} if is_even_odd else {})


def stroke_of(pen: QPen, scale: float, opacity: float) -> dict[str, str]:
    """Return the attributes of a line: its width in pixels, `scale` of the pen's.

    Dashes are counted in widths by Qt and in pixels by SVG.
    """
    if pen.style() == Qt.PenStyle.NoPen:
        return {}
    width = (pen.widthF() or 1.0) * scale
    look = _color("stroke", pen.color(), opacity) | {"stroke-width": as_number(width)}
    look |= {"stroke-linecap": CAPS[pen.capStyle()], "stroke-linejoin": JOINS.get(pen.joinStyle(), "miter")}
    if pen.style() != Qt.PenStyle.SolidLine:
        look["stroke-dasharray"] = " ".join(as_number(dash * width) for dash in pen.dashPattern())
        if pen.dashOffset():
            look["stroke-dashoffset"] = as_number(pen.dashOffset() * width)
    return look


def type_of(font: QFont, dpi: float) -> dict[str, str]:
    """Return the attributes of a font: its size in pixels, whatever resolution a viewer has."""
    size = float(font.pixelSize()) if font.pixelSize() > 0 else font.pointSizeF() * dpi / 72
    look = {"font-family": css_families(font.family()), "font-size": as_number(size)}
    if font.weight() != QFont.Weight.Normal:
        look["font-weight"] = str(int(font.weight()))
    if font.style() != QFont.Style.StyleNormal:
        look["font-style"] = "italic"
    if font.underline():
        look["text-decoration"] = "underline"
    return look
