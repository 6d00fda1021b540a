"""Folders that are the user's alone, and those that only look so."""

import os
import stat
import sys

import pytest

from gdviz.disk import is_guarded, private_folder
from tests.export.drawn import is_root

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes, owners and links of POSIX")
NOBODY = 65534


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_folder_is_made_with_those_above_it_for_the_user_alone(tmp_path):
    before = os.umask(0)
    try:
        assert private_folder(tmp_path / "a" / "b")
    finally:
        os.umask(before)
    assert mode(tmp_path / "a") == mode(tmp_path / "a" / "b") == 0o700


def test_a_folder_that_others_may_enter_is_closed_to_them(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a").chmod(0o775)
    assert private_folder(tmp_path / "a") and mode(tmp_path / "a") == 0o700


def test_a_link_is_not_private(tmp_path):
    (tmp_path / "real").mkdir(0o755)
    (tmp_path / "a").symlink_to("real")
    assert not private_folder(tmp_path / "a") and mode(tmp_path / "real") == 0o755


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "a").write_text("")
    assert not private_folder(tmp_path / "a")
    with pytest.raises(OSError):
        private_folder(tmp_path / "a" / "b")


@pytest.mark.skipif(not is_root(), reason="only root may give folders away")
def test_somebody_elses_folder_is_neither_private_nor_guarded(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    os.chown(tmp_path / "a", NOBODY, NOBODY)
    (tmp_path / "a").chmod(0o755)
    assert not private_folder(tmp_path / "a") and mode(tmp_path / "a") == 0o755
    assert not is_guarded(tmp_path / "a" / "b")
    os.chown(tmp_path / "a", 0, 0)
    assert is_guarded(tmp_path / "a" / "b")


@pytest.mark.parametrize(("above", "guarded"), [(0o700, True), (0o755, True), (0o775, False), (0o757, False)])
@pytest.mark.parametrize("depth", ["a", "a/b/c"])
def test_nobody_else_may_write_above_it(tmp_path, above, guarded, depth):
    folder = tmp_path / depth / "folder"
    folder.mkdir(parents=True)
    (tmp_path / "a").chmod(above)
    assert is_guarded(folder) == guarded


def test_a_folder_like_tmp_may_be_above_it(tmp_path):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a").chmod(0o1777)
    assert is_guarded(tmp_path / "a" / "b")


def test_where_links_lead_is_looked_at_too(tmp_path):
    """a is a link in a good folder, to a link in a bad one, to a good folder."""
    for name in ("good", "bad", "good/folder"):
        (tmp_path / name).mkdir()
    (tmp_path / "bad" / "link").symlink_to(tmp_path / "good")
    (tmp_path / "a").symlink_to("bad/link")
    assert is_guarded(tmp_path / "a" / "folder")
    (tmp_path / "bad").chmod(0o777)
    assert not is_guarded(tmp_path / "a" / "folder")


@pytest.mark.skipif(not is_root(), reason="only root may give links away")
def test_a_link_that_somebody_else_could_turn_is_not_trusted(tmp_path):
    (tmp_path / "real" / "folder").mkdir(parents=True)
    (tmp_path / "a").symlink_to("real")
    assert is_guarded(tmp_path / "a" / "folder")
    os.lchown(tmp_path / "a", NOBODY, NOBODY)
    assert not is_guarded(tmp_path / "a" / "folder")


def test_links_in_a_circle_end(tmp_path):
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert is_guarded(tmp_path / "a")
    with pytest.raises(OSError):
        is_guarded(tmp_path / "a" / "b" / "c")
