"""Stills: PNG as pixels, SVG and PDF as lines and text."""

from __future__ import annotations

import re
import uuid
from hashlib import sha256
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QHashSeed, QMarginsF, QSizeF, QUuid
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

from gdviz.export.options import PER_CM, Shot
from gdviz.export.svg import SvgWriter
from gdviz.files import check_target, replacing
from gdviz.files.carriers import embed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gdviz.export.off_screen import OffScreen

__all__ = ["PICTURES", "save_picture"]


PER_METRE = 100 * PER_CM
"""Pixels in a metre, so that a size in centimetres is one on paper."""
NAMELESS = uuid.UUID("5c3c3b6e-7d1c-4a52-9a42-6c3f2d1e8b07")
"""The id of a PDF until all of it is written."""
DATES = re.compile(rb'/(?:CreationDate|ModDate) \(D:[^)]*\)|xmp:(?:Create|Modify|Metadata)Date="[^"]*"')


def _png(stage: OffScreen, file: QBuffer, update: int) -> None:
    picture = stage.picture(Shot(update))
    for set_density in (picture.setDotsPerMeterX, picture.setDotsPerMeterY):
        set_density(round(PER_METRE * stage.options.scale))
    if not picture.save(file, "PNG"):  # type: ignore[call-overload]  # it refuses the bytes that its types ask for
        raise OSError(f"no picture of {stage.size.width()} x {stage.size.height()} pixels could be written there")


def _svg(stage: OffScreen, file: QBuffer, update: int) -> None:
    writer = SvgWriter(stage.size.width(), stage.size.height(), int(stage.board.logicalDpiX()))
    _paint(stage, writer, update)
    file.write(writer.svg("gdviz"))


def _pdf(stage: OffScreen, file: QBuffer, update: int) -> None:
    writer = QPdfWriter(file)
    writer.setResolution(96)
    points = QSizeF(stage.size) * 0.75
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle("gdviz")
    writer.setDocumentId(QUuid(str(NAMELESS)))
    QHashSeed.setDeterministicGlobalSeed()  # fonts are written in the order of their hashes
    try:
        _paint(stage, writer, update)
    finally:
        QHashSeed.resetRandomGlobalSeed()
    file.seek(0)
    file.write(_timeless(bytes(file.data().data())))


def _timeless(pdf: bytes) -> bytes:
    """Return a PDF without the time at which it was written, and with an id that follows from its content.

    So the same picture is the same bytes. Lengths stay, for a PDF says at which byte each of its parts begins.
    """
    pdf = DATES.sub(lambda date: b" " * len(date[0]), pdf, count=5)
    name = str(uuid.uuid5(NAMELESS, sha256(pdf).hexdigest())).encode()
    for old, new in ((str(NAMELESS).encode(), name), (str(NAMELESS).encode().hex().encode(), name.hex().encode())):
        pdf = pdf.replace(old, new)
    return pdf


def _paint(stage: OffScreen, writer: SvgWriter | QPdfWriter, update: int) -> None:
    stage.show(Shot(update))
    painter = QPainter()
    if not painter.begin(writer):
        raise OSError("the file cannot be opened for writing")
    stage.paint(painter, vector=True)
    painter.end()


PICTURES: dict[str, Callable[[OffScreen, QBuffer, int], None]] = {".png": _png, ".svg": _svg, ".pdf": _pdf}
"""The writers of stills, by the ending of the file's name."""


def save_picture(stage: OffScreen, path: str | Path, update: int) -> None:
    """Write the views at an update to a file of the format that its ending names; it carries the session.

    Raises
    ------
    ValueError
        For an unknown ending, or where the file cannot be written; then nothing is.
    """
    path = check_target(path, list(PICTURES))
    with replacing(path) as part:
        file = QBuffer()  # Qt's own writers would not say that a disk is full
        file.open(QBuffer.OpenModeFlag.WriteOnly)
        PICTURES[path.suffix.lower()](stage, file, update)
        part.write_bytes(file.data().data())
        if (session := stage.carried(update)) is not None:
            embed(part, path.suffix.lower(), session)
