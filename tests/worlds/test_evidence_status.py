"""Evidence status: what a world prints of its figures is what the ledger says of the facts behind them.

Tests: src/crosscut/worlds/screening/one_form.py, src/crosscut/worlds/figures.py
"""

import csv
from collections import defaultdict

import pytest

from crosscut.base.errors import Refused
from crosscut.studies.world.request import WorldRequest
from crosscut.studies.world.study import world_report
from crosscut.worlds import evidence_of, minerals_with_worlds, world
from crosscut.worlds.evidence import FACT_WEIGHT, CellKind
from crosscut.worlds.screening.rules import screening_rules
from crosscut.worlds.snapshot import balanced_tonnes
from tests.ledgers import BUNDLED, IN_THIS_PROCESS
from tests.paths import ROOT

YEAR = "2024"
NO_COUNTRIES = {"WLD", "TOP3", "EU27"}
ORDER = ("World Mining Data", "USGS", "BGS")


def has_world(mineral):
    try:
        world(BUNDLED, mineral)
    except Refused:
        return False
    return True


WORLDS = [m for m, why in minerals_with_worlds().items() if not why and has_world(m)]
SCREENED = [m for m in WORLDS if m in screening_rules()]


def rows_of(*parts):
    path = ROOT.joinpath("src", "crosscut", "data", "facts", *parts)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def output_by_status(rule):
    """Tonnes by evidence status, read from the table of the package and not by the code that builds
    worlds."""
    titles = {r["source_id"]: r["title"] for r in rows_of("sources.csv")}
    rows = [
        r
        for r in rows_of("minerals", "stage_production.csv")
        if (r["mineral"], r["form"], r["year"], r["unit"]) == (rule.subject, rule.production_form, YEAR, "t")
        and r["value"]
        and r["country_iso3"] not in NO_COUNTRIES
    ]
    sources = {r["source_id"] for r in rows}
    best = min(
        sources,
        key=lambda s: next((k for k, name in enumerate(ORDER) if titles[s].startswith(name)), len(ORDER)),
    )
    out = defaultdict(float)
    for r in rows:
        if r["source_id"] == best:
            out[r["evidence_status"]] += float(r["value"]) * rule.production_content
    return {status: t for status, t in out.items() if t > 0}


@pytest.mark.parametrize("mineral", SCREENED)
def test_output_has_the_evidence_status_of_the_ledger(mineral):
    """Antimony is 94 % estimated and rare earths are 88 %; both were shown as reported."""
    found = defaultdict(float)
    for cell in evidence_of(BUNDLED, mineral).cells:
        if cell.kind is CellKind.MINE:
            found[cell.evidence_status] += cell.prior
    assert dict(found) == pytest.approx(output_by_status(screening_rules()[mineral]))


def recorded_pairs():
    """Tonnes that customs recorded inside a row of the refined matrix, whose total is derived."""
    rows = rows_of("tungsten", "refined_matrix_estimate.csv")
    return {
        (r["origin_iso3"], r["user_iso3"]): float(r["reported_t_w"] or 0.0)
        for r in rows
        if r["basis"] == "shipment"
    }


def is_the_recorded_part(figure, recorded):
    names = figure.cell.removeprefix("refined ").removeprefix("trade powder ").split(" -> ")
    return figure.before <= recorded.get(tuple(names), 0.0) * 1.001


@pytest.mark.parametrize("mineral", WORLDS)
def test_no_figure_claims_more_than_the_facts_it_rests_on(mineral):
    recorded = recorded_pairs() if mineral == "tungsten" else {}
    facts = BUNDLED.store.facts_with_ids({i for f in world(BUNDLED, mineral).figures for i in f.fact_ids})
    for figure in world(BUNDLED, mineral).figures:
        known = [FACT_WEIGHT[facts[i].evidence_status] for i in figure.fact_ids if i in facts]
        if known and not is_the_recorded_part(figure, recorded):
            assert FACT_WEIGHT.get(figure.evidence_status, 0.0) <= min(known), figure


@pytest.mark.parametrize("mineral", WORLDS)
def test_every_figure_is_drawn_with_the_error_of_its_own_status(mineral):
    evidence = evidence_of(BUNDLED, mineral)
    for figure in world(BUNDLED, mineral).figures:
        assert figure.error == evidence.error(figure.evidence_status)


@pytest.mark.parametrize("mineral", WORLDS)
def test_shares_on_the_screen_are_those_of_the_facts(mineral):
    """Shares by status are recomputed from the figures and their facts, apart from the code that prints."""
    document = world_report(WorldRequest(mineral=mineral), IN_THIS_PROCESS)
    tonnes = balanced_tonnes(evidence_of(BUNDLED, mineral))
    whole, by_status = defaultdict(float), defaultdict(float)
    for cell, t in zip(evidence_of(BUNDLED, mineral).cells, tonnes, strict=True):
        key = (str(cell.kind), cell.process or cell.form)
        whole[key] += t
        by_status[(*key, cell.evidence_status)] += t
    printed = {
        (r["kind"], r["form"], r["evidence_status"]): r["share"] for r in document.rows_if_any("coverage")
    }
    assert printed == pytest.approx({k: t / whole[k[:2]] for k, t in by_status.items()})
    graded = [k for k in by_status if k[0] in ("mine", "collection", "trade", "activity")]
    total = sum(by_status[k] for k in graded)
    said = next(s.text for s in document.statements if s.text_key == "grade")
    for status in {k[2] for k in graded}:
        share = sum(by_status[k] for k in graded if k[2] == status) / total
        if share > 0:
            assert f"{share:.0%} {status}" in said


@pytest.mark.parametrize("mineral", SCREENED)
def test_a_repaired_quantity_is_not_called_reported(mineral):
    """A quantity worked out from value over an expected unit value is no customs figure."""
    evidence = evidence_of(BUNDLED, mineral)
    repaired = sum(1 for m in evidence.repairs if m.after > 0)
    derived = [c for c in evidence.cells if c.kind is CellKind.TRADE and c.evidence_status == "derived"]
    assert bool(derived) >= bool(repaired)


def test_rare_earths_say_what_stands_in_for_what():
    said = " ".join(
        s.text for s in world_report(WorldRequest(mineral="rare earths"), IN_THIS_PROCESS).statements
    )
    assert "65% Ce 35% La" in said
    assert "stands in for" in said
    assert "recalled" in said
    assert "mine output" in said
