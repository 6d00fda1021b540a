"""How fast are films? ``python tests/benchmarks/film.py [seconds]``.

Writes a film of the lecture's six rules at 1920x1080 and 30 frames a second, and prints where the time goes and the
most memory that was held. Beside it, where matplotlib is installed, the same picture (contour and surface, six paths,
1280x720) drawn by both and put through the same encoder. Without a display it takes Xvfb.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import numpy as np

import gdviz
from gdviz.export.display import drawing_place
from gdviz.export.film import OPTIONS, film
from gdviz.export.off_screen import OffScreen, application
from gdviz.export.options import FilmOptions, PictureOptions, Shot
from gdviz.scene.session import Session
from gdviz.views.theme import LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FEW = 60
"""Frames that are compared with matplotlib's."""


def main() -> None:
    """Print the long film's figures, then the comparison."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    race = gdviz.lecture_race(gdviz.SigmoidNeuron.on(gdviz.load_data("lecture")), updates=1000)
    trajectories = [gdviz.train(run) for run in race.runs]
    with tempfile.TemporaryDirectory() as folder:
        long_film(race, trajectories, Path(folder) / "long.mp4", seconds)
        compared(race, trajectories, Path(folder))


def long_film(race: gdviz.Experiment, trajectories: list[Any], path: Path, seconds: float) -> None:
    """Write one film and print what it took."""
    stage = OffScreen(Session(race), trajectories, PictureOptions(width=1920, height=1080))
    how = FilmOptions(duration=seconds, fps=30)
    shots = how.shots(stage.last)
    drawing, original = [0.0], stage.picture

    def timed(shot: Shot) -> Any:
        began = time.perf_counter()
        picture = original(shot)
        drawing[0] += time.perf_counter() - began
        return picture

    stage.picture = timed  # type: ignore[method-assign]
    began = time.perf_counter()
    frames = sum(1 for _ in film(stage, path, shots, how.fps))
    total = time.perf_counter() - began
    stage.close()
    megabytes = path.stat().st_size / 1e6
    print(f"1920x1080, {frames} frames ({seconds:g} s), {megabytes:.1f} MB: {frames / total:.1f} frames/s end to end")
    print(f"  drawn into pixels {1e3 * drawing[0] / frames:6.1f} ms a frame")
    print(f"  waited for the encoder, which works meanwhile {1e3 * (total - drawing[0]) / frames:6.1f} ms a frame")
    print(f"  most memory held  {peak() / 1e6:6.0f} MB")
    encoded = encoding([original(shot) for shot in shots[:FEW]], path.with_name("alone.mp4"))
    print(f"  encoding alone    {1e3 * encoded / FEW:6.1f} ms a frame")


def peak() -> int:
    """Return the greatest resident size of this process so far, in bytes."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def array_of(image: Any) -> np.ndarray:
    """Return a picture's pixels, shape (height, width, 4)."""
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width()]


def encoding(images: list[Any], path: Path) -> float:
    """Return how long it takes to encode pictures that are drawn already."""
    began = time.perf_counter()
    encode(map(array_of, images), path, "bgra")
    return time.perf_counter() - began


def encode(frames: Iterable[np.ndarray], path: Path, kind: str) -> None:
    """Write a film as gdviz does, in this thread."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.pix_fmt, stream.options = "yuv420p", OPTIONS["libx264"]
        for number, pixels in enumerate(frames):
            if number == 0:
                stream.height, stream.width = pixels.shape[:2]
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format=kind)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def compared(race: gdviz.Experiment, trajectories: list[Any], folder: Path) -> None:
    """Print how many frames a second each writes of the same picture."""
    updates = np.linspace(0, 1000, FEW).round().astype(int).tolist()
    stage = OffScreen(Session(race), trajectories, PictureOptions(width=1280, height=720))
    for view in ("error", "fit"):
        stage.board.views[view].hide()
    stage.board.grab()
    stage.picture(Shot(0))
    ours = rate(lambda: list(film(stage, folder / "ours.mp4", [Shot(update) for update in updates], 30)))
    stage.close()
    print(f"1280x720, contour and surface, six paths: gdviz {ours:.1f} frames/s", end="")
    try:
        frames = matplotlib_frames(race, trajectories, updates)
    except ImportError:
        print("; matplotlib is not installed")
        return
    theirs = rate(lambda: encode(frames, folder / "theirs.mp4", "rgba"))
    print(f", matplotlib {theirs:.1f} frames/s: {ours / theirs:.1f} times as many")


def rate(work: Callable[[], object]) -> float:
    """Return frames a second."""
    began = time.perf_counter()
    work()
    return FEW / (time.perf_counter() - began)


def matplotlib_frames(race: gdviz.Experiment, trajectories: list[Any], updates: list[int]) -> Iterable[np.ndarray]:
    """Draw the same with matplotlib: what does not change is drawn once, only the paths' data are set anew."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12.8, 7.2), dpi=100)
    canvas = FigureCanvasAgg(figure)
    plane, space = figure.add_subplot(121), figure.add_subplot(122, projection="3d")
    (a0, a1), (b0, b1) = race.objective.box
    a, b = np.linspace(a0, a1, 201), np.linspace(b0, b1, 201)
    values = gdviz.error_grid(race.objective, a, b)
    plane.contourf(a, b, values.T, 60)
    plane.contour(a, b, values.T, 14, colors="k", linewidths=0.5)
    space.plot_surface(*np.meshgrid(a, b, indexing="ij"), values, rcount=100, ccount=100, cmap="viridis")
    heights = [trajectory.error for trajectory in trajectories]
    colors = [LIGHT.run(i).color for i in range(6)]
    flat = [plane.plot([], [], color=color)[0] for color in colors]
    lifted = [space.plot([], [], [], color=color)[0] for color in colors]

    def frames() -> Iterable[np.ndarray]:
        for update in updates:
            for i, trajectory in enumerate(trajectories):
                points = trajectory.params[: update + 1]
                flat[i].set_data(*points.T)
                lifted[i].set_data_3d(*points.T, heights[i][: update + 1])
            canvas.draw()
            yield np.asarray(canvas.buffer_rgba())

    return frames()


if __name__ == "__main__":
    with drawing_place(), application():
        main()
