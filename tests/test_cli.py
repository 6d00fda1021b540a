"""The command line: what is right works, what is wrong is one line and exit code 2, and nothing is written."""

import csv
import io
import json
import re
import shlex
import subprocess
import sys

import pytest

from gdviz import __version__
from gdviz.cli import main
from gdviz.objectives import LABELLED, OBJECTIVES
from gdviz.optimizers import LECTURE, OPTIMIZERS
from gdviz.training import SCHEDULES
from tests.command import ENVIRONMENT, gdviz, python, refused

WRONG = [
    # arguments, what the line must name
    (["--optimizer", "sgd"], ["--optimizer", "'sgd'", "known: gd, momentum, nag, adagrad, rmsprop, adam"]),
    (["--optimizer", "adm"], ["--optimizer", "did you mean adam?"]),
    (["--optimizer", ""], ["--optimizer", "''", "known: gd"]),
    (["--optimizer", "adam:eta"], ["--optimizer", "'eta'", "name=value"]),
    (["--optimizer", "adam:eta="], ["--optimizer", "name=value"]),
    (["--optimizer", "adam:gamma=1"], ["--optimizer", "'gamma'", "it has: eta, beta1, beta2, eps"]),
    (["--optimizer", "adam:eta=fast"], ["--optimizer", "eta", ">= 0", "'fast'"]),
    (["--optimizer", "adam:eta=-1"], ["--optimizer", "eta", ">= 0", "'-1'"]),
    (["--optimizer", "adam:eta=nan"], ["--optimizer", "eta", "'nan'"]),
    (["--optimizer", "adam:eta=1e999"], ["--optimizer", "eta", "'1e999'"]),
    (["--optimizer", "adam:beta1=1"], ["--optimizer", "beta1", ">= 0 and < 1", "'1'"]),
    (["--optimizer", "adam:eta=1,eta=2"], ["--optimizer", "eta", "twice"]),
    (["--optimizer", "gd", "--optimizer", "nope"], ["--optimizer", "'nope'"]),
    (["--optimizer"], ["--optimizer", "expected one argument"]),
    (["--objective", "himmel"], ["--objective", "did you mean himmelblau?"]),
    (["--objective", ""], ["--objective", "known: neuron"]),
    (["--objective", "beale:a=1"], ["--objective", "beale has no parameters"]),
    (["--objective", "ravine:steepness=0"], ["--objective", "ravine: steepness", ">= 1", "'0'"]),
    (["--objective", "ravine:kappa=3"], ["--objective", "'kappa'", "it has: steepness"]),
    (["--objective", "neuron:w=1"], ["--objective", "neuron has no parameters"]),
    (["--data", "orings"], ["--data", "'orings'", "lecture, oring, sparse"]),
    (["--data", ""], ["--data", "known: lecture"]),
    (["--data", "gone.csv"], ["--data", "gone.csv", "No such file"]),
    (["--data", "."], ["--data", ".: cannot be read: Is a directory"]),
    (["--data", "x" * 300], ["--data", "known: lecture"]),
    (["--data", "line\nbreak.csv"], ["--data", "No such file"]),
    (["--data", "oring", "--objective", "beale"], ["--data", "for neuron and network", "beale"]),
    (["--standardize", "--objective", "beale"], ["--standardize", "for neuron and network"]),
    (["--standardize=yes"], ["--standardize", "'yes'"]),
    (["--start", "1"], ["start", "2 finite numbers w,b", "not 1"]),
    (["--start", "1,2,3"], ["start", "2 finite numbers w,b", "1,2,3"]),
    (["--start", "a,b"], ["--start", "--start=-2,-2", "'a,b'"]),
    (["--start", "1,"], ["--start", "'1,'"]),
    (["--start", ""], ["--start", "''"]),
    (["--start", "nan,0"], ["start", "finite", "nan,0"]),
    (["--start", "1,inf"], ["start", "finite", "1,inf"]),
    (["--start", "1e99,1e99", "--objective", "beale"], ["start", "1e+99,1e+99", "f is not a finite number"]),
    (["--start"], ["--start", "expected one argument"]),
    (["--epochs", "0"], ["--epochs", ">= 1", "'0'"]),
    (["--epochs", "-5"], ["--epochs", ">= 1", "'-5'"]),
    (["--epochs", "1.5"], ["--epochs", "whole number", "'1.5'"]),
    (["--epochs", "ten"], ["--epochs", "whole number", "'ten'"]),
    (["--epochs", ""], ["--epochs", "whole number", "''"]),
    (["--epochs", "1" + "0" * 12], ["epochs", "100000000"]),
    (["--epochs", "9" * 5000], ["--epochs", "whole number"]),
    (["--updates", "0"], ["--updates", ">= 1", "'0'"]),
    (["--updates", "many"], ["--updates", "whole number", "'many'"]),
    (["--updates", "1" + "0" * 12], ["updates", "100000000"]),
    (["--columns", "a,b"], ["--columns", "--data FILE"]),
    (["--data", "oring", "--columns", "1,2"], ["--data", "'oring' is no file", "--columns"]),
    (["--label", "c", "--objective", "network"], ["--label", "--data FILE"]),
    (["--data", "moons", "--objective", "network", "--classes"], ["--data", "'moons' is no file", "--classes"]),
    (["--numbers"], ["--numbers", "--data FILE"]),
    (["--numbers", "--classes"], ["--classes", "--numbers", "not allowed"]),
    (["--strategy", "full"], ["--strategy", "'full'", "batch, minibatch, stochastic"]),
    (["--strategy", ""], ["--strategy", "''", "batch, minibatch, stochastic"]),
    (["--batch-size", "0"], ["--batch-size", ">= 1", "'0'"]),
    (["--batch-size", "2.5"], ["--batch-size", "whole number", "'2.5'"]),
    (["--batch-size", "9", "--strategy", "stochastic"], ["--batch-size", "minibatch", "stochastic"]),
    (["--shuffle=yes"], ["--shuffle", "'yes'"]),
    (["--seed", "-1"], ["--seed", ">= 0", "'-1'"]),
    (["--seed", "now"], ["--seed", "whole number", "'now'"]),
    (["--seed", "9" * 30], ["seed", "9" * 30]),
    (["--reduction", "average"], ["--reduction", "'average'", "lecture, sum, mean"]),
    (["--schedule", "linear"], ["--schedule", "'linear'", "constant, step, exponential, inverse, cosine"]),
    (["--schedule", "step:every=0"], ["--schedule", "every", ">= 1", "'0'"]),
    (["--schedule", "step:drop=2"], ["--schedule", "drop", "<= 1", "'2'"]),
    (["--schedule", "cosine:per=day"], ["--schedule", "per", "epoch, update", "'day'"]),
    (["--plane", "weights"], ["--plane is for --objective network", "neuron"]),
    (["--objective", "network", "--plane", "flat"], ["--plane", "'flat'", "weights, principal, random"]),
    (["--objective", "network", "--plane", "weights:first=a"], ["--plane", "first", "whole number"]),
    (["--objective", "network", "--plane", "weights:first=99999"], ["--plane", "first", "there are 354 params"]),
    (["--objective", "network", "--plane", "weights:first=1,second=1"], ["--plane", "two weights"]),
    (["--objective", "network", "--plane", "through:second=5000"], ["--plane", "there are 300 updates"]),
    (["--objective", "network", "--terms"], ["--terms", "--params"]),
    (["--l2", "0.1"], ["--l2 is for --objective network", "neuron"]),
    (["--objective", "network", "--l2", "-1"], ["--l2", "network: l2", ">= 0", "'-1'"]),
    (["--objective", "network", "--dropout", "1"], ["--dropout", "< 1", "'1'"]),
    (["--objective", "network", "--dropout", "0.1-0.2-0.3"], ["--dropout", "one or 2 rates", "3"]),
    (["--batchnorm"], ["--batchnorm is for --objective network", "neuron"]),
    (["--early-stopping", "5"], ["patience", "kept apart"]),
    (["--early-stopping", "soon"], ["--early-stopping", "whole number", "'soon'"]),
    (["--objective", "network:layers=3-2", "--data", "moons"], ["--objective", "begin with 2", "moons"]),
    (["--objective", "network:layers=2-5", "--data", "moons"], ["--objective", "end with 2", "2 classes"]),
    (["--objective", "network:layers=2--2"], ["layers", "2-16-2", "'2--2'"]),
    (["--objective", "network:activation=sine"], ["activation", "logistic, tanh, relu", "'sine'"]),
    (["--objective", "network:shift=1"], ["shift", "pictures", "moons"]),
    (["--epoch", "5"], ["--epoch"]),
    (["--learning-rate", "5"], ["--learning-rate"]),
    (["extra"], ["extra"]),
    (["--wh\nat"], ["--wh at"]),
]


@pytest.fixture
def empty(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(("arguments", "names"), WRONG, ids=[" ".join(wrong)[:40] for wrong, _ in WRONG])
def test_wrong_input_is_one_line_that_says_what_and_where(empty, capsys, arguments, names):
    for output in ("out.csv", "-"):
        line = refused(capsys, "train", *arguments, "-o", output)
        assert line.startswith("gdviz train: ")
        assert all(name in line for name in names), line
        assert len(line) < 250
    assert list(empty.iterdir()) == []


def test_every_run_flag_has_wrong_input():
    shown = set(re.findall(r"--[a-z][a-z-]*", gdviz("train", "--help").stdout))
    untested = shown - {argument.split("=")[0] for wrong, _ in WRONG for argument in wrong}
    assert "--optimizer" in shown
    assert untested <= {"--help", "--l", "--no-shuffle", "--output", "--params", "--session"}


@pytest.mark.parametrize(
    ("content", "says"),
    [("", "empty"), ("x\n1\n", "line 1: one column"), ("x,y\n1,a\n", "line 2: 'a'"), ("x,y\n1,inf\n", "line 2: inf")],
)
def test_a_malformed_file_is_named_with_its_line(empty, capsys, content, says):
    (empty / "my data.csv").write_text(content)
    line = refused(capsys, "train", "--data", "my data.csv", "-o", "out.csv")
    assert "--data: my data.csv" in line and says in line
    assert [file.name for file in empty.iterdir()] == ["my data.csv"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["train"], "-o"),
        (["train", "-o"], "-o"),
        (["train", "-o", ""], "must end in"),
        (["train", "-o", "out.txt"], "out.txt: the name must end in .csv or .json or .npz"),
        (["train", "-o", "gone/out.csv"], "there is no folder gone"),
        (["train", "-o", "x" * 300 + ".csv"], "too long"),
        (["list"], "what"),
        (["list", "optimisers"], "'optimisers'"),
    ],
)
def test_other_wrong_input(empty, capsys, arguments, says):
    assert says in refused(capsys, *arguments)
    assert list(empty.iterdir()) == []


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def trained(capsys, *arguments, said=""):
    """The rows that `gdviz train -o -` writes; `said`: a pattern of what is said beside them."""
    assert main(["train", *arguments, "-o", "-"]) == 0
    out, err = capsys.readouterr()
    assert re.fullmatch(said, err)
    return rows(out)


def test_without_flags_it_is_the_lectures_race(capsys):
    table = trained(capsys, said="gdviz: rmsprop: from update 13[2-6] on this run amplifies differences in .*\n")
    assert list(dict.fromkeys(row["run"] for row in table)) == [cls.name for cls in LECTURE]
    assert len(table) == 6 * 301
    assert {(row["w"], row["b"]) for row in table if row["update"] == "0"} == {("-2.0", "-2.0")}


@pytest.mark.parametrize("start", [["--start=-1,-2"], ["--start", "-1,-2"], ["--start", "-1, -2"]])
def test_a_negative_start(capsys, start):
    first, *_ = trained(capsys, *start, "--updates", "1")
    assert (first["w"], first["b"]) == ("-1.0", "-2.0")


def test_a_repeated_optimizer_is_a_race_and_other_flags_take_the_last(capsys):
    table = trained(capsys, "--optimizer", "gd", "--optimizer", "gd:eta=1", "--epochs", "9", "--epochs", "2")
    assert [row["run"] for row in table] == ["gd"] * 3 + ["gd#2"] * 3


@pytest.mark.parametrize(
    "arguments",
    [
        ["--objective", "himmelblau"],
        ["--objective", "rosenbrock", "--start", "0,0", "--optimizer", "adam:eta=0.1"],
        ["--objective", "ravine:steepness=50", "--optimizer", "lion:eta=0.01,weight_decay=0"],
        ["--data", "oring", "--standardize", "--strategy", "stochastic", "--shuffle", "--seed", "3"],
        ["--data", "sparse", "--batch-size", "32", "--no-shuffle", "--reduction", "mean"],
        ["--schedule", "cosine:floor=0.1,per=update"],
        ["--schedule", "step", "--reduction", "sum"],
        ["--optimizer", "rmsprop:eta=1e-2, beta=0.5"],
    ],
    ids=" ".join,
)
def test_good_invocations(capsys, arguments):
    table = trained(capsys, *arguments, "--updates", "6")
    assert {row["update"] for row in table} == set("0123456")


def test_a_declared_parameter_of_a_surface_matters(capsys):
    flags = ["--optimizer", "gd:eta=0.01", "--updates", "1", "--start", "1,1", "--objective"]
    ends = [trained(capsys, *flags, name)[-1]["y"] for name in ("ravine", "ravine:steepness=20", "ravine:steepness=50")]
    assert ends == ["0.8", "0.8", "0.5"]


def test_updates_win_over_epochs_and_epochs_count_from_one(capsys):
    table = trained(capsys, "--data", "oring", "--batch-size", "10", "--optimizer", "gd", "--updates", "5")
    assert [row["epoch"] for row in table] == ["0", "1", "1", "1", "2", "2"]


def test_a_shuffled_run_depends_on_the_seed_alone(capsys):
    flags = ["--data", "oring", "--standardize", "--strategy", "stochastic", "--shuffle", "--optimizer", "gd"]
    first, again, other = (trained(capsys, *flags, "--epochs", "2", "--seed", seed) for seed in "112")
    assert first == again != other


def test_divergence_is_said_and_is_no_failure(empty, capsys):
    flags = ["--objective", "rosenbrock", "--optimizer", "gd:eta=1"]
    assert main(["train", *flags, "-o", "out.json"]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", "gdviz: gd diverged at update 2: x = -3.93e+09 is a million times outside the view\n")
    assert json.loads((empty / "out.json").read_text())["runs"][0]["update"] == [0, 1]


def test_list_names_everything_with_its_parameters(capsys):
    for what, classes in (("optimizers", OPTIMIZERS), ("schedules", SCHEDULES), ("objectives", OBJECTIVES)):
        assert main(["list", what]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[0] for line in lines if line[0] != " "] == [cls.name for cls in classes]
        for cls in classes:
            for declared in getattr(cls, "params", tuple)():
                assert any(line.strip().startswith(f"{declared.name}={declared.default} ") for line in lines)
    assert main(["list", "data"]) == 0
    assert [line.split()[:2] for line in capsys.readouterr().out.splitlines()] == [
        ["lecture", "2"], ["oring", "23"], ["sparse", "100"],
        *([name, str(len(made().X))] for name, made in zip(LABELLED.names, LABELLED, strict=True)),
    ]  # fmt: skip


def test_version():
    done = gdviz("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"gdviz {__version__}\n", "")


@pytest.mark.parametrize(
    "work",
    ["import gdviz", "import gdviz.cli; assert gdviz.cli.main(['train', '--updates', '3', '-o', 'out.csv']) == 0"],
)
def test_no_qt_is_loaded_without_a_window(empty, work):
    loaded = "[name for name in sys.modules if name.split('.')[0] in ('PySide6', 'shiboken6', 'pyqtgraph', 'OpenGL')]"
    done = python("-c", f"import sys; {work}; print({loaded})")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.parametrize("arguments", [["train", "--epochs", "2000", "-o", "-"], ["list", "optimizers"]])
def test_a_reader_that_goes_away_gets_no_traceback(arguments):
    """As `| head -1` does; Python holds a short output back until its end, so both lengths are tried."""
    environment = {key: value for key, value in ENVIRONMENT.items() if key != "PYTHONUNBUFFERED"}
    process = subprocess.Popen(
        [sys.executable, "-m", "gdviz", *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    with process:
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


def test_head_gets_its_line():
    pipe = f"{shlex.quote(sys.executable)} -m gdviz train --epochs 2000 -o - | head -1"
    done = subprocess.run(pipe, shell=True, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("run,update,epoch,w,b,error\n", "")


def test_standard_output_that_cannot_be_written_is_one_line():
    with open("/dev/full", "w") as full:
        done = gdviz("train", "-o", "-", capture_output=False, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, "gdviz: standard output: No space left on device\n")
    closed = f"{shlex.quote(sys.executable)} -m gdviz train -o - >&-"
    done = subprocess.run(closed, shell=True, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (2, "gdviz train: -o -: standard output is closed\n")
