"""docs/outlook.md: the example file runs, and the figures it prints are those of the bundled outlook."""

import re

import pytest

from crosscut.app import api
from crosscut.inputs.outlook.loader import outlook
from tests.paths import ROOT
from tests.studies.outlook.results_table import levels_table, results_table

TEXT = ROOT.joinpath("docs/outlook.md").read_text(encoding="utf-8")


def test_the_example_file_runs(tmp_path):
    (block,) = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    file = tmp_path / "one-mine.yaml"
    file.write_text(block)
    result = api.outlook(file, to=2026, draws=1)
    assert [r["facility"] for r in result["tables"]["outlook_facilities"]["rows"]] == ["my-mine"]


def test_the_plans_in_the_manual_are_those_of_the_file():
    entries = {f.id: f for f in outlook("kazakhstan").file.facilities}
    for k in ("boguty", "boguty-2", "north-katpar", "upper-kairakty"):
        size = entries[k].output
        assert f"{size.mid:,.0f} t W" in TEXT
        assert f"({size.low:,.0f} to {size.high:,.0f})" in TEXT


@pytest.mark.soak
def test_the_results_in_the_manual_are_those_of_the_bundled_outlook():
    result = api.outlook("kazakhstan", workers=2)
    assert result["status"]["failed_draws"] == 0
    assert results_table(result) in TEXT
    assert levels_table(result) in TEXT


@pytest.mark.soak
def test_other_futures_clear_too():
    for seed, draws in ((2, 40), (3, 40)):
        assert api.outlook("kazakhstan", seed=seed, draws=draws, workers=2)["status"]["failed"] == []
