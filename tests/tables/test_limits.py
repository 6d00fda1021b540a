"""What never ends, or is too large, ends in one sentence, in little time and memory."""

import os
import subprocess
import sys

import pytest

from gdviz.objectives.data.csv_tables import load_any
from gdviz.tables import open_rows
from gdviz.tables.files import MOST_BYTES, MOST_LINE
from tests.command import ENVIRONMENT

pytestmark = pytest.mark.beside

LIMITED = """
import resource, sys
from gdviz.cli import main
before = int(open("/proc/self/statm").read().split()[0]) * 4096
resource.setrlimit(resource.RLIMIT_AS, (before + (200 << 20), before + (200 << 20)))
for path in sys.argv[1:]:
    assert main(["train", "--data", path, "-o", "-"]) == 2
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for its memory")
def test_endless_and_huge_files_are_one_sentence_each(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for name, size in (("sparse.csv", 10 << 30), ("line.csv", MOST_BYTES - 1)):
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)
    (tmp_path / "text.csv").write_bytes(b"x,y\n" + b"1" * (100 << 20))
    os.symlink("/dev/zero", tmp_path / "link.csv")
    paths = ["/dev/zero", "/dev/stdin", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, *paths], env=ENVIRONMENT, stdin=subprocess.PIPE, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    sentences = done.stderr.splitlines()
    assert [sentence.count("--data") for sentence in sentences] == [1] * len(paths), done.stderr
    pipe = "a pipe, a device or a socket"
    ends = [pipe, pipe, "longer than", pipe, pipe, "larger than", "longer than"]
    assert all(end in sentence for end, sentence in zip(ends, sentences, strict=True)), done.stderr


def test_a_line_has_a_limit(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("x,y\n1,2\n" + "#" * (MOST_LINE - 1) + "\n3,4\n")
    assert [row.line for row in open_rows(path)] == [1, 2, 4]
    path.write_text("x,y\n1,2\n" + "#" * MOST_LINE + "\n3,4\n")
    with pytest.raises(ValueError, match=f"line 3: longer than {MOST_LINE} characters"):
        list(open_rows(path))


def test_many_columns_are_refused(tmp_path):
    (tmp_path / "table.csv").write_text(",".join(["1"] * 10_001) + "\n")
    with pytest.raises(ValueError, match="line 1: 10001 columns; at most 10000"):
        load_any(str(tmp_path / "table.csv"))
