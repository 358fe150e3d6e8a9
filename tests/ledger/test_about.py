"""`--about` and `--map` as people see them: a facility by any name, candidates, nearest names, files
whole."""

from __future__ import annotations

import json
import sys

import pytest

from crosscut.app import api
from crosscut.app.cli import main as cli
from crosscut.base.errors import UserError
from crosscut.ledger.ask.about import facts_about
from crosscut.ledger.ask.facilities import facility_sheet
from tests.ledgers import BUNDLED


@pytest.fixture
def crosscut(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["crosscut", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "120")
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        return stop.value.code, out, err

    return run


@pytest.mark.parametrize("name", ["Upper Kairakty", "Верхнее Кайракты", "上凯拉克特", "Verkhneye Kayrakty"])
def test_one_sheet_under_every_name(crosscut, name):
    code, out, _ = crosscut("facts", "tungsten", "--about", name)
    assert code == 0
    assert out.startswith("Upper Kairakty (KZ02, KAZ), project")
    assert "held  from USA" in out
    assert "recalled, not checked" in out
    assert "others say 7000 t W/y plan" in out


def test_a_garbled_name_says_how_it_was_read(crosscut):
    _, out, _ = crosscut("facts", "tungsten", "--about", "Uppr Kairakty")
    assert "misspelt, 1 letter off" in out


def test_an_ambiguous_name_lists_candidates(crosscut):
    code, out, _ = crosscut("facts", "tungsten", "--about", "大湖塘")
    assert code == 0
    assert "CN03" in out
    assert "CN15" in out


def test_a_name_of_nothing_suggests(crosscut):
    code, out, err = crosscut("facts", "tungsten", "--about", "Sangtang")
    assert (code, out) == (2, "")
    assert "KR01 Sangdong" in err


def test_words_still_search_the_text():
    rows, read = facts_about(BUNDLED, "tungsten", "quota")
    assert read is None
    assert len(rows) > 3
    assert api.facts("cobalt", about="refined")
    assert facts_about(BUNDLED, "cobalt", "refined")[1] is None


def test_every_script_finds_the_same_facts():
    found = [{r["id"] for r in api.facts("tungsten", about=t)} for t in ("北卡特帕尔", "Северный Катпар")]
    assert found[0] == found[1]
    assert len(found[0]) > 30


def test_map_writes_both_files_and_prints_the_unknown_first(crosscut, tmp_path):
    code, out, err = crosscut("facts", "tungsten", "--map", "--out", tmp_path / "m")
    assert (code, err) == (0, "")
    assert out.index("unknown") < out.index("largest known")
    assert {p.name for p in (tmp_path / "m").iterdir()} == {"map.html", "facilities.geojson"}
    assert json.loads((tmp_path / "m" / "facilities.geojson").read_text())["type"] == "FeatureCollection"


def test_map_mistakes(crosscut, tmp_path):
    (tmp_path / "file").write_text("x")
    for arguments, said in (
        (("tungsten", "--map", "--out", tmp_path / "file"), "is a file"),
        (("cobalt", "--map"), "no facilities of cobalt"),
    ):
        code, out, err = crosscut("facts", *arguments)
        assert (code, out) == (2, "")
        assert said in err


def test_a_sheet_keeps_every_value_and_who_says_otherwise():
    values = [v for v in facility_sheet(BUNDLED, "KZ01")["values"] if v["attribute"] == "capital cost"]
    assert [(v["value"], v["said"]) for v in values] == [
        ("300", "main"),
        ("260", "conflict"),
        ("350", "conflict"),
        ("450", "conflict"),
    ]
    assert all(v["source"] and v["evidence_status"] for v in values)


def test_claims_and_alarms_on_the_screen(crosscut):
    code, out, err = crosscut("facts", "tungsten", "--claims")
    assert (code, err) == (0, "")
    assert "112 claims of one article: 41 confirmed, 17 contradicted, 21 garbled, 33 unverifiable" in out
    assert "12 contradictions of the article with itself" in out
    assert "C112" in out
    code, out, _ = crosscut("facts", "tungsten", "--alarms")
    assert code == 0
    assert ", 0 open" in out
    assert "resource" in out


def test_claims_of_another_mineral_are_refused(crosscut):
    code, out, err = crosscut("facts", "cobalt", "--claims")
    assert (code, out) == (2, "")
    assert "tungsten" in err
    assert crosscut("facts", "cobolt", "--alarms")[0] == 2
    assert json.loads(crosscut("facts", "cobalt", "--alarms", "--json")[1]) == []


def test_a_word_is_found_whole():
    said = "nothing about 'Uis'"
    with pytest.raises(UserError, match=said):  # "acquisition" holds it
        facts_about(BUNDLED, "tungsten", "Uis")
    quota, quotas = (len(facts_about(BUNDLED, "tungsten", t)[0]) for t in ("quota", "quotas"))
    assert quota > quotas > 0  # a plural counts as its word, not the other way round


def test_a_mine_that_is_not_on_record_is_not_answered_with_another(crosscut):
    code, out, err = crosscut("facts", "tungsten", "--about", "Kara")
    assert (code, out) == (2, "")
    assert "names that contain it: Karaoba (KZ04, Kazakhstan)" in err


@pytest.mark.parametrize(
    "texts", [("Mt Mulgine", "Mount Mulgine", "Mt. Mulgine"), ("Boguty", "Bogutty", "Bakuta")]
)
def test_one_facility_has_one_answer_however_it_is_written(texts):
    found = [{r["id"] for r in facts_about(BUNDLED, "tungsten", t)[0]} for t in texts]
    assert found[0] == found[1] == found[2]
