"""Places: codes, names in the forms of statistics and of people, the ones that get lost elsewhere."""

import csv
from pathlib import Path

import pytest

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import UserError
from crosscut.base.places import (
    all_places,
    bloc_members,
    bloc_named,
    by_trade_code,
    name,
    place,
    place_or_bloc,
    recorded_place,
)

# Names as BACI, ISO, the World Bank, the USGS and companies write them, and the country beside each.
WRITTEN = list(
    csv.DictReader(Path(__file__).with_name("country_names.csv").read_text(encoding="utf-8").splitlines())
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Kazakhstan", "KAZ"),
        ("kaz", "KAZ"),
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


@pytest.mark.parametrize("row", WRITTEN, ids=[r["text"] for r in WRITTEN])
def test_names_as_they_are_written(row):
    if row["code"] in ("asked", "refused"):
        with pytest.raises(UserError):
            place(row["text"])
    else:
        assert place(row["text"]).code == row["code"]


def test_the_names_of_every_language_mean_their_country():
    rows = csv.DictReader(bundled_text("geography", "place_names.csv").splitlines())
    wrong = []
    for r in rows:
        try:
            found = place(r["name"]).code
        except UserError as error:
            found = "asked" if "can mean" in str(error) else str(error)
        if found not in (r["code"], "asked"):
            wrong.append((r["name"], r["code"], found))
    assert wrong == []


def test_a_name_is_in_one_row_of_the_aliases():
    rows = list(csv.DictReader(bundled_text("geography", "place_aliases.csv").splitlines()))
    texts = [r["text"].casefold() for r in rows]
    assert sorted({t for t in texts if texts.count(t) > 1}) == []
    assert {c for r in rows for c in r["means"].split(";") if r["kind"] != "bloc"} - set(all_places()) == {""}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Congo", ("COD", "COG")),
        ("Kongo", ("COD", "COG")),
        ("コンゴ", ("COD", "COG")),
        ("the Congo", ("COD", "COG")),
        ("Korea", ("KOR", "PRK")),
        ("Corée", ("KOR", "PRK")),
        ("NA", ("NAM", "missing")),
        ("ROC", ("TWN", "COG")),
        ("Georgia (USA)", ("GEO", "USA")),
        ("Denmark (Greenland)", ("DNK", "GRL")),
    ],
)
def test_a_name_of_two_countries_is_asked_about(text, codes):
    with pytest.raises(UserError) as refused:
        place(text)
    assert all(c in str(refused.value) for c in codes), str(refused.value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Congo (DRC)", "COD"),
        ("Taiwan (ROC)", "TWN"),
        ("Zaire", "COD"),
        ("056", "BEL"),
        ("156.0", "CHN"),
        ("Oesterreich", "AUT"),
        ("SUEDAFRIKA", "ZAF"),
        ("China¹", "CHN"),
        ("Côte d’Ivoire", "CIV"),
        ("République de Corée", "KOR"),
        ("República Democrática del Congo", "COD"),
        ("南非", "ZAF"),
        ("Republic of Chile", "CHL"),
        ("Kingdom of Norway", "NOR"),
    ],
)
def test_forms_that_follow_from_rules(text, code):
    assert place(text).code == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("DDR", "Germany"),
        ("USSR", "Russia"),
        ("СССР", "Kazakhstan"),
        ("Czechoslovakia", "Czechia, Slovakia"),
        ("n/a", "missing value"),
        ("unbekannt", "missing value"),
        ("Europe", "not a country"),
        ("World", "every country"),
        ("EU", "EU27"),
        ("", "no country"),
    ],
)
def test_what_is_no_country_of_today_is_refused_in_words(text, said):
    with pytest.raises(UserError, match=said):
        place(text)


@pytest.mark.parametrize(
    "text", ["XQZ", "Wakanda", "Ruritania", "Sildavia", "DE-China", "999", "Republic of"]
)
def test_an_unknown_name_leads_to_no_other_country(text):
    with pytest.raises(UserError) as refused:
        place(text)
    assert "Did you mean" not in str(refused.value)


def test_a_slip_between_two_countries_is_not_guessed():
    with pytest.raises(UserError) as refused:
        place("Nigera")  # Niger and Nigeria are as near
    assert "'Nigeria'" not in str(refused.value) or "'Niger'" in str(refused.value)


def test_tables_of_statistics_keep_their_own_words():
    assert recorded_place("NA").code == "NAM"
    assert recorded_place("Congo").code == "COG"
    assert recorded_place("Korea").code == "KOR"
    assert recorded_place("USSR").code == "SUN"


def test_blocs_by_their_names():
    assert {bloc_named(t) for t in ("EU", "EU-27", "eu27", "Europäische Union", "欧盟")} == {"EU27"}
    assert bloc_named("EUO") == bloc_named("Japan") == ""
    assert place_or_bloc("ЕС") == "EU27"
    with pytest.raises(UserError, match="or a bloc: EU27, G7"):
        place_or_bloc("Wakanda")
    with pytest.raises(UserError, match="DRC"):
        place_or_bloc("Congo")


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
