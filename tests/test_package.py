"""The package itself: light to import, silent, its public names all there."""

import subprocess
import sys

import crosscut

HEAVY = ("numpy", "polars", "pint", "pydantic", "yaml", "jinja2", "rich", "typer", "scipy", "numba", "pandas")


def run_python(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_import_loads_no_heavy_library():
    loaded = run_python(f"import sys, crosscut; print([h for h in {HEAVY!r} if h in sys.modules])")
    assert loaded == "[]"


def test_import_is_fast():
    """Limit 0.15 s of processor time; the best of five, since a busy machine can only make it slower."""
    code = "import time; t = time.process_time(); import crosscut; print(time.process_time() - t)"
    assert min(float(run_python(code)) for _ in range(5)) < 0.15


def test_import_writes_nothing(tmp_path):
    subprocess.run([sys.executable, "-c", "import crosscut"], cwd=tmp_path, check=True,
                   env={"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PATH": ""})  # fmt: skip
    assert list(tmp_path.iterdir()) == []


def test_public_names_resolve():
    for name in crosscut.__all__:
        assert getattr(crosscut, name) is not None
