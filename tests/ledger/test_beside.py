"""Sources beside each other: lined up by stage and content, joined within the band only, deviations by
name."""

from __future__ import annotations

import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.ledger.ask.compare_sources import BAND, NAMES, deviations, sources_beside
from crosscut.ledger.ask.ledger import known_minerals
from crosscut.ledger.store.tables import rows
from tests.ledgers import BUNDLED


@pytest.mark.parametrize("mineral", known_minerals(BUNDLED))
def test_joined_only_within_the_band(mineral: str) -> None:
    for r in sources_beside(BUNDLED, mineral):
        values = [r[n] for n in NAMES if r[n]]
        if len(values) < 2:
            assert r["verdict"] == "one source only"
            assert r["spread"] is None
        else:
            spread = (max(values) - min(values)) / max(values)
            assert r["spread"] == pytest.approx(spread)
            assert r["verdict"].startswith("joined") == (spread <= BAND)


def test_every_world_total_is_beside_something_or_shown_alone() -> None:
    shown = sum(
        r[n] is not None
        for m in (*known_minerals(BUNDLED), "ferroalloys (all)")
        for r in sources_beside(BUNDLED, m)
        for n in NAMES[1:]
    )
    others = len(rows(BUNDLED, "minerals/world_totals"))
    assert shown == others + 7  # and World Mining Data of tungsten, 2018 to 2024


def test_known_disagreements_are_kept_apart() -> None:
    """Antimony 2024: World Mining Data 141 kt, USGS 119 kt. Rare earths, copper, platinum agree."""
    got = {
        (m, r["form"], r["year"]): r["verdict"]
        for m in ("antimony", "copper", "platinum")
        for r in sources_beside(BUNDLED, m)
    }
    assert got["antimony", "mine", "2024"] == "kept apart: 15.7 % apart"
    assert got["copper", "mine", "2024"].startswith("joined")
    assert got["platinum", "mine", "2023"].startswith("joined")


def test_oxides_are_converted_before_they_are_compared() -> None:
    r = next(
        r
        for r in sources_beside(BUNDLED, "lithium")
        if r["content"] == "contained Li" and r["year"] == "2024"
    )
    assert r["World Mining Data"] == pytest.approx(601_914 * 2 * 6.94 / 29.88, rel=1e-3)


def test_the_named_list_has_year_country_and_reason() -> None:
    listed = [d for m in known_minerals(BUNDLED) for d in deviations(BUNDLED, m)]
    assert len(listed) == 179 + 7
    assert all(d["reason"] and d["country"] and d["year"].isdigit() for d in listed)
    viet_nam = [d for d in deviations(BUNDLED, "tungsten") if d["country"] == "VNM"]
    assert [d["year"] for d in viet_nam] == ["2020", "2021", "2022", "2023", "2024"]
    assert all(d["ratio"] > 1 + BAND for d in viet_nam)


def test_an_unknown_mineral_names_the_nearest() -> None:
    with pytest.raises(UserError, match="Did you mean 'tungsten'"):
        api.sources_beside("tungstn")


def test_refined_copper_of_the_world_holds_the_leached_copper_of_the_congo() -> None:
    """It stood with 7,900 and 8,400 t for the Congo, which made 1.81 and 2.21 million: the sums of BGS and
    USGS were 6 % apart in 2023 and are 2 %."""
    found = {r["year"]: r for r in sources_beside(BUNDLED, "copper") if r["form"] == "refined"}
    assert found["2023"]["BGS"] == pytest.approx(25_378_772 - 8_400 + 2_210_000)
    assert found["2022"]["BGS"] == pytest.approx(24_035_879 - 7_900 + 1_810_000)
    assert found["2023"]["BGS"] / found["2023"]["USGS"] == pytest.approx(1.0, abs=0.03)
    assert not [d for d in deviations(BUNDLED, "copper") if d["country"] == "COD"]
