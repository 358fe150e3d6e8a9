"""Places: codes, names, the ones that get lost elsewhere."""

import pytest

from crosscut.base.errors import UserError
from crosscut.base.places import all_places, bloc_members, by_trade_code, name, place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kazakhstan", "KAZ"),
        ("kaz", "KAZ"),
        ("NA", "NAM"),
        ("Burma", "MMR"),
        ("Korea, South", "KOR"),
        ("Korea, North", "PRK"),
        ("Congo, D.R.", "COD"),
        ("Vietnam", "VNM"),
        ("Viet Nam", "VNM"),
        ("Turkey", "TUR"),
        ("UK", "GBR"),
        ("USA", "USA"),
        ("United States of America", "USA"),
        ("S19", "TWN"),
        ("Czech Republic", "CZE"),
        (" japan ", "JPN"),
    ],
)
def test_names_and_codes(text, code):
    assert place(text).code == code


@pytest.mark.parametrize(
    ("wrong", "near"), [("Kazakstan", "Kazakhstan"), ("Chian", "China"), ("Boliva", "Bolivia")]
)
def test_unknown_country_suggests_the_nearest(wrong, near):
    with pytest.raises(UserError, match=near):
        place(wrong)


def test_every_code_and_alias_means_one_place():
    seen = {}
    for p in all_places().values():
        for word in (p.code, p.name, *p.aliases):
            assert seen.setdefault(word.casefold(), p.code) == p.code, word


def test_validity_years():
    assert all_places()["SCG"].valid_to == 2005
    assert all_places()["SSD"].valid_from == 2011


def test_trade_codes_are_unique_and_unknown_ones_are_refused():
    assert by_trade_code("490").code == "TWN"
    assert by_trade_code("58").code == "BEL"
    with pytest.raises(UserError, match="unknown trade code '999'"):
        by_trade_code("999")
    codes = [c for p in all_places().values() for c in p.trade_codes]
    assert len(codes) == len(set(codes))


def test_eu_has_27_members_and_lost_none():
    assert len(set(bloc_members("EU27", 2024))) == 27
    assert "GBR" not in bloc_members("EU27", 2024)
    with pytest.raises(UserError, match="EU27"):
        bloc_members("EU28", 2024)


def test_groups_have_names():
    assert name("EUO") == "EU27 without Austria and Germany"
