"""How a file of purchases was read is part of the answer; what was refused is in no figure."""

import pytest

import crosscut
from tests.inputs.purchases.reading import FILES
from tests.studies.indicators.test_answers import run

HEAD = "Country,Material,Quantity (t),Value (USD),Year\n"


def answered(tmp_path, *lines, head=HEAD, **choices):
    path = tmp_path / "my.csv"
    path.write_text(head + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return crosscut.purchases(path, draws=2, **choices)


def index(document, indicator):
    return [r for r in document.tables["indicators"].rows if r["indicator"] == indicator]


def governance(document):
    rows = document.tables["purchase_summary"].rows
    return next(r for r in rows if r["figure"] == "governance-weighted spend")


def test_lines_that_were_refused_have_no_figures(tmp_path):
    found = answered(tmp_path, "China,tungsten,6,200000,2024", "China,tungsten,6,x,2024")
    rows = found.tables["purchases"].rows
    assert [(r["line"], r["tonnes"], r["usd"]) for r in rows] == [(2, 6.0, 200_000.0), (3, None, None)]
    assert index(found, "company.governance_weighted_spend")[0]["value"] == pytest.approx(
        governance(found)["value"]
    )


def test_several_minerals_are_told_apart(tmp_path):
    found = answered(tmp_path, "China,tungsten,6,200000,2024", "China,antimony,6,100000,2024")
    assert [r["mineral"] for r in index(found, "company.governance_weighted_spend")] == [
        "tungsten",
        "antimony",
    ]


def test_tonnes_of_product_and_of_metal_are_not_added(tmp_path):
    head = "Country,Material,Quantity,Unit,Value (USD),Year\n"
    mtu = "Austria,tungsten,1250,mtu,400000,2024"
    score = index(answered(tmp_path, "China,tungsten,6,t,200000,2024", mtu, head=head), "geopolrisk.score")[0]
    assert score["value"] is None and "others tonnes of metal" in score["status"]
    factor = index(answered(tmp_path, "China,APT,6,t,200000,2024", mtu, head=head), "geopolrisk.cf")[0]
    assert factor["value"] is not None and factor["source"].endswith("your price per t of metal in it")


def test_a_dry_run_shows_the_reading_and_computes_nothing():
    found = crosscut.purchases(FILES / "kg_and_headings.csv", dry_run=True)
    assert found.status.ok and set(found.tables) == {"purchases", "purchase_columns"}
    columns = [(r["heading"], r["field"], r["unit"]) for r in found.tables["purchase_columns"].rows]
    assert columns[2] == ("Quantity (kg)", "quantity", "kg")
    assert columns[-1] == ("Additional Notes", "", "")


def test_the_screen_of_a_dry_run(monkeypatch, capsys, tmp_path):
    path = tmp_path / "my.csv"
    path.write_text(HEAD + "China,tungsten,6,200000,2024\nChian,tungsten,6,200000,2024\n")
    code, out, err = run(monkeypatch, capsys, "exposure", "--purchases", path, "--dry-run")
    assert code == 2 and "1 of 2 lines are not answered" in err
    for words in (
        "1 of 2 lines read",
        "Nothing was computed",
        "Quantity (t)",
        "Refused:",
        "unknown country 'Chian'",
    ):
        assert words in out, words


def test_the_sheet_of_the_main_tool_gives_its_spend_at_risk():
    """The authors' own figures: USD 3.76460 of 9.519 (instability of their sheet WGI, 2022)."""
    found = crosscut.purchases(FILES / "kg_and_headings.csv", draws=2)
    assert index(found, "company.governance_weighted_spend")[0]["value"] == pytest.approx(3.76460, abs=2e-5)


def test_the_choices_are_the_same_in_python():
    by_hand = {"tonnes": "quantity (kg)"}
    found = crosscut.purchases(FILES / "de_int.csv", columns=by_hand, dry_run=True)
    assert found.tables["purchases"].rows[0]["status"].startswith("missing")
    with pytest.raises(crosscut.UserError, match="a dot or a comma"):
        crosscut.purchases(FILES / "de_int.csv", decimal="x")
