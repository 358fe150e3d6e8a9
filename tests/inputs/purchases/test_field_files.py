"""Files as people have them: each is read right or refused, none is read wrong in silence."""

import pytest

from crosscut.base.errors import UserError
from tests.inputs.purchases.reading import FILES, read, refusals, told

THREE = [("CHN", "tungsten", 12.5, 610000), ("TUR", "antimony", 3, 90000), ("CIV", "manganese", 100, 20000)]


@pytest.mark.parametrize(
    "name", ["bom_crlf", "cp1252", "mac", "pipe", "sep", "tab", "title", "trailing", "utf16", "utf16_comma"]
)
def test_one_table_in_ten_ways_of_saving_it(name):
    found = read(FILES / f"{name}.csv")
    assert [(c, m, t, usd) for _, c, m, t, usd in told(found)] == THREE
    assert not found.refused


def test_kilograms_and_the_headings_of_another_tool():
    """The sheet of the field's main tool, as saved: kg in the heading, a column of notes."""
    found = read(FILES / "kg_and_headings.csv")
    assert [p.tonnes for p in found.rows] == [0.00017, 1e-6, 0.000893, 4e-6, 0.000498]
    assert sum(p.usd for p in found.rows) == pytest.approx(9.519)
    assert [(c.heading, c.field, c.unit) for c in found.columns][2] == ("Quantity (kg)", "quantity", "kg")
    assert [x.what for x in found.unused] == ["F: Additional Notes"]


def test_a_dot_for_thousands_in_a_file_with_semicolons():
    """610.000 is 610,000; that 3,000 t cost 190,000 cannot be, and is refused with both numbers."""
    found = read(FILES / "de_int.csv")
    assert told(found) == [(2, "CHN", "tungsten", 12, 610_000)]
    assert "USD 190,000 for 3,000 t of tungsten is USD 63.3 per t, 154 times below" in refusals(found)[0]
    assert any("'610.000' is 610,000" in a for a in found.assumptions)


def test_a_dot_for_thousands_beside_decimals():
    assert [(p.tonnes, p.usd) for p in read(FILES / "de.csv").rows] == [
        (12.5, 610_000),
        (3000, 190_000_000),
        (1250.75, 61_200_000.5),
    ]


def test_two_decimal_marks_in_one_file_are_asked_about():
    with pytest.raises(UserError, match=r"a dot in '12.5' \(line 2\) and a comma in '12,5' \(line 4\)"):
        read(FILES / "mixed.csv")
    found = read(FILES / "mixed.csv", decimal=".")
    assert [t for t, *_ in told(found)] == [2, 3, 6, 11, 12, 13, 16, 17]
    assert {usd for *_, usd in told(found)} == {610_000, 610_000.5, round(610_000 / 0.924, 2)}
    assert [r.line for r in found.refused] == [4, 5, 7, 8, 9, 10, 14, 15]


def test_units_and_currencies_beside_the_figures():
    text = (
        "supplier_country,mineral,tonnes,unit,usd,currency,year\nChina,tungsten,12500,kg,610000,EUR,2024\n"
        "Austria,tungsten,1250,mtu,400000,USD,2024\nJapan,tungsten,27558,lb,61000000,JPY,2024\n"
    )
    found = read(text)
    first, second, third = found.rows
    assert (first.tonnes, first.usd) == (12.5, pytest.approx(610_000 / 0.924))
    assert (second.tonnes, second.contained) == (None, pytest.approx(12.5 * 0.793))
    assert (third.tonnes, third.usd) == (pytest.approx(12.5, rel=1e-4), pytest.approx(61e6 / 151.353))
    assert any("not the one of the heading 'tonnes'" in a for a in found.assumptions)


def test_a_line_has_the_number_it_has_in_the_file():
    """After a blank line, a cell of two lines and two blank lines the bad row is on line 7."""
    found = read(FILES / "blank.csv")
    assert [r.line for r in found.rows] == [3] and [r.line for r in found.refused] == [7]
    assert refusals(found)[0].startswith("blank.csv:7, supplier_country: unknown country 'Chian'")


def test_lines_that_are_quoted_as_a_whole_are_taken_apart():
    assert told(read(FILES / "onecol.csv")) == [(2, "CHN", "tungsten", 12.5, 610_000)]
    assert told(read(FILES / "quotes.csv")) == [(2, "CHN", "tungsten", 12.5, 610_000)]


def test_what_is_no_purchase_is_refused_or_left_out_with_its_reason():
    assert ["is negative" in r for r in refusals(read(FILES / "neg.csv"))] == [True, True]
    korea, nothing, too_dear = refusals(read(FILES / "zero.csv"))
    assert (
        "'Korea' can mean" in korea
        and "'0' is no amount" in nothing
        and "times above the world's" in too_dear
    )
    title = read(FILES / "title.csv")
    assert [x.what for x in title.left_out] == ["line 1", "line 7"]


@pytest.mark.parametrize("name", ["header_names", "header_names2"])
def test_headings_in_two_languages_and_cases(name):
    assert [(c, m, usd) for _, c, m, _, usd in told(read(FILES / f"{name}.csv"))] == [
        ("CHN", "tungsten", 610_000)
    ]


def test_a_realistic_file_of_a_purchaser():
    """Semicolons, a byte-order mark, kg and lb, German numbers and names, a price for each kg."""
    text = (
        "\ufeffMaterial;Supplier;Country of Origin;Qty;Unit;Price;Currency;Date\n"
        "Wolframoxid;Müller GmbH;Österreich;1.250,50;kg;38,20;EUR;31.12.2024\n"
        "APT;Chen Ltd;China;2.204,6;lb;15,90;USD;30/06/2024\n"
    ).replace("Österreich", "Austria")
    with pytest.raises(UserError, match="'Price' can mean the money paid for the row or for one unit"):
        read(text)
    found = read(text, columns=("Price=unit_price",))
    assert [(p.supplier, p.form, p.seller) for p in found.rows] == [
        ("AUT", "oxide", "Müller GmbH"),
        ("CHN", "oxide", "Chen Ltd"),
    ]
    assert found.rows[0].tonnes == pytest.approx(1.2505)
    assert found.rows[0].usd == pytest.approx(1250.5 * 38.2 / 0.924)
    assert found.rows[1].usd == pytest.approx(2204.6 * 15.9)
    assert found.rows[1].contained == pytest.approx(1.0 * 0.7018, rel=1e-3)
