"""Purchases as an answer: what is not known is in no sum, and the headline says how much that is."""

import pytest

import crosscut
from tests.inputs.purchases.reading import FILES

HEAD = "Country,Material,Quantity (t),Value (USD),Year\n"


def answered(tmp_path, *lines, **choices):
    path = tmp_path / "my.csv"
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return crosscut.purchases(path, **choices)


def headline(document):
    return next(s.text for s in document.statements if s.text_key == "headline")


def test_purchases_of_a_year_without_facts_are_not_known_and_not_zero():
    found = crosscut.purchases(FILES / "y2025.csv")
    assert headline(found) == "2 of 2 lines read: USD 800,000. How much of it is at risk is not known."
    assert not found.status.ok
    assert not found.tables["indicators"].rows


def test_a_share_is_of_what_is_known(tmp_path):
    """400,000 of 600,000 USD have data; the share at risk is of the 400,000."""
    found = answered(
        tmp_path,
        "China,tungsten,6,200000,2024",
        "China,tungsten,6,200000,2024",
        "China,tungsten,6,200000,2025",
    )
    (risk,) = [r for r in found.tables["indicators"].rows if r["indicator"] == "company.spend_at_risk"]
    share = 100 * risk["value"] / 400_000
    assert (
        f"Known of USD 400,000, 67 % of your spend: USD 212,000 ({share:.0f} %) of that at risk"
        in headline(found)
    )


def test_lines_that_were_refused_are_in_the_headline_with_their_money(tmp_path):
    found = answered(tmp_path, "China,tungsten,6,200000,2024", "Chian,tungsten,6,200000,2024")
    assert headline(found).startswith("1 of 2 lines read. Known of USD 200,000, 50 % of your spend")
    blind = answered(tmp_path, "China,tungsten,6,200000,2024", "China,tungsten,6,x,2024")
    assert "at most 100 % of your spend, beside 1 line of unknown money" in headline(blind)
    rows = blind.tables["purchases"].rows
    assert [(r["line"], r["tonnes"], r["usd"]) for r in rows] == [(2, 6.0, 200_000.0), (3, None, None)]


def test_several_minerals_are_told_apart(tmp_path):
    found = answered(tmp_path, "China,tungsten,6,200000,2024", "China,antimony,6,100000,2024")
    assert [
        r["mineral"] for r in found.tables["indicators"].rows if r["indicator"] == "company.spend_at_risk"
    ] == [
        "tungsten",
        "antimony",
    ]


def test_tonnes_of_product_and_of_metal_are_not_added(tmp_path):
    path = tmp_path / "my.csv"
    path.write_text(
        "Country,Material,Quantity,Unit,Value (USD),Year\nChina,tungsten,6,t,200000,2024\n"
        "Austria,tungsten,1250,mtu,400000,2024\n"
    )
    found = crosscut.purchases(path).tables["indicators"].rows
    score = next(r for r in found if r["indicator"] == "geopolrisk.score")
    assert score["value"] is None and "others tonnes of metal" in score["status"]
    path.write_text(
        "Country,Material,Quantity,Unit,Value (USD),Year\nChina,APT,6,t,200000,2024\n"
        "Austria,tungsten,1250,mtu,400000,2024\n"
    )
    found = crosscut.purchases(path).tables["indicators"].rows
    factor = next(r for r in found if r["indicator"] == "geopolrisk.cf")
    assert factor["value"] is not None and factor["source"].endswith("your price per t of metal in it")


def test_a_dry_run_shows_the_reading_and_computes_nothing():
    found = crosscut.purchases(FILES / "kg_and_headings.csv", dry_run=True)
    assert headline(found) == "5 of 5 lines read." and found.status.ok
    assert not found.tables["indicators"].rows
    columns = [(r["heading"], r["field"], r["unit"]) for r in found.tables["purchase_columns"].rows]
    assert columns[2] == ("Quantity (kg)", "quantity", "kg")
    assert columns[-1] == ("Additional Notes", "", "")


def test_the_sheet_of_the_main_tool_gives_its_spend_at_risk():
    """The authors' own figures: USD 3.76460 at risk of 9.519 (instability of their sheet WGI, 2022)."""
    found = crosscut.purchases(FILES / "kg_and_headings.csv")
    risk = next(r for r in found.tables["indicators"].rows if r["indicator"] == "company.spend_at_risk")
    assert risk["value"] == pytest.approx(3.76460, abs=2e-5)


def test_the_choices_are_the_same_in_python():
    by_hand = {"tonnes": "quantity (kg)"}
    found = crosscut.purchases(FILES / "de_int.csv", columns=by_hand, dry_run=True)
    assert found.tables["purchases"].rows[0]["status"].startswith("missing")
    with pytest.raises(crosscut.UserError, match="a dot or a comma"):
        crosscut.purchases(FILES / "de_int.csv", decimal="x")
