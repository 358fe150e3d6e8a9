"""The package itself: light to import, silent, its public names all there."""

import inspect
import pkgutil
import subprocess
import sys
from importlib import import_module

import pytest

import crosscut
from crosscut.app import api

HEAVY = ("numpy", "polars", "pint", "pydantic", "yaml", "jinja2", "rich", "typer", "scipy", "numba", "pandas")


def run_python(code):
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()


@pytest.mark.parametrize("module", ["crosscut", "crosscut.app.api"])
def test_import_loads_no_heavy_library(module):
    loaded = run_python(f"import sys, {module}; print([h for h in {HEAVY!r} if h in sys.modules])")
    assert loaded == "[]"


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


TOPICS = [import_module(f"crosscut.app.api.{m.name}") for m in pkgutil.iter_modules(api.__path__)]
INSIDE = {"text_of", "data_in_use"}  # calls that the topics share, not public


def test_every_call_of_every_topic_is_a_call_of_the_api():
    calls = {
        name: call
        for topic in TOPICS
        for name, call in vars(topic).items()
        if inspect.isfunction(call) and call.__module__ == topic.__name__ and not name.startswith("_")
    }
    assert len(calls) > 30
    assert {name for name, call in calls.items() if vars(api).get(name) is not call} == INSIDE


def test_no_call_has_the_name_of_a_topic():
    """Importing a topic sets its name in the package: a call of the same name would be gone."""
    assert all(inspect.ismodule(getattr(api, topic.__name__.rpartition(".")[2])) for topic in TOPICS)
