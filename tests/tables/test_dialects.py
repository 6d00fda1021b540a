"""The same table as many programs write it: read as it is, or refused, and never as another one."""

import csv
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gdviz.objectives import Network, load_csv
from gdviz.tables import open_rows, read_table

pytestmark = pytest.mark.beside

CALM = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
numbers = st.one_of(
    st.integers(-3000, 3000).map(float),
    st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3)),
    st.floats(-1e100, 1e100),
)


def spell(value, mark):
    """A number as a program with that decimal mark writes it."""
    return repr(value).replace(".", mark)


def written(rows, header, separator, quoting, end):
    """The text that Python's csv module writes."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=end)
    writer.writerows([*([header] if header else []), *rows])
    return text.getvalue()


@CALM
@given(
    data=st.data(),
    pairs=st.lists(st.tuples(numbers, numbers), min_size=2, max_size=8),
    separator=st.sampled_from(",;\t| "),
    mark=st.sampled_from(".,"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    header=st.sampled_from([None, ["x", "y"], ["Größe", "passed"], ["hours of sleep", "it's y"]]),
)
def test_two_columns_in_any_dialect(tmp_path, data, pairs, separator, mark, quoting, end, encoding, header):
    rows = [[spell(x, mark), spell(y, mark)] for x, y in pairs]
    text = written(rows, header, separator, quoting, end)
    if data.draw(st.booleans()):
        text = f"sep={separator}{end}{text}"
    if data.draw(st.booleans()):
        text = text.replace("-", "−") if encoding != "cp1252" else text
    if data.draw(st.booleans()):
        text = f"# noted on Monday, by hand{end}" + text.replace(end, end * 2)
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    try:
        read = load_csv(path)
    except ValueError as error:
        # Decimals or thousands, and a whole number for the header: only this the text leaves open.
        assert mark == "," and "decimals or thousands" in str(error), (text, error)
    else:
        assert (read.X.tolist(), read.Y.tolist()) == tuple(map(list, zip(*pairs, strict=True))), text
        assert header is None or [read.x_label, read.y_label] == header


def r_table(rows, names, separator=" "):
    """What R's write.table writes: quoted names, and none for the names of the rows."""
    head = separator.join(f'"{name}"' for name in names)
    return "\n".join([head, *(separator.join([f'"{i}"', *row]) for i, row in enumerate(rows, 1))]) + "\n"


def r_csv(rows, names, separator=","):
    """What R's write.csv writes (write.csv2 with semicolons)."""
    head = separator.join(f'"{name}"' for name in ("", *names))
    return "\n".join([head, *(separator.join([f'"{i}"', *row]) for i, row in enumerate(rows, 1))]) + "\n"


def pandas(rows, names, separator=","):
    """What DataFrame.to_csv writes."""
    lines = [separator.join(["", *names]), *(separator.join([str(i), *row]) for i, row in enumerate(rows))]
    return "\n".join(lines) + "\n"


def pandas_again(rows, names, separator=","):
    """What becomes of it once it was read and written without index=False."""
    return pandas([[str(i), *row] for i, row in enumerate(rows)], ["Unnamed: 0", *names], separator)


def padded(rows, names, separator=","):
    """Cells with blanks around them, some quoted, in columns under each other."""
    return "\n".join(f" {separator} ".join(f'"{cell}"'.rjust(30) for cell in row) for row in [names, *rows]) + "\n"


def savetxt(rows, names, separator=" "):
    """What numpy.savetxt writes with a header."""
    return f"# {separator.join(names)}\n" + "\n".join(separator.join(row) for row in rows) + "\n"


def trailing(rows, names, separator=","):
    """Every line ends with a separator, and empty lines have them too."""
    return "".join(separator.join([*row, ""]) + "\n" for row in [names, *rows, [""] * len(names)])


WRITERS = [r_table, r_csv, pandas, pandas_again, padded, savetxt, trailing]


@CALM
@given(
    rows=st.lists(st.tuples(numbers, numbers, numbers), min_size=2, max_size=9),
    write=st.sampled_from(WRITERS),
    separator=st.sampled_from([",", ";", "\t"]),
    mark=st.sampled_from(".,"),
)
def test_row_names_and_indices_are_left_out(tmp_path, rows, write, separator, mark):
    separator = ";" if mark == "," and separator == "," else separator
    labels = ["cat", "dog", "cat"]
    cells = [[*(spell(value, mark) for value in row), labels[i % 3]] for i, row in enumerate(rows)]
    path = tmp_path / "table.csv"
    path.write_text(write(cells, ["a", "b", "c", "kind"], separator), encoding="utf-8")
    try:
        read = Network.load(str(path))
    except ValueError as error:
        assert mark == "," and "decimals or thousands" in str(error), error
    else:
        assert read.X.tolist() == [list(row) for row in rows]
        assert read.inputs == ("a", "b", "c") and [read.classes[int(y)] for y in read.Y] == [row[3] for row in cells]


@CALM
@given(
    rows=st.lists(st.lists(numbers, min_size=2, max_size=5), min_size=2, max_size=6),
    separator=st.sampled_from(",;\t| "),
    has_header=st.booleans(),
)
def test_rows_of_different_widths_are_never_read(tmp_path, rows, separator, has_header):
    lines = [separator.join(map(repr, row)) for row in rows]
    if has_header:
        lines.insert(0, separator.join("abcde"[: len(rows[0])]))
    path = tmp_path / "table.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if len(set(map(len, rows))) == 1:
        assert read_table(path).rows == len(rows)
    else:
        with pytest.raises(ValueError, match=r"line \d+: \d column\(s\), where the first row has \d"):
            read_table(path)


@pytest.mark.parametrize(
    ("text", "X", "Y"),
    [
        ("x,y\n1.250,0.2\n2,0.9\n", [1.25, 2], [0.2, 0.9]),
        ('x,y\n"1,250",0.2\n"2,500",0.9\n', [1250, 2500], [0.2, 0.9]),
        ('x,y\n"1,250,000.5",0\n2,1\n', [1250000.5, 2], [0, 1]),
        ("x;y\n1.250.000,5;0\n2;1\n", [1250000.5, 2], [0, 1]),
        ("x;y\n1 250,5;0,2\n2;1\n", [1250.5, 2], [0.2, 1]),
        ("x;y\n1'250.5;0\n2;1\n", [1250.5, 2], [0, 1]),
        ("hours,passed\n0.5,No\n2.5,YES\n", [0.5, 2.5], [0, 1]),
        ("hours;passed\n0,5;TRUE\n2,5;false\n", [0.5, 2.5], [1, 0]),
        ("x y\n 0.5   0.2\n2.5\t0.9  \n", [0.5, 2.5], [0.2, 0.9]),
        ("x\t\ty\n0.5\t\t0.2\n2.5\t\t0.9\n", [0.5, 2.5], [0.2, 0.9]),
        ("#x,y\n0.5,0.2\n2.5,0.9\n", [0.5, 2.5], [0.2, 0.9]),
        ("# y,x\n0.2,0.5\n0.9,2.5\n", [0.5, 2.5], [0.2, 0.9]),
        (",0,1\n0,0.5,0.2\n1,2.5,0.9\n", [0.5, 2.5], [0.2, 0.9]),
        ("0,1\n3,4\n", [0, 3], [1, 4]),
        ("index;x;y\n7;0,5;0,2\n9;2,5;0,9\n", [0.5, 2.5], [0.2, 0.9]),
        ("x,y,,\n0.5,0.2,,\n2.5,0.9,,\n,,,\n", [0.5, 2.5], [0.2, 0.9]),
        ("x,y\n0.5,0.2,\n2.5,0.9,\n", [0.5, 2.5], [0.2, 0.9]),
        ("id,y\n1,0.2\n2,0.9\n", [1, 2], [0.2, 0.9]),
        ("x|y\n1e-3|0.2\n+2.5|.9\n", [1e-3, 2.5], [0.2, 0.9]),
        ("﻿sep=\t\nx\ty\n1\t2\n3\t4\n", [1, 3], [2, 4]),
    ],
)
def test_spellings_that_are_read(tmp_path, text, X, Y):
    (tmp_path / "table.csv").write_text(text, encoding="utf-8", newline="")
    read = load_csv(tmp_path / "table.csv")
    assert (read.X.tolist(), read.Y.tolist()) == (X, Y)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x;y\n1,250;2,500\n", "line 2: '1,250': decimals or thousands"),
        ("x;y\n1.250;0,2\n", "decimals or thousands"),
        ("x;y\n0.5;0,2\n", "line 2: '0,2': some numbers have a decimal point"),
        ("x,y\n1_000,2\n", "line 2: '1_000' is not a number"),
        ("x,y\n\uff11,2\n", "'\uff11' is not a number"),
        ("x,y\n0x10,2\n", "'0x10' is not a number"),
        ("x,y\n50 %,2\n", "'50 %' is not a number"),
        ("x,y\n1,NA\n", "line 2: 'NA' is not a number: the column 'y' has no value there"),
        ('x,y\n1,"2\n3,4\n', "line 3: not a CSV file"),
        ('x,y\n1,"2"3\n', "line 2: not a CSV file"),
        ("a,b,c\n1,2,3\n", "3 columns (a, b, c), and it is not plain which are x and y; choose them: --columns A,B"),
        ("0.5,1,2\n1,2,3\n", "3 columns (column 1, column 2, column 3)"),
        ("x,1.5\n2,3\n", "line 1: 'x' is not a number"),
        ("My table\nx,y\n1,2\n", "line 2: 1 column(s), where the first row has 2"),
        ("x,y\n0,5,0,2\n", "with decimal commas, separate columns by semicolons"),
        ('x,y\n"1","250","0.2"\n', "line 2: 3 column(s)"),
    ],
)
def test_what_is_not_plain_is_refused(tmp_path, text, says):
    (tmp_path / "table.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as refused:
        load_csv(tmp_path / "table.csv")
    assert says in str(refused.value)


def test_rows_come_with_their_lines_and_every_digit(tmp_path):
    (tmp_path / "log.csv").write_text("# run 1\nepoch; w\n\n0;-2,0\n1;-1,9900000\n")
    assert [tuple(row) for row in open_rows(tmp_path / "log.csv")] == [
        (2, ["epoch", "w"]),
        (4, ["0", "-2,0"]),
        (5, ["1", "-1,9900000"]),
    ]


def test_a_second_program_agrees_on_large_tables(tmp_path):
    random = np.random.default_rng(0)
    table = random.normal(size=(20_000, 3))
    np.savetxt(tmp_path / "table.txt", table, delimiter="\t", fmt="%.17g", header="a\tb\ty")
    read = read_table(tmp_path / "table.txt")
    assert [column.name for column in read.columns] == ["a", "b", "y"]
    np.testing.assert_array_equal(np.stack([column.numbers() for column in read.columns], 1), table)


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", " "])
def test_names_of_rows_where_every_cell_is_quoted(tmp_path, separator):
    rows = [["hours", "passed"], ["1", "0.5", "FALSE"], ["2", "1.5", "TRUE"]]
    path = tmp_path / "table.csv"
    path.write_text("\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows) + "\n")
    read = load_csv(path)
    assert (read.X.tolist(), read.Y.tolist()) == ([0.5, 1.5], [0.0, 1.0])
    path.write_text(path.read_text().replace('"1"', '"0.7"', 1))  # no name of a first row: the row is too long
    with pytest.raises(ValueError, match=r"line 2: 3 column\(s\), where the first row has 2"):
        load_csv(path)


def test_words_and_a_trailing_separator_do_not_hide_decimal_commas(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("13,645;False;\n13,1841;True;\n25,634;True;\n")
    read = load_csv(path)
    assert (read.X.tolist(), read.Y.tolist()) == ([13.645, 13.1841, 25.634], [0.0, 1.0, 1.0])
