"""BACI: rows under no goods are counted, and a weight of 0 beside a value is not known."""

from __future__ import annotations

import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.sources.owners.baci import Baci
from tests.ledger.sources import samples

ROW = (2023, 156, 842, "261100", "12.500", "3.000")
CODES = ("261100",)


def parsed(tmp_path, *rows):
    path = tmp_path / "BACI_HS92_V202601.zip"
    path.write_bytes(samples.baci_zip(rows))
    return Baci(CODES).parsed([path])


def test_a_row_that_names_no_goods_is_counted_and_refuses_nothing(tmp_path):
    imported = parsed(
        tmp_path, ROW, (2023, 156, 840 + 2, "9999AA", "7.000", "NA"), (2023, 156, 392, "010101", "1.000", "1")
    )
    assert imported.tables["trade"].height == 1
    assert imported.notes[0].startswith("2 rows (0.00 billion USD) lie under other HS codes")
    assert imported.notes[1] == "of these 1 are under a code that names no goods, such as 9999AA"


@pytest.mark.parametrize(
    "row", [(2023, 156, 842, "9999AA", "x", "NA"), (2023, 156, 842, "26110A0", "1.000", "NA")]
)
def test_other_odd_rows_are_refused_still(tmp_path, row):
    with pytest.raises(UserError):
        parsed(tmp_path, ROW, row)


@pytest.mark.parametrize("zero", ["0", "0.000", "0.0"])
def test_a_weight_of_zero_beside_a_value_is_not_known(tmp_path, zero):
    imported = parsed(
        tmp_path, ROW, (2023, 156, 392, "261100", "5.000", zero), (2023, 156, 410, "261100", "0.000", "0")
    )
    frame = imported.tables["trade"]
    assert dict(zip(frame["importer"], frame["quantity_kg"], strict=True)) == {842: 3000, 392: None, 410: 0}
    assert "1 rows have a value and a weight of 0" in " ".join(imported.notes)
    assert imported.before["trade"]["hs92/year"]["261100/2023"][3] == 1, "missing, by the other path too"
