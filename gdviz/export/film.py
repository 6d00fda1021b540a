"""Animations: GIF, MP4 and WebM, drawn and encoded frame by frame."""

from __future__ import annotations

import queue
import threading
from contextlib import closing, suppress
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from av.filter import Graph

from gdviz.files import check_target, replacing
from gdviz.files.carriers import embed

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from PySide6.QtCore import QSize
    from PySide6.QtGui import QImage

    from gdviz.export.off_screen import OffScreen
    from gdviz.export.options import Shot

__all__ = ["FILMS", "check_film", "film"]

FILMS = {".gif": "gif", ".mp4": "libx264", ".webm": "libvpx-vp9"}
"""The codecs, by the ending of the file's name."""
OPTIONS = {
    "libx264": {"crf": "18", "preset": "veryfast"},
    "libvpx-vp9": {"crf": "24", "b": "0", "deadline": "realtime", "cpu-used": "6", "row-mt": "1"},
}
MUXER = {"fflags": "bitexact"}
"""No random numbers as names of tracks: the same film is the same bytes."""
TICK = Fraction(1, 25)
"""The time base of frames whose time does not matter."""
AHEAD = 4
"""Frames that may wait for the encoder; more would only take memory."""


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


def film(stage: OffScreen, path: str | Path, shots: Sequence[Shot], fps: float) -> Generator[int, None, None]:
    """Write an animation; each step draws one frame and yields the number of frames so far. It carries the session.

    Closing the iterator, or an error, leaves nothing behind under the target's name or beside it.

    Raises
    ------
    ValueError
        Where the file cannot be written.
    """
    path = check_film(path, stage.picture_size)
    with replacing(path) as part:
        with closing(_Encoder(part, stage, shots, fps)) as encoder:
            picture = None
            for number, shot in enumerate(shots):
                if picture is None or shot != shots[number - 1]:
                    picture = stage.picture(shot)
                encoder.put(picture)
                yield number + 1
            encoder.finish()
        if (session := stage.carried(shots[-1].update)) is not None:
            embed(part, path.suffix.lower(), session)


class _Encoder:
    """Encodes frames in a thread of its own, while the next one is drawn; few wait, so memory does not grow."""

    def __init__(self, path: Path, stage: OffScreen, shots: Sequence[Shot], fps: float) -> None:
        self._codec = FILMS[path.suffix.lower()]
        self._rate = Fraction(fps).limit_denominator(1000)
        self._convert = Paletted(stage, shots) if self._codec == "gif" else _unchanged
        self._size = stage.picture_size
        self._waiting: queue.Queue[QImage | None] = queue.Queue(AHEAD)
        self._problem: Exception | None = None
        self._is_given_up = self._has_ended = False
        self._thread = threading.Thread(target=self._run, args=(path,), name="encoder", daemon=True)
        self._thread.start()

    def put(self, image: QImage) -> None:
        """Hand over a frame; wait while enough others do. What went wrong with one before is raised here."""
        self._check()
        self._waiting.put(image)

    def finish(self) -> None:
        """Wait until all is written."""
        self._waiting.put(None)
        self._thread.join()
        self._check()

    def close(self) -> None:
        """Give up what is not written yet, and wait for the thread."""
        if self._thread.is_alive():
            self._is_given_up = True
            with suppress(queue.Empty):  # what waits is not wanted any more, and would leave no place for the end
                while True:
                    self._waiting.get_nowait()
            self._waiting.put(None)
            self._thread.join()

    def _check(self) -> None:
        if self._problem is not None:
            raise self._problem

    def _run(self, path: Path) -> None:
        try:
            with av.open(str(path), "w", options=MUXER) as container:
                self._encode(container)
        except Exception as problem:  # it belongs to whoever hands over the frames
            self._problem = problem
        while self._problem is not None and not self._has_ended:
            self._take()  # nobody must wait for a place that never comes free

    def _take(self) -> QImage | None:
        image = self._waiting.get()
        self._has_ended = image is None
        return image

    def _encode(self, container: av.container.OutputContainer) -> None:
        stream = cast("av.VideoStream", container.add_stream(self._codec, rate=self._rate))
        stream.width, stream.height = self._size.width(), self._size.height()
        stream.pix_fmt = "pal8" if self._codec == "gif" else "yuv420p"
        stream.options = {**OPTIONS.get(self._codec, {})}
        number = 0
        while (image := self._take()) is not None and not self._is_given_up:
            frame = _frame(image, number, 1 / self._rate)
            container.mux(stream.encode(self._convert(frame)))
            number += 1
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

    def __init__(self, stage: OffScreen, shots: Sequence[Shot]) -> None:
        some = dict.fromkeys(shots[round(share * (len(shots) - 1))] for share in (0, 0.25, 0.5, 0.75, 1))
        samples = [_frame(stage.picture(shot), number, TICK) for number, shot in enumerate(some)]
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
        picture = cast("av.VideoFrame", self._sink.pull())
        picture.pts, picture.time_base = frame.pts, frame.time_base
        return picture


def _palette(samples: Sequence[av.VideoFrame]) -> av.VideoFrame:
    graph = Graph()
    graph.link_nodes(_source(graph, samples[0]), graph.add("palettegen"), graph.add("buffersink")).configure()
    for sample in samples:
        graph.push(sample)
    graph.push(None)
    return cast("av.VideoFrame", graph.pull())


def _source(graph: Graph, frame: av.VideoFrame) -> av.filter.context.FilterContext:
    return graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or TICK
    )
