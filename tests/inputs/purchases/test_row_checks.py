"""Rows: what contradicts itself, what is not said, and what the world's prices rule out."""

import pytest

from crosscut.base.errors import UserError
from crosscut.inputs.purchases.left_out import line_list
from crosscut.inputs.purchases.unit_values import world_unit_values
from crosscut.ledger.minerals import all_minerals
from tests.inputs.purchases.reading import read, refusals, told, workbook
from tests.ledgers import BUNDLED

GOOD = "Japan,tungsten,3,150000,2024"


def rows(head, *lines, **choices):
    return read("\n".join((head, *lines)) + "\n", **choices)


PLAIN = "Country,Material,Quantity (t),Value (USD),Year"


@pytest.mark.parametrize(
    ("head", "line", "good", "message"),
    [
        (PLAIN, "Chian,tungsten,3,150000,2024", GOOD, "unknown country"),
        (PLAIN, "NA,tungsten,3,150000,2024", GOOD, "Namibia or 'not available'"),
        (PLAIN, "OTH,tungsten,3,150000,2024", GOOD, "group of countries"),
        (PLAIN, ",tungsten,3,150000,2024", GOOD, "no country"),
        (PLAIN, "China,,3,150000,2024", GOOD, "neither a mineral nor a customs code"),
        (PLAIN, "China,tungsten,,150000,2024", GOOD, "Quantity (t): is empty"),
        (PLAIN, "China,tungsten,3,n/a,2024", GOOD, "Value (USD): is empty"),
        (PLAIN, "China,tungsten,3,150000 EUR,2024", GOOD, "the money is in 'EUR' and 'USD'"),
        (PLAIN, "China,tungsten,3 kg,150000,2024", GOOD, "'kg' in the row and 't' in the heading"),
        (PLAIN, "China,tin,3,150000000,2024", GOOD, "times above the world's"),
        (PLAIN, "China,tungsten,3000,150000,2024", GOOD, "it would fit if the figure were in kg"),
        (
            "Country,ISO,Material,Quantity (t),Value (USD)",
            "China,JP,tungsten,3,150000",
            "Japan,JP,tungsten,3,150000",
            "are two countries",
        ),
        (
            "Country,Material,Quantity (t),Value (USD),Year,Date",
            "China,tungsten,3,150000,2023,2024-01-01",
            "Japan,tungsten,3,150000,2024,2024-01-01",
            "the year is 2023 and the date in 2024",
        ),
        (
            "Country,Material,Quantity (kg),Unit price (USD/kg),Value (USD)",
            "China,tungsten,3000,50,15000",
            "Japan,tungsten,3000,50,150000",
            "quantity times unit price is 150,000",
        ),
        (
            "Country,Material,Quantity,Unit,Value (USD)",
            "China,tin,300,mtu,90000",
            "Japan,tungsten,300,mtu,90000",
            "a unit of tungsten, not of tin",
        ),
        (
            "Country,Material,Quantity,Unit,Value (USD)",
            "China,tin,3,tons,90000",
            "Japan,tungsten,3,t,150000",
            "a metric ton (t), a short ton",
        ),
        (
            "Country,Material,Quantity (t),Value,Currency,Year",
            "China,tungsten,3,600000,PLN,2024",
            "Japan,tungsten,3,150000,USD,2024",
            "no average exchange rate of PLN in 2024",
        ),
        (
            "Country,Material,HS code,Quantity (t),Value (USD)",
            "China,tin,810194,3,90000",
            "Japan,tungsten,810194,3,150000",
            "holds tungsten",
        ),
    ],
)
def test_a_row_that_cannot_be_right_is_refused_and_the_other_read(head, line, good, message):
    found = rows(head, line, good)
    assert [t[0] for t in told(found)] == [3]
    assert message in refusals(found)[0], refusals(found)


def test_every_reason_of_a_row_is_told_at_once():
    found = rows(PLAIN, "Chian,unobtainium,x,-5,FY24", GOOD)
    assert len(refusals(found)) == 5
    assert all(r.startswith("my.csv:2, ") for r in refusals(found))


def test_a_file_without_a_readable_row_is_refused_with_every_reason():
    with pytest.raises(UserError) as told_:
        rows(PLAIN, "Chian,tungsten,3,1,2024", "China,tungsten,x,1,2024")
    assert [str(p).partition(":")[0] for p in told_.value.problems] == ["my.csv"] * 3
    assert "'Country' as supplier_country, 'Material' as mineral" in told_.value.problems[-1].what
    with pytest.raises(UserError) as told_:
        rows(PLAIN, *["Chian,tungsten,3,1,2024"] * 500)
    assert len(told_.value.problems) == 22 and "480 more" in told_.value.problems[-2].what
    with pytest.raises(UserError, match="no purchases"):
        rows(PLAIN)


def test_units_and_currencies_that_nothing_states_are_asked_for_not_guessed():
    head = "Country,Material,Quantity,Value,Year"
    with pytest.raises(UserError) as told_:
        rows(head, GOOD)
    whats = [p.what for p in told_.value.problems]
    assert whats[:2] == ["the quantity has no unit", "the money has no currency"]
    assert rows(head, "Japan,tungsten,3,150,2024", unit="t", currency="thousand USD").rows[0].usd == 150_000
    with pytest.raises(UserError, match="--unit: 'tons' can mean"):
        rows(head, GOOD, unit="tons", currency="EUR")


def test_one_number_with_two_readings_is_a_question():
    head = "Country|Material|Quantity (kg)|Value (USD)"
    found = rows(head, "China|tungsten|1.250|50000", "Japan|tungsten|1250|50000")
    assert [t[0] for t in told(found)] == [3]
    assert "'1.250' can be 1.25 or 1,250" in refusals(found)[0]
    assert rows(head, "China|tungsten|1.250|50000", decimal=",").rows[0].tonnes == 1.25


def test_an_origin_beside_the_supplier_is_what_counts():
    found = rows(
        "Supplier country,Country of origin,Material,Quantity (t),Value (USD)",
        "Germany,China,tungsten,3,150000",
    )
    assert found.rows[0].supplier == "CHN"
    assert any("the country of origin is used" in a for a in found.assumptions)


def test_totals_and_notes_are_left_out_and_compared():
    found = rows(PLAIN, "China,tungsten,12,600000,2024", GOOD, "Total,,15,700000,", "Source: our ledger,,,,")
    assert [t[0] for t in told(found)] == [2, 3] and not found.refused
    assert [x.what for x in found.left_out] == ["line 4", "line 5"]
    assert any(
        "Line 4 states a total of 700,000; the lines add up to 750,000" in a for a in found.assumptions
    )
    right = rows(PLAIN, "China,tungsten,12,600000,2024", GOOD, "Total,,15,750000,")
    assert not any("states a total" in a for a in right.assumptions)


def test_a_supplier_of_the_name_total_is_no_total():
    found = rows("Supplier,Country,Material,Quantity (t),Value (USD)", "Total SE,France,tungsten,3,150000")
    assert len(found.rows) == 1


def test_headings_repeated_on_a_new_page_and_rows_repeated():
    found = rows(PLAIN, GOOD, PLAIN, GOOD)
    assert [t[0] for t in told(found)] == [2, 4]
    assert [x.why for x in found.left_out] == ["the headings once more"]
    assert any("Lines 2, 4: the same in every cell" in a for a in found.assumptions)


def test_a_title_that_speaks_of_thousands_must_be_answered():
    text = "All values in thousand EUR,,,\nCountry,Material,Quantity (t),Value (EUR)\nChina,tungsten,12,570\n"
    with pytest.raises(UserError, match="a line speaks of 'thousand'"):
        read(text)
    assert read(text, currency="thousand EUR").rows[0].usd == pytest.approx(570_000 / 0.924)


def test_a_note_or_a_sheet_that_speaks_of_thousands_must_be_answered_too():
    text = PLAIN + "\n" + GOOD + "\nin TEUR,,,,\n"
    with pytest.raises(UserError, match=r"my\.csv:3: a line speaks of 'TEUR'"):
        read(text)
    table = [["Country", "Material", "Quantity (t)", "Value (EUR)"], ["China", "tungsten", 12, 570]]
    with pytest.raises(UserError, match="a line speaks of 'TEUR'"):
        read(workbook(("Buys TEUR", table)))


def test_a_subtotal_that_hides_in_a_note_is_refused():
    head = "Country,Material,Quantity (t),Value (USD),Note"
    found = rows(
        head,
        "China,tungsten,3,150000,",
        "China,tungsten,3,150000,Subtotal",
        "Japan,tungsten,3,150000,total loss",
    )
    assert [t[0] for t in told(found)] == [2, 4]
    assert "a cell says 'Subtotal'" in refusals(found)[0]


def test_a_rate_of_your_own_stands_in_for_one_that_is_not_on_record():
    head = "Country,Material,Quantity (t),Value (PLN),Year"
    with pytest.raises(UserError, match=r"no average exchange rate of PLN in 2024.*--rate PLN=") as told_:
        rows(head, "Japan,tungsten,3,600000,2024")
    assert "AED" not in str(told_.value.problems[0]), "rates of other currencies are no help"
    found = rows(head, "Japan,tungsten,3,600000,2024", rates=("PLN=4",))
    assert found.rows[0].usd == 150_000
    assert any("at 4 PLN per USD, the rate that you gave" in a for a in found.assumptions)
    for wrong in ("PLN", "PLN=x", "PLN=0", "PLN=-4", "XYZ=4", "PLN=1e999"):
        with pytest.raises(UserError, match="--rate"):
            rows(head, "Japan,tungsten,3,600000,2024", rates=(wrong,))


def test_a_year_left_blank_beside_other_years_is_not_guessed():
    """A pivot table states a year once a group; the blank lines are of that year and not of the default."""
    found = rows(PLAIN, "China,tungsten,12,600000,2023", "Japan,tungsten,3,150000,")
    assert [t[0] for t in told(found)] == [2]
    assert "no year, while other lines state 2023" in refusals(found)[0]
    same = rows(PLAIN, "China,tungsten,12,600000,2024", "Japan,tungsten,3,150000,")
    assert [p.year for p in same.rows] == [2024, 2024]


def test_units_of_one_metal_to_the_end():
    """10 flasks of 34.5 kg of mercury; 1,000 troy ounces of silver; 100 mtu are 1 t of WO3."""
    head = "Country,Material,Quantity,Unit,Value (USD)"
    lines = ("Spain,mercury,10,flasks,11000", "Mexico,silver,1000,oz,28000", "China,tungsten,100,mtu,33000")
    mercury, silver, tungsten = rows(head, *lines).rows
    assert mercury.tonnes == pytest.approx(0.345)
    assert silver.tonnes == pytest.approx(0.0311034768)
    assert tungsten.contained == pytest.approx(0.793)


def test_a_number_that_a_spreadsheet_rounded_is_said():
    found = rows(PLAIN, "Japan,tungsten,3,1.5E+05,2024")
    assert found.rows[0].usd == 150_000
    assert any("'1.5E+05' may have been rounded" in a for a in found.assumptions)


def test_a_percentage_is_no_quantity():
    table = [
        ["Country", "Material", "Quantity (t)", "Value (USD)"],
        ["China", "tungsten", (0.125, "0.0%"), 570],
    ]
    table.append(["Japan", "tungsten", 3, 150000])
    found = read(workbook(("Buys", table)))
    assert [t[0] for t in told(found)] == [3] and "is a percentage" in refusals(found)[0]


def test_the_yen_sign_is_read_by_the_language_of_the_headings():
    line = "China,{},1000,¥6000000,2024\n"
    japanese = read("原産国,品名,数量(kg),金額,年\n" + line.format("タングステン"))
    chinese = read("原产国,矿种,数量(kg),金额,年份\n" + line.format("钨粉").replace("6000000", "300000"))
    assert (japanese.rows[0].currency, chinese.rows[0].currency) == ("JPY", "CNY")


def test_the_world_prices_of_a_product_are_those_of_its_code():
    tungsten, iron = all_minerals()["tungsten"], all_minerals()["iron"]
    ore = world_unit_values(BUNDLED, tungsten, "concentrate", 2024)
    assert ore.low == ore.high and "261100" in ore.low_from
    assert world_unit_values(BUNDLED, tungsten, "", 2030).low_from == "trade of HS 261100 in 2024"
    assert world_unit_values(BUNDLED, tungsten, "articles", 2024).high is None
    assert world_unit_values(BUNDLED, iron, "", 2024).high is None, "iron may have been bought as steel"


def test_lines_are_listed_in_runs():
    assert line_list([2, 3, 4, 7, 9, 10]) == "Lines 2 to 4, 7, 9, 10"
    assert line_list(range(2, 40, 3)).endswith("and 7 more")
