"""Numbers of extreme sizes, in samples, starts, boxes and rates, are drawn or refused in one line."""

import numpy as np
import pytest
from PySide6.QtGui import QImage

import gdviz
from gdviz.cli import main
from gdviz.objectives.data.samples import Data
from tests.app.driving import rest

pytestmark = pytest.mark.once
SAMPLES = {
    "1e308": ("1e308,0.2", "-1e308,0.9"),
    "one, 1e308": ("1e308,0.2",),
    "equal, 1e308": ("1e308,0.2", "1e308,0.9"),
    "targets, 1e308": ("1,1e308", "2,-1e308"),
    "1e101": ("1e101,0.2", "0,0.9"),
    "nan": ("nan,0.2", "1,0.9"),
    "inf": ("1,0.2", "-inf,0.9"),
    "1e100": ("1e100,0.2", "-1e100,0.9"),
    "targets, 1e100": ("1,1e100", "2,-1e100"),
    "apart": ("1e-320,0.2", "-1e100,0.9"),
    "5e-324": ("5e-324,0.2", "0,0.9"),
    "1e-300": ("1e-300,0.2", "2e-300,0.9"),
    "equal": ("1,0.2", "1,0.9"),
    "one": ("1,0.5",),
}
REFUSED = {"1e308", "one, 1e308", "equal, 1e308", "targets, 1e308", "1e101", "nan", "inf"}
STARTS = ("1e308,-1e308", "-1e308,-1e308", "5e-324,1e-300", "1e200,0", "1e16,1e16", "nan,1")
BOXES = ("-1e308,1e308,0,1", "1e308,1.7e308,0,1", "0,5e-324,0,1", "1,1.0000000000000002,0,1")


@pytest.fixture
def attempt(capsys):
    """Run a command that writes a file or refuses in one line; return whether it wrote."""

    def run(path, command, *flags):
        code = main([command, *map(str, flags), "-o", str(path)])
        _, err = capsys.readouterr()
        lines = err.splitlines()
        assert code in (0, 2) and path.exists() == (code == 0)
        refusals = [line for line in lines if not (line.startswith("gdviz: ") and " diverged at update " in line)]
        assert len(refusals) == (code == 2) and all(line.startswith(f"gdviz {command}: ") for line in refusals), err
        return code == 0

    return run


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.parametrize("more", [[], ["--standardize"]], ids=["as it is", "standardised"])
def test_samples(attempt, tmp_path, qapp, kind, more):
    table = tmp_path / "samples.csv"
    table.write_text("x,y\n" + "\n".join(SAMPLES[kind]) + "\n")
    flags = ["--data", table, *more, "--updates", "5"]
    picture = tmp_path / "r.svg"
    done = [
        attempt(tmp_path / "t.csv", "train", *flags, "--terms"),
        attempt(tmp_path / "g.npz", "grid", *flags, "--points", "9"),
        attempt(picture, "render", *flags, "--size", "320x240", "--explain", "adam", "--update", "3"),
        attempt(tmp_path / "s.py", "script", *flags, "--optimizer", "adam"),
    ]
    assert done == [kind not in REFUSED] * 4
    if picture.exists():
        assert attempt(tmp_path / "r.png", "render", "--session", picture, "--size", "320x240")
        assert not QImage(str(tmp_path / "r.png")).isNull()


@pytest.mark.parametrize("objective", ["neuron", "ackley"])
@pytest.mark.parametrize("start", STARTS)
def test_starts(attempt, tmp_path, qapp, start, objective):
    flags = [f"--start={start}", "--objective", objective, "--updates", "5"]
    trained = attempt(tmp_path / "t.csv", "train", *flags)
    drawn = attempt(tmp_path / "r.png", "render", *flags, "--size", "320x240", "--explain", "adam", "--update", "1")
    assert trained == drawn == (start == "5e-324,1e-300")  # others are too far outside the view


@pytest.mark.parametrize("objective", ["neuron", "rosenbrock"])
@pytest.mark.parametrize("box", BOXES)
def test_boxes(attempt, tmp_path, box, objective):
    wrote = attempt(tmp_path / "g.npz", "grid", "--objective", objective, f"--box={box}", "--points", "5")
    assert wrote == ("-1e308" not in box)


@pytest.mark.parametrize("eta", ["1e308", "1e-300", "5e-324"])
def test_rates(attempt, tmp_path, qapp, eta):
    flags = ["--optimizer", f"adam:eta={eta}", "--optimizer", f"gd:eta={eta}", "--updates", "5"]
    assert attempt(tmp_path / "t.json", "train", *flags, "--terms")
    attempt(tmp_path / "r.png", "render", *flags, "--size", "320x240", "--explain", "adam", "--update", "1")


@pytest.mark.parametrize("kind", ["targets, 1e100", "apart", "5e-324"])
def test_the_window_shows_what_render_draws(open_window, kind):
    X, Y = np.array([[float(cell) for cell in row.split(",")] for row in SAMPLES[kind]]).T
    window = open_window(gdviz.lecture_race(gdviz.SigmoidNeuron(X, Y), updates=5))
    rest(window)
    window.controller.move_to(3)
    rest(window)
    window.panel.standardize.click()
    rest(window)
    assert window.controller.experiment.objective.is_standardized


@pytest.mark.parametrize("value", [1.0000001e100, -1e308, 1e308])
def test_samples_that_are_too_large_are_refused_wherever_they_come_from(value):
    for X, Y in (([value, 0.0], [0.0, 1.0]), ([0.0, 1.0], [value, 0.0])):
        with pytest.raises(ValueError, match="must be numbers from −1e\\+100 to 1e\\+100, not"):
            gdviz.SigmoidNeuron(X, Y)
        with pytest.raises(ValueError, match="must be numbers from"):
            Data("any", np.array(X)[:, None], np.array(Y))
