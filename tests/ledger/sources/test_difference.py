"""Difference: what is said to change is what changes."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosscut.base.errors import UserError
from crosscut.ledger.reference.datasets import DATASETS
from crosscut.ledger.sources.difference import difference, staged_difference
from crosscut.ledger.sources.owners.baci import Baci
from crosscut.ledger.sources.owners.world_mining_data import WorldMiningData
from crosscut.ledger.sources.pull import pull
from tests.ledger.sources import samples
from tests.ledgers import data_here

TRADE = DATASETS["trade"]


def frame(rows):
    """Rows of hs92, year, exporter, importer, value, quantity."""
    names = ["hs92", "year", "exporter", "importer", "value_usd", "quantity_kg"]
    made = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Int64) | {"hs92": pl.String}, orient="row")
    return made.select([pl.col(c).cast(t) for c, t in TRADE.schema.items()])


def test_added_removed_changed_and_the_largest_first():
    old = frame(
        [
            ("261100", 2023, 156, 842, 1000, 10),
            ("261100", 2023, 36, 842, 50, None),
            ("810110", 2023, 156, 392, 7, 1),
        ]
    )
    new = frame(
        [
            ("261100", 2023, 156, 842, 5000, 10),
            ("261100", 2023, 36, 842, 50, 3),
            ("261100", 2024, 156, 842, 800, 8),
        ]
    )
    d = difference(old, new, TRADE)
    assert d["rows"] == {"before": 3, "after": 3, "added": 1, "removed": 1, "changed": 2, "same": 0}
    assert d["through"] == {"before": 2023, "after": 2024}
    assert d["gone"] == {"hs92": 1, "importer": 1}
    first, second = d["largest"][:2]
    assert (first["what"], first["exporter"], first["importer"], first["value_usd"]) == (
        "changed",
        "CHN",
        "USA",
        {"before": 1000, "after": 5000},
    )
    assert (second["what"], second["year"]) == ("added", 2024)
    assert d["totals"]["hs92"] == [
        {"hs92": "261100", "before": 1050.0, "after": 5850.0, "change": 4800.0, "of": "value_usd"},
        {"hs92": "810110", "before": 7.0, "after": None, "change": -7.0, "of": "value_usd"},
    ]
    assert {r["exporter"] for r in d["totals"]["exporter"]} == {"CHN"}


def test_nothing_changed_says_nothing():
    old = frame([("261100", 2023, 156, 842, 1000, None)])
    d = difference(old, old, TRADE)
    assert d["rows"]["same"] == 1
    assert d["largest"] == []
    assert d["gone"] == {}
    assert all(v == [] for v in d["totals"].values())


row = st.tuples(
    st.sampled_from(["261100", "810110"]),
    st.sampled_from([2023, 2024]),
    st.sampled_from([36, 156]),
    st.sampled_from([842, 392]),
    st.integers(0, 50),
    st.none() | st.integers(0, 3),
)
tables = st.lists(row, max_size=16, unique_by=lambda r: r[:4])


@settings(max_examples=80)
@given(tables, tables)
def test_against_a_dictionary(old, new):
    """A second formulation: plain dictionaries."""
    a, b = {r[:4]: r[4:] for r in old}, {r[:4]: r[4:] for r in new}
    d = difference(frame(old), frame(new), TRADE, shown=100)
    assert d["rows"] == {
        "before": len(a),
        "after": len(b),
        "added": len(b.keys() - a.keys()),
        "removed": len(a.keys() - b.keys()),
        "changed": sum(a[k] != b[k] for k in a.keys() & b.keys()),
        "same": sum(a[k] == b[k] for k in a.keys() & b.keys()),
    }
    assert len(d["largest"]) == sum(d["rows"][w] for w in ("added", "removed", "changed"))
    for column, at in (("hs92", 0), ("year", 1)):
        change = {}
        for sign, rows in ((-1, a), (1, b)):
            for k, (v, _) in rows.items():
                change[k[at]] = change.get(k[at], 0) + sign * v
        told = {r[column]: r["change"] for r in d["totals"][column]}
        assert told == {k: v for k, v in change.items() if v}


def test_a_release_against_the_bundled_figures(tmp_path):
    """One figure of the bundled data doubled, one row dropped, the other codes left out: exactly that is
    told."""
    rows = list(samples.trade_sample(("261100", "810110"), tuple(range(1995, 2025))))
    t, i, j, k, v, q = rows[100]
    rows[100] = (t, i, j, k, f"{2 * float(v):.3f}", q)
    del rows[7]
    path = tmp_path / "b.zip"
    path.write_bytes(samples.baci_zip(rows, "202701"))
    pull(data_here(), Baci(("261100", "810110")), [path])
    found = staged_difference(data_here(), "baci")
    (d,) = found["datasets"]
    assert found["release"] == "V202701"
    assert (d["rows"]["added"], d["rows"]["changed"], d["rows"]["after"]) == (0, 1, len(rows))
    assert d["gone"]["hs92"] == 72


def test_what_is_new_altogether(tmp_path):
    pull(data_here(), WorldMiningData(), [samples.wmd_workbook(tmp_path / "w.xlsx")])
    (d,) = staged_difference(data_here(), "world-mining-data")["datasets"]
    assert (d["rows"]["added"], d["rows"]["same"], d["rows"]["changed"]) == (5, 155, 0)
    assert {r["mineral"] for r in d["totals"]["mineral"]} == {"Gold"}
    assert d["totals"]["country"][0]["of"] == "rows"  # tonnes of tungsten and gold are never added up


def test_nothing_staged():
    with pytest.raises(UserError, match="nothing is staged"):
        staged_difference(data_here(), "baci")
