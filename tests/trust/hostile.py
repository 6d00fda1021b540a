"""Sessions and tables in which a stranger wrote every text."""

import json
from dataclasses import replace

import numpy as np

import gdviz
from gdviz.files import write_session
from gdviz.objectives.data.samples import Data
from gdviz.objectives.data.shipped import moons
from gdviz.scene.session import Lesson, Session
from tests.trust.canary import MARKUP


def neuron(text=MARKUP):
    """Return a session of a neuron."""
    data = Data(text, np.array([0.5, 2.5]), np.array([0.2, 0.9]), text, text, text)
    return titled(gdviz.lecture_race(gdviz.SigmoidNeuron.on(data), epochs=30), text)


def network(text=MARKUP):
    """Return a session of a network whose inputs and classes have names."""
    plain = moons(12)
    data = replace(plain, name=text, about=text, x_label=text, y_label=text, inputs=(text, text), classes=(text, "b"))
    return titled(gdviz.lecture_race(gdviz.Network.on(data, layers="2-3-2"), epochs=5), text)


def titled(race, text):
    looks = tuple(replace(look, title=text) for look in race.looks)
    lesson = Lesson(text, text, text, text)
    return Session(replace(race, looks=looks), 3, 1, lesson=lesson)


def texts_of(value, place=()):
    """Yield where in a session's JSON a text stands that is free."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from texts_of(part, (*place, key))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from texts_of(part, (*place, at))
    elif isinstance(value, str):
        yield place


def with_text(session, place, text):
    """Return a session's JSON with another text at a place."""
    value = json.loads(write_session(session))
    part = value
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = text
    return json.dumps(value)
