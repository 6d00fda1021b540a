"""Sentences and names are visible, on one line, and no longer than a line may be."""

import ast
import json
import os
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as some

import gdviz
from gdviz.files import read_session, save_session
from gdviz.texts.python import script_of
from gdviz.texts.updates import latex_of
from gdviz.wording import LONGEST, sentence, visible
from tests.command import gdviz as command
from tests.command import refused
from tests.trust import hostile

pytestmark = pytest.mark.beside

TRICKS = ["\x1b[31mred", "a\nb", "\u202egnp.exe", "\u2066x\u2069", "\ud800", "\ufeff", "\x07", "\u2028"]
CODE = '"""\nimport os\nos.mkdir("broken")\n"""'
TEX = "\\input /etc/passwd \\relax 50% ^^5cinput ~ {$&#_} \\"


@given(some.text(max_size=2000))
def test_every_sentence_is_one_visible_line(text):
    said = sentence(text)
    assert len(said) <= LONGEST
    assert said.replace("\u200c", "").replace("\u200d", "").isprintable()
    said.encode("utf-8")  # can be written anywhere


@given(some.text())
def test_what_can_be_seen_stays_as_it_is(text):
    assert visible(visible(text)) == visible(text)
    if text.isprintable():
        assert visible(text) == text


@pytest.mark.parametrize("trick", TRICKS)
def test_a_name_that_hides_something_is_spelt_out(trick):
    assert visible(trick).isprintable() and visible(trick) != trick


def test_a_long_refusal_keeps_its_beginning_and_its_end():
    said = sentence(f"{'/deep' * 400}/file.csv: there is no such file")
    assert said.startswith("/deep/deep") and said.endswith("there is no such file") and len(said) <= LONGEST


def test_a_file_with_a_control_character_in_its_name_is_refused_visibly(capsys, tmp_path):
    said = refused(capsys, "train", "--session", tmp_path / "\x1b[2Jclear\n.gdviz", "-o", tmp_path / "x.csv")
    assert "\x1b" not in said and "\\x1b[2Jclear" in said
    said = refused(capsys, "train", "--data", tmp_path / ("x" * 3000), "-o", tmp_path / "x.csv")
    assert len(said) <= LONGEST + len("gdviz train: \n")


@pytest.mark.parametrize("make", [hostile.neuron, hostile.network])
@pytest.mark.parametrize("text", ['"""', "'''", "\\", "x\u2028import os", "a\nimport os", CODE])
@pytest.mark.parametrize("library", ["numpy", "torch"])
def test_a_script_holds_foreign_text_as_a_comment_or_not_at_all(make, text, library):
    run = make(text).experiment.runs[0]
    script, plain = (script_of(one, library) for one in (run, make("plain").experiment.runs[0]))
    assert ast.dump(ast.parse(script)) == ast.dump(ast.parse(plain))


def test_a_title_is_no_latex():
    run = hostile.neuron().experiment.runs[0]
    heading = latex_of(run, TEX, 1).splitlines()[0]
    body = heading.removeprefix(r"\subsection*{").removesuffix("}")
    rest = body
    for own in (r"\textbackslash{}", r"\textasciicircum{}", r"\textasciitilde{}", *(rf"\{c}" for c in "{}$&#_%")):
        rest = rest.replace(own, "")
    assert not set(rest) & set("\\{}$&#_%^~"), rest


def test_a_session_with_a_title_for_latex_is_read_and_packed_as_text(tmp_path):
    session = hostile.neuron(TEX)
    save_session(session, tmp_path / "race.gdviz")
    assert read_session(json.dumps(json.loads((tmp_path / "race.gdviz").read_text("utf-8")))) == session


def test_the_command_line_says_it_in_any_terminal(tmp_path):
    done = command("train", "--session", os.fsencode(tmp_path).decode() + "/\u202e.gdviz", "-o", tmp_path / "x.csv")
    assert done.returncode == 2 and "\\u202e.gdviz" in done.stderr and "\u202e" not in done.stderr


def test_the_titles_of_a_race_are_visible():
    looks = hostile.neuron("\u202ered").experiment
    assert all(title.startswith("\\u202ered") for title in looks.titles)
    assert gdviz.lecture_race(looks.objective).titles[0] == "Gradient descent"


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX")
def test_the_pages_of_a_pack_compile(tmp_path):
    experiment = gdviz.lecture_race(gdviz.SigmoidNeuron([0.5], [0.2]))
    titles = [TEX, "η 漢字 ‖", "<b>&\x1b[2J", "50% of $5 #1 _x_ {y}", "~^~ \\", "é ß Ł"]
    pages = [latex_of(run, visible(title), 2) for run, title in zip(experiment.runs, titles, strict=True)]
    head = "\\documentclass{article}\\usepackage[utf8]{inputenc}\\usepackage[T1]{fontenc}\\usepackage{amsmath}"
    (tmp_path / "page.tex").write_text("\n".join([head, r"\begin{document}", *pages, r"\end{document}"]), "utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", timeout=120)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "/etc/passwd" not in (tmp_path / "page.log").read_text("utf-8", "replace").replace("input /etc/passwd", "")
