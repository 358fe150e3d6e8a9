"""Assumptions: everything an outlook takes as given, each with its range, its evidence status and its
source."""

from __future__ import annotations

from collections.abc import Iterator

from crosscut.inputs.outlook.schema import LONG_RUN, FacilityEntry, InvestmentEntry
from crosscut.inputs.scenario.schema import Size
from crosscut.results import Assumption
from crosscut.studies.outlook.ensemble import level_of_prices
from crosscut.studies.outlook.nodes import OutlookOnWorld
from crosscut.studies.shared.assumptions import event_assumptions, noise_assumptions, parameter_assumptions
from crosscut.studies.shared.evidence_rows import error_assumptions
from crosscut.worlds.parameters import long_run_distribution

_OF_A_RULE = {
    "hurdle": ("price (for a process: margin) over the base above which capacity is added", ""),
    "response": ("growth of capacity a year per log point above the hurdle", ""),
    "most_a_year": ("most growth of capacity a year", "fraction a year"),
    "ceiling": ("most capacity over base capacity", ""),
    "lag": ("years from price to capacity", "years"),
}


def outlook_assumptions(o: OutlookOnWorld) -> list[Assumption]:
    """One-year behaviour, the long run, growth, facilities in every reading, investment, recycling, stocks,
    measures and the errors that are drawn."""
    world, file = o.world, o.file
    out = parameter_assumptions(world)
    for name, (_, _, what) in LONG_RUN.items():
        if name in file.behaviour:
            out.append(
                _assumed(
                    f"{name}/all", what.format("everything"), file.behaviour[name], "this outlook", "assumed"
                )
            )
        else:
            d = long_run_distribution(world, name, "all")
            out.append(
                Assumption(
                    f"{name}/all",
                    what.format("everything"),
                    d.mid,
                    d.low,
                    d.high,
                    d.evidence_status,
                    d.source,
                    "",
                )
            )
    for g in file.growth:
        what = f"Growth of use a year: {', '.join(g.uses) or 'all uses'}"
        out.append(
            _assumed(f"growth/{g.id}", what, g.rate, g.source, g.evidence_status, "fraction a year", g.note)
        )
    looked_at = set(file.compare.facilities if file.compare else ())
    for f in sorted(file.facilities, key=lambda f: f.id not in looked_at):
        out += _of_facility(f"facility/{f.id}", f.name, f)
    for a in file.alternatives:
        for f in a.facilities:
            out += _of_facility(f"{a.id}/{f.id}", f"{f.name}, {a.title}", f)
    for r in file.investment:
        out += _of_rule(r)
    if file.recycling:
        for name in ("new_share", "lifetime"):
            size = getattr(file.recycling, name)
            if size is not None:
                out.append(
                    _assumed(
                        f"recycling/{name}",
                        LONG_RUN[f"scrap_{name}"][2],
                        size,
                        file.recycling.source,
                        file.recycling.evidence_status,
                        "",
                        file.recycling.note,
                    )
                )
    for s in file.stocks:
        out.append(
            _assumed(
                f"stock/{s.id}",
                f"{s.name}: opening",
                s.opening,
                s.source,
                s.evidence_status,
                "t contained",
                s.note,
            )
        )
        for k, p in enumerate(s.buys):
            out.append(
                _assumed(
                    f"stock/{s.id}/buys/{k}",
                    f"{s.name}: buys from {p.start} to {p.end}",
                    Size(mid=p.tonnes, low=None, high=None),
                    s.source,
                    "assumed",
                    "t contained a year",
                    s.note,
                )
            )
        for k, p in enumerate(s.sells):
            out.append(
                _assumed(
                    f"stock/{s.id}/sells/{k}",
                    f"{s.name}: sells from {p.start} to {p.end}",
                    Size(mid=p.tonnes, low=None, high=None),
                    s.source,
                    "assumed",
                    "t contained a year",
                    s.note,
                )
            )
    level = dict(zip((f.id for f in world.chain.forms), level_of_prices(o), strict=True))
    return [*out, *event_assumptions(o.scenario), *noise_assumptions(world), *error_assumptions(world, level)]


def _of_facility(key: str, name: str, f: FacilityEntry) -> Iterator[Assumption]:
    """Output with its own evidence status; dates, the chance of opening, first buyers and owners, which are
    readings."""
    yield _assumed(
        key,
        f"{name}: output at base prices",
        f.output,
        f.source,
        f.evidence_status,
        "t contained a year",
        f.note,
    )
    yield _assumed(f"{key}/start", f"{name}: year it opens", f.start, f.source, "estimated", "year", f.note)
    if f.probability < 1:
        yield _assumed(
            f"{key}/probability",
            f"{name}: that it opens at all",
            Size(mid=f.probability, low=None, high=None),
            "",
            "assumed",
            "fraction",
        )
    if f.sells_first:
        yield _assumed(
            f"{key}/first",
            f"{name}: share for {', '.join(f.sells_first.to)} first",
            f.sells_first.share,
            f.source,
            "assumed",
            "fraction",
            f.note,
        )
    for home, share in f.owners.items():
        if share.low is not None:
            yield _assumed(
                f"{key}/owner/{home}",
                f"{name}: share controlled from {home}, the rest unknown",
                share,
                f.source,
                f.evidence_status,
                "fraction",
                f.note,
            )


def _of_rule(r: InvestmentEntry) -> Iterator[Assumption]:
    """What a rule says itself; the rest are the parameters of the long run."""
    for field, (what, unit) in _OF_A_RULE.items():
        size = getattr(r, field)
        if size is not None:
            yield _assumed(
                f"investment/{r.id}/{field}",
                f"{r.id}: {what}",
                size,
                r.source,
                r.evidence_status,
                unit,
                r.note,
            )


def _assumed(
    key: str, what: str, size: Size, source: str, evidence_status: str, unit: str = "", note: str = ""
) -> Assumption:
    return Assumption(key, what, size.mid, size.low, size.high, evidence_status, source, unit, note)
