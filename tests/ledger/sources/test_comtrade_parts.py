"""UN Comtrade: a part of a pair's trade is not its trade, and a partner that is no place is nobody."""

from __future__ import annotations

import pytest

from crosscut.base.errors import UserError
from crosscut.ledger.sources.owners.comtrade import Comtrade
from tests.ledger.sources import samples

ALL = {
    "classificationCode": "H6",
    "cmdCode": "810110",
    "period": "2022",
    "reporterCode": 842,
    "partnerCode": 156,
    "flowCode": "M",
    "motCode": 0,
    "customsCode": "C00",
    "partner2Code": 0,
    "primaryValue": 50000.0,
    "netWgt": 1000.0,
}
PARTS = [("motCode", 1000), ("customsCode", "C04"), ("partner2Code", 344), ("flowCode", "RM")]


def parsed(tmp_path, *changes):
    path = tmp_path / "answer.json"
    path.write_bytes(samples.comtrade_answer(2022, [{**ALL, **c} for c in changes]))
    return Comtrade().parsed([path])


def refused(tmp_path, *changes):
    with pytest.raises(UserError) as error:
        parsed(tmp_path, *changes)
    return [str(p) for p in error.value.problems]


@pytest.mark.parametrize(("field", "value"), PARTS)
def test_a_part_alone_is_refused_by_the_name_of_its_column(tmp_path, field, value):
    (said,) = refused(tmp_path, {field: value, "primaryValue": 20000.0})
    assert field in said
    assert "the whole of the pair's trade is not in the answer" in said


@pytest.mark.parametrize(("field", "value"), PARTS)
def test_parts_beside_their_whole_are_left_out_and_counted(tmp_path, field, value):
    imported = parsed(tmp_path, {}, {field: value, "primaryValue": 20000.0})
    assert imported.tables["reported_trade"]["value_usd"].to_list() == [50000.0]
    assert any(f"({field}): 1;" in note for note in imported.notes)


def test_re_exports_are_a_part_of_exports_not_of_imports(tmp_path):
    """Imports of the pair are there; its exports are not."""
    assert "flowCode" in refused(tmp_path, {}, {"flowCode": "RX"})[0]
    imported = parsed(tmp_path, {}, {"flowCode": "X"}, {"flowCode": "RX"}, {"flowCode": "DX"})
    assert sorted(imported.tables["reported_trade"]["flow"]) == ["M", "X"]


def test_a_whole_of_another_pair_does_not_stand_for_it(tmp_path):
    for other in ({"partnerCode": 410}, {"period": "2021"}, {"cmdCode": "261100"}, {"reporterCode": 392}):
        assert "motCode" in refused(tmp_path, other, {"motCode": 2100})[0]


def test_every_mistake_is_told_at_once(tmp_path):
    said = refused(tmp_path, {"motCode": 1000}, {"partnerCode": 998}, {"primaryValue": "7"})
    assert len(said) == 3


def test_codes_of_countries_and_of_what_is_none(tmp_path):
    """381 is Italy, 251 France, 490 Taiwan; 899 (areas not specified), 839 and 97 (European Union) are no
    country; 998 is nothing that Comtrade or we know."""
    imported = parsed(
        tmp_path,
        {"reporterCode": 251},
        {"reporterCode": 381},
        {"partnerCode": 490},
        {"partnerCode": 899, "primaryValue": 7.0},
        {"partnerCode": 839},
        {"reporterCode": 97},
        {"reporterCode": 97, "partnerCode": 0},
    )
    frame = imported.tables["reported_trade"]
    assert sorted(zip(frame["reporter"], frame["partner"], strict=True)) == [
        (251, 156),
        (380, 156),
        (842, 490),
    ]
    (said,) = [n for n in imported.notes if "no country" in n]
    assert "European Union (97): 50,000 USD" in said
    assert "Areas, not specified (899): 7 USD" in said
    (problem,) = refused(tmp_path, {}, {"partnerCode": 998})
    assert "country code 998 has no place" in problem
    assert "record 2, partnerCode" in problem


def test_left_out_partners_still_count_towards_the_reported_total(tmp_path):
    whole = {"partnerCode": 0, "primaryValue": 50007.0}
    imported = parsed(tmp_path, {}, {"partnerCode": 899, "primaryValue": 7.0}, whole)
    assert not any("world totals differ" in n for n in imported.notes)


def test_an_answer_without_these_fields_is_of_the_whole(tmp_path):
    """Older answers leave out what was not asked for."""
    plain = {k: v for k, v in ALL.items() if k not in ("motCode", "customsCode", "partner2Code")}
    path = tmp_path / "answer.json"
    path.write_bytes(samples.comtrade_answer(2022, [plain]))
    assert Comtrade().parsed([path]).tables["reported_trade"].height == 1
