"""Headings in the words of several languages: each column is what it says, or a question."""

import pytest

from crosscut.base.errors import Problem, UserError
from crosscut.inputs.purchases.headings import columns_of
from crosscut.inputs.purchases.purchase import FIELDS
from crosscut.inputs.purchases.table.grid import GridRow, TableCell
from crosscut.inputs.purchases.words.heading_words import HeadingMeaning, heading_meaning
from crosscut.inputs.purchases.words.word_tables import folded, word_rows
from tests.inputs.purchases.reading import read, told

MEANT = {
    "Material": "mineral",
    "Country of Origin": "origin",
    "Qty": "quantity",
    "Qty.": "quantity",
    "Menge": "quantity",
    "Ursprungsland": "origin",
    "Quantité": "quantity",
    "Pays d'origine": "origin",
    "Pays d’origine": "origin",
    "Cantidad": "quantity",
    "数量": "quantity",
    "原産国": "origin",
    "原产国": "origin",
    "单位": "unit",
    "単位": "unit",
    "supplier_country": "supplier_country",
    "Supplier Country": "supplier_country",
    "SUPPLIER": "supplier",
    "Zolltarifnummer": "hs_code",
    "HS-Code": "hs_code",
    "Net weight": "quantity",
    "Währung": "currency",
    "Année": "year",
    "Año": "year",
    "金額": "value",
    "Invoice date": "date",
    "Unit price": "unit_price",
    "単価": "unit_price",
    "Страна происхождения": "origin",
}


@pytest.mark.parametrize("text", MEANT)
def test_a_heading_is_a_field(text):
    assert heading_meaning(text).field == MEANT[text]


UNITS = {
    "Quantity (kg)": ("quantity", "kg"),
    "Menge [t]": ("quantity", "t"),
    "Menge in kg": ("quantity", "kg"),
    "Menge_kg": ("quantity", "kg"),
    "qty kg": ("quantity", "kg"),
    "Net weight, kg": ("quantity", "kg"),
    "Value (EUR)": ("value", "EUR"),
    "Value USD": ("value", "USD"),
    "EUR value": ("value", "EUR"),
    "Wert in TEUR": ("value", "TEUR"),
    "Value (thousand EUR)": ("value", "thousand EUR"),
    "金額（千円）": ("value", "千円"),
    "数量(kg)": ("quantity", "kg"),
    "tonnes": ("quantity", "t"),
    "usd": ("value", "USD"),
    "Tonnen": ("quantity", "Tonnen"),
    "Amount (kg)": ("quantity", "kg"),
    "Amount (EUR)": ("value", "EUR"),
    "Quantity (t WO3)": ("quantity", "t WO3"),
    "Unit price (EUR/kg)": ("unit_price", "EUR/kg"),
    "Price (USD/t)": ("unit_price", "USD/t"),
    "Value (USD, CIF)": ("value", "USD"),
    "Spend (€)": ("value", "€"),
    "Country (ISO3)": ("supplier_country", ""),
    "Amount": ("value", ""),
}


@pytest.mark.parametrize("text", UNITS)
def test_a_heading_carries_its_unit(text):
    found = heading_meaning(text)
    assert isinstance(found, HeadingMeaning), str(found)
    assert (found.field, found.unit) == UNITS[text]


@pytest.mark.parametrize(
    "text", ["Quantity (pcs)", "Quantity (tons)", "Value (¥)", "Value (local)", "Year (FY)"]
)
def test_a_unit_in_a_heading_that_is_not_understood_is_refused(text):
    assert isinstance(heading_meaning(text), Problem)


@pytest.mark.parametrize(
    "text", ["Note", "Purchase order", "Plant", "12.5", "China", "Comment (internal)", ""]
)
def test_other_headings_mean_nothing(text):
    assert heading_meaning(text) is None


def test_every_heading_on_record_is_a_field_and_means_one_thing():
    seen: dict[str, set[str]] = {}
    for r in word_rows("headings"):
        assert r["field"] in (*FIELDS, "price"), r
        seen.setdefault(folded(r["heading"]), set()).add(r["field"])
    assert {h: f for h, f in seen.items() if len(f) > 1} == {}


def columns(*texts, named=()):
    return columns_of(GridRow(1, tuple(map(TableCell, texts))), named, "my.csv")


def test_two_columns_of_one_meaning_are_asked_about_and_net_is_better_than_gross():
    with pytest.raises(
        UserError, match=r"'Menge' \(column C\) and 'Quantity' \(column D\) both mean the how much"
    ):
        columns("Land", "Material", "Menge", "Quantity", "Wert (EUR)")
    found = columns("Land", "Material", "Gross weight", "Net weight", "Wert (EUR)")
    assert found.position("quantity") == 3
    assert found.unused[0].why == "'Net weight' is used"


def test_everything_that_is_missing_is_told_at_once():
    with pytest.raises(UserError) as told_:
        columns("Material", "Plant", "Note")
    assert [p.what for p in told_.value.problems] == [
        "no column of the country",
        "no column of the quantity",
        "no column of the value",
    ]
    assert "'Plant'" in str(told_.value)


def test_columns_named_by_hand():
    found = columns(
        "A", "B", "C", "D", named=("A=supplier_country", "B=mineral", "C=tonnes", "D=value (EUR)")
    )
    assert [(c.field, c.unit) for c in found.shown()] == [
        ("supplier_country", ""),
        ("mineral", ""),
        ("quantity", "t"),
        ("value", "EUR"),
    ]
    with pytest.raises(UserError, match=r"no column 'X'.*headings: A, B"):
        columns("A", "B", named=("X=mineral",))
    with pytest.raises(UserError, match="no field 'nonsense'"):
        columns("A", "B", named=("A=nonsense",))


def test_a_price_is_asked_about():
    with pytest.raises(UserError, match="'Preis' can mean the money paid for the row or for one unit"):
        columns("Land", "Material", "Menge (kg)", "Preis", "Währung")


def test_a_file_with_headings_of_its_own_is_read_when_they_are_named():
    text = "Kram,Zeug,Zahl,Geld\nChina,tungsten,12.5,610000\n"
    found = read(text, columns=("Kram=origin", "Zeug=mineral", "Zahl=tonnes", "Geld=usd"))
    assert told(found) == [(2, "CHN", "tungsten", 12.5, 610_000)]
