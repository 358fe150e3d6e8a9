"""Every command gives the values and row counts on record: a change of any number is seen, and said in its
commit."""

from __future__ import annotations

import json
import math

import pytest

from tests.golden.cases import CASES, record_of
from tests.golden.record import RECORD, results

SAME = 1e-7  # of the sum of absolute values: another processor, or numpy in place of the compiled market


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return results(tmp_path_factory.mktemp("golden"))


@pytest.fixture(scope="module")
def recorded():
    return json.loads(RECORD.read_text(encoding="utf-8"))


def differences(then, now):
    """Where two records of one command differ, in words."""
    out = [f"{key} is gone" for key in then if key not in now] + [
        f"{key} is new" for key in now if key not in then
    ]
    for key in then:
        if key in now and not _alike(then[key], now[key]):
            out.append(f"{key}: {then[key]} is now {now[key]}")
    return out


def _alike(a, b):
    if isinstance(a, list) and isinstance(b, list):
        scale = max([abs(x) for x in (*a, *b)], default=0.0)
        return len(a) == len(b) and all(
            math.isclose(x, y, rel_tol=SAME, abs_tol=SAME * scale) for x, y in zip(a, b, strict=True)
        )
    if isinstance(a, float) or isinstance(b, float):
        return math.isclose(a, b, rel_tol=SAME, abs_tol=1e-9)
    return a == b


@pytest.mark.parametrize("name", CASES)
def test_the_numbers_on_record(found, recorded, name):
    assert differences(recorded[name], record_of(found[name])) == []


def test_a_lost_row_a_changed_number_and_an_exchanged_pair_are_seen():
    def a_table(*values):
        return record_of(
            json.dumps({"tables": {"t": {"columns": ["v"], "units": {}, "rows": [{"v": v} for v in values]}}})
        )

    before = a_table(1.0, 2.0, 3.0)
    assert differences(before, a_table(1.0, 2.0, 3.0)) == []
    for changed in (
        a_table(1.0, 2.0),
        a_table(1.0, 2.0, 3.001),
        a_table(2.0, 1.0, 3.0),
        a_table(1.0, 2.0, None),
    ):
        assert differences(before, changed)
