"""The command from file to answer: years after the facts, refused lines, files, and what the screen says."""

import json

import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.output.screens.purchases import purchases_screen
from tests.studies.indicators.test_answers import run

HEAD = "supplier_country,mineral,tonnes,usd,year\n"
LATER = HEAD + "China,tungsten,12.5,610000,2025\nAustria,tungsten,3,190000,2025\n"


@pytest.fixture
def file(tmp_path):
    def made(text):
        path = tmp_path / "buys.csv"
        path.write_text(text)
        return path

    return made


def asked(path, **more):
    return api.purchases(path, draws=2, **more)


def summary(result):
    return {r["figure"]: r for r in result["tables"]["purchase_summary"]["rows"]}


def test_a_year_after_the_facts_takes_those_of_the_last_year_and_says_so(file):
    """Unknown is not zero: 800,000 USD of 2025 were "USD 0 (0 %) at risk"."""
    later, known = asked(file(LATER)), asked(file(LATER.replace("2025", "2024")))
    index = "governance-weighted spend"
    assert summary(later)[index]["value"] == pytest.approx(summary(known)[index]["value"])
    assert summary(later)[index]["value"] > 0
    assert all("facts of 2024 stand for 2025" in r["status"] for r in later["tables"]["purchases"]["rows"])
    assert all("facts of 2024 stand for 2025" in r["status"] for r in later["tables"]["indicators"]["rows"])
    assert later["tables"]["purchase_stops"] == known["tables"]["purchase_stops"]
    assert later.status.ok


def test_a_year_without_facts_is_unknown_in_the_index_and_in_its_sum(file):
    text = HEAD + "China,tungsten,4,200000,1991\nChina,tungsten,4,200000,2024\n"
    result = asked(file(text))
    index = summary(result)["governance-weighted spend"]
    known = result["tables"]["purchases"]["rows"][1]
    assert index["value"] == pytest.approx(200_000 * known["instability"])
    assert "50 % of your spend" in index["status"]
    assert not result.status.ok


def test_what_the_answer_rests_on_is_named(file):
    """The assumptions behind chances and behind intervals, and the facts behind measures and markets."""
    result = asked(file(LATER))
    assert {"sd-printed", "risk/small-producer"} <= {a.id for a in result.assumptions}
    cited = {f.id for f in result.facts}
    measures = result["tables"]["purchase_measures"]["rows"]
    assert cited >= {r["facts"] for r in measures if r["instrument"] != "tariff"}
    assert all(f.known for f in result.facts), "a bundled scenario is no fact"


def test_every_row_names_mineral_and_supplier(file):
    text = HEAD + "China,tungsten,12.5,610000,2024\nPeru,tin,3,90000,2024\nDRC,cobalt,3,80000,2024\n"
    result = asked(file(text))
    for name in ("purchase_flows", "purchase_stops"):
        rows = {(r["mineral"], r["supplier"]) for r in result["tables"][name]["rows"]}
        assert rows == {("tungsten", "CHN"), ("tin", "PER"), ("cobalt", "COD")}
    screen = shown(result)
    for words in ("Tungsten", "Tin", "Cobalt", "governance-weighted spend (GeoPolRisk)"):
        assert words in screen
    assert "at risk" not in screen


def test_the_index_is_that_of_the_published_method(file):
    """Company data of the authors' own test: nickel of 2022, spend weighted 3.76460."""
    text = HEAD + (
        "Denmark,Nickel,0.00017,3.196,2022\nNetherlands,Nickel,0.000001,0.073,2022\n"
        "Portugal,Nickel,0.000893,2.782,2022\nEgypt,Nickel,0.000004,0.113,2022\nUSA,Nickel,0.000498,3.355,2022\n"
    )
    result = asked(file(text))
    index = [r for r in result["tables"]["indicators"]["rows"] if r["mineral"] == "nickel"]
    found = next(r for r in index if r["indicator"] == "company.governance_weighted_spend")
    assert found["value"] == pytest.approx(3.76460, rel=1e-4)


def test_a_refused_line_is_named_on_the_error_stream_and_the_rest_is_answered(
    file, monkeypatch, capsys, tmp_path
):
    text = LATER + "Chian,tungsten,1,50000,2024\n"
    path, out = file(text), tmp_path / "out"
    code, shown_text, err = run(
        monkeypatch, capsys, "exposure", "--purchases", path, "--draws", "2", "--out", out
    )
    assert code == 2
    assert "1 of 3 lines are not answered" in err
    assert "buys.csv:4" in "".join(shown_text.split())  # a long path is wrapped
    assert "2 lines of 3" in " ".join(shown_text.split())
    document = json.loads((out / "result.json").read_text())
    assert document["kind"] == "purchases"
    assert (out / "report.html").stat().st_size > 100_000
    assert (out / "tables" / "purchase_stops.csv").read_text().startswith("mineral,supplier")


def test_lines_that_were_refused_are_in_the_headline_with_their_money(file):
    known = "China,tungsten,6,200000,2024\n"
    found = summary(asked(file(HEAD + known + "Chian,tungsten,6,200000,2024\n")))
    assert "1 line of 2" in found["spend"]["text"]
    assert "1 line could not be read (USD 200,000)" in found["spend"]["status"]
    assert "50 % of your spend" in found["worst stop"]["status"]
    assert "50 % of your spend" in found["governance-weighted spend"]["status"]
    blind = summary(asked(file(HEAD + known + "China,tungsten,6,x,2024\n")))
    assert "1 line of unknown money" in blind["spend"]["status"]
    assert "at most 100 % of your spend" in blind["worst stop"]["status"]


def test_reading_alone_computes_nothing(file, monkeypatch, capsys):
    path = file(LATER)
    result = asked(path, dry_run=True)
    assert set(result["tables"]) == {"purchases", "purchase_columns"}
    code, out, _ = run(monkeypatch, capsys, "exposure", "--purchases", path, "--dry-run")
    assert code == 0
    assert "2 of 2 lines read" in out
    assert "Nothing was computed" in out


def test_the_country_is_checked_before_the_file_is_read(tmp_path):
    with pytest.raises(UserError, match="Atlantis"):
        api.purchases(tmp_path / "none.csv", country="Atlantis")


def test_public_stocks_are_those_of_the_country_where_one_buys(file):
    result = asked(file(LATER), country="Japan")
    held = [r for r in result["tables"]["purchase_cover"]["rows"] if r["held"]]
    exposed = api.exposure("tungsten", "Japan", draws=1)["tables"]["key_figures"]["rows"]
    weeks = next(r["value"] for r in exposed if r["figure"] == "weeks of cover")
    assert max(r["weeks"] for r in held) == pytest.approx(weeks)
    assert asked(file(LATER))["tables"]["purchase_cover"]["rows"] == []


def shown(result, width=120):
    from io import StringIO

    from rich.console import Console

    out = StringIO()
    Console(file=out, width=width, highlight=False).print(purchases_screen(result))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 120])
def test_no_column_is_lost_on_a_narrow_screen(file, width):
    text = HEAD + "China,tungsten,12.5,610000,2024\nBrazil,niobium,2000,50000000,2024\n"
    screen = shown(asked(file(text), country="Japan"), width)
    for words in ("Brazil", "chance", "users lose", "of spend", "in force"):
        assert words in screen, words
    assert max(len(line.rstrip()) for line in screen.splitlines()) <= width
