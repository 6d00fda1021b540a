"""Data sets that ship, and CSV files: good ones are read exactly, bad ones refused with their line."""

import time

import numpy as np
import pytest

from gdviz.objectives import DATASETS, load_csv, load_data
from tests.command import gdviz

ORING = """66,0 70,1 69,0 68,0 67,0 72,0 73,0 70,0 57,1 63,1 70,1 78,0 67,0 53,1 67,0 75,0 70,0 81,0 76,0 79,0 75,1
76,0 58,1"""


def test_lecture_is_the_lectures():
    data = load_data("lecture")
    assert (data.X.tolist(), data.Y.tolist()) == ([0.5, 2.5], [0.2, 0.9])


def test_oring_is_the_23_launches():
    data = load_data("oring")
    launches = [tuple(map(float, pair.split(","))) for pair in ORING.split()]
    assert len(launches) == 23
    assert list(zip(data.X.tolist(), data.Y.tolist(), strict=True)) == launches


def test_sparse_is_zero_four_times_in_five_and_seeded():
    data = load_data("sparse")
    assert (data.X == 0).sum() * 5 == len(data.X) * 4
    assert data == load_data("sparse")
    assert DATASETS["sparse"](seed=1) != data
    assert np.flatnonzero(data.X).tolist() != list(range(0, len(data.X), 5)), "the others should lie irregularly"


def test_standardized_has_mean_0_and_deviation_1():
    data = load_data("oring").standardized()
    assert data.X.mean() == pytest.approx(0, abs=1e-15) and data.X.std() == pytest.approx(1, rel=1e-15)
    np.testing.assert_array_equal(data.Y, load_data("oring").Y)


@pytest.mark.parametrize("x", [0.1, 7.0, 1e9 / 3])
def test_standardizing_a_constant_only_shifts_it(tmp_path, x):
    data = load_csv(written(tmp_path, f"{x},0\n" * 3)).standardized()
    np.testing.assert_allclose(data.X, 0, atol=1e-6)


def written(folder, content):
    path = folder / "some data é.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n1,2\n3,4.5\n",
        "1,2\n3,4.5\n",
        "x,y\r\n1,2\r\n3,4.5",
        "\ufeffx,y\n1,2\n3,4.5\n",
        "x;y\n1;2\n3;4.5\n",
        "x\ty\n1\t2\n3\t4.5\n",
        "temperature,distress\n1,2\n3,4.5\n",
        "Y,note,X\n2,hello,1\n4.5,,3\n",
        '"x","y"\n"1","2"\n" 3",4.5 \n',
        "\n\nx,y\n\n1,2\n , \n3,4.5\n\n",
        "x,y\n1e0,+2\n3.,.45e1\n",
    ],
)
def test_good_files(tmp_path, text):
    data = load_csv(written(tmp_path, text))
    assert (data.X.tolist(), data.Y.tolist()) == ([1, 3], [2, 4.5])


def test_one_row_is_enough(tmp_path):
    data = load_csv(written(tmp_path, "x,y\n0.1,0.2\n"))
    assert (data.X.tolist(), data.Y.tolist()) == ([0.1], [0.2])
    assert (data.x_label, data.y_label) == ("x", "y")


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("", None, "the file is empty; it needs the columns x,y"),
        ("\n \n", None, "the file is empty"),
        ("x,y\n", None, "a header but no row"),
        ("x\n1\n", 1, "one column only"),
        ("x,y\n1,2\n3\n", 3, "1 column(s), where the first row has 2"),
        ("x,y\n1,2\n\n3,\n", 4, "'' is not a number"),
        ("x,y\n1,two\n", 2, "'two' is not a number"),
        ("1,2\n3;4,5\n", 2, "'3;4' is not a number"),
        ("x,y\n1,nan\n", 2, "nan is not a finite number"),
        ("x,y\n-inf,1\n", 2, "-inf is not a finite number"),
        ("x,y\n1,1e999\n", 2, "inf is not a finite number"),
        ("x,y,x\n1,2,3\n", 1, "the header names the column 'x' twice"),
        ("a,X,y,Y\n1,2,3,4\n", 1, "the header names the column 'y' twice"),
        ("a,b,b\n1,2,3\n", 1, "the header names the column 'b' twice"),
        ("x,y\n1,2\nWärme,3\n".encode("latin-1"), 3, "'Wärme' is not a number"),
        ("x,y\n1,2\nWärme,3\n".encode("latin-1") + b"\x81", 4, "not UTF-8 text; save the file as UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None, "not a text file"),
        ("x,y,z\n1,2\n3,4.5,6\n", 2, "2 column(s), where the first row has 3"),
        (b"x,y\n\x00,1\n", 2, "is not a number"),
        ("x,y\n1,2\n1," + "9" * 200_000 + "\n", 3, "field larger than field limit"),
        ("x,y\n1," + "z" * 100_000 + "\n", 2, "is not a number"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value)[:20],
)
def test_bad_files_are_refused_in_one_sentence_with_the_line(tmp_path, content, line, says):
    path = written(tmp_path, content)
    with pytest.raises(ValueError) as refused:
        load_csv(path)
    sentence = str(refused.value)
    assert sentence.startswith(f"{path}, line {line}: " if line else f"{path}: ")
    assert says in sentence
    assert "\n" not in sentence and len(sentence) < len(str(path)) + 150


def test_a_bad_byte_far_down_is_found_on_its_line(tmp_path):
    path = written(tmp_path, b"x,y\n" + b"1,2\n" * 50_000 + b"\x8d,2\n")
    with pytest.raises(ValueError, match=r"line 50002: not UTF-8 text"):
        load_csv(path)


def test_what_is_no_file_is_refused(tmp_path):
    with pytest.raises(ValueError, match="cannot be read: Is a directory"):
        load_csv(tmp_path)
    with pytest.raises(ValueError, match=r"gone\.csv: cannot be read: No such file"):
        load_data(str(tmp_path / "gone.csv"))
    with pytest.raises(ValueError, match="unknown data 'orings'; known: lecture, oring, "):
        load_data("orings")
    for name in ("x" * 5000, "x" * 5000 + ".csv"):
        with pytest.raises(ValueError, match=r"unknown data|cannot be read"):
            load_data(name)


@pytest.mark.once
def test_a_million_rows_train_one_epoch_in_ten_seconds(tmp_path):
    random = np.random.default_rng(0)
    rows = zip(random.normal(size=10**6).tolist(), random.uniform(size=10**6).tolist(), strict=True)
    path = written(tmp_path, "x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))
    began = time.perf_counter()
    done = gdviz("train", "--data", path, "--optimizer", "gd", "--epochs", 1, "-o", tmp_path / "out.csv")
    seconds = time.perf_counter() - began
    assert (done.returncode, done.stderr) == (0, "")
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 3
    assert seconds < 10
