"""A lecture pack of networks: everything is there, in texts of a readable length, and its scripts are right."""

import re
import runpy

import numpy as np
import pytest
from PySide6.QtGui import QImage

import gdviz
from gdviz.cli import main
from gdviz.export.options import view_names
from gdviz.files import save_session
from gdviz.objectives import Network
from gdviz.objectives.data.shipped import moons
from gdviz.scene.session import Session
from gdviz.texts.updates import html_of, latex_of
from gdviz.training import Experiment
from tests.export.drawn import decoded, pixels

pytestmark = pytest.mark.beside

VIEWS = view_names()
NETWORK = Network("2-5-2", dropout=0.1, validation=0.2, data=moons(40))
FEW = gdviz.MiniBatch(16)


def runs_on(objective, **given):
    rules = gdviz.Adam(0.05), gdviz.Nesterov(0.05)
    return tuple(gdviz.Run(objective, rule, sampling=FEW, **{"updates": 5, **given}) for rule in rules)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("sessions") / "network.gdviz"
    save_session(Session(Experiment(runs_on(NETWORK))), path)
    return path


@pytest.fixture(scope="module")
def packed(tmp_path_factory, qapp, saved):
    folder = tmp_path_factory.mktemp("packs") / "network"
    assert main(["pack", str(saved), "-o", str(folder)]) == 0
    return folder


def test_everything_is_there(packed):
    names = {path.name for path in packed.iterdir()}
    assert names == {f"{view}{ending}" for view in VIEWS for ending in (".png", ".pdf")} | {
        *("race.mp4", "adam.py", "nag.py", "updates.tex", "alt.txt", "index.html", "session.gdviz")
    }
    assert len(decoded(packed / "race.mp4")[0]) == 6 + 60


def test_the_texts_say_what_is_measured_not_every_number(packed):
    alts = dict(line.split(": ", 1) for line in (packed / "alt.txt").read_text("utf-8").splitlines())
    assert set(alts) == set(VIEWS)
    for alt in alts.values():
        assert "27 parameters" in alt and "W1" not in alt and len(alt) < 500
        assert "Adam ends after 5 updates with the error " in alt and "validation accuracy " in alt
    assert "neuron" not in alts["fit"]
    page = (packed / "index.html").read_text("utf-8")
    assert len(page) < 20_000 and all(f'src="{view}.png"' in page for view in VIEWS) and "no script" not in page


def test_the_scripts_give_the_same_numbers(packed):
    for name, run in zip(("adam", "nag"), runs_on(NETWORK), strict=True):
        path = runpy.run_path(str(packed / f"{name}.py"))["path"]
        np.testing.assert_allclose(path, gdviz.train(run).params, rtol=1e-9, atol=1e-9)


def test_a_run_without_a_script_has_all_else(tmp_path, qapp):
    objective = Network("2-3-2", precision="float32", data=moons(20))
    path, folder = tmp_path / "network.gdviz", tmp_path / "pack"
    save_session(Session(Experiment(runs_on(objective, updates=2)[:1])), path)
    assert main(["pack", str(path), "-o", str(folder)]) == 0
    assert not list(folder.glob("*.py")) and (folder / "all.png").exists()
    assert "There is no script of Adam: a network in float32 has no script" in (folder / "index.html").read_text(
        "utf-8"
    )


# -- worked out


def test_two_parameters_are_worked_out_with_the_greatest_gradients():
    run = runs_on(NETWORK)[1]
    step = gdviz.train(run).step(1)
    indices = sorted(np.argsort(-np.abs(step.gradient))[:2])
    names = [NETWORK.name_of(index) for index in indices]
    text, page = latex_of(run, "NAG"), html_of(run, "NAG")
    for name, index in zip(names, indices, strict=True):
        assert f"g_{{{name}}} = {step.gradient[index]:#.4g}" in text and f"<th>{name}</th>" in page
        assert f"<b>{step.params[index]:#.4g}</b>".replace("-", "−") in page
    assert f"Of 27 parameters {names[0]} and {names[1]}, whose gradients" in page
    assert f"Of 27 parameters ${names[0]}$ and ${names[1]}$, whose gradients" in text
    assert text.count(rf"{names[0]}:\quad") == 3 * 3 and len(text) < 4000


def test_what_is_taken_off_beside_the_rule_is_worked_out():
    network = Network("2-5-2", l2=0.1, decoupled=True, batchnorm=True, data=moons(40))
    run = runs_on(network)[0]
    step, page = gdviz.train(run).step(1), html_of(run, "Adam", 1)
    assert page.count("<tr>") == 2 + len(run.optimizer.equations) + 1
    for index in np.argsort(-np.abs(step.gradient))[:2]:
        assert f"<b>{step.params[index]:#.4g}</b>".replace("-", "−") in page


def test_greek_letters_are_written_for_latex():
    network = Network("2-3-2", init="zeros", batchnorm=True, data=moons(40))
    text = latex_of(gdviz.Run(network, gdviz.Adam(0.1), updates=2), "Adam")
    assert text.isascii()


# -- drawn


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_drawn(view, saved, tmp_path, qapp):
    path = tmp_path / "view.png"
    flags = ["render", "--session", str(saved), "--view", view, "--size", "480x320", "-o", str(path)]
    assert main(flags) == 0
    assert QImage(str(path)).width() == 480 and len(np.unique(pixels(path).reshape(-1, 3), axis=0)) > 20
    assert gdviz.open(path).experiment.runs[0] == runs_on(NETWORK)[0]


def test_a_short_film(saved, tmp_path, qapp):
    path = tmp_path / "race.gif"
    assert main(["render", "--session", str(saved), "--size", "320x240", "--frames", "3", "-o", str(path)]) == 0
    frames = decoded(path)[0]
    assert len(frames) == 3 and not np.array_equal(frames[0], frames[2])
    assert re.match(rb"GIF8", path.read_bytes())
