"""Animations: GIF, MP4 and WebM, drawn and encoded frame by frame."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np
from av.filter import Graph

from gdviz.files import check_target, replacing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from PySide6.QtCore import QSize
    from PySide6.QtGui import QImage

    from gdviz.export.stage import Stage

__all__ = ["FILMS", "check_film", "film", "frame_updates"]

FILMS = {".gif": "gif", ".mp4": "libx264", ".webm": "libvpx-vp9"}
"""The codecs, by the ending of the file's name."""
OPTIONS = {
    "libx264": {"crf": "18", "preset": "veryfast"},
    "libvpx-vp9": {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1"},
}
TICK = Fraction(1, 25)
"""The time base of frames whose time does not matter."""
LONGEST = 10.0
"""Seconds that an animation lasts where nothing else is asked for."""


def frame_updates(last: int, fps: float, frames: int | None = None) -> list[int]:
    """Return the update that each frame shows: evenly from 0 to `last`."""
    count = frames or min(last + 1, round(LONGEST * fps))
    return [round(float(update)) for update in np.linspace(0, last, count)] if count > 1 else [last]


def check_film(path: str | Path, size: QSize) -> Path:
    """Return the path to write to, or refuse before any work is done.

    Raises
    ------
    ValueError
        With a sentence.
    """
    path = check_target(path, list(FILMS))
    if path.suffix.lower() == ".mp4" and (size.width() % 2 or size.height() % 2):
        even = f"{size.width() + size.width() % 2}x{size.height() + size.height() % 2}"
        raise ValueError(f"MP4 needs an even width and height, such as {even}, not {size.width()}x{size.height()}")
    return path


def film(stage: Stage, path: str | Path, updates: Sequence[int], fps: float) -> Iterator[int]:
    """Write an animation; each step draws and encodes one frame and yields how many are done.

    Closing the iterator, or an error, leaves nothing behind under the target's name or beside it.

    Raises
    ------
    ValueError
        Where the file cannot be written.
    """
    path = check_film(path, stage.size)
    with replacing(path) as part:
        yield from _encode(stage, part, updates, fps)


def _encode(stage: Stage, path: Path, updates: Sequence[int], fps: float) -> Iterator[int]:
    codec = FILMS[path.suffix.lower()]
    with av.open(str(path), "w") as container:
        rate = Fraction(fps).limit_denominator(1000)
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height = stage.size.width(), stage.size.height()
        stream.pix_fmt = "pal8" if codec == "gif" else "yuv420p"
        stream.options = OPTIONS.get(codec, {})
        convert = Paletted(stage, updates) if codec == "gif" else _unchanged
        for number, update in enumerate(updates):
            frame = _frame(stage.picture(update), number, 1 / rate)
            container.mux(stream.encode(convert(frame)))
            yield number + 1
        container.mux(stream.encode(None))


def _frame(image: QImage, number: int, time_base: Fraction) -> av.VideoFrame:
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    frame = av.VideoFrame.from_ndarray(pixels[:, : image.width()], format="bgra")
    frame.pts = number
    frame.time_base = time_base
    return frame


def _unchanged(frame: av.VideoFrame) -> av.VideoFrame:
    return frame


class Paletted:
    """Gives a frame the 256 colours that suit the first, some middle and the last frame of an animation."""

    def __init__(self, stage: Stage, updates: Sequence[int]) -> None:
        some = sorted({updates[round(share * (len(updates) - 1))] for share in (0, 0.25, 0.5, 0.75, 1)})
        samples = [_frame(stage.picture(update), number, TICK) for number, update in enumerate(some)]
        palette = _palette(samples)
        self._graph = Graph()
        self._video, colors = _source(self._graph, samples[0]), _source(self._graph, palette)
        use, self._sink = self._graph.add("paletteuse", "dither=none"), self._graph.add("buffersink")
        self._video.link_to(use, 0, 0)
        colors.link_to(use, 0, 1)
        use.link_to(self._sink)
        self._graph.configure()
        colors.push(palette)
        colors.push(None)

    def __call__(self, frame: av.VideoFrame) -> av.VideoFrame:
        """Return the frame in the palette's colours."""
        self._video.push(frame)
        converted = self._sink.pull()
        converted.pts, converted.time_base = frame.pts, frame.time_base
        return converted


def _palette(samples: Sequence[av.VideoFrame]) -> av.VideoFrame:
    graph = Graph()
    graph.link_nodes(_source(graph, samples[0]), graph.add("palettegen"), graph.add("buffersink")).configure()
    for sample in samples:
        graph.push(sample)
    graph.push(None)
    return graph.pull()


def _source(graph: Graph, frame: av.VideoFrame) -> av.filter.context.FilterContext:
    return graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or TICK
    )
