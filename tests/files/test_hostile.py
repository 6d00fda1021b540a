"""Files that mean no good: thousands of damaged ones are opened or refused in a sentence, soon and in little memory."""

import json
import random
import subprocess
import sys
import zipfile

import numpy as np
import pytest

import gdviz
from gdviz.checking import read_notebook
from gdviz.files import read_session, write_session
from gdviz.files.lessons import lessons
from gdviz.objectives.data.samples import Data
from gdviz.objectives.data.shipped import moons
from gdviz.scene.planes import Through, TwoWeights
from gdviz.scene.session import Session, Views
from tests.command import ENVIRONMENT

SESSIONS, TABLES = 5000, 2000
ODD = [
    None,
    True,
    -1,
    0,
    1e308,
    -1e-308,
    10**400,
    "",
    "x" * 5000,
    "\x00",
    "é\ud800",
    [],
    {},
    [[]],
    {"a": 1},
    "__class__",
]


def nested(dice):
    return json.loads("[" * 50 + "]" * 50) if dice.random() < 0.5 else dice.choice(ODD)


def mutated(value, dice):
    """A value with one part exchanged, dropped, doubled, renamed or buried."""
    if isinstance(value, dict) and value and dice.random() < 0.85:
        key = dice.choice(list(value))
        if dice.random() < 0.7:
            return {**value, key: mutated(value[key], dice)}
        rest = {name: one for name, one in value.items() if name != key}
        return dice.choice([rest, {**rest, f"{key}x": value[key]}, {**value, "more": value}])
    if isinstance(value, list) and value and dice.random() < 0.85:
        at = dice.randrange(len(value))
        if dice.random() < 0.7:
            return [*value[:at], mutated(value[at], dice), *value[at + 1 :]]
        return dice.choice([value[:at], value * 3, value[::-1], [value]])
    return nested(dice)


def garbled(text, dice):
    """Bytes of a text that is cut, flipped or in another encoding."""
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    kind = dice.randrange(4)
    if kind == 0:
        return bytes(data[: dice.randrange(len(data))])
    if kind == 1:
        for _ in range(dice.randrange(1, 6)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        return bytes(data)
    if kind == 2:
        return text.encode("utf-16", "replace")
    at = dice.randrange(len(data))
    return bytes(data[:at] + data[at : at + 40] * 30 + data[at:])


def network():
    made = gdviz.Network.on(moons(12), layers="2-3-2", dropout="0.2", batchnorm=True, l2=0.01, validation=0.3)
    runs = gdviz.lecture_race(made, sampling=gdviz.MiniBatch(4), epochs=5, patience=2).runs[:2]
    return Session(gdviz.Experiment(runs), 3, 1, Views(plane=TwoWeights(1, 4)))


def pictures():
    random = np.random.default_rng(0)
    X, Y = random.random((8, 6)), np.tile([0.0, 1.0], 4)
    data = Data("tiny", X, Y, inputs=tuple("abcdef"), classes=("no", "yes"), image=(2, 3))
    made = gdviz.Network.on(data, layers="6-2-2", shift=1.0, rotate=10.0)
    start = tuple(random.random(made.size))
    return Session(
        gdviz.Experiment.race(made, [gdviz.Adam()], start=start, epochs=3), 2, 0, Views(plane=Through(0, 1, 2))
    )


def seeds():
    race = gdviz.lecture_race(gdviz.SigmoidNeuron([0.5, 2.5], [0.2, 0.9]), sampling=gdviz.MiniBatch(2, shuffle=True))
    forked = gdviz.Experiment((race.runs[5], race.runs[5].forked_at(20)))
    views = Views(((-1.0, 1.0), (0.0, 2.0)), (1.0, 40.0, 5.0), True, True, 30.0)
    made = [Session(race, 9, 3, views), Session(forked, open_controls=("eta",)), *lessons()[:3], network(), pictures()]
    return [write_session(session) for session in made]


@pytest.mark.once
def test_damaged_sessions():
    dice, opened = random.Random(1), 0
    texts = seeds()
    for i in range(SESSIONS):
        text = dice.choice(texts)
        if i % 3:
            value = json.loads(text)
            for _ in range(dice.randrange(1, 4)):
                value = mutated(value, dice)
            data = json.dumps(value, ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
        else:
            data = garbled(text, dice)
        try:
            session = read_session(data)
        except ValueError as error:
            assert str(error) and "\n" not in str(error) and len(str(error)) < 500, str(error)
        else:
            opened += 1
            assert read_session(write_session(session)) == session
    assert SESSIONS * 0.01 < opened < SESSIONS * 0.5  # neither is everything refused nor everything let through


@pytest.mark.once
def test_damaged_tables(tmp_path):
    dice, path = random.Random(2), tmp_path / "mine.csv"
    whole = "w,b,error\n" + "\n".join(f"{dice.gauss(0, 1)!r},{dice.gauss(0, 1)!r},{dice.random()!r}" for _ in range(30))
    opened = 0
    for _ in range(TABLES):
        text = whole
        for _ in range(dice.randrange(1, 4)):
            old = dice.choice([",", "\n", "w", "b", ".", "1", "-"])
            new = dice.choice(["", ";", "\t", '"', "nan", "1e999", "\x00", "é", ",,", "\n\n", "=cmd()", "9" * 500])
            text = text.replace(old, new, dice.choice([1, 5, -1]))
        path.write_bytes(garbled(text, dice) if dice.random() < 0.5 else text.encode("utf-8", "surrogatepass"))
        # A run may have diverged: its log holds nan and inf where the file has them.
        diverged = any(word in text for word in ("nan", "1e999", "9" * 400))
        for read, may_diverge in (
            (lambda: read_notebook(path, ("w", "b")).params, diverged),
            (lambda: gdviz.load_csv(path).X, False),
        ):
            try:
                assert may_diverge or np.isfinite(read()).all()
            except ValueError as error:
                assert str(error) and "\n" not in str(error) and str(path) in str(error), str(error)
            else:
                opened += 1
    assert opened > TABLES * 0.02


BOMBS = """
import resource, sys, time
from gdviz.checking import read_notebook
from gdviz.files import open_session
limit = 500 << 20
before = int(open("/proc/self/statm").read().split()[0]) * 4096
resource.setrlimit(resource.RLIMIT_AS, (before + limit, before + limit))
for path in sys.argv[1:]:
    began = time.monotonic()
    try:
        open_session(path) if not path.endswith(".csv") else read_notebook(path, ("w", "b"))
        print("opened", path)
    except ValueError as error:
        print("refused", error)
    print(f"{time.monotonic() - began:.1f} s", flush=True)
"""


@pytest.mark.once
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for its memory")
def test_bombs_take_neither_memory_nor_time(tmp_path):
    """Each in a process that may take 500 MB more than it has at its start."""
    files = {
        "lists.gdviz": b"[" + b"[]," * 15_000_000 + b"0]",
        "deep.gdviz": b"[" * 10_000_000,
        "numbers.gdviz": b'{"format": "gdviz", "version": 1, "x": [' + b"1," * 20_000_000 + b"1]}",
        "digits.gdviz": b'{"format": "gdviz", "version": ' + b"9" * 5_000_000 + b"}",
        "text.gdviz": b'{"format": "' + b"x" * 60_000_000 + b'"}',
        "large.gdviz": b" " * (80 << 20),
        "line.csv": b"w,b\n" + b"1" * 30_000_000,
        "quote.csv": b'w,b\n"' + b"1,\n" * 10_000_000,
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    with zipfile.ZipFile(tmp_path / "zip.gdviz", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("a", b"0" * (200 << 20))
    paths = [str(path) for path in sorted(tmp_path.iterdir())]
    done = subprocess.run([sys.executable, "-c", BOMBS, *paths], env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[::2]] == ["refused"] * len(paths)
    assert all(float(line.split()[0]) < 10 for line in lines[1::2]), lines
