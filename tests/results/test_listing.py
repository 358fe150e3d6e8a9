"""Answers that are lists of rows are frames and summaries too, and stay lists."""

import json

import crosscut
from crosscut.results import Listing
from crosscut.results.listing import SHOWN


def test_every_list_of_rows_is_a_listing():
    for found in (crosscut.minerals(), crosscut.scenarios(), crosscut.facts("tungsten", about="dolphin")):
        assert isinstance(found, Listing)
        frame = found.table()
        assert frame.height == len(found)
        assert tuple(frame.columns) == found.columns
        assert json.loads(found.to_json()) == found


def test_missing_stays_missing():
    frame = Listing([{"a": 1.0}, {"b": "x"}]).table()
    assert frame["a"].to_list() == [1.0, None]
    assert frame["b"].to_list() == [None, "x"]


def test_a_summary_is_short_and_inert():
    found = Listing([{"name": f"<script>{i}"} for i in range(5_000)])
    page = found._repr_html_()
    assert "<script" not in page
    assert page.count("<tr>") == SHOWN + 1
    assert "5,000 rows" in page
    assert len(page) < 20_000
