"""Compiled loops on disk: old rules are never served, and no state of the folder, or of numba, is felt.

Every program here runs in an interpreter of its own, on a copy of the package, and prints where a run ends by the
engine and by :func:`gdviz.steps`.
"""

import json
import os
import shutil
import stat
import sys

import pytest

from gdviz.engine import library
from tests import oracle
from tests.command import ENVIRONMENT, ROOT, python

PROGRAM = """
import json, warnings
warnings.simplefilter("always")
import gdviz
run = gdviz.Run(gdviz.Booth(), gdviz.Momentum(0.01), updates=50)
train, steps = gdviz.train(run), [step.params for step in gdviz.steps(run)]
end = {"file": gdviz.__file__, "compiled": gdviz.engine.is_compiled(run)}
print(json.dumps(end | {"train": train.params[-1].tolist(), "steps": steps[-1].tolist()}))
"""
NO_NUMBA = "import sys; sys.modules['numba'] = None"
BROKEN_NUMBA = """
import sys
class Broken:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "numba":
            raise OSError("Could not find/load shared object file")
sys.meta_path.insert(0, Broken())
"""


def booth(point, *sample):
    """The gradient of (x + 2y − 7)² + (2x + y − 5)²."""
    x, y = point
    return 10 * x + 8 * y - 34, 8 * x + 10 * y - 38


TRUE_END = oracle.train([(0, 0)], (-4, 2), "momentum", {"eta": 0.01, "gamma": 0.9}, updates=50, gradient=booth)[-1]


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the package, and the cache of its first run."""
    pytest.importorskip("numba")
    tree = tmp_path_factory.mktemp("tree")
    for folder in ("gdviz", "resources"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=shutil.ignore_patterns("__pycache__"))
    run(tree, tree / "cache")
    return tree


@pytest.fixture
def cache(tree, tmp_path):
    """The cache as the first run left it, to be spoilt."""
    shutil.copytree(tree / "cache", tmp_path / "cache")
    return tmp_path / "cache"


def run(tree, cache, before="", compiled=True, **environment):
    """Run the program, which must not complain; return where the run ended."""
    # Python keeps bytecode by the source's time and size, and would itself serve the old rule.
    variables = {**ENVIRONMENT, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(cache)}
    variables |= {"XDG_CACHE_HOME": str(cache), **environment}
    done = python("-c", before + PROGRAM, env=variables, cwd=tree)
    assert (done.returncode, done.stderr) == (0, "")
    end = json.loads(done.stdout)
    assert end["file"].startswith(str(tree)) and end["compiled"] == compiled
    assert end["train"] == pytest.approx(end["steps"], rel=1e-12)
    return end["train"]


def replace(file, old, new):
    """Change a source so that neither its size nor its times tell."""
    before = file.stat()
    source = file.read_bytes()
    assert source.count(old) == 1 and len(old) == len(new)
    file.write_bytes(source.replace(old, new))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (file.stat().st_size, file.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def written(cache, kind="nbc"):
    """What numba keeps, with its time and size."""
    return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in cache.rglob(f"*.{kind}")}


def test_unchanged_sources_are_compiled_once_and_the_loops_of_old_ones_thrown_away(tree, cache):
    first, kernels = written(cache), cache / "gdviz" / "kernels"
    assert len(first) >= 3
    (current,) = kernels.iterdir()
    for age in range(1, 6):
        (kernels / f"old{age}").mkdir()
        os.utime(kernels / f"old{age}", (age, age))
    assert run(tree, cache) == pytest.approx(TRUE_END, rel=1e-8)
    assert written(cache) == first
    assert {path.name for path in kernels.iterdir()} == {current.name, "old5", "old4"}


def test_a_changed_rule_is_never_served_as_it_was(tree, cache):
    """Were it served, the run would not end where :func:`gdviz.steps` does."""
    first, rule = written(cache), tree / "gdviz" / "optimizers" / "descent.py"
    replace(rule, b"v = share * v + eta * g", b"v = share * v + eta / g")
    try:
        changed = run(tree, cache)
    finally:
        replace(rule, b"v = share * v + eta / g", b"v = share * v + eta * g")
    assert changed != pytest.approx(TRUE_END, rel=1e-3)
    both = written(cache)
    assert {name: both[name] for name in first} == first and len(both) == 2 * len(first)
    assert run(tree, cache) == pytest.approx(TRUE_END, rel=1e-8)
    assert written(cache) == both


CHANGES = """
import numba, gdviz, os, pathlib
from gdviz.engine.library import _fingerprint
package, fingerprints = pathlib.Path(gdviz.__file__).parent, [_fingerprint()]
for room in ("elementary.py", "engine/*.py", "objectives/*.py", "optimizers/*.py"):
    for file in sorted(package.glob(room)):
        before, times = file.read_bytes(), file.stat()
        file.write_bytes(before[:-1] + b" ")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        fingerprints.append(_fingerprint())
        file.write_bytes(before)
print(len(fingerprints), len(set(fingerprints)), fingerprints[0] == _fingerprint())
"""


def test_every_source_that_loops_are_made_of_counts(tree, tmp_path):
    """The rules, the formulas, what both call, and the engine: a folder is named by all of them."""
    for folder in ("gdviz", "resources"):
        shutil.copytree(tree / folder, tmp_path / folder)
    environment = {**ENVIRONMENT, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    done = python("-c", CHANGES, env=environment, cwd=tmp_path)
    assert done.stderr == ""
    files, different, back = done.stdout.split()
    assert int(files) > 25 and files == different and back == "True"


def test_a_damaged_cache_is_not_felt_and_is_replaced(tree, cache):
    """All files are cut to a half, as by a disk that was full."""
    before = written(cache)
    for path, (_, size) in (written(cache, "nbi") | before).items():
        os.truncate(path, size // 2)
    assert run(tree, cache) == pytest.approx(TRUE_END, rel=1e-8)
    assert run(tree, cache) == pytest.approx(TRUE_END, rel=1e-8)
    after = written(cache)
    assert {path.name for path in after} == {path.name for path in before}
    assert all(size > 0.9 * before[path][1] for path, (_, size) in after.items())


def test_damaged_code_alone_is_not_felt(tree, cache):
    """The index says that a loop is there; what it points to is empty or gone."""
    for i, path in enumerate(sorted(written(cache))):
        if i % 2:
            os.truncate(path, 0)
        else:
            path.unlink()
    assert run(tree, cache) == pytest.approx(TRUE_END, rel=1e-8)


def test_without_a_folder_to_write_to_loops_are_compiled_for_this_time(tree, tmp_path):
    """A path below a regular file, since to root every folder is writable."""
    (tmp_path / "file").write_text("in the way")
    assert run(tree, tmp_path / "file" / "below") == pytest.approx(TRUE_END, rel=1e-8)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "in the way"


@pytest.mark.parametrize("before", [NO_NUMBA, BROKEN_NUMBA], ids=["absent", "broken"])
def test_without_numba_numpy_does_the_work(tree, tmp_path, before):
    end = run(tree, tmp_path, before=before, compiled=False)
    assert end == pytest.approx(TRUE_END, rel=1e-8) and list(tmp_path.iterdir()) == []


def test_with_numbas_compiler_switched_off_numpy_does_the_work(tree, cache):
    assert run(tree, cache, compiled=False, NUMBA_DISABLE_JIT="1") == pytest.approx(TRUE_END, rel=1e-8)


@pytest.fixture
def used(tmp_path, monkeypatch):
    """Tell the folder that loops would be kept in, below tmp_path / "home" / "cache"; None: nowhere."""
    pytest.importorskip("numba")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home" / "cache"))
    return library._cache_folder


@pytest.mark.skipif(sys.platform != "linux", reason="modes, owners and links of POSIX, and the user's folder of Linux")
def test_only_a_folder_that_is_the_users_alone_is_used(used, tmp_path):
    """A cache that anybody else can write to would run their code."""
    folder, cache = used(), tmp_path / "home" / "cache"
    assert folder.parent == cache / "gdviz" / "kernels"
    for made in (folder, folder.parent, folder.parent.parent, cache):
        assert stat.S_IMODE(made.stat().st_mode) == 0o700
    for spoilt in (cache.parent, cache / "gdviz"):
        for mode in (0o770, 0o702):
            spoilt.chmod(mode)
            assert used() is None
        spoilt.chmod(0o755)
    folder.parent.chmod(0o755)
    assert used() == folder and stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    if os.geteuid() == 0:
        for spoilt in (folder.parent, cache):
            os.chown(spoilt, 65534, 65534)
            assert used() is None
            os.chown(spoilt, 0, 0)
    folder.parent.rename(tmp_path / "elsewhere")
    folder.parent.symlink_to(tmp_path / "elsewhere")
    assert used() is None


def test_a_program_without_its_sources_has_no_such_folder(used, tmp_path, monkeypatch):
    """As one that PyInstaller packs: bytecode alone."""
    monkeypatch.setattr(library, "__file__", str(tmp_path / "gdviz" / "engine" / "library.pyc"))
    assert used() is None
