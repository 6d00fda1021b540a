"""Which columns of a table are taken: said where it is not plain, chosen by flags, refused where it is open."""

import pytest

from gdviz.objectives import Choice, Network, load_csv
from gdviz.objectives.data.csv_tables import load_table
from tests.command import gdviz, refused

pytestmark = pytest.mark.beside

THREE = "Id,hours,sleep,passed\n1,0.5,7,no\n2,2.5,8,yes\n3,1.5,6,yes\n"


def written(folder, text):
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("choice", "X", "Y", "labels"),
    [
        (Choice(columns=("hours", "passed")), [0.5, 2.5, 1.5], [0, 1, 1], ("hours", "passed")),
        (Choice(columns=("3", "2")), [7, 8, 6], [0.5, 2.5, 1.5], ("sleep", "hours")),
        (Choice(columns=("SLEEP",), label="passed"), [7, 8, 6], [0, 1, 1], ("sleep", "passed")),
        (Choice(columns=("id", "hours")), [1, 2, 3], [0.5, 2.5, 1.5], ("Id", "hours")),
    ],
)
def test_the_neurons_columns_are_chosen_by_name_or_number(tmp_path, choice, X, Y, labels):
    read = load_csv(written(tmp_path, THREE), choice)
    assert (read.X.tolist(), read.Y.tolist(), (read.x_label, read.y_label)) == (X, Y, labels)


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        (Choice(), "3 columns (hours, sleep, passed), and it is not plain which are x and y; choose them: --columns"),
        (Choice(columns=("hours", "grade")), "no column 'grade'; there are: Id, hours, sleep, passed"),
        (Choice(columns=("hours", "5")), "no column '5'"),
        (Choice(columns=("hours",)), "--columns must name two columns"),
        (Choice(columns=("hours", "2")), "twice"),
        (Choice(columns=("hours", "sleep"), label="passed"), "--columns must name two columns"),
        (Choice(columns=("hours", "passed"), answers="classes"), "--classes and --numbers are for --objective network"),
    ],
)
def test_a_choice_for_the_neuron_that_does_not_fit_is_refused(tmp_path, choice, says):
    with pytest.raises(ValueError) as refusal:
        load_csv(written(tmp_path, THREE), choice)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "choice", "inputs", "answer", "classes", "said"),
    [
        (THREE, Choice(), ("hours", "sleep"), "passed", ("no", "yes"), "it is the last column"),
        (THREE, Choice(label="2"), ("sleep", "passed"), "hours", (), ""),
        (THREE, Choice(columns=("sleep", "hours"), label="passed"), ("sleep", "hours"), "passed", ("no", "yes"), ""),
        ("a,b,y\n1,2,3\n2,3,4\n", Choice(), ("a", "b"), "y", ("3", "4"), "may be classes or numbers"),
        ("a,b,y\n1,2,3\n2,3,4\n", Choice(answers="numbers"), ("a", "b"), "y", (), "answer = y, numbers;"),
        ("a,b,y\n1,2,3\n2,3,4\n", Choice(answers="classes"), ("a", "b"), "y", ("3", "4"), "answer = y, 2 classes;"),
        ("a,b,y\n1,2,.5\n2,3,4\n", Choice(answers="classes"), ("a", "b"), "y", ("0.5", "4"), ""),
        ("M,1,2\nB,2,3\nM,3,4\n", Choice(), ("x₁", "x₂"), "y", ("B", "M"), "the only column of text"),
        ("kind;a;b\nM;0,1;2\nB;2;3,5\n", Choice(), ("a", "b"), "kind", ("B", "M"), "the only column of text"),
        ("0,1,kind\n0.5,1,cat\n1,2,dog\n1,2,cat\n", Choice(), ("0", "1"), "kind", ("cat", "dog"), "header in line 1"),
        ("0,1,cat\n0.5,1,cat\n1,2,dog\n", Choice(), ("x₁", "x₂"), "y", ("cat", "dog"), "no header"),
    ],
)
def test_a_networks_columns(tmp_path, text, choice, inputs, answer, classes, said):
    read = load_table(written(tmp_path, text), choice)
    assert (read.inputs, read.y_label, read.classes) == (inputs, answer, classes)
    assert said in read.about


@pytest.mark.parametrize(
    ("text", "choice", "says"),
    [
        ("1,14.2,1.7,1065.5\n2,13.2,1.8,1050.1\n1,1.5,2,3\n2,1,1,1.5\n", Choice(), "--label 1 or --label 4"),
        (THREE, Choice(columns=("hours", "sleep"), label="sleep"), "cannot be an input and the answer"),
        (THREE, Choice(columns=("hours", "hours")), "names a column twice"),
        (THREE, Choice(columns=("Id", "hours", "sleep", "passed")), "one must be left for the answer"),
        ("a,b,y\n1,2,\n2,3,4\n", Choice(answers="numbers"), "line 2: '' is not a number: the column 'y' has no value"),
        ("a,b,kind\n1,x,cat\n2,y,dog\n", Choice(), "line 2: 'x' is not a number"),
    ],
)
def test_what_is_open_for_a_network_is_refused(tmp_path, text, choice, says):
    with pytest.raises(ValueError) as refusal:
        load_table(written(tmp_path, text), choice)
    assert says in str(refusal.value)


def test_rows_with_missing_cells_are_left_out_where_that_is_wanted(tmp_path):
    path = written(tmp_path, "note,a,b,kind\n,1,2,cat\nx,NA,2,dog\n,3,,dog\n,4,5,?\nx,6,7,dog\n")
    choice = Choice(columns=("a", "b"), skip_missing=True)
    read = load_table(path, choice)
    assert read.X.tolist() == [[1, 2], [6, 7]] and read.classes == ("cat", "dog")
    assert "3 row(s) with missing cells left out" in read.about
    with pytest.raises(ValueError, match="line 3: 'NA' is not a number: the column 'a' has no value there"):
        load_table(path, Choice(columns=("a", "b")))


def test_the_command_line_says_what_was_taken(tmp_path):
    (tmp_path / "mine.csv").write_text("Id,hours,passed\n1,0.5,0\n2,1.75,1\n3,2.5,1\n")
    flags = ["--optimizer", "gd", "--updates", 1, "-o", "out.csv"]
    done = gdviz("train", "--data", "mine.csv", *flags, cwd=tmp_path)
    assert done.stderr == "gdviz: mine.csv: x = hours, y = passed; header in line 1; Id left out.\n"
    (tmp_path / "mine.csv").write_text("x,y\n1,0.5\n2,1.75\n")
    assert gdviz("train", "--data", "mine.csv", *flags, cwd=tmp_path).stderr == ""


def test_check_has_flags_of_its_own_for_the_samples_columns(tmp_path, capsys):
    path, run = written(tmp_path, THREE), str(tmp_path / "run.csv")
    flags = ["--data", path, "--optimizer", "gd", "--updates", "3"]
    assert "--columns A,B" in refused(capsys, "train", *flags, "-o", run)
    assert "--data-columns A,B" in refused(capsys, "check", run, *flags)
    assert gdviz("train", *flags, "--columns", "hours,passed", "-o", run).returncode == 0
    done = gdviz("check", run, *flags, "--data-columns", "hours,passed")
    assert done.returncode == 0, done.stderr


def test_the_name_is_the_files_without_its_folder(tmp_path):
    path = written(tmp_path, "x,y\n1,0.5\n2,1.75\n")
    read = load_csv(path)
    assert (read.name, read.source) == ("table.csv", path)
    (tmp_path / "moons").write_text("x,y\n1,0.5\n2,1.75\n")
    assert Network.load(str(tmp_path / "moons")).name == "moons (file)"
