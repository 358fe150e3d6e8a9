"""Flow verdicts: single flows of trade that a reader has judged, each with reason, source, date and name.

A rule sees what is far from the rest; whether a flow can be true is sometimes known only to a reader. A
verdict stands above the rules: *keep* leaves the flow as its source has it, *unsure* does the same though the
reader does not believe it, because nothing at hand shows it wrong, *drop* takes it out, *quantity* puts
another tonnage in its place, *origin* says that another country sent it, *transit* that the importer only
passes it on.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, UserError
from crosscut.base.places import place

VERDICTS = ("keep", "unsure", "drop", "quantity", "origin", "transit")
FILE = "flow_verdicts.csv"


@dataclass(frozen=True)
class FlowVerdict:
    """One judged flow: gross tonnes `quantity_t` (None but for *quantity*), the country that sent it `origin`
    (blank but for *origin*), why, who says so, and when."""

    mineral: str
    hs92: str
    year: int
    exporter: str
    importer: str
    verdict: str
    quantity_t: float | None
    origin: str
    reason: str
    source: str
    date: str
    signed: str


def read_verdicts(text: str) -> tuple[FlowVerdict, ...]:
    """Read a table of verdicts.

    Parameters
    ----------
    text : str
        A CSV with the columns of `FlowVerdict`.

    Returns
    -------
    tuple of FlowVerdict
        In the order of the file.

    Raises
    ------
    UserError
        With every row whose verdict, quantity, country, reason or signature is missing or unknown, and every
        flow judged twice.
    """
    out, problems = [], []
    seen: set[tuple[str, int, str, str]] = set()
    for line, r in enumerate(csv.DictReader(text.splitlines()), start=2):
        where = f"{FILE}:{line}"
        if r["verdict"] not in VERDICTS:
            problems.append(Problem(f"unknown verdict {r['verdict']!r}", where, ", ".join(VERDICTS)))
        if bool(r["quantity_t"]) != (r["verdict"] == "quantity"):
            problems.append(
                Problem("quantity_t goes with the verdict quantity", where, "gross tonnes, or blank")
            )
        if bool(r["origin"]) != (r["verdict"] == "origin"):
            problems.append(Problem("origin goes with the verdict origin", where, "an ISO3 code, or blank"))
        problems += [
            Problem(f"{column} is blank", where, "why, who says so, when, and who judged")
            for column in ("reason", "source", "date", "signed")
            if not r[column]
        ]
        for column in ("exporter", "importer", *(["origin"] if r["origin"] else [])):
            try:
                place(r[column])
            except UserError as e:
                problems += [Problem(p.what, f"{where}, {column}", p.expected) for p in e.problems]
        flow = (r["hs92"], int(r["year"]), r["exporter"], r["importer"])
        if flow in seen:
            problems.append(Problem("a flow that is judged already", where, "each flow once"))
        seen.add(flow)
        quantity = float(r["quantity_t"]) if r["quantity_t"] else None
        out.append(
            FlowVerdict(
                r["mineral"],
                *flow,
                r["verdict"],
                quantity,
                r["origin"],
                r["reason"],
                r["source"],
                r["date"],
                r["signed"],
            )
        )
    if problems:
        raise UserError(problems)
    return tuple(out)


@cache
def flow_verdicts() -> tuple[FlowVerdict, ...]:
    """Every verdict that the package carries.

    Returns
    -------
    tuple of FlowVerdict
        In the order of the file.

    Examples
    --------
    >>> {v.verdict for v in flow_verdicts()} <= set(VERDICTS)
    True
    """
    return read_verdicts(bundled_text("facts", FILE))


def verdicts_on(hs92: str, year: int) -> dict[tuple[str, str], FlowVerdict]:
    """The verdicts on one code and year.

    Parameters
    ----------
    hs92 : str
        Code of the Harmonized System of 1992, six digits.
    year : int
        Calendar year.

    Returns
    -------
    dict of (str, str) to FlowVerdict
        By exporter and importer (ISO3).
    """
    return {(v.exporter, v.importer): v for v in flow_verdicts() if (v.hs92, v.year) == (hs92, year)}


__all__ = ["FlowVerdict", "flow_verdicts", "read_verdicts", "verdicts_on"]
