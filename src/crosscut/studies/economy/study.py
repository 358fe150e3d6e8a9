"""What a shortage costs an economy: the user's table, what stops, and value added at risk as one result."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.progress import Progress
from crosscut.base.version import __version__
from crosscut.inputs.text_file import text_of
from crosscut.inputs.uses.sector_uses import TEMPLATE, sector_uses
from crosscut.results import (
    Assumption,
    Document,
    Horizon,
    Inputs,
    Limit,
    Statement,
    Status,
    WorldUsed,
    tables_of,
)
from crosscut.studies.context import Context
from crosscut.studies.economy.ario import IndustryResponse
from crosscut.studies.economy.pymrio_folder import saved_table
from crosscut.studies.economy.request import EconomyRequest, EconomyTemplateRequest
from crosscut.studies.economy.risk import BIAS, READINGS, YEAR, IndustryLosses, readings
from crosscut.studies.economy.table import EconomyTable
from crosscut.studies.economy.uses import Shock, country_of, shock_from, shock_of, template_for
from crosscut.studies.shared.document_inputs import notes

NO_MONEY = "synthetic table: shares only"
OTHER_LIMITS = (
    (
        "A sector of the table is far wider than the users of one mineral",
        "either way; too low where they are its core",
    ),
    ("Prices, exchange rates and policy do not answer", "too high over more than a year"),
    ("Final demand is constant: no rationing by price, no lower income", "too low for a large shock"),
)


def economy(request: EconomyRequest, context: Context, result: Document | None) -> Document:
    """Value added at risk when sectors cannot make a share of their output; `result` is the document that
    was asked with."""
    table = saved_table(request.table, context.progress)
    short = request.shortage
    if result is not None and short.uses is not None:
        uses = sector_uses(text_of(short.uses, "a CSV of uses"), str(short.uses))
        shock = shock_from(result, uses, table, short.once_in, short.already)
    else:
        shock = shock_of(request.shocks, table)
    return economy_document(
        table,
        shock,
        context.data.version,
        spell=(request.lasting, request.recovery),
        dynamic=not request.one_step,
        result=result,
        progress=context.progress,
    )


def economy_template(request: EconomyTemplateRequest, result: Document | None) -> str:
    """A file of uses to fill in, for the country of a stress result."""
    if request.table is None:
        return TEMPLATE
    return template_for(saved_table(request.table), "" if result is None else country_of(result))


def economy_document(
    t: EconomyTable,
    shock: Shock,
    data: str,
    *,
    spell: tuple[int, int] = (YEAR, 0),
    dynamic: bool = True,
    result: Document | None = None,
    progress: Progress | None = None,
) -> Document:
    """The result of a shock on a table; money is null for a synthetic table. `spell` is how many days the
    shock lasts, and how many it takes to recover; `result` is where a shortage came from."""
    b = IndustryResponse()
    found, daily = readings(t, shock, *spell, b, dynamic, progress)
    status = NO_MONEY if t.synthetic else "ok"
    own = {"unit": t.unit or "unit of the table", "status": status}
    total = t.value_added
    areas = {"all": np.ones(len(t.x), dtype=bool), **{r: _of(t, r) for r in t.regions}}
    risk = [
        {
            "reading": one.name,
            "region": area,
            "means": READINGS[one.name],
            "value_added": None if t.synthetic else float(total[mask].sum()),
            **{end: None if t.synthetic else float(value[mask].sum()) for end, value in _ends(one)},
            **{f"share_{end}": _share(value[mask], total[mask]) for end, value in _ends(one)},
            "bias": BIAS[one.name],
            **own,
        }
        for one in found
        for area, mask in areas.items()
        if area == "all" or len(t.regions) > 1
    ]
    sectors = [
        {
            "region": r,
            "sector": s,
            "value_added": None if t.synthetic else float(total[k]),
            "stops_low": float(shock.low[k]),
            "stops": float(shock.middle[k]),
            "stops_high": float(shock.high[k]),
            **{one.name.replace(" ", "_"): _share(one.middle[k : k + 1], total[k : k + 1]) for one in found},
            **({} if dynamic else {"day_by_day": None}),
            **own,
        }
        for k, (r, s) in enumerate(t.industries)
    ]
    days = (
        []
        if daily is None
        else [
            {"day": d, "low": float(v[0]), "middle": float(v[1]), "high": float(v[2])}
            for d, v in enumerate(daily)
        ]
    )
    said = list(shock.notes)
    if (total < 0).any():
        said.append(f"value added is below 0 in {int((total < 0).sum())} industries; counted as it is")
    source = result.inputs if result is not None else None
    asked = source.scenario if source else None
    return Document(
        kind="economy",
        inputs=Inputs(
            mineral=source.mineral if source else "none",
            world=source.world if source else WorldUsed(_year(t), _hash(t), "table"),
            scenario=asked and replace(asked, title=f"Value added at risk: {asked.title}"),
            seed=source.seed if source else None,
            draws=source.draws if source else 0,
            code=__version__,
            data=data,
        ),
        status=Status.of(),
        horizon=(
            result.horizon
            if result is not None
            else Horizon("day 0", f"day {YEAR - 1}", "One year from the shock, not dated.")
        ),
        tables=tables_of(
            {
                "economy": risk,
                "economy_sectors": sectors,
                "economy_days": days,
            }
        ),
        statements=(
            Statement(
                "table",
                f"{t.name}: {len(t.industries)} industries in {len(t.regions)}"
                f" region{'s' if len(t.regions) > 1 else ''},"
                f" {'SYNTHETIC, so no money is shown' if t.synthetic else t.unit}; sha256 {_hash(t)[:12]}",
            ),
            *_tonnes(shock),
            *notes(said),
        ),
        assumptions=tuple(
            []
            if not dynamic
            else [
                Assumption(
                    id=f"ario-{k.replace('_', '-')}",
                    what=what,
                    value=float(getattr(b, k)),
                    low=None,
                    high=None,
                    evidence_status="assumed",
                )
                for k, what in (
                    ("inventory_days", "days of every input held"),
                    ("restoration_days", "days to restore them"),
                    ("psi", "share of the wanted stock below which output falls"),
                    ("overtime_most", "most output over capacity"),
                    ("overtime_days", "days to reach it"),
                )
            ]
        ),
        limits=(
            *(Limit(f"{one.name}: {READINGS[one.name]}", BIAS[one.name]) for one in found),
            *(Limit(w, bias) for w, bias in OTHER_LIMITS),
        ),
    )


def _tonnes(shock: Shock) -> list[Statement]:
    if shock.tonnes is None:
        return []
    low, middle, high = shock.tonnes
    text = f"Tonnes short in the sectors named: {middle:,.0f} ({low:,.0f} to {high:,.0f})"
    return [Statement("tonnes", text)]


def _ends(one: IndustryLosses) -> tuple[tuple[str, Array], ...]:
    return (("low", one.low), ("middle", one.middle), ("high", one.high))


def _of(t: EconomyTable, region: str) -> Any:
    return np.array([r == region for r, _ in t.industries])


def _year(t: EconomyTable) -> int:
    """The year in the name of the table, 0 where there is none."""
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", t.name)
    return int(found[0]) if found else 0


def _share(part: Array, whole: Array) -> float | None:
    total = float(whole.sum())
    return float(part.sum()) / total if total > 0 else None


def _hash(t: EconomyTable) -> str:
    seen = hashlib.sha256(repr(t.industries).encode())
    for a in (t.z, t.y, t.x):
        seen.update(np.ascontiguousarray(a).data)  # the memory itself: no copy of the table
    return seen.hexdigest()
