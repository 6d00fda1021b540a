"""Consoles that know few letters: every command ends with its own exit code, and what it says can be read."""

import os
import re
import sys

import pytest

from tests.command import ENVIRONMENT, gdviz

pytestmark = pytest.mark.once
CONSOLES = {
    "cp1252": {"PYTHONIOENCODING": "cp1252"},
    "ascii": {"PYTHONIOENCODING": "ascii"},
    "the C locale": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
}


PYTHON_STARTS = pytest.mark.skipif(
    not sys.prefix.isascii() or not __file__.isascii(),
    reason="in the C locale Python itself does not start from a folder whose name is not ASCII",
)


@pytest.fixture(
    params=[pytest.param(name, marks=PYTHON_STARTS if "LC_ALL" in CONSOLES[name] else ()) for name in CONSOLES]
)
def console(request, tmp_path):
    """Run a command on such a console; return its exit code and what it said, which must be in that encoding."""
    name = request.param
    clean = {key: value for key, value in ENVIRONMENT.items() if key not in ("PYTHONIOENCODING", "PYTHONUTF8")}
    table = tmp_path / "wrong.csv"
    table.write_text("w,b,error\n" + "\n".join(f"{-2 + k / 10},-2,1" for k in range(9)), "utf-8")

    def run(*arguments):
        options = {"env": {**clean, **CONSOLES[name]}, "cwd": tmp_path, "encoding": "cp1252"}
        done = gdviz(*arguments, **options)
        if name != "cp1252":
            assert (done.stdout + done.stderr).isascii()
        assert "Traceback" not in done.stderr and "codec" not in done.stderr
        return done.returncode, done.stdout, done.stderr

    return run


def test_lists_and_help_are_spelled(console):
    code, out, err = console("list", "optimizers")
    assert (code, err) == (0, "")
    assert "v <- gamma v + eta g; w <- w - v" in out and re.search(r"m_hat = m / \(1.beta1\^t\)", out)
    for command in ("train", "check"):
        code, out, err = console(command, "--help")
        assert (code, err) == (0, "") and out.startswith(f"usage: gdviz {command}")


def test_a_verdict_keeps_its_minus_signs_and_its_exit_code(console):
    code, out, err = console("check", "wrong.csv", "--optimizer", "gd:eta=0.5", "--epochs", "8")
    assert (code, err) == (1, "")
    assert re.search(r"w = -1\.\d+", out), out


def test_refusals_are_one_line_and_2(console):
    for arguments in (
        ["train", "--optimizer", "gd:η=1", "-o", "x.csv"],
        ["train", "--start=−2,x", "-o", "x.csv"],
        ["check", "wrong−1.csv", "--optimizer", "gd"],
        ["render", "--size", "∞", "-o", "x.png"],
        ["script", "--optimizer", "ädam", "-o", "-"],
        ["тrain"],
        ["train", "--data", b"b\xff.csv".decode("utf-8", "surrogateescape"), "-o", "-"],
    ):
        code, out, err = console(*arguments)
        assert (code, out) == (2, ""), (arguments, err)
        assert err.count("\n") == 1, err


def test_a_script_on_standard_output_runs(console):
    code, out, err = console("script", "--optimizer", "adam:eta=0.1", "--updates", "3", "-o", "-")
    assert (code, err) == (0, "")
    names = {}
    exec(compile(out, "script", "exec"), names)
    assert names["path"].shape == (4, 2)


def test_a_table_on_standard_output_is_the_same_as_ever(console):
    flags = ["train", "--optimizer", "adam:eta=0.1", "--updates", "3", "-o", "-"]
    assert console(*flags) == (0, gdviz(*flags).stdout.replace(os.linesep, "\n"), "")
