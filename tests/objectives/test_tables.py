"""Tables with features and a label: good ones are read exactly, bad ones refused in one sentence with their line."""

import csv

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdviz.assets import asset
from gdviz.objectives import DATASETS
from gdviz.objectives.data.csv_tables import load_any, load_table
from gdviz.objectives.data.shipped import LABELLED, digits, iris

pytestmark = pytest.mark.beside


def written(folder, content):
    path = folder / "some table é.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        "a,b,kind\n1,2,cat\n3,4.5,dog\n5,6,cat\n",
        "1,2,cat\n3,4.5,dog\n5,6,cat\n",
        "\ufeffa;b;kind\r\n1;2;cat\r\n3;4.5;dog\r\n5;6;cat",
        "a\tb\tkind\n\n1\t2\tcat\n \t \t \n3\t4.5\tdog\n5\t6\tcat\n",
        "Label,a,b\ncat,1,2\ndog,3,4.5\ncat,5,6\n",
        "a,TARGET,b\n1,cat,2\n3,dog,4.5\n5,cat,6\n",
        'a,"Class",b\n1," cat ",2\n3,dog,4.5\n 5,cat, 6e0\n',
        "a,y,b\n1,cat,2\n3,dog,4.5\n5,cat,6\n",
    ],
)
def test_good_files(tmp_path, text):
    data = load_table(written(tmp_path, text))
    assert data.X.tolist() == [[1, 2], [3, 4.5], [5, 6]]
    assert (data.Y.tolist(), data.classes) == ([0, 1, 0], ("cat", "dog"))
    assert data.inputs == (("x₁", "x₂") if text.startswith("1") else ("a", "b"))
    assert data.X.dtype == data.Y.dtype == np.float64


@pytest.mark.parametrize("names", ["y,target,class,label,z", "y,target,CLASS,z", "Target,y,z", "Y,z", "a,z"])
def test_label_goes_before_class_class_before_target_target_before_y(tmp_path, names):
    right = {"y,target,class,label,z": "label", "y,target,CLASS,z": "CLASS", "Target,y,z": "Target", "Y,z": "Y"}
    columns = names.split(",")
    data = load_table(written(tmp_path, f"{names}\n{','.join('1' * len(columns))}\n{','.join('2' * len(columns))}\n"))
    assert data.y_label == right.get(names, "z")
    others = [name for name in columns if name != data.y_label]
    assert ([data.x_label] if len(others) == 1 else list(data.inputs)) == others


@pytest.mark.parametrize(("text", "x_label"), [("size,kind\n1,b\n2,a\n", "size"), ("1,b\n2,a\n", "x")])
def test_one_feature_gives_x_one_axis(tmp_path, text, x_label):
    data = load_table(written(tmp_path, text))
    assert (data.X.tolist(), data.Y.tolist(), data.classes) == ([1, 2], [1, 0], ("a", "b"))
    assert (data.x_label, data.inputs) == (x_label, ())


@pytest.mark.parametrize(
    ("labels", "classes", "Y"),
    [
        (["10", "9", "9.0", "1e1"], ("9", "10"), [1, 0, 0, 1]),
        (["-1", "+1", "-1"], ("-1", "1"), [0, 1, 0]),
        (["0", "1", "-0"], ("0", "1"), [0, 1, 0]),
        (["0", "1", "0.5"], (), [0, 1, 0.5]),
        (["0.5", "0.5"], (), [0.5, 0.5]),
        (["2", "10", "b", "a", "2"], ("10", "2", "a", "b"), [1, 0, 3, 2, 1]),
        ([str(n) for n in range(20)], tuple(map(str, range(20))), list(range(20))),
        ([str(n) for n in range(21)], (), list(range(21))),
        ([f"n{n:03d}" for n in range(100)], tuple(f"n{n:03d}" for n in range(100)), list(range(100))),
    ],
    ids=lambda value: str(value)[:30],
)
def test_labels_are_classes_or_numbers(tmp_path, labels, classes, Y):
    data = load_table(written(tmp_path, "a,b,it\n" + "".join(f"1,2,{label}\n" for label in labels)))
    assert (data.classes, data.Y.tolist(), data.y_label) == (classes, Y, "it")


@pytest.mark.parametrize(
    ("content", "line", "says"),
    [
        ("", None, "the file is empty; it needs"),
        ("\n \n", None, "the file is empty"),
        ("a,b,label\n", None, "a header but no row"),
        ("label\n1\n", 1, "one column only; at least two"),
        ("3\n1\n", 1, "one column only; at least two"),
        ("a,b,label\n1,2,c\n3,4\n", 3, "2 column(s), where the first row has 3"),
        ("1,2,c\n\n3,4,d,5\n", 3, "4 column(s), where the first row has 3"),
        ("a,b,label\n1,2,c\n3,zwei,d\n", 3, "'zwei' is not a number"),
        ("a,b,label\n1,,c\n", 2, "'' is not a number"),
        ("label,a\nc,1\nd,x\n", 3, "'x' is not a number"),
        ("1,b,c\n", 1, "'b' is not a number"),
        ("a,b,label\n1,nan,c\n", 2, "nan is not a finite number"),
        ("a,b,label\n1,2,c\n-1e999,2,c\n", 3, "-inf is not a finite number"),
        ("a,b,label\n1,2,3\n1,2,inf\n", 3, "inf is not a finite number"),
        ("a,b,label\n1,2,3\n1,2,\n", 3, "the label is missing"),
        ("a,b,A\n1,2,c\n", 1, "the header names the column 'a' twice"),
        ("label,a,Label\n1,2,c\n", 1, "the header names the column 'label' twice"),
        ("a,label\n1,c\n2,c\n", None, "the column 'label' has only one class, 'c'"),
        ("a,b\n1,4\n2,4.0\n", None, "the column 'b' has only one class, '4'"),
        ("a,label\n1,0\n" + "".join(f"1,n{n}\n" for n in range(101)), 3, "has 102 of them; at most 100"),
        ("1," * 4097 + "c\n", 1, "4097 features; at most 4096"),
        ("a,label\n1,b\n1,nan\n", 3, "the label is missing"),
        ("a,label\n0.5,0.2\n1,b\n", 3, "'b' is not a number, but line 2 has '0.2'"),
        ("a,label\n1,W\n1,W\x81rme\n".encode("latin-1"), 3, "not UTF-8 text; save the file as UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None, "not a text file"),
        (b"a,label\n\x00,1\n", 2, "is not a number"),
        ("a,label\n" + "z" * 100_000 + ",1\n", 2, "is not a number"),
        ("a,label\n1," + "9" * 200_000 + "\n", 2, "field larger than field limit"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else str(value)[:20],
)
def test_bad_files_are_refused_in_one_sentence_with_the_line(tmp_path, content, line, says):
    path = written(tmp_path, content)
    with pytest.raises(ValueError) as refused:
        load_table(path)
    sentence = str(refused.value)
    assert sentence.startswith(f"{path}, line {line}: " if line else f"{path}: ")
    assert says in sentence
    assert "\n" not in sentence and len(sentence) < len(str(path)) + 200


def test_4096_features_are_not_too_many(tmp_path):
    assert load_table(written(tmp_path, "1," * 4096 + "c\n" + "2," * 4096 + "d\n")).X.shape == (2, 4096)


numbers = st.floats(-1e100, 1e100)
names = st.text(st.characters(categories=("L", "N")), max_size=9).map("<{}>".format)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), d=st.integers(2, 5), n=st.integers(2, 20), delimiter=st.sampled_from(",;\t"))
def test_what_is_written_reads_back_exactly(tmp_path, data, d, n, delimiter):
    X = data.draw(st.lists(st.lists(numbers, min_size=d, max_size=d), min_size=n, max_size=n))
    labels = ["<", *data.draw(st.lists(names, min_size=n - 1, max_size=n - 1))]
    path = tmp_path / "table.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(
            [*map(repr, row), label] for row, label in zip(X, labels, strict=True)
        )
    read = load_table(path)
    assert read.X.tolist() == X
    assert [read.classes[int(index)] for index in read.Y] == labels
    assert list(read.classes) == sorted(set(labels))


@pytest.mark.parametrize("made", [iris, digits])
def test_the_shipped_tables_are_tables_like_any_other(made):
    own, read = made(), load_table(asset(f"data/{made.__name__}.csv"))
    np.testing.assert_array_equal(read.X / (16 if made is digits else 1), own.X)
    np.testing.assert_array_equal(read.Y, own.Y)
    assert (read.classes, read.inputs, read.y_label) == (own.classes, own.inputs, own.y_label)


@pytest.mark.parametrize("name", [*LABELLED.names, *DATASETS.names])
def test_load_any_knows_every_name(name):
    assert load_any(name) == next(made() for made in (*LABELLED, *DATASETS) if made.__name__ == name)


def test_load_any_reads_a_path_and_refuses_what_is_neither(tmp_path):
    path = written(tmp_path, "1,2,cat\n3,4,dog\n")
    assert load_any(str(path)) == load_table(str(path))
    with pytest.raises(ValueError, match=r"gone\.csv: cannot be read: No such file"):
        load_any(str(tmp_path / "gone.csv"))
    with pytest.raises(ValueError, match=r"unknown data 'moon'; known: blobs, moons, .*, sparse, or the path of a CSV"):
        load_any("moon")
    for name in ("", "x" * 5000, "\0", "a\nb"):
        with pytest.raises(ValueError, match=r"unknown data|cannot be read"):
            load_any(name)
