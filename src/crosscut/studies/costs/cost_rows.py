"""Cost rows: the cost curve as tables, and what a reader must know before reading it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crosscut.base.number_text import fixed, percent
from crosscut.inputs.project.loader import ProjectSource
from crosscut.ledger.mineral_names import spoken_mineral
from crosscut.ledger.store.ledger import Ledger
from crosscut.results.rows import Row
from crosscut.studies.costs.cost_curve import (
    Block,
    CaseCost,
    bundled_case_costs,
    case_cost,
    covered,
    curve,
    places,
)
from crosscut.studies.costs.mine_costs import CURVE_YEAR, StatedCost, stated_costs, world_output

MINERAL = "tungsten"
UNIT = f"USD of {CURVE_YEAR} per mtu WO3 in concentrate"
OWN = "mining, milling and overhead less by-products"
FROM_SOURCE, FROM_FILE = "stated by a source", "project file"
OWN_STATED = "project file, median over draws"
THIS, CURVE, OTHER, CLAIM, UNKNOWN = "this project", "curve", "another figure", "claim", "unknown"


def cost_tables(
    ledger: Ledger, source: ProjectSource | None, seed: int
) -> tuple[dict[str, list[Row]], list[tuple[str, str]]]:
    """(tables `project_costs` and `project_cost_place`, statements) of a project, or of the bundled ones
    alone; empty for another mineral than tungsten, of which no costs are known."""
    if source is not None and spoken_mineral(source.file.mineral) != MINERAL:
        return {"project_costs": [], "project_cost_place": []}, []
    cases = bundled_case_costs(ledger, seed)
    this = None
    if source is not None:
        this = case_cost(source, seed)
        if this is not None:
            cases[this.id] = this
    blocks = curve(cases)
    id = this.id if this else ""
    said = [("cost_curve", coverage_text(ledger))]
    if this is not None:
        said.append(("cost_place", place_text(ledger, this, blocks)))
    return {
        "project_costs": _curve_rows(ledger, blocks, cases, id),
        "project_cost_place": _place_rows(ledger, blocks, cases, id),
    }, said


def _curve_rows(ledger: Ledger, blocks: list[Block], cases: dict[str, CaseCost], this: str) -> list[Row]:
    out = [_block_row(b, this) for b in blocks]
    used = {b.stated.id for b in blocks if b.stated}
    on_curve = {b.case for b in blocks if b.stated is None}
    out += [
        _Line(
            project=c.title,
            country=c.country,
            kind=THIS if c.id == this else OTHER,
            cost=c.cost,
            low=c.low,
            high=c.high,
            what=OWN,
            stated=OWN_STATED,
            source="project file",
            evidence_status="derived",
            note="",
        ).as_row()
        for c in cases.values()
        if c.id not in on_curve
    ]
    out += [
        _stated_row(c, CLAIM) | {"output": c.output} if c.state == "claim" else _stated_row(c, OTHER)
        for c in stated_costs()
        if c.id not in used
    ]
    _mines, claimed, nothing = covered(ledger)
    end = blocks[-1].end if blocks else 0.0
    unknown = _Line(
        project="mines without a figure",
        country="",
        kind=UNKNOWN,
        cost=None,
        low=None,
        high=None,
        what="no cost is known",
        stated="",
        source="USGS Mineral Commodity Summaries 2026",
        evidence_status="estimated",
        note=f"{claimed:,.0f} t of it in China, of which only claims about many mines are known",
    ).as_row()
    return [
        *out,
        unknown
        | {
            "output": claimed + nothing,
            "start": end,
            "end": end + claimed + nothing,
            "state": "runs",
        },
    ]


def _block_row(b: Block, this: str) -> Row:
    kind = THIS if b.case and b.case == this and b.stated is None else CURVE
    if b.stated is None:
        row = _Line(
            project=b.mine,
            country=b.country,
            kind=kind,
            cost=b.cost,
            low=b.low,
            high=b.high,
            what=OWN,
            stated=OWN_STATED,
            source="project file",
            evidence_status="derived",
            note="",
        ).as_row()
    else:
        row = _stated_row(b.stated, kind)
    return row | {"output": b.output, "start": b.start, "end": b.end, "state": b.state}


def _stated_row(c: StatedCost, kind: str) -> Row:
    note = "; ".join(t for t in (c.note, c.output_note) if t)
    return _Line(
        project=c.mine,
        country=c.country,
        kind=kind,
        cost=c.cost,
        low=c.low,
        high=c.high,
        what=c.basis,
        stated=c.printed,
        source=f"{c.source} ({c.source_date})",
        evidence_status=c.evidence_status,
        note=note,
    ).as_row()


@dataclass(frozen=True)
class _Line:
    """A line of the cost curve's table: a project or a mine with what is known of its cost."""

    project: str
    country: str
    kind: str
    cost: float | None
    low: float | None
    high: float | None
    what: str
    stated: str
    source: str
    evidence_status: str
    note: str

    def as_row(self) -> Row:
        """The row as the result table has it."""
        return {
            "project": self.project,
            "country": self.country,
            "kind": self.kind,
            "state": "",
            "what": self.what,
            "unit": UNIT,
            "cost": self.cost,
            "low": self.low,
            "high": self.high,
            "output": None,
            "start": None,
            "end": None,
            "stated": self.stated,
            "source": self.source,
            "evidence_status": self.evidence_status,
            "note": self.note,
        }


def _place_rows(ledger: Ledger, blocks: list[Block], cases: dict[str, CaseCost], this: str) -> list[Row]:
    """Where every deposit lies, at its cost on the curve; a project that is asked about at its own."""
    of_case = {b.case: b for b in blocks if b.stated is not None}
    placed: list[tuple[CaseCost, str]] = []
    for rebuilt in cases.values():
        b = None if rebuilt.id == this else of_case.get(rebuilt.id)
        if b is None or b.stated is None:
            placed.append((rebuilt, FROM_FILE))
        else:
            stated = replace(rebuilt, low=b.low, cost=b.cost, high=b.high, output=b.output)
            placed.append((stated, FROM_SOURCE))
    out = []
    for c, basis in sorted(placed, key=lambda x: (x[0].cost, x[0].id)):
        low, mid, high = places(ledger, c, blocks)
        rebuilt = cases[c.id]
        out.append(
            {
                "id": c.id,
                "project": c.title,
                "country": c.country,
                "this": c.id == this,
                "unit": UNIT,
                "low": c.low,
                "cost": c.cost,
                "high": c.high,
                "basis": basis,
                "rebuilt_low": rebuilt.low,
                "rebuilt": rebuilt.cost,
                "rebuilt_high": rebuilt.high,
                "output": c.output,
                "cheaper_low": low.cheaper,
                "cheaper": mid.cheaper,
                "cheaper_high": high.cheaper,
                "known": mid.known,
                "least": mid.least,
                "most": mid.most,
            }
        )
    return out


def claims() -> tuple[float, float]:
    """The lowest and the highest that is claimed about many mines together."""
    found = [c for c in stated_costs() if c.state == "claim"]
    return min(c.low for c in found), max(c.high for c in found)


def coverage_text(ledger: Ledger) -> str:
    """How much of the world the curve knows, of what evidence status, and which way that errs."""
    mines, claimed, nothing = covered(ledger)
    world = world_output(ledger)["WLD"]
    low, high = claims()
    return (
        f"Cost curve: a figure of the mine stands behind {percent(mines / world)} of the {world:,.0f} t W"
        f" mined in {CURVE_YEAR}, each from a study before the mine was built or a reader's estimate; no"
        f" running mine's reported cost was found. Of China ({percent(claimed / world)}) there are two claims"
        " about many mines together (an average of 2020; large state mines, counted among the dearest"
        f" quarter), {fixed(low)} to {fixed(high)} USD of {CURVE_YEAR} per mtu; of"
        f" {percent(nothing / world)} nothing. The curve is of mines outside China and of studies, whose"
        " costs running mines mostly exceed: it is too cheap, and a place on it looks worse than it is;"
        " where Chinese mines are cheaper than claimed it looks better."
    )


def place_text(ledger: Ledger, this: CaseCost, blocks: list[Block]) -> str:
    """Where a project lies, with what is unknown."""
    low, mid, high = places(ledger, this, blocks)
    claim_low, claim_high = claims()
    beside = (
        "below"
        if this.high < claim_low
        else (
            "above"
            if this.low > claim_high
            else (
                "mostly below"
                if this.cost < claim_low
                else "mostly above"
                if this.cost > claim_high
                else "among"
            )
        )
    )
    behind = covered(ledger)[0] / world_output(ledger)["WLD"]
    return (
        f"Its cash cost at the mine's gate is {fixed(this.cost)} ({fixed(this.low)} to {fixed(this.high)})"
        f" {UNIT}. Of {mid.known / 1000:.1f} kt W a year that run or are planned and have a figure,"
        f" {mid.cheaper / 1000:.1f} are cheaper ({low.cheaper / 1000:.1f} to {high.cheaper / 1000:.1f} over"
        f" its range). Of what the world mined in {CURVE_YEAR}, between {percent(mid.least)} and"
        f" {percent(mid.most)} is: a figure stands behind {percent(behind)} of it. Its cost lies"
        f" {beside} what is claimed of Chinese mines ({fixed(claim_low)} to {fixed(claim_high)})."
    )
