"""Frames of networks at some update, and what a view paints, for the tests of the views that show them."""

import re
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

import gdviz
from gdviz.objectives import Network
from gdviz.objectives.data.shipped import LABELLED
from gdviz.scene.frame import frame_at
from gdviz.training import Experiment, MiniBatch, Run


def network_on(name, **given):
    return Network.on(LABELLED[name](), **given)


def frame_of(objective, update=20, size=32, eta=0.05):
    """Return the frame of two runs, Adam's being the selected one, after so many updates."""
    rules = gdviz.GradientDescent(eta=0.1), gdviz.Adam(eta=eta)
    runs = tuple(Run(objective, rule, sampling=MiniBatch(size), epochs=20) for rule in rules)
    return frame_at(Experiment(runs), [gdviz.train(run) for run in runs], update, 1)


def moved_to(frame, point):
    """Return the frame with the selected run at another point."""
    chosen = replace(frame.selected_run, point=point)
    return replace(frame, runs=(frame.runs[0], chosen), selected_run=chosen)


def _show(view, frame, size):
    view.resize(*size)
    view.show()
    if frame is not None:
        view.show_frame(frame)


def painted(view, frame=None, size=(700, 500)):
    """Return the colours of what a view paints, shape (height, width, 3)."""
    _show(view, frame, size)
    image = QImage(QSize(*size), QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        view.paint_on(painter)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(size[1], size[0], 4)
    return pixels[..., 2::-1].astype(int)


def written(view, frame=None, size=(700, 500)):
    """Return the texts that a view writes."""
    _show(view, frame, size)
    data = QByteArray()
    buffer, generator = QBuffer(data), QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(*size))
    with QPainter(generator) as painter:
        view.paint_on(painter, vector=True)
    found = re.findall(r"<text[^>]*>([^<]*)</text>", bytes(data).decode())
    return [text.strip().replace("&lt;", "<").replace("&gt;", ">") for text in found if text.strip()]


def is_near(colors, color, most=24):
    """Return where colours are as good as `color`, a QColor."""
    return np.abs(colors - np.array(color.getRgb()[:3])).max(axis=-1) <= most
