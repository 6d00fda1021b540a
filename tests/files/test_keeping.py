"""Files and folders keep what they are: mode, owner, links; and what is no file is refused before any work."""

import errno
import os
import stat
import sys
import tempfile
from pathlib import Path

import pytest

import gdviz
from gdviz.files import check_folder, check_target, open_session, replacing
from tests.command import python, refused
from tests.export.drawn import is_root

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes, owners and links of POSIX")
NOBODY = 65534


def written(path, text="new", **options):
    with replacing(path, **options) as part:
        (part / "file" if options else part).write_text(text)
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def umask():
    before = os.umask(0o027)
    yield
    os.umask(before)


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o777])
def test_an_old_file_keeps_its_mode(tmp_path, umask, mode):
    path = tmp_path / "race.gdviz"
    path.write_text("old")
    path.chmod(mode)
    assert written(path) == mode and path.read_text() == "new"


def test_a_new_file_and_a_new_folder_get_what_the_umask_says(tmp_path, umask):
    assert written(tmp_path / "race.gdviz") == 0o640
    assert written(tmp_path / "pack", is_folder=True) == 0o750


def test_an_empty_folder_keeps_its_mode(tmp_path, umask):
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack").chmod(0o2775)
    assert written(tmp_path / "pack", is_folder=True) == 0o2775
    assert (tmp_path / "pack" / "file").read_text() == "new"


@pytest.mark.parametrize("is_folder", [False, True])
def test_what_only_the_user_may_read_is_at_no_time_readable_for_others(tmp_path, is_folder):
    path = tmp_path / "race.gdviz"
    if is_folder:
        path.mkdir(0o700)
    else:
        path.write_text("old")
        path.chmod(0o600)
    with replacing(path, is_folder) as part:
        assert part.stat().st_mode & 0o077 == 0
        if not is_folder:
            part.write_text("secret")
            assert part.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(not is_root(), reason="only root may give files away")
def test_root_keeps_owner_and_group(tmp_path):
    path = tmp_path / "race.gdviz"
    path.write_text("old")
    os.chown(path, NOBODY, NOBODY)
    path.chmod(0o640)
    assert written(path) == 0o640
    assert (path.stat().st_uid, path.stat().st_gid) == (NOBODY, NOBODY)


AS_NOBODY = """
import os, sys
from pathlib import Path
from gdviz.files import replacing
os.setgroups([])
os.setgid(65534)
os.setuid(65534)
with replacing(Path(sys.argv[1])) as part:
    part.write_text("new")
"""


@pytest.fixture
def public():
    """A folder that everybody may write to; pytest's own folders are hidden from others."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        yield Path(folder)


@pytest.mark.skipif(not is_root(), reason="only root can become somebody else")
def test_a_group_that_cannot_be_kept_leaves_another_one_no_more_than_everybody(public):
    """The file was root's and for root's group alone to read; nobody's group is not to read it now."""
    path = public / "race.gdviz"
    path.write_text("old")
    path.chmod(0o660)
    done = python("-c", AS_NOBODY, path)
    assert (done.returncode, done.stderr) == (0, "")
    status = path.stat()
    assert (path.read_text(), status.st_uid, stat.S_IMODE(status.st_mode)) == ("new", NOBODY, 0o600)


def test_a_link_stays_and_what_it_leads_to_is_replaced_beside_it(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    end = tmp_path / "elsewhere" / "deep.gdviz"
    end.write_text("old")
    end.chmod(0o604)
    (tmp_path / "middle").symlink_to("elsewhere/deep.gdviz")
    link = tmp_path / "race.gdviz"
    link.symlink_to(tmp_path / "middle")
    with replacing(link) as part:
        assert part.parent == end.parent and part.suffix == ".gdviz"
        part.write_text("new")
    assert link.is_symlink() and os.readlink(tmp_path / "middle") == "elsewhere/deep.gdviz"
    assert end.read_text() == "new" and stat.S_IMODE(end.stat().st_mode) == 0o604
    assert sorted(os.listdir(tmp_path)) == ["elsewhere", "middle", "race.gdviz"]
    assert os.listdir(end.parent) == ["deep.gdviz"]


def test_a_link_that_dangles_gets_its_file(tmp_path):
    (tmp_path / "race.gdviz").symlink_to("later.gdviz")
    gdviz.save(gdviz.lecture_race(gdviz.Booth(), epochs=3), tmp_path / "race.gdviz")
    assert (tmp_path / "race.gdviz").is_symlink()
    assert open_session(tmp_path / "later.gdviz").experiment.total == 3


def test_links_that_lead_nowhere_are_refused(tmp_path):
    (tmp_path / "one.gdviz").symlink_to("other.gdviz")
    (tmp_path / "other.gdviz").symlink_to("one.gdviz")
    (tmp_path / "gone.gdviz").symlink_to("none/race.gdviz")
    for check in (lambda path: check_target(path, [".gdviz"]), check_folder):
        with pytest.raises(ValueError, match=f"one.gdviz: cannot be written: {os.strerror(errno.ELOOP)}$"):
            check(tmp_path / "one.gdviz")
        with pytest.raises(ValueError, match=r"gone\.gdviz: there is no folder .*none$"):
            check(tmp_path / "gone.gdviz")


def test_a_folder_by_way_of_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "pack").symlink_to("real")
    written(check_folder(tmp_path / "pack"), is_folder=True)
    assert (tmp_path / "pack").is_symlink() and (tmp_path / "real" / "file").read_text() == "new"
    assert sorted(os.listdir(tmp_path)) == ["pack", "real"]


def test_folders_that_cannot_be_replaced(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in (".", tmp_path):
        with pytest.raises(ValueError, match="is the current folder"):
            check_folder(folder)
    (tmp_path / "file").write_text("")
    with pytest.raises(ValueError, match="is there already"):
        check_folder("file")
    check_folder("new")


@pytest.fixture(params=["pipe", "device", "socket", "link to a device"])
def special(tmp_path, request):
    path = tmp_path / "race.gdviz"
    if request.param == "pipe":
        os.mkfifo(path)
    elif request.param == "socket":
        import socket

        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
    elif request.param == "device":
        return Path("/dev/zero")
    else:
        path.symlink_to("/dev/null")
    return path


def test_what_is_no_file_is_neither_written_nor_read(special):
    before = special.lstat()
    with pytest.raises(ValueError, match=r"is a pipe, a device or a socket; the name of a file is needed$"):
        check_target(special, [".gdviz"])
    with pytest.raises(ValueError, match=r"is a pipe, a device or a socket; a file is needed$"):
        open_session(special)
    assert (special.lstat().st_mode, special.lstat().st_ino) == (before.st_mode, before.st_ino)


def test_no_command_writes_to_a_device_or_reads_a_pipe(tmp_path, capsys, monkeypatch):
    for command in ("train", "render", "script", "grid"):
        assert "/dev/stdout: is a pipe, a device or" in refused(capsys, command, "-o", "/dev/stdout") or (
            "must end in" in refused(capsys, command, "-o", "/dev/stdout")  # of a shell that wrote it to a file
        )
        assert "/dev/null: is a pipe" in refused(capsys, command, "-o", "/dev/null")
    for ending in (".gdviz", ".png"):
        os.mkfifo(tmp_path / f"x{ending}")
        sentence = refused(capsys, "train", "--session", tmp_path / f"x{ending}", "-o", tmp_path / "run.csv")
        assert sentence.endswith("is a pipe, a device or a socket; a file is needed\n")


@pytest.mark.skipif(is_root(), reason="root may write anywhere")
def test_a_file_that_is_protected_against_writing_is_refused(tmp_path):
    (tmp_path / "race.gdviz").write_text("old")
    (tmp_path / "race.gdviz").chmod(0o444)
    with pytest.raises(ValueError, match=r"is protected against writing$"):
        check_target(tmp_path / "race.gdviz", [".gdviz"])


def test_another_hard_link_keeps_the_old_content(tmp_path):
    (tmp_path / "race.gdviz").write_text("old")
    (tmp_path / "second").hardlink_to(tmp_path / "race.gdviz")
    written(tmp_path / "race.gdviz")
    assert ((tmp_path / "second").read_text(), (tmp_path / "race.gdviz").read_text()) == ("old", "new")
