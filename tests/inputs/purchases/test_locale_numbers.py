"""Numbers of other locales: one reading, or a question."""

import pytest

from crosscut.inputs.purchases.words.locale_numbers import NumberCell, decimal_mark, number_text, readings

ANYTHING = {
    "1.250": {".": 1.25, ",": 1250.0},
    "1,250": {".": 1250.0, ",": 1.25},
    "1.250,50": {",": 1250.5},
    "1,250.50": {".": 1250.5},
    "1 250,50": {",": 1250.5},
    "1\u00a0250,50": {",": 1250.5},
    "1\u202f250.50": {".": 1250.5},
    "610'000": {".": 610000.0, ",": 610000.0},
    "610\u2019000.50": {".": 610000.5},
    "6,10,000": {".": 610000.0},
    "61,00,000.5": {".": 6100000.5},
    "1.234.567": {",": 1234567.0},
    "0,125": {",": 0.125},
    "0.125": {".": 0.125},
    "1250,500": {",": 1250.5},
    "6.1E+05": {".": 610000.0},
    "6,1E+05": {",": 610000.0},
    "1.250E+05": {".": 125000.0},
    "12": {".": 12.0, ",": 12.0},
    ".5": {".": 0.5},
    "１２．５": {".": 12.5},
    "١٢": {".": 12.0, ",": 12.0},
}
NO_NUMBER = [
    "",
    "abc",
    "infinity",
    "nan",
    "-",
    "1,2,3",
    "12,50.5",
    "1.25.5",
    "1'25",
    "12.",
    "1 25",
    "(5",
    "1,2345,678",
]


@pytest.mark.parametrize("text", ANYTHING)
def test_what_a_cell_can_mean(text):
    assert readings(number_text(text).core) == pytest.approx(ANYTHING[text])


@pytest.mark.parametrize("text", NO_NUMBER)
def test_what_is_no_number(text):
    found = number_text(text)
    assert found is None or readings(found.core) == {} or found.around


@pytest.mark.parametrize(
    ("text", "core", "negative", "around"),
    [
        ("€ 610.000,50", "610.000,50", False, "€"),
        ("610000 USD", "610000", False, "USD"),
        ("US$61,200", "61,200", False, "US$"),
        ("12.5 t", "12.5", False, "t"),
        ("12.5kg", "12.5", False, "kg"),
        ("(610000)", "610000", True, ""),
        ("610000-", "610000", True, ""),
        ("-€5", "5", True, "€"),
        ("\u22125", "5", True, ""),
        ("0x10", "0", False, "x10"),
        ("~12", "12", False, "~"),
        ("12-15", "12", False, "-15"),
        ("3 x 1000", "3", False, "x 1000"),
    ],
)
def test_figures_apart_from_what_stands_beside_them(text, core, negative, around):
    found = number_text(text)
    assert (found.core, found.negative, found.around) == (core, negative, around)


def mark(cells, separator="", languages=(), chosen=""):
    return decimal_mark([NumberCell("line 2", t, m) for t, m in cells], "f.csv", separator, languages, chosen)


def test_a_cell_with_one_reading_decides_for_the_file():
    assert mark([("1.250", True), ("12,5", False)]).mark == ","
    assert mark([("1.250", True), ("12.5", False)], separator=";", languages=("de",)).mark == "."


@pytest.mark.parametrize(
    ("cells", "separator", "languages", "expected"),
    [
        ([("1.250", False)], "", (), ""),
        ([("1.250", False)], "\t", (), ""),
        ([("1.250", False)], "|", ("en",), ""),
        ([("610.000", True)], "|", (), ""),
        ([("1.250", False)], ";", (), ","),
        ([("1.250", False)], ",", (), "."),
        ([("1.250", False)], ",", ("de",), ""),
        ([("1.250", False)], "\t", ("de",), ","),
        ([("1.250", False)], "", ("ja",), "."),
        ([("610.000", True)], ",", (), ""),
        ([("610.000", True)], ";", (), ","),
        ([("610,000", True)], ",", (), "."),
        ([("610,000", True)], ";", (), ""),
        ([("73.988", False), ("1191966", True)], ";", ("de",), ""),
        ([("73.988", False), ("1'191'966", True)], ";", ("de",), ""),
        ([("73.988", False), ("1 191 966", True)], ";", ("fr",), ","),
        ([("1,250", False), ("1250", False)], ",", (), ""),
    ],
)
def test_where_no_cell_decides_the_signs_around_it_must_agree(cells, separator, languages, expected):
    assert mark(cells, separator, languages).mark == expected


def test_cells_that_contradict_each_other_are_a_question_and_an_answer_settles_it():
    assert "a dot in '12.5' (line 2) and a comma" in mark([("12.5", False), ("12,5", False)]).problem.what
    assert mark([("12.5", False), ("12,5", False)], chosen=",").mark == ","
