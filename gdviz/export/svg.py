"""SVG that all viewers show alike.

Qt's own writer lets lines keep their width with ``vector-effect``, which librsvg, Inkscape and LibreOffice do not know;
it names families of its own, leaves areas open in which drawing is to end, and writes six digits of each coordinate
before it is transformed. So here lines have the coordinates and the widths at which they are seen, and text is in one
piece, with families of CSS and sizes in pixels.
"""

from __future__ import annotations

import math
import re
from functools import wraps
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPaintDevice, QPaintEngine, QPainter, QPainterPath, QPixmap, QPolygonF, QTransform

from gdviz.export.svg_style import as_link, as_matrix, as_number, as_outline, fill_of, stroke_of, type_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QPaintEngineState, QTextItem

__all__ = ["SvgWriter"]

NAMESPACES = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Letters that no XML may have; the name of a run may."""
TOUCHING = 0.1
"""Pixels from the end of a text within which another one goes on with it."""
Metric = QPaintDevice.PaintDeviceMetric
Feature = QPaintEngine.PaintEngineFeature
Shape = QTransform.TransformationType
FEATURES = (
    Feature.PrimitiveTransform | Feature.PixmapTransform | Feature.PatternTransform | Feature.AlphaBlend
    | Feature.PainterPaths | Feature.Antialiasing | Feature.ConstantOpacity
)  # fmt: skip
"""What the engine can draw by itself; the rest, such as gradients, Qt makes pictures of."""


class SvgWriter(QPaintDevice):
    """A drawing of that many pixels, to be painted on with a QPainter and then read as SVG."""

    def __init__(self, width: int, height: int, dpi: int) -> None:
        super().__init__()
        self.width_, self.height_, self.dpi = width, height, dpi
        self._engine = SvgEngine(QRectF(0, 0, width, height), dpi)

    def paintEngine(self) -> QPaintEngine:
        """Return what draws."""
        return self._engine

    def metric(self, metric: QPaintDevice.PaintDeviceMetric) -> int:
        """Return one of the measures that Qt asks for."""
        if "Dpi" in metric.name:
            return self.dpi
        sizes = {Metric.PdmWidth: self.width_, Metric.PdmHeight: self.height_, Metric.PdmDevicePixelRatio: 1}
        inches = {Metric.PdmWidthMM: self.width_ / self.dpi, Metric.PdmHeightMM: self.height_ / self.dpi}
        if metric in inches:
            return round(inches[metric] * 25.4)
        return sizes.get(metric) or (round(QPaintDevice.devicePixelRatioFScale()) if "Scaled" in metric.name else 32)

    def svg(self, title: str) -> bytes:
        """Return what was painted.

        Raises
        ------
        Exception
            What went wrong while it was painted, where no exception can pass.
        """
        if self._engine.problem is not None:
            raise self._engine.problem
        width, height = str(self.width_), str(self.height_)
        root = Element("svg", NAMESPACES | {"width": width, "height": height, "viewBox": f"0 0 {width} {height}"})
        SubElement(root, "title").text = title
        root.extend([self._engine.areas, *self._engine.parts])
        ElementTree.indent(root, "")
        return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def keeps_problem(draw: Callable[..., None]) -> Callable[..., None]:
    """Let a method that Qt calls from C++ keep the first of its errors, which would only be printed."""

    @wraps(draw)
    def guarded(engine: SvgEngine, *args: Any) -> None:
        try:
            draw(engine, *args)
        except Exception as problem:
            engine.problem = engine.problem or problem

    return guarded


class SvgEngine(QPaintEngine):
    """Makes an element of each thing that is drawn.

    Attributes
    ----------
    parts, areas
        What was drawn so far, and the areas outside of which some of it is cut off.
    problem
        The first error; None: there was none.
    """

    def __init__(self, page: QRectF, dpi: float) -> None:
        super().__init__(FEATURES)
        self.parts: list[Element] = []
        self.areas = Element("defs")
        self.problem: Exception | None = None
        self._page, self._dpi = page, dpi
        self._transform = QTransform()
        self._area: QPainterPath | None = None
        self._is_cut = False
        self._names: dict[str, str] = {}
        self._text_end = QPointF()

    def begin(self, device: QPaintDevice) -> bool:
        """Begin to draw."""
        return True

    def end(self) -> bool:
        """End drawing."""
        return True

    def type(self) -> QPaintEngine.Type:
        """Return that lines and text are drawn, not pixels."""
        return QPaintEngine.Type.SVG

    @keeps_problem
    def updateState(self, state: QPaintEngineState) -> None:
        """Take over the transform and the area outside of which nothing is drawn; the rest is asked when one draws."""
        self._transform = state.transform()
        dirty = state.state()
        if dirty & (QPaintEngine.DirtyFlag.DirtyClipPath | QPaintEngine.DirtyFlag.DirtyClipRegion):
            area = QPainterPath()
            if dirty & QPaintEngine.DirtyFlag.DirtyClipPath:
                area.addPath(state.clipPath())
            else:
                area.addRegion(state.clipRegion())
            area = self._transform.map(area)
            if state.clipOperation() == Qt.ClipOperation.IntersectClip and self._area is not None:
                area = self._area.intersected(area)
            self._area = None if state.clipOperation() == Qt.ClipOperation.NoClip else area
        self._is_cut = state.isClipEnabled()

    @keeps_problem
    def drawPath(self, path: QPainterPath) -> None:
        """Draw a path."""
        self._draw(path, path.fillRule() == Qt.FillRule.OddEvenFill)

    @keeps_problem
    def drawPolygon(self, points: Sequence[QPointF], mode: QPaintEngine.PolygonDrawMode) -> None:
        """Draw a line through points, or what it encloses."""
        path = QPainterPath()
        path.addPolygon(QPolygonF([QPointF(point) for point in points]))
        is_line = mode == QPaintEngine.PolygonDrawMode.PolylineMode
        if not is_line:
            path.closeSubpath()
        self._draw(path, mode == QPaintEngine.PolygonDrawMode.OddEvenMode, is_filled=not is_line)

    def _draw(self, path: QPainterPath, is_even_odd: bool, is_filled: bool = True) -> None:
        """Draw a path where it is seen; only a pen that is to be distorted is left to the viewer's transforms."""
        state, transform = self.painter(), self._transform
        pen, brush, opacity = state.pen(), state.brush(), state.opacity()
        is_filled = is_filled and brush.style() != Qt.BrushStyle.NoBrush
        has_line = pen.style() != Qt.PenStyle.NoPen
        if not is_filled and not has_line:
            return
        scale = 1.0 if pen.isCosmetic() or not has_line else _scale(transform)
        seen = transform.map(path)
        look = fill_of(brush.color() if is_filled else None, opacity, is_even_odd)
        look |= stroke_of(pen, scale or 1.0, opacity)
        margin = pen.widthF() * math.sqrt(abs(transform.determinant()) + 1) if has_line else 0.0
        element = Element("path", {"d": as_outline(seen if scale else path)} | look)
        if not scale:
            element.set("transform", as_matrix(transform))
        self._add(element, self._on_page(seen.boundingRect().adjusted(-margin, -margin, margin, margin)))

    @keeps_problem
    def drawImage(self, rect: QRectF, image: QImage, part: QRectF, flags: Qt.ImageConversionFlag) -> None:
        """Draw a picture."""
        whole = QRectF(image.rect())
        shown = image if part == whole else image.copy(part.toAlignedRect())
        sides = zip(("x", "y", "width", "height"), rect.getRect(), strict=True)  # type: ignore[call-overload]
        element = Element("image", {name: as_number(side) for name, side in sides} | {"preserveAspectRatio": "none"})
        if not self.painter().renderHints() & QPainter.RenderHint.SmoothPixmapTransform:
            element.set("image-rendering", "optimizeSpeed")
        if self.painter().opacity() < 1:
            element.set("opacity", as_number(self.painter().opacity()))
        if not self._transform.isIdentity():
            element.set("transform", as_matrix(self._transform))
        element.set("xlink:href", as_link(shown))
        self._add(element, self._on_page(self._transform.mapRect(rect)))

    @keeps_problem
    def drawPixmap(self, rect: QRectF, pixmap: QPixmap, part: QRectF) -> None:
        """Draw a picture."""
        self.drawImage(rect, pixmap.toImage(), part, Qt.ImageConversionFlag.AutoColor)

    @keeps_problem
    def drawTextItem(self, at: QPointF, item: QTextItem) -> None:
        """Write a text, or go on with the last one: Qt parts texts where another script begins."""
        look, text = self._look_of(item), NO_XML.sub("�", item.text())
        place = at if "transform" in look else self._transform.map(at)
        gap, self._text_end = place - self._text_end, place + QPointF(item.width(), 0)
        last = self.parts[-1] if self.parts else Element("")
        if (
            look == {name: last.get(name) for name in last.attrib.keys() - {"x", "y"}}
            and gap.manhattanLength() < TOUCHING
        ):
            last.text = (last.text or "") + text
            return
        element = Element("text", {"x": as_number(place.x()), "y": as_number(place.y())} | look)
        element.text = text
        bounds = QPainterPath()
        bounds.addRect(QRectF(at.x(), at.y() - item.ascent(), item.width(), item.ascent() + item.descent()))
        self._add(element, self._transform.map(bounds))

    def _look_of(self, item: QTextItem) -> dict[str, str]:
        """Return the attributes of a text, except for its place."""
        look = {"xml:space": "preserve"} | type_of(item.font(), self._dpi)
        look |= fill_of(self.painter().pen().color(), self.painter().opacity())
        is_moved = self._transform.type() in (Shape.TxNone, Shape.TxTranslate)
        return look if is_moved else look | {"transform": as_matrix(self._transform)}

    def _add(self, element: Element, bounds: QPainterPath) -> None:
        """Add what lies within bounds; it is cut off only where these do not lie in the area."""
        if not self._is_cut or self._area is None or self._area.contains(bounds):
            self.parts.append(element)
        elif self._area.intersects(bounds):
            self._cut_off().append(element)

    def _on_page(self, box: QRectF) -> QPainterPath:
        """Return what can be seen of a box."""
        bounds = QPainterPath()
        bounds.addRect(box & self._page)
        return bounds

    def _cut_off(self) -> Element:
        """Return the group of what is cut off at the area, the last one where it is of the same."""
        assert self._area is not None
        shape = as_outline(self._area)
        if shape not in self._names:
            self._names[shape] = f"area{len(self._names) + 1}"
            area = SubElement(self.areas, "clipPath", {"id": self._names[shape]})
            SubElement(area, "path", {"d": shape, "clip-rule": "evenodd"})
        clip = f"url(#{self._names[shape]})"
        if not self.parts or self.parts[-1].get("clip-path") != clip:
            self.parts.append(Element("g", {"clip-path": clip}))
        return self.parts[-1]


def _scale(transform: QTransform) -> float:
    """Return by how much a transform enlarges all lengths; 0: not all of them alike."""
    along, across = (transform.m11(), transform.m12()), (transform.m21(), transform.m22())
    scale = math.hypot(*along)
    is_alike = (
        abs(math.hypot(*across) - scale) + abs(along[0] * across[0] + along[1] * across[1]) / (scale or 1.0)
        < 1e-6 * scale
    )
    return scale if is_alike else 0.0
