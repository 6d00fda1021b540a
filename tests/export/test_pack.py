"""A lecture pack is whole or not there, and every number that is worked out in it is right."""

import math
import os
import re
import runpy
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PySide6.QtGui import QImage

import gdviz
from gdviz.cli import main
from gdviz.optimizers import OPTIMIZERS
from gdviz.scene.session import Session
from gdviz.texts.updates import html_of, latex_of
from gdviz.training import usual
from tests.command import refused
from tests.export.drawn import decoded, without_display

pytestmark = pytest.mark.beside

NEURON = gdviz.SigmoidNeuron([0.5, 2.5, -1.0], [0.2, 0.9, 0.4])
LESSON = "resources/lessons/02-momentum.gdviz"


@pytest.fixture(scope="module")
def packed(tmp_path_factory, qapp):
    folder = tmp_path_factory.mktemp("packs") / "lecture"
    assert main(["pack", LESSON, "--epochs", "40", "-o", str(folder)]) == 0
    return folder


def test_everything_is_there(packed):
    names = {path.name for path in packed.iterdir()}
    views = ("all", "contour", "surface", "error", "fit")
    assert names == {f"{view}{ending}" for view in views for ending in (".png", ".pdf")} | {
        *("race.mp4", "gd.py", "momentum.py", "updates.tex", "alt.txt", "index.html", "session.gdviz")
    }
    assert QImage(str(packed / "contour.png")).width() == 2560
    assert len(decoded(packed / "race.mp4")[0]) == 41 + 60
    assert os.listdir(packed.parent) == ["lecture"]


def test_the_page_shows_each_picture_with_its_text(packed):
    page = (packed / "index.html").read_text("utf-8")
    for name in set(re.findall(r'(?:src|href)="(.*?)"', page)):
        assert (packed / name).exists()
    alts = re.findall(r'alt="(.*?)"', page)
    assert len(alts) == 5 and all("Momentum ends after 40 updates at w = " in alt for alt in alts)
    assert "Momentum, and its U-turns" in page and "<script" not in page


def test_the_scripts_and_the_session_give_the_same_numbers(packed):
    session = gdviz.open(packed / "session.gdviz")
    assert session.experiment == gdviz.open(packed / "all.png").experiment
    for run in session.experiment.runs:
        path = runpy.run_path(str(packed / f"{run.optimizer.name}.py"))["path"]
        np.testing.assert_allclose(path, gdviz.train(run).params, rtol=1e-9)


# -- worked out


def braces(text, at):
    """The content of the braces that open at `at`, and where they end."""
    depth = 0
    for end in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[at + 1 : end], end + 1
    raise AssertionError(text)


def python_of(text):
    """LaTeX of numbers as Python."""
    for name, arguments in ((r"\frac", 2), (r"\sqrt", 1)):
        while name in text:
            at = text.index(name)
            parts, end = [], at + len(name)
            for _ in range(arguments):
                part, end = braces(text, end)
                parts.append(f"({part})")
            made = "/".join(parts) if arguments == 2 else f"sqrt{parts[0]}"
            text = text[:at] + f"({made})" + text[end:]
    text = re.sub(r"([\d.]+)\\times 10\^\{(-?\d+)\}", r"(\1e\2)", text)
    text = (
        text.replace(r"\left|", "abs(")
        .replace(r"\right|", ")")
        .replace(r"\operatorname{sign}", "sign")
        .replace(r"\max", "max")
    )
    text = text.replace(r"\left(", "(").replace(r"\right)", ")").replace(r"\cdot", "*")
    return re.sub(r"\^\{([^{}]*)\}", r"**(\1)", text)


def value_of(text):
    return eval(python_of(text), {"sqrt": math.sqrt, "abs": abs, "max": max, "sign": np.sign})


@pytest.mark.parametrize("cls", OPTIMIZERS, ids=lambda cls: cls.name)
def test_every_worked_line_is_right(cls):
    text = latex_of(gdviz.Run(NEURON, usual(cls, NEURON), updates=5), "A & B_1")
    assert r"A \& B\_1" in text
    lines = re.findall(r"^[wb]:\\quad & (.*) = (.*?)(?: \\\\)?$", text, re.M)
    assert len(lines) >= 2 * 3 * len(cls.equations)
    for left, right in lines:
        scale = max((abs(float(number)) for number in re.findall(r"\d+\.\d+", left)), default=1)
        assert value_of(left) == pytest.approx(value_of(right), rel=5e-3, abs=2e-3 * scale), left


def test_the_page_and_the_latex_say_the_same():
    run = gdviz.Run(NEURON, gdviz.Adam(0.1), updates=3)
    page, text = html_of(run, "Adam"), latex_of(run, "Adam")
    results = [result.replace("−", "-") for result in re.findall(r"= <b>(.*?)</b>", page)]
    rights = [right for right in re.findall(r" = (\S.*?)(?: \\\\)?$", text, re.M) if "quad" not in right]
    plain = [re.sub(r"\\times 10\^\{(-?\d+)\}", r"e\1", right) for right in rights]
    digits = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    assert [re.sub("×10", "e", result).translate(digits) for result in results] == plain[: len(results)]


# -- whole or not there


def test_a_folder_that_is_there_is_not_touched(capsys, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    assert "is there already" in refused(capsys, "pack", LESSON, "-o", tmp_path)
    assert "there is no folder" in refused(capsys, "pack", LESSON, "-o", tmp_path / "none" / "pack")
    assert os.listdir(tmp_path) == ["mine.txt"]


def test_a_full_disk_leaves_nothing(capsys, full_disk, qapp):
    message = refused(capsys, "pack", LESSON, "--epochs", "5", "-o", full_disk / "pack")
    assert "cannot be written: No space left" in message and os.listdir(full_disk) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_stopped_half_way_it_leaves_nothing(tmp_path):
    command = [sys.executable, "-m", "gdviz", "pack", LESSON, "-o", str(tmp_path / "pack")]
    process = subprocess.Popen(command, env=without_display(), stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob(".pack-*/contour.png")):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=30)[1].endswith("stopped\n") and process.returncode == 143
    assert os.listdir(tmp_path) == []


def test_from_the_window(open_window, spin, tmp_path):
    race = gdviz.lecture_race(NEURON, epochs=8)
    window = open_window(race)
    spin(lambda: window.controller.complete)
    window.exporting.save_pack(tmp_path / "pack")
    spin(lambda: not window.exporting.running, 60)
    assert "Saved" in window.exporting.message.text()
    assert gdviz.open(tmp_path / "pack" / "session.gdviz").experiment == race == Session(race).experiment
    window.exporting.save_pack(tmp_path / "pack")
    assert "is there already" in window.exporting.message.text()


def test_a_pack_has_one_minus_sign_for_each_kind_of_file(packed):
    page = re.sub(r"<style>.*?</style>", "", (packed / "index.html").read_text("utf-8"))
    said = re.sub(r"<[^>]*>", " ", page)
    assert "−" in said and not re.search(r"(^|[\s(])-[\s\d(]|\)\s*-", said)
    assert not re.search(r"[\s(]-\d", (packed / "alt.txt").read_text("utf-8"))
    assert "−" not in (packed / "updates.tex").read_text("utf-8")
