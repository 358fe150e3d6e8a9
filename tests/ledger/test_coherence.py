"""Rules of coherence: each by hand on a case that breaks it and one that does not; then the article, then
the tables."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosscut.base.errors import Refused
from crosscut.ledger.consistency import PartOf, StatedFigure, found_in
from crosscut.ledger.consistency.alarms import alarms, resolutions, stale_resolutions
from crosscut.ledger.consistency.findings import RULES, Finding, fewest_wrong
from crosscut.ledger.consistency.readings import read_claims, reading_rows
from crosscut.ledger.consistency.statement import rounding
from crosscut.ledger.consistency.verdicts import checked_claims, contradictions
from crosscut.ledger.store.tables import rows
from tests.ledgers import BUNDLED

PARTS = PartOf.of([("mine", "KAZ"), ("pit", "KAZ"), ("KAZ", "WLD"), ("OTH", "WLD"), ("CHN", "WLD")])
_NEXT = iter(range(10**6))


def said(subject, attribute, value, kind="amount", unit="t W", **more):
    low, high = more.pop("low", value), more.pop("high", value)
    if isinstance(value, str):
        low = high = float("nan")
    return StatedFigure(
        f"F{next(_NEXT)}", "d", subject, attribute, kind, value, unit, low=low, high=high, **more
    )


def rules_of(*statements):
    return {f.rule for f in found_in(statements, PARTS)}


BREAKS = [
    ("part exceeds whole", [said("mine", "reserves", 12.0), said("KAZ", "reserves", 2.0)]),
    ("part exceeds whole", [said("mine", "reserves", 12.0), said("WLD", "reserves", 2.0)]),  # over two steps
    (
        "part exceeds whole",
        [said("mine", "reserves", 3.0, unit="t (W or WO3)", low=3.0, high=3.0), said("KAZ", "reserves", 2.0)],
    ),
    (
        "part exceeds whole",
        [  # the whole deduced from another part and its share
            said("mine", "use", 6.0),
            said("mine", "use", 50.0, "share", "%", whole="KAZ"),
            said("pit", "use", 13.0),
        ],
    ),
    (
        "parts exceed whole together",
        [said("mine", "reserves", 1.5), said("pit", "reserves", 1.0), said("KAZ", "reserves", 2.0)],
    ),
    (
        "total misses its parts",
        [
            said("CHN", "mine production", 60.0, period="2024"),
            said("OTH", "mine production", 5.0, period="2024"),
            said("WLD", "mine production", 80.0, period="2024"),
        ],
    ),
    ("two values for one quantity", [said("KAZ", "licences", 5.0), said("KAZ", "licences", 6.0)]),
    (
        "wrong by a factor of ten",
        [said("mine", "reserves", 8e6, period="2020"), said("mine", "reserves", 2.8e8, period="2025")],
    ),
    (
        "out of line with its history",
        [
            said("KAZ", "history of x", v, period=p, pie=p)
            for v, p in ((100.0, "1"), (110.0, "2"), (90.0, "3"), (1000.0, "4"))
        ],
    ),
    ("WO3 and W mixed", [said("mine", "x", 1261.0), said("mine", "x", 1000.0)]),
    (
        "grade times ore is not content",
        [
            said("mine", "ore", 1e6, unit="t ore"),
            said("mine", "grade", 0.5, "grade", "%"),
            said("mine", "contained", 6000.0, unit="t WO3"),
        ],
    ),
    (
        "mined longer than there is ore",
        [
            said("mine", "ore a year", 3.0, unit="t ore"),
            said("mine", "life", 40.0, "number", "years"),
            said("mine", "ore", 100.0, unit="t ore"),
        ],
    ),
    (
        "supply and use apart",
        [said("WLD", "use", 10.0, period="2025"), said("WLD", "mine production", 25.0, period="2024")],
    ),
    (
        "shares do not sum",
        [said("a", "s", 60.0, "share", "%", pie="p"), said("b", "s", 50.0, "share", "%", pie="p")],
    ),
    (
        "shares do not sum",
        [
            said("a", "s", 60.0, "share", "%", pie="p", complete=True),
            said("b", "s", 20.0, "share", "%", pie="p"),
        ],
    ),
    (
        "share does not match its parts",
        [said("CHN", "x", 60.0, "share", "%", whole="WLD"), said("CHN", "x", 30.0), said("WLD", "x", 100.0)],
    ),
    (
        "change does not match its periods",
        [
            said("CHN", "x", 50.0, "change", "%", period="2025"),
            said("CHN", "x", 110.0, period="2025"),
            said("CHN", "x", 100.0, period="2024"),
        ],
    ),
    ("out of range", [said("CHN", "x", 101.0, "share", "%")]),
    ("out of range", [said("CHN", "x", -1.0)]),
    ("out of range", [said("mine", "latitude", 91.0, "number")]),
    ("bounds in wrong order", [said("CHN", "x", 5.0, low=6.0, high=4.0)]),
    ("bounds in wrong order", [said("CHN", "x", 5.0, low=6.0, high=7.0)]),
    (
        "dates out of order",
        [said("mine", "production start", "2024-05", "date"), said("mine", "signed", "2025", "date")],
    ),
    ("rank does not match", [said("KAZ", "x", 2.0, "rank", ahead=("CHN", "BRA"))]),
    ("rank does not match", [said("KAZ", "x", 1.0, "rank"), said("KAZ", "x", 5.0), said("CHN", "x", 9.0)]),
    (
        "states exclude each other",
        [said("mine", "state", "never mined", "state"), said("mine", "state", "closed", "state")],
    ),
    (
        "states exclude each other",
        [said("mine", "state", "never mined", "state"), said("KAZ", "state", "mined before", "state")],
    ),
    (
        "two names for one thing",
        [said("mine", "buyer", "Almonty", "name"), said("mine", "buyer", "American Tungsten", "name")],
    ),
]

HOLDS = [
    [said("mine", "reserves", 1.9), said("KAZ", "reserves", 2.0)],
    [said("mine", "reserves", 3.0), said("KAZ", "resources", 2.0)],  # another quantity
    [said("mine", "output", 3.0, period="2023"), said("KAZ", "output", 2.0, period="2024")],  # another year
    [said("mine", "reserves", 2.4, unit="t (W or WO3)"), said("KAZ", "reserves", 2.0)],  # may be WO3: 1.9 t W
    [said("mine", "reserves", 12.0, unit="t"), said("KAZ", "reserves", 2.0, unit="t W")],  # gross and content
    [said("mine", "reserves", 2.1, low=1.9, high=2.3), said("KAZ", "reserves", 2.0)],  # within its rounding
    [said("CHN", "x", 60.0, period="2024"), said("WLD", "x", 80.0, period="2024")],  # an incomplete list
    [said("KAZ", "licences", 5.0, period="2023"), said("KAZ", "licences", 6.0, period="2024")],
    [said("KAZ", "x", 100.0), said("KAZ", "x", 100.4, low=99.9, high=100.9)],
    [
        said("mine", "ore", 1e6, unit="t ore"),
        said("mine", "grade", 0.5, "grade", "%"),
        said("mine", "contained", 5000.0, unit="t WO3"),
    ],
    [
        said("a", "s", 60.0, "share", "%", pie="p"),
        said("b", "s", 20.0, "share", "%", pie="p"),
    ],  # names not everything
    [
        said("a", "s", 33.3, "share", "%", pie="p", low=33.25, high=33.35, complete=True),
        said("b", "s", 66.6, "share", "%", pie="p", low=66.55, high=66.65),
    ],
    [
        said("CHN", "x", 67.0, "share", "%", whole="WLD", low=66.5, high=67.5),
        said("CHN", "x", 2.0),
        said("WLD", "x", 3.0),
    ],
    [said("CHN", "x", 150.0, "change", "%")],
    [said("mine", "signed", "2025", "date"), said("mine", "production start", "2025-04", "date")],
    [said("KAZ", "x", 3.0, "rank", ahead=("CHN", "BRA"))],
    [said("KAZ", "x", 2.0, "rank"), said("KAZ", "x", 5.0), said("CHN", "x", 9.0), said("mine", "x", 4.0)],
    [said("mine", "state", "closed", "state"), said("mine", "state", "dormant after mining", "state")],
    [
        said("mine", "name", "Verkhnee Kairakty", "name"),
        said("mine", "name", "Верхнее Кайракты", "name"),
    ],  # spellings
    [
        said("KAZ", "history of x", v, period=p, pie=p)
        for v, p in ((100.0, "1"), (800.0, "2"), (90.0, "3"), (1000.0, "4"))
    ],
]


@pytest.mark.parametrize(("rule", "statements"), BREAKS, ids=lambda x: x if isinstance(x, str) else "")
def test_a_contradiction_is_found_by_its_rule(rule, statements):
    assert rule in rules_of(*statements)


@pytest.mark.parametrize("statements", HOLDS)
def test_what_can_be_true_raises_no_alarm(statements):
    assert rules_of(*statements) == set()


def test_every_rule_has_a_case():
    assert {rule for rule, _ in BREAKS} == set(RULES)


def test_documents_are_never_held_against_each_other():
    a, b = said("mine", "reserves", 12.0), replace(said("KAZ", "reserves", 2.0), document="another")
    assert found_in([a, b], PARTS) == []


def test_a_finding_names_every_fact_behind_a_deduction():
    statements = BREAKS[3][1]
    (f,) = [f for f in found_in(statements, PARTS) if f.rule == "part exceeds whole"]
    assert set(f.ids) == {s.id for s in statements}


@given(st.permutations(range(6)))
def test_the_order_of_statements_does_not_matter(order):
    statements = [*BREAKS[0][1], *BREAKS[3][1], BREAKS[16][1][0]]
    found = {(f.rule, f.ids) for f in found_in([statements[k] for k in order], PARTS)}
    assert found == {(f.rule, f.ids) for f in found_in(statements, PARTS)}


@given(st.lists(st.floats(0.1, 100), min_size=2, max_size=6), st.floats(0.01, 1e6))
def test_true_shares_and_parts_never_ring(values, scale):
    total = sum(values)
    statements = [said("WLD", "x", total * scale)]
    for k, v in enumerate(values):
        subject = f"s{k}" if k else "OTH"
        statements += [
            said(subject, "x", v * scale),
            said(subject, "x", 100 * v / total, "share", "%", whole="WLD", pie="p", complete=True),
        ]
    parts = PartOf.of([(s.subject, "WLD") for s in statements if s.subject != "WLD"])
    assert found_in(statements, parts) == []


@given(st.lists(st.sets(st.sampled_from("abcdef"), min_size=1, max_size=3), max_size=6))
def test_fewest_wrong_is_smallest(sets):
    wrong = set(fewest_wrong([Finding("r", tuple(sorted(s)), "", "d") for s in sets]))
    assert all(wrong & s for s in sets)
    for size in range(len(wrong)):
        assert not any(all(set(c) & s for s in sets) for c in combinations("abcdef", size))


def test_rounding_of_printed_numbers():
    assert (
        rounding("82000"),
        rounding("0.211"),
        rounding("100", "share"),
        rounding("0"),
        rounding("word"),
    ) == (
        500,
        0.0005,
        0.5,
        0.5,
        0,
    )


# --- the article


def test_all_claims_have_a_verdict_and_evidence():
    claims = checked_claims(BUNDLED, "tungsten")
    assert [c["id"] for c in claims] == [f"C{k:03}" for k in range(1, 113)]
    assert {c["verdict"] for c in claims} == {"confirmed", "contradicted", "garbled", "unverifiable"}
    assert all(c["evidence"] and c["readings"] for c in claims)
    assert all(c["checked"] for c in claims if c["verdict"] in ("confirmed", "contradicted"))
    with pytest.raises(Refused, match="cobalt"):
        checked_claims(BUNDLED, "cobalt")


def test_the_ledger_stands_beside_what_it_knows():
    by_id = {c["id"]: c for c in checked_claims(BUNDLED, "tungsten")}
    assert by_id["C008"]["ledger"][0]["value"] == 82000
    assert by_id["C069"]["ledger"][0]["value"] in (0.211, 0.206)
    assert by_id["C065"]["ledger"][0]["value"] in (142000, 113500)
    assert not by_id["C036"]["ledger"]


def test_the_article_contradicts_itself_at_least_twelve_times():
    found, wrong = contradictions(BUNDLED)
    pairs = {f.ids for f in found}
    assert len(found) >= 12
    assert len(wrong) >= 9
    for ids in (
        ("C049", "C057"),
        ("C014", "C015", "C016"),
        ("C061", "C074"),
        ("C103", "C111"),
        ("C080",),
        ("C003", "C004", "C006"),
    ):
        assert ids in pairs
    assert len({f.rule for f in found}) >= 7


def test_rules_know_no_claim():
    import crosscut.ledger.consistency as package

    folder = __import__("pathlib").Path(package.__file__).parent
    for path in folder.glob("rules*.py"):
        text = path.read_text()
        assert not re.search(r"\bC\d{3}\b|KZ0\d|Kairakty|Boguty", text), path.name


def _numbers(text):
    """Every number a printed claim may mean, with 万, 億, million and billion written out."""
    out = set()
    plain = text.replace(",", "")
    for oku, man in re.findall(r"(?:(\d+)億)?(\d+)万", plain):
        out.add(int(oku or 0) * 1e8 + int(man) * 1e4)
    for n, word in re.findall(r"(\d+(?:\.\d+)?)\s*(hundred million|million|bn|Mt)?", plain):
        out.add(float(n) * {"": 1, "million": 1e6, "Mt": 1e6, "bn": 1e9, "hundred million": 1e8}[word])
    return out | {sum(pair) / 2 for pair in combinations(sorted(out), 2)}


def test_every_number_read_is_printed_in_its_claim():
    claims = {r["claim_id"]: r for r in rows(BUNDLED, "tungsten/article_claims")}
    scale = {"million USD": 1e6, "million USD total": 1e6}
    for r in reading_rows():
        claim = claims[r["claim_id"]]
        if r["kind"] in ("amount", "share", "number", "change", "grade"):
            printed = _numbers(claim["value"])
            printed |= {-n for n in printed} | {n * scale.get(claim["unit"], 1) for n in printed}
            printed |= (
                {lo * 1e9 + (hi - lo) * 5e8 for lo, hi in [(4, 5)]} if claim["claim_id"] == "C002" else set()
            )
            assert any(abs(float(r["value"]) - n) <= 1e-9 * abs(n) + 1e-12 for n in printed), (
                r["claim_id"],
                r["value"],
                printed,
            )


def test_readings_are_claimed_and_cover_every_claim():
    assert {r["evidence_status"] for r in reading_rows()} == {"claimed"}
    assert {s.id for s in read_claims()} == {r["claim_id"] for r in rows(BUNDLED, "tungsten/article_claims")}


# --- the tables


def test_every_alarm_on_the_tables_is_resolved():
    still_open = [
        f"{a.id} {a.finding.rule}: {a.finding.text} {a.finding.ids}" for a in alarms(BUNDLED) if not a.verdict
    ]
    assert not still_open, (
        "look at them, then correct the table or add a line to bundled/coherence/resolutions.csv"
    )


def test_no_resolution_outlives_its_alarm():
    assert stale_resolutions(BUNDLED) == []
    assert all(reason for _, reason in resolutions().values())


def test_no_rules_find_nothing():
    one = StatedFigure("a", "d", "mine", "output", "amount", 1.0, "t", "2024", 1.0, 1.0)
    other = StatedFigure("b", "d", "mine", "output", "amount", 2.0, "t", "2024", 2.0, 2.0)
    assert found_in([one, other], PartOf()) != []
    assert found_in([one, other], PartOf(), {}) == []
