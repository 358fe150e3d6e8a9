"""Rows: the tables of an outlook by year and case, with medians and 80 % intervals over the draws."""

from __future__ import annotations

from typing import Any

import numpy as np

from crosscut.inputs.scenario.entries import event_title
from crosscut.inputs.scenario.schema import Size
from crosscut.results.rows import Row
from crosscut.studies.outlook.ensemble import OutlookEnsemble, error_of_prices
from crosscut.studies.scenario.headline import headline_places
from crosscut.studies.scenario.rows import interval
from crosscut.studies.shared.price_error import level_points

TONNES = "t contained"
NOTHING = 1e-3  # shares that stay below this in every year and case are left out


def _by_year(e: OutlookEnsemble, kind: str, names: tuple[str, ...], unit: str = "") -> list[Row]:
    """One row a case, label of this kind, and year; the parts of the label under `names`."""
    fixed = {"unit": unit} if unit else {}
    rows = []
    for case in e.cases:
        for label in e.labels[case.id]:
            if label[0] != kind:
                continue
            values = e.over_draws(case.id, label)
            for t, year in enumerate(e.years):
                rows.append(
                    {
                        "case": case.id,
                        "year": year,
                        **dict(zip(names, label[1:], strict=True)),
                        **fixed,
                        **interval(values[:, t]),
                    }
                )
    return rows


def price_path_rows(e: OutlookEnsemble) -> list[Row]:
    """Prices in trade units; those of the headline first.

    The median is that of the futures, the interval that of the level, with the error that no future holds
    added up (E30).
    """
    forms = [f.id for f in e.o.world.chain.forms]
    first = [(forms[p.form], p.place, p.basis) for p in headline_places(e.o.world)]

    def rank(row: Row) -> int:
        key = (row["form"], row["place"], row["basis"])
        return first.index(key) if key in first else len(first)

    rows = []
    sd = np.array([error_of_prices(e.o, year) for year in e.years])
    for case in e.cases:
        for label in (x for x in e.labels[case.id] if x[0] == "price"):
            values = e.over_draws(case.id, label)
            low, high = level_points(values, sd[:, forms.index(label[1])])
            for t, year in enumerate(e.years):
                row = {
                    "case": case.id,
                    "year": year,
                    **dict(zip(("form", "place", "basis", "unit"), label[1:], strict=True)),
                    "p10": _number(low[t]),
                    "median": interval(values[:, t])["median"],
                    "p90": _number(high[t]),
                }
                rows.append({**row, "headline": rank(row) < len(first)})
    return sorted(rows, key=rank)


def _number(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None


def supply_path_rows(e: OutlookEnsemble) -> list[Row]:
    """Mined by country and facility (the world is WLD), collected, made."""
    rows = [{"what": "mined", **r} for r in _by_year(e, "mined", ("country", "facility"), TONNES)]
    rows += [
        {"what": "collected scrap", **r} for r in _by_year(e, "collected", ("country", "facility"), TONNES)
    ]
    made = _by_year(e, "made", ("form", "country"), TONNES)
    rows += [{"what": f"made: {r.pop('form')}", "facility": "", **r} for r in made]
    return [{**r, "open": _open(e, r)} for r in rows]


def _open(e: OutlookEnsemble, row: Row) -> float | None:
    """Share of draws in which a facility sells anything in a year."""
    if not row["facility"]:
        return None
    values = e.over_draws(row["case"], ("mined", row["country"], row["facility"]))
    return float((values[:, e.years.index(row["year"])] > 0).mean())


def share_path_rows(e: OutlookEnsemble) -> list[Row]:
    """Share of a country in what is mined in the world."""
    return _by_year(e, "share of mined", ("country",), "share of what is mined in the world")


def use_path_rows(e: OutlookEnsemble) -> list[Row]:
    """Final use by end use and by user."""
    return _by_year(e, "use", ("user", "use"), TONNES)


def dependence_rows(e: OutlookEnsemble) -> list[Row]:
    """Shares of what each user uses; unknown owners come first, what is nothing everywhere is left out."""
    rows = _by_year(e, "dependence", ("user", "measure", "of"), "share of what the user uses")
    something = {
        (r["user"], r["measure"], r["of"]) for r in rows if (r["p90"] or 0.0) > NOTHING or r["of"] == "UNK"
    }
    return [r for r in rows if (r["user"], r["measure"], r["of"]) in something]


def stock_rows(e: OutlookEnsemble) -> list[Row]:
    """The account of every stock: opening, build, draw, release, closing."""
    return _by_year(e, "stock", ("stock", "item"), TONNES)


def investment_rows(e: OutlookEnsemble) -> list[Row]:
    """Capacity that no table names, added because price or margin had been high."""
    return _by_year(e, "investment", ("rule",), "t a year of capacity")


def facility_rows(e: OutlookEnsemble) -> list[Row]:
    """What opens: the plan as it was entered."""
    rows: list[Row] = []
    world = e.o.world
    seen: list[tuple[str, Any]] = []
    for case in e.cases:
        for k, entry in case.facilities.items():
            if (k, entry) in seen:
                continue
            seen.append((k, entry))
            first = e.cases[0].facilities.get(k)
            rows.append(
                {
                    "facility": k,
                    "case": "all" if first == entry else case.id,
                    "name": entry.name,
                    "country": world.countries[e.o.country(entry.country)],
                    "form": entry.form,
                    "output": entry.output.mid,
                    "low": entry.output.mid if entry.output.low is None else entry.output.low,
                    "high": entry.output.mid if entry.output.high is None else entry.output.high,
                    "start": entry.start.mid,
                    "latest": entry.start.mid if entry.start.high is None else entry.start.high,
                    "probability": entry.probability,
                    "looked_at": k in (e.o.file.compare.facilities if e.o.file.compare else ()),
                    "owners": (
                        ", ".join(f"{home} {_per_cent(s)}" for home, s in entry.owners.items()) or "unknown"
                    ),
                    "sells_first": (
                        ""
                        if entry.sells_first is None
                        else (f"{', '.join(entry.sells_first.to)} {_per_cent(entry.sells_first.share)}")
                    ),
                    "source": entry.source,
                    "evidence_status": entry.evidence_status,
                    "note": entry.note,
                }
            )
    return rows


def _per_cent(s: Size) -> str:
    """A share with its range.

    >>> _per_cent(Size(mid=0.5, low=0.0, high=0.9)), _per_cent(Size(mid=1.0))
    ('50 % (0 to 90)', '100 %')
    """
    text = f"{100 * s.mid:.0f} %"
    return text if s.low is None or s.high is None else f"{text} ({100 * s.low:.0f} to {100 * s.high:.0f})"


def measure_rows(e: OutlookEnsemble) -> list[Row]:
    """The measures in force in some year: of the scenarios before and of the outlook itself."""
    return [
        {
            "measure": m.id,
            "title": event_title(m),
            "form": m.form,
            "begins": m.start.isoformat() if m.start else "",
            "ends": m.end.isoformat() if m.end else "",
            "size": m.size,
            "low": m.low,
            "high": m.high,
            "unit": m.unit,
            "probability": m.probability,
            "source": m.source,
        }
        for m in e.o.scenario.events
    ]
