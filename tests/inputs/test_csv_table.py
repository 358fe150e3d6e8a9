"""Tables people write: what a spreadsheet may do to them is read, what cannot be meant is named."""

import pytest

from crosscut.base.errors import UserError
from crosscut.inputs.csv_table import CsvTable
from crosscut.inputs.uses.mineral_uses import mineral_uses
from crosscut.inputs.uses.sector_uses import sector_uses


def read(text, needed=("who", "tonnes"), known=None):
    problems = []
    table = CsvTable(text, "my.csv", needed, problems, known)
    return list(table), [str(p) for p in problems]


@pytest.mark.parametrize(
    "text",
    [
        "who,tonnes\nA,1\n",
        "\ufeffWho ,TONNES\r\n A ,1\r\n",
        "who;tonnes\nA;1\n;\n",
        "tonnes,note,who\n1,,A\n\n",
        'who,tonnes\n"A",1',
    ],
)
def test_what_spreadsheets_write_is_one_table(text):
    rows, problems = read(text)
    assert problems == [] and [(r["who"], r["tonnes"]) for _, r in rows] == [("A", "1")]


def test_the_line_of_a_row_is_where_it_begins():
    rows, _ = read('who,tonnes\n"A\nB",1\n\nC,2\n')
    assert [line for line, _ in rows] == [2, 5]


def test_a_line_of_another_length_is_named_and_the_others_read():
    rows, problems = read("who,tonnes\nA,1,2\nB,1\n")
    assert problems == ["my.csv:2: 3 fields. Expected 2 as in the header"]
    assert [r["who"] for _, r in rows] == ["B"]


def test_columns_that_are_lost_or_unknown_are_named():
    assert read("who,tons\nA,1\n") == ([], ["my.csv:1: no column 'tonnes'. Expected one of: tons, who"])
    assert read("", ("who",)) == ([], ["my.csv:1: no column 'who'. Expected a header"])
    rows, problems = read("who,tonnes,weigth\nA,1,2\n", known=("who", "tonnes", "weight"))
    assert (rows, problems) == ([], ["my.csv:1: unknown column 'weigth'. Did you mean 'weight'?"])


@pytest.mark.parametrize(
    ("text", "number", "says"),
    [
        ("0.5", 0.5, None),
        ("1 000", 1000.0, None),
        ("", None, "is empty"),
        ("nan", None, "'nan'"),
        ("inf", None, "'inf'"),
        ("-1", None, "'-1'"),
        ("ten", None, "'ten'"),
    ],
)
def test_numbers_are_finite_and_in_their_bounds(text, number, says):
    problems = []
    table = CsvTable(f"who,tonnes\nA,{text}\n", "my.csv", ("tonnes",), problems)
    ((line, row),) = table
    assert table.number(line, row, "tonnes", low=0, needed=True) == number
    assert [p.what for p in problems] == ([] if says is None else [says])


def test_the_three_readers_keep_the_same_rules():
    """An empty share, an unknown column and a byte-order mark are the same to both kinds of uses."""
    sector, mineral = (
        "region,sector,share\nr0,s0,{}\n",
        "mineral,sector,share,value_added,largest\ntin,C26,{},1,2\n",
    )
    with pytest.raises(UserError, match=r"uses\.csv:2, share: is empty"):
        sector_uses(sector.format(""), "uses.csv")
    assert "uses.csv:2, share: is empty" in str(mineral_uses(mineral.format(""), "uses.csv")[0][0].problem)
    for reader, text in ((sector_uses, sector), (mineral_uses, mineral)):
        with pytest.raises(UserError, match="unknown column 'weight'"):
            reader(text.format("0.5,1").replace("share", "share,weight"), "uses.csv")
        assert reader("\ufeff" + text.format("0.5"), "uses.csv")


def test_a_dot_that_may_stand_for_thousands_is_refused_in_a_file_with_semicolons():
    """610.000 was read as 610; a spreadsheet that separates by semicolons writes a decimal comma."""
    problems = []
    table = CsvTable("who;tonnes\na;610.000\nb;0.125\nc;12.5\n", "my.csv", ("who", "tonnes"), problems)
    assert [table.number(line, row, "tonnes") for line, row in table] == [None, 0.125, 12.5]
    assert "'610.000' can be 610 or 610,000" in str(problems[0])
    table = CsvTable("who,tonnes\na,610.000\n", "my.csv", ("who", "tonnes"), problems)
    assert [table.number(line, row, "tonnes") for line, row in table] == [610.0]
