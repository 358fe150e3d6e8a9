"""The bundled cases: every figure says where it comes from, and equals the fact it cites; every reading can
be valued."""

import numpy as np
import pytest

from crosscut.finance.answers.valuation import valuation
from crosscut.finance.cash.statements import unaccounted
from crosscut.inputs.catalogue import PROJECT, bundled_names
from crosscut.inputs.project.fact_citation import cited
from crosscut.inputs.project.fields import FigureEntry, SeriesEntry
from crosscut.inputs.project.loader import project_source
from crosscut.inputs.project.meaning import _parts
from crosscut.studies.project.build import project_of
from tests.ledgers import BUNDLED, IN_THIS_PROCESS

CASES = tuple(name for name in bundled_names(PROJECT) if name != "example-mine")
TEN = {
    "barruecopardo",
    "boguty",
    "dolphin",
    "hemerdon",
    "ima",
    "mt-carbine",
    "north-katpar",
    "sangdong",
    "sisson",
    "upper-kairakty",
}
FACTORS = {
    "% WO3": 0.01,
    "%": 0.01,
    "Mt ore": 1e6,
    "Mt": 1e6,
    "million USD": 1e6,
    "t ore/y": 1.0,
    "USD/mtu WO3 (APT basis)": 1.0,
}


def figures(name):
    for path, part in _parts(project_source(BUNDLED, name).file):
        if isinstance(part, (FigureEntry, SeriesEntry)):
            yield ".".join(map(str, path)), part


def test_the_ten_are_there():
    assert set(CASES) >= TEN


@pytest.mark.parametrize("name", sorted(TEN))
def test_every_figure_is_a_fact_or_assumed_with_a_range_and_a_reason(name):
    bare = [
        where
        for where, f in figures(name)
        if not (
            f.fact
            or (f.source and f.evidence_status != "assumed")
            or (f.low is not None and f.high is not None and (f.note or f.source))
        )
    ]
    assert bare == []


@pytest.mark.parametrize("name", sorted(TEN))
def test_a_figure_that_claims_a_fact_s_evidence_status_is_the_fact(name):
    """Where an evidence status is stated (assumed, derived), the fact is only what it rests on."""
    wrong = []
    for where, f in figures(name):
        if f.fact is None or f.model_fields_set & {"evidence_status"} or f.mid is None:
            continue
        fact = cited(BUNDLED, f.fact)
        factor = FACTORS.get(fact.unit)
        try:
            stated = float(fact.value) * factor if factor else None
        except ValueError:
            continue
        if stated is not None and f.mid != pytest.approx(stated, rel=1e-9):
            wrong.append((where, f.mid, f.fact, stated))
    assert wrong == []


def test_the_mining_plan_is_the_one_on_record():
    file = project_source(BUNDLED, "north-katpar").file
    plan = file.mine.by_year
    assert sum(plan.values()) == pytest.approx(49.8e6)
    facts = {2030: "P068", 2031: "P069", 2032: "P070", 2040: "P071", 2048: "P072"}
    for year, row in facts.items():
        assert plan[year] == pytest.approx(float(cited(BUNDLED, row).value) * 1e6)


@pytest.mark.parametrize("name", sorted(TEN))
def test_every_reading_is_valued_and_adds_up(name):
    source = project_source(BUNDLED, name)
    for reading in (source, *(source.alternative(a.id) for a in source.file.alternatives)):
        v = valuation(project_of(reading))
        worth = v.real_worth(v.after_tax)
        assert np.isfinite(worth).all()
        size = max(float(np.abs(v.after_tax).max()), 1.0)
        assert float(np.abs(unaccounted(v.lines, v.cash)).max()) < 1e-9 * size * len(v.project.years)
        assert float(np.abs(v.statements.gap).max()) < 1e-9 * size * len(v.project.years)
        assert v.operations.schedule.sold.sum() > 0


def test_conflicts_of_the_record_are_readings():
    katpar = {a.id for a in project_source(BUNDLED, "north-katpar").file.alternatives}
    kairakty = {a.id for a in project_source(BUNDLED, "upper-kairakty").file.alternatives}
    assert {
        "capital-and-operating",
        "five-thousand-t-metal",
        "mill-of-2023",
        "extraction-tax-on-product",
    } <= katpar
    assert {"twelve-thousand-t", "twelve-thousand-t-scaled", "capital-and-operating"} <= kairakty


def test_no_single_number_where_no_study_stands():
    assert {name for name in TEN if not project_source(BUNDLED, name).file.study} == {
        "boguty",
        "ima",
        "north-katpar",
        "upper-kairakty",
    }
    from crosscut.studies.project.run import project_result

    result = project_result(IN_THIS_PROCESS, project_source(BUNDLED, "ima"), draws=100)
    assert all(r["middle"] is None for r in result["tables"]["project_measures"]["rows"])
    assert result["statements"][0]["text_key"] == "range"


def test_a_mine_whose_capital_is_sunk_has_no_rate_of_return():
    """Its first year brings money in; the rate that zeroes such a flow is that of a loan, -55 % for
    Boguty."""
    v = valuation(project_of(project_source(BUNDLED, "boguty")))
    assert v.after_tax[0, 0] > 0
    assert np.isnan(v.rate_of_return(v.after_tax)).all()
    opened = valuation(project_of(project_source(BUNDLED, "north-katpar")))
    assert 0.05 < float(opened.rate_of_return(opened.after_tax)[0]) < 0.3
