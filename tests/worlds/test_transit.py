"""Transit: ore booked to a port or a trading house leaves the account of the country it passes.

Tests: src/crosscut/worlds/screening/transit.py
"""

import pytest

from crosscut.ledger.reference.industry import breadth, processors, producers
from crosscut.worlds import evidence_of, world
from crosscut.worlds.screening.transit import LISTED, NARROW, Industry, no_use, passages
from tests.ledgers import BUNDLED

PLANTS = {f"P{k}": 0.05 for k in range(LISTED)} | {"MINE": 0.2}


def industry(**more):
    return Industry(
        more.get("plants", PLANTS), {"PORT": 0.001, "OWN": 0.05}, {"PORT", "OWN", "MINE", *PLANTS}
    )


def test_a_port_with_a_narrow_trade_is_passed_through():
    made = {"MINE": 100.0}
    shipped = {("MINE", "PORT"): 40.0, ("PORT", "P1"): 10.0, ("MINE", "P1"): 20.0, ("MINE", "OWN"): 10.0}
    found = {p.through: p for p in passages(made, shipped, industry())}
    assert set(found) == {"PORT"}  # OWN buys 2 times more of it than of other minerals: below NARROW
    p = found["PORT"]
    assert p.stays == pytest.approx(10.0)  # what it re-exports on record
    # MINE has 100, sells 30 to others and needs 20 % of the world's ore: 50 are left, all 30 can go on.
    assert p.sent_on == pytest.approx(30.0)


def test_what_the_origin_cannot_have_shipped_was_counted_twice():
    shipped = {("MINE", "PORT"): 40.0, ("MINE", "P1"): 75.0}
    (p,) = passages({"MINE": 100.0}, shipped, industry())
    assert p.sent_on == pytest.approx(5.0)  # 100 - 75 - 20
    assert p.stays == pytest.approx(0.0)


def test_nothing_is_found_without_a_list_of_plants():
    shipped = {("MINE", "PORT"): 40.0}
    few = dict(list(PLANTS.items())[: LISTED - 1])
    assert passages({"MINE": 100.0}, shipped, industry(plants=few)) == []


@pytest.mark.parametrize("who", ["MINE", "P1"])
def test_a_country_that_mines_or_processes_keeps_what_it_buys(who):
    assert who not in no_use({"MINE": 100.0}, {who: 50.0}, industry())


def test_a_verdict_makes_a_flow_pass():
    shipped = {("MINE", "OWN"): 10.0}
    (p,) = passages({"MINE": 100.0}, shipped, industry(), {("MINE", "OWN"): "judged"})
    assert (p.stays, p.sent_on, p.reason) == (0.0, 10.0, "judged")


def test_countries_with_plants_do_not_look_like_ports():
    """The limit: of the countries that process an ore they do not mine, 99 in 100 buy at most 8.8 times as
    much of it as of other minerals."""
    above = []
    for mineral in (
        "aluminium",
        "antimony",
        "chromium",
        "copper",
        "lead",
        "manganese",
        "nickel",
        "tin",
        "zinc",
    ):
        subject = "aluminium" if mineral == "aluminium" else mineral
        evidence = evidence_of(BUNDLED, mineral)
        codes = tuple(c.code for c in evidence.chain.forms[0].codes)
        wide, plants = breadth(BUNDLED, codes, 2024), processors(BUNDLED, subject, "mine")
        made = sum(c.prior for c in evidence.cells if c.kind == "mine")
        mines = {c.place for c in evidence.cells if c.kind == "mine"}
        for place in set(plants) - mines:
            bought = sum(c.prior for c in evidence.cells if c.kind == "trade" and c.other == place)
            sold = sum(c.prior for c in evidence.cells if c.kind == "trade" and c.place == place)
            if (bought - sold) / made > 0.005:
                above.append((bought - sold) / made / wide[place] > NARROW)
    assert len(above) > 20
    assert sum(above) <= 2


@pytest.mark.parametrize(
    ("mineral", "ports"), [("chromium", ["MOZ", "HKG", "SGP"]), ("manganese", ["SGP", "LVA"])]
)
def test_ports_use_no_ore(mineral, ports):
    """Mozambique was shown to use 17 % of the world's chromite: South African ore that leaves through
    Maputo."""
    built = world(BUNDLED, mineral)
    use = dict(zip(built.countries, built.use()[0], strict=True))
    for port in ports:
        assert use.get(port, 0.0) < 0.005 * built.use().sum()
        assert port not in processors(BUNDLED, mineral, "mine")
    moved = [m for m in built.moves if "transit through" in m.reason]
    assert {m.cell.split("-> ")[1].split()[0] for m in moved} >= set(ports)


def test_a_trading_house_has_no_mine_or_plant():
    assert not {"SGP", "HKG", "LVA"} & producers(BUNDLED)
    assert {"MOZ", "CHN", "ZAF"} <= producers(BUNDLED)
