"""Ownership: integrated shares and control on graphs with rings; the published shares of control; nothing
guessed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.base.errors import Refused, UserError
from crosscut.ledger.ownership import RULES, controlled_output, controlling_country
from crosscut.ledger.ownership.control import BLOCK, COUNTRY_MAJORITY, MAJORITY, NOT_IDENTIFIED, WIDELY_HELD
from crosscut.ledger.ownership.graph import controlled_by, ultimate_shares
from crosscut.ledger.ownership.holders import holder
from crosscut.ledger.ownership.stakes import all_stakes
from crosscut.ledger.store.ledger import Ledger
from crosscut.ledger.store.tables import rows
from tests.ledger.test_overlay import correction, workspace
from tests.ledgers import BUNDLED

# published basis of the table of control shares -> our rule
BASES = {
    "location": "location",
    "named holder and tonnage only": "owner-named",
    "strict: holder retrieved": "owner-strict",
    "with recalled or assumed domestic holders": "owner-domestic",
    "captive or contract with known tonnage only": "offtake-contract",
    "first buyer of concentrate": "offtake-first-buyer",
}


def published():
    for r in rows(BUNDLED, "tungsten/control_shares"):
        if r["measure"] in ("location", "owner", "offtaker") and r["year"] == "2024":
            yield pytest.param(r, id=f"{r['basis'][:20]} {r['country_iso3']}")


@pytest.mark.parametrize("row", list(published()))
def test_every_published_share_of_2024_follows_from_the_stakes(row):
    ours = controlled_output(BUNDLED, "tungsten", 2024, BASES[row["basis"]])
    assert ours.tonnes[row["country_iso3"]] == pytest.approx(float(row["tonnes_w"]), abs=1.5)
    assert 100 * ours.share(row["country_iso3"]) == pytest.approx(float(row["share_percent"]), abs=0.006)


def test_the_offtake_bounds_are_the_published_ones():
    ours = controlled_output(BUNDLED, "tungsten", 2024, "offtake-first-buyer")
    assert round(100 * ours.low["CHN"] / ours.world, 2) == 87.88
    assert round(100 * ours.high["CHN"] / ours.world, 2) == 90.04


def test_boguty_counts_whole_by_control_and_in_part_by_equity():
    (row,) = [
        r for r in rows(BUNDLED, "tungsten/control_shares") if r["basis"] == "control basis plus Boguty"
    ]
    assert controlled_output(BUNDLED, "tungsten", 2025, "owner-strict").tonnes["CHN"] == float(
        row["tonnes_w"]
    )
    assert round(controlled_output(BUNDLED, "tungsten", 2025, "equity").tonnes["CHN"]) == float(
        row["low_tonnes_w"]
    )


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("year", [2024, 2025])
def test_countries_and_unknown_sum_to_the_world_with_the_unknown_first(rule, year):
    out = controlled_output(BUNDLED, "tungsten", year, rule)
    assert next(iter(out.tonnes)) == "UNK"
    assert math.fsum(out.tonnes.values()) == pytest.approx(out.world, rel=1e-12)
    assert all(out.low[c] <= t + 1e-9 and t <= out.high[c] + 1e-9 for c, t in out.tonnes.items())
    assert all(t >= 0 for t in out.tonnes.values())


def test_stricter_rules_leave_more_unknown():
    unknown = [
        controlled_output(BUNDLED, "tungsten", 2024, r).unknown
        for r in ("owner-named", "owner-strict", "owner-domestic")
    ]
    assert unknown == sorted(unknown, reverse=True)
    assert [round(100 * u / 82000, 1) for u in unknown] == [61.2, 9.6, 2.5]


def test_what_rests_on_capacity_is_in_the_bound_and_the_note():
    out = controlled_output(BUNDLED, "tungsten", 2024, "owner-named")
    assert out.tonnes["CHN"] - out.low["CHN"] == pytest.approx(12000 * 0.65 * 0.793)
    assert any("capacity" in n for n in out.notes)


@pytest.mark.parametrize("mineral", ["niobium", "rare earths", "tungsten"])
def test_bounds_hold_the_share_where_countries_add_to_more_than_a_rounded_world(mineral):
    """The world total of niobium is printed to three digits and is 0.3 % below the sum of its countries:
    what is of unknown holders is nothing, not less."""
    c = controlled_output(BUNDLED, mineral, 2024, "location")
    for k, tonnes in c.tonnes.items():
        assert c.low[k] <= tonnes <= c.high[k], k


def test_other_minerals_by_location_only():
    out = controlled_output(BUNDLED, "cobalt", 2024, "location")
    assert out.share("COD") > 0.5
    with pytest.raises(Refused, match="location"):
        controlled_output(BUNDLED, "cobalt", 2024, "owner-strict")
    with pytest.raises(UserError, match="tungsten"):
        controlled_output(BUNDLED, "tungstn", 2024, "location")
    with pytest.raises(UserError, match="owner-strict"):
        controlled_output(BUNDLED, "tungsten", 2024, "owner strict")
    with pytest.raises(Refused, match="2024"):
        controlled_output(BUNDLED, "tungsten", 1950, "location")


@pytest.mark.parametrize(
    ("facility", "year", "country", "rule"),
    [
        ("VN01", 2025, "VNM", MAJORITY),
        ("RW02", 2024, "IRL", WIDELY_HELD),  # Trinity, then TechMet, whose largest holder has at most 40 %
        ("KZ01", 2024, "CHN", COUNTRY_MAJORITY),
        ("KZ01", 2025, "CHN", BLOCK),
        ("KZ02", 2025, "USA", MAJORITY),
        ("ES01", 2024, "AUS", WIDELY_HELD),
        ("RU02", 2024, None, NOT_IDENTIFIED),
        ("BO01", 2024, None, NOT_IDENTIFIED),
    ],
)
def test_who_controls_a_mine(facility, year, country, rule):
    found = controlling_country(BUNDLED, facility, year)
    assert (found.country, found.rule) == (country, rule)
    assert sum(s.value for s in found.shares.values()) == pytest.approx(1.0)
    assert found.share_known == pytest.approx(1.0 - found.shares["UNK"].value)


def test_an_option_is_not_a_holding():
    assert controlling_country(BUNDLED, "US01", 2025).country is None


def test_unknown_names_are_refused_with_the_nearest():
    with pytest.raises(UserError, match="AT01"):
        controlling_country(BUNDLED, "KZ99")
    with pytest.raises(UserError, match="Sandvik"):
        holder("Sandvick")


def test_every_holder_in_the_tables_is_known_and_has_its_country():
    by_row = {r["fact_id"]: r for r in rows(BUNDLED, "tungsten/stakes")}
    assert len(all_stakes(BUNDLED)) > 80
    for s in all_stakes(BUNDLED):
        if s.fact_id in by_row and s.holder.id.startswith("unidentified") is False:
            assert s.holder.country == by_row[s.fact_id]["holder_country_iso3"], by_row[s.fact_id]["stake_id"]
        assert 0 <= s.low <= s.point <= s.high <= 1, s


# --- the graph, against closed forms and brute force


def test_a_ring_by_hand():
    # b and c hold each other: x_a = 0.8 / (1 - 0.2 * 0.5), from x_b = 0.8 a + 0.2 c, x_c = 0.5 b + 0.5 d
    ring = {("a", "b"): 0.8, ("c", "b"): 0.2, ("b", "c"): 0.5, ("d", "c"): 0.5}
    got = ultimate_shares(ring, "b")
    assert got["a"] == pytest.approx(0.8 / 0.9)
    assert got["d"] == pytest.approx(0.1 / 0.9)


def test_rings_without_an_owner_and_shares_above_one_are_refused():
    with pytest.raises(UserError, match="hold each other"):
        ultimate_shares({("a", "b"): 1.0, ("b", "a"): 1.0}, "a")
    with pytest.raises(UserError, match=r"1\.200"):
        ultimate_shares({("a", "m"): 0.7, ("b", "m"): 0.5}, "m")


@st.composite
def webs(draw):
    """Companies c0.. held by each other and by persons p0..; each company's shares sum to at most 1."""
    companies = [f"c{k}" for k in range(draw(st.integers(1, 6)))]
    persons = [f"p{k}" for k in range(draw(st.integers(1, 4)))]
    edges = {}
    for c in companies:
        owners = draw(
            st.lists(st.sampled_from([*persons, *(x for x in companies if x != c)]), max_size=4, unique=True)
        )
        weights = [draw(st.integers(1, 10)) for _ in owners]
        disclosed = draw(st.sampled_from([0.5, 0.9, 1.0])) if any(o in persons for o in owners) else 0.9
        for o, w in zip(owners, weights, strict=True):
            edges[o, c] = disclosed * w / sum(weights)
    return edges, companies[0]


@given(webs())
def test_ultimate_shares_are_what_a_walk_up_the_web_collects(web):
    edges, target = web
    at, got = {target: 1.0}, {}
    for _ in range(600):  # pass every holding up one step at a time
        above = {}
        for name, share in at.items():
            owners = {o: s for (o, d), s in edges.items() if d == name}
            if not owners:
                got[name] = got.get(name, 0.0) + share
            for o, s in owners.items():
                above[o] = above.get(o, 0.0) + share * s
        at = {n: s for n, s in above.items() if s > 1e-14}
    ours = ultimate_shares(edges, target)
    assert set(ours) == {n for n, s in got.items() if s > 0}
    for name, share in ours.items():
        assert share == pytest.approx(got[name], abs=1e-6)
    assert math.fsum(ours.values()) <= 1 + 1e-9


@given(webs())
def test_two_holders_never_control_one_company(web):
    edges, _ = web
    holders = {o for o, _ in edges}
    for company in {d for _, d in edges}:
        over = [h for h in holders if company in controlled_by(edges, h) and h != company]
        for a in over:
            for b in over:
                assert a == b or a in controlled_by(edges, b) or b in controlled_by(edges, a)


def test_a_workspace_changes_who_controls_and_leaves_nothing_behind(tmp_path):
    before = controlled_output(BUNDLED, "tungsten", 2024, "owner-strict").tonnes["VNM"]
    mine = Ledger.opened(workspace(tmp_path / "w", correction("VNM", "2900")))
    assert controlled_output(mine, "tungsten", 2024, "location").tonnes["VNM"] == 2900
    assert controlled_output(mine, "tungsten", 2024, "owner-strict").tonnes["VNM"] == 2900
    assert controlled_output(BUNDLED, "tungsten", 2024, "owner-strict").tonnes["VNM"] == before == 3400
