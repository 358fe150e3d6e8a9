"""The package itself: light to import, silent, its public names all there."""

import inspect
import pkgutil
import subprocess
import sys

import pytest

import crosscut
from crosscut.app import api

HEAVY = ("numpy", "polars", "pint", "pydantic", "yaml", "jinja2", "rich", "typer", "scipy", "numba", "pandas")


def run_python(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize(("module", "allowed"), [("crosscut", []), ("crosscut.app.api", ["pydantic"])])
def test_import_loads_no_heavy_library(module, allowed):
    """The questions are pydantic models; what answers them is loaded when one is asked."""
    loaded = run_python(f"import sys, {module}; print([h for h in {HEAVY!r} if h in sys.modules])")
    assert loaded == str(allowed)


def test_import_is_fast():
    """Limit 0.15 s of processor time; the best of five, since a busy machine can only make it slower."""
    code = "import time; t = time.process_time(); import crosscut; print(time.process_time() - t)"
    assert min(float(run_python(code)) for _ in range(5)) < 0.15


def test_import_writes_nothing(tmp_path):
    subprocess.run(
        [sys.executable, "-c", "import crosscut"],
        cwd=tmp_path,
        check=True,
        env={"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PATH": ""},
    )
    assert list(tmp_path.iterdir()) == []


def test_public_names_resolve():
    for name in crosscut.__all__:
        assert getattr(crosscut, name) is not None


def test_every_question_is_a_public_name_and_nothing_else_is_a_call():
    questions = {name for name, call in vars(api).items() if hasattr(call, "request")}
    assert len(questions) > 30
    others = {
        "CrosscutError",
        "Document",
        "Refused",
        "UserError",
        "__version__",
        "open_context",
        "read_result",
    }
    assert set(crosscut.__all__) == questions | others


def test_every_question_is_documented_by_its_request():
    for name in crosscut.__all__:
        call = getattr(crosscut, name)
        if not hasattr(call, "request"):
            continue
        assert "Parameters\n----------" in call.__doc__ and "Returns\n-------" in call.__doc__, name
        for parameter in inspect.signature(call).parameters:
            assert f"\n{parameter} : " in call.__doc__, (name, parameter)


def test_no_question_has_the_name_of_a_room():
    """Importing a room sets its name in the package: a call of the same name would be gone."""
    rooms = {m.name for m in pkgutil.iter_modules(crosscut.__path__)}
    assert not rooms & set(crosscut.__all__)
