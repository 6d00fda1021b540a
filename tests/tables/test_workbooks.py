"""Workbooks and IDX pictures: the same numbers as in text, and what would fill the memory is refused."""

import base64
import gzip
import struct
import zipfile
import zlib

import numpy as np
import pytest

from gdviz.objectives import Choice, Network, load_csv
from gdviz.objectives.data.csv_tables import load_any
from gdviz.tables import open_rows, read_table
from tests.command import refused

pytestmark = pytest.mark.beside

XLS = (
    "c-rk)O=uHA6#izDG(WWIrlvwGlu)$V+Dq}`rCk-YCrcGU5kWU*L1{?JMi2F%)fzkrf+xjGp%*VzFaDqhy$Ka6dJqI5(W56p!9$z%"
    "&D+^Ftvxhgi^_b<ym|ZPy_uJpH*YiZc0N^^e$-jTDhwfnnioe?olH=P2QMb5-SZ?H)G;ca#y^F4j25yfg6A!7qH+!8dRJlKVfYnM"
    ";4_s|7{^Gl;AA!t2iON&NFN4?3fv<}5*_SS8`HB)w=jLcnlG5{W64dXgQQy#Coyl0^zBtqe8TAFwj^Y~PuS)oO9s%6*D{K)+!DTS"
    "1pD3dcK+{d=n6Mu2DEO&PQh{Qd<AJ*z#07TGQjs>r@qW+`R2+6Nd9xBJi3Pbwh;y<;ho_CFH=sP3;Bukn4NX<d1qh&+d(>9BEY%g"
    "MYlv-blfhLoE$}Lp-2W3PAMT%GjC;c#a3?N5N{@$Lo4$s4s?^oSh)Y~-Qn!0b($rUoWA`ezeD;34_BoH87H}gU1Qxorn{M5<6gHh"
    "-^nyho>JX2+OC*GQ>=5HTYG4nJ&gC(&N_Y<@#U{ao_3YLSiQv04p%RwXFpie=%$ZOj_l<#g?`a5?%t7jW(BoS3E>mdj^C0)%rKSj"
    "p8ArtVi5^uQ%wCgIXgn>i&grUjReb5m{a;<X*Q+4v4+0E`Zq$pzCZhN7Ke;BJeG}=s+N&}hK7cQhK7cQhQ<a%sK4}~<wFJ^9HQ!8"
    "XOT)xUz7Z|IEo@Y7wBMm5Cy7TOf(cfTM-dKUt*m$!F{2`aT?vl7_#igSi|v42R~8&d)94e{<$sG==ilp{M_L2e*rWW$BF"
)
"""Two columns, hours and passed, as Excel 97 has them, compressed."""

SHEET = "xl/worksheets/sheet1.xml"


def cell(place, value):
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def xlsx(path, rows, first="A", sheet=None):
    """Write what Excel needs at least."""
    body = "".join(
        f'<row r="{i}">'
        + "".join(cell(chr(ord(first) + j) + str(i), v) for j, v in enumerate(row) if v is not None)
        + "</row>"
        for i, row in enumerate(rows, 1)
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="Data" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(SHEET, sheet or f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>')
    return path


def ods(path, rows, repeated=""):
    """Write what OpenDocument needs at least."""
    names = {key: f"urn:oasis:names:tc:opendocument:xmlns:{key}:1.0" for key in ("office", "table", "text")}
    spaces = " ".join(f'xmlns:{key}="{value}"' for key, value in names.items())

    def one(value):
        kind = "string" if isinstance(value, str) else "float"
        number = "" if isinstance(value, str) else f' office:value="{value!r}"'
        about = f'office:value-type="{kind}"{number}{repeated}'
        return f"<table:table-cell {about}><text:p>{value}</text:p></table:table-cell>"

    body = "".join(f"<table:table-row>{''.join(map(one, row))}</table:table-row>" for row in rows)
    rest = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        book.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="Data">'
            f"{body}{rest}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


@pytest.mark.parametrize("write", [xlsx, ods], ids=["xlsx", "ods"])
def test_a_workbook_has_the_same_numbers_as_text(tmp_path, write):
    numbers = np.random.default_rng(0).normal(size=(50, 2)) * 10.0 ** np.arange(-25, 25)[:, None]
    rows = [["x", "y"], *numbers.tolist()]
    path = write(tmp_path / f"table.{write.__name__}", rows)
    read = load_csv(path)
    np.testing.assert_array_equal(np.stack([read.X, read.Y], axis=1), numbers)
    assert "a workbook" in read.about and read.name == path.name


def test_a_sheet_that_begins_elsewhere_keeps_its_rows_numbers(tmp_path):
    path = xlsx(tmp_path / "table.xlsx", [[], [], ["Id", "x", "y"], [1, 0.5, True], [], [2, 2.5, "no"]], first="C")
    assert [row.line for row in open_rows(path)] == [3, 4, 6]
    read = load_csv(path)
    assert (read.X.tolist(), read.Y.tolist()) == ([0.5, 2.5], [1, 0]) and "Id left out" in read.about
    path = xlsx(tmp_path / "table.xlsx", [["x", "y"], [1, 2], [3, None], [4, 5]])
    with pytest.raises(ValueError, match=r"line 3: '' is not a number: the column 'y' has no value there"):
        load_csv(path)


def test_excel_97(tmp_path):
    path = tmp_path / "table.XLS"
    path.write_bytes(zlib.decompress(base64.b85decode("".join(XLS))))
    read = load_csv(path)
    assert (read.X.tolist(), read.Y.tolist(), read.x_label, read.y_label) == ([0.5, 2.25], [0, 1], "hours", "passed")


def test_text_that_is_called_a_workbook_is_text(tmp_path):
    (tmp_path / "export.xls").write_text("x\ty\n0,5\t0,2\n2,5\t0,9\n")
    assert load_csv(tmp_path / "export.xls").X.tolist() == [0.5, 2.5]


def test_a_workbook_that_is_called_otherwise_is_refused(tmp_path, capsys):
    path = xlsx(tmp_path / "table.csv", [["x", "y"], [1, 2]])
    assert "this is an Excel" in refused(capsys, "train", "--data", path, "-o", "-")
    path.write_bytes(path.read_bytes()[:300])
    path = path.rename(tmp_path / "cut.xlsx")
    with pytest.raises(ValueError, match="this Excel or OpenDocument workbook is damaged"):
        read_table(path)


BOMBS = {
    "corner.xlsx": lambda path: xlsx(
        path,
        [],
        sheet="<worksheet><sheetData><row><c r='A1'/>"
        + 300 * " "
        + '<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
    ),
    "repeated.ods": lambda path: ods(path, [[1.0, 2.0]], ' table:number-columns-repeated="1000000000"'),
    "packed.xlsx": lambda path: xlsx(path, [], sheet=" " * (300 << 20)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="this workbook is too large"):
        read_table(BOMBS[name](tmp_path / name))


# -- pictures


def idx(array):
    return (
        bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.astype(np.uint8).tobytes()
    )


@pytest.fixture
def pair(tmp_path):
    random = np.random.default_rng(0)
    pictures, labels = random.integers(0, 256, (40, 3, 4)), np.arange(40) % 3 + 2
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(gzip.compress(idx(pictures)))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx(labels))
    return tmp_path, pictures, labels


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte"])
def test_pictures_are_read_with_their_labels(pair, name):
    folder, pictures, labels = pair
    read = load_any(str(folder / name))
    np.testing.assert_array_equal(read.X * 255, pictures.reshape(40, 12))
    assert (read.classes, read.image) == (("2", "3", "4"), (3, 4)) and (read.Y + 2 == labels).all()
    assert Network.on(read).sizes[0] == 12 and read.name == "train-images-idx3-ubyte.gz"


def test_labels_may_be_called_otherwise(pair):
    folder, *_ = pair
    (folder / "train-labels-idx1-ubyte").rename(folder / "answers")
    name = str(folder / "train-images-idx3-ubyte.gz")
    with pytest.raises(ValueError, match="the labels is not beside it"):
        load_any(name)
    assert len(load_any(name, Choice(label=str(folder / "answers"))).Y) == 40


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (idx(np.zeros((2, 3, 4)))[:-1], "says 24 entries, but there are 23"),
        (idx(np.zeros((2, 3, 4))) + b"1", "says 24 entries, but there are more"),
        (idx(np.zeros((2, 3, 4)))[:9], "not an IDX file of unsigned bytes"),
        (b"\x00\x00\x08\x03" + struct.pack(">3I", 1 << 31, 1 << 31, 9), "entries; from 1 to"),
        (b"\x00\x00\x08\x09" + b"1" * 99, "not an IDX file of unsigned bytes"),
        (gzip.compress(b"x,y\n1,2\n"), "compressed; of compressed files only IDX pictures are read"),
        (gzip.compress(idx(np.zeros((2, 3, 4))))[:30], "damaged"),
        (gzip.compress(b"\x00\x00\x08\x03" + struct.pack(">3I", 50_000, 32, 32)), "but there are 0"),
        (idx(np.zeros((39, 3, 4))), "39 pictures, but"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_malformed_pictures_are_refused_in_one_sentence(pair, data, says):
    path = pair[0] / "train-images-idx3-ubyte.gz"
    path.write_bytes(data)
    with pytest.raises(ValueError) as refusal:
        load_any(str(path))
    assert says in str(refusal.value) and str(path) in str(refusal.value)
