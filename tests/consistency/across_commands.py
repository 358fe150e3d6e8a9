"""The same quantity asked of two commands about one country and mineral, or of two tables of a run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from io import StringIO
from typing import Any

from rich.console import Console, RenderableType

from crosscut.app import api
from crosscut.base.number_text import amount, money, percent
from crosscut.output.screens.market.exposure import exposure_screen
from crosscut.output.screens.stress import stress_screen
from tests.consistency.findings import Findings
from tests.consistency.within_document import keeps_its_rules

Row = Mapping[str, Any]
DRAWS = 12  # of stress; a stop has as many draws of behaviour in both commands
COST, EXPECTED, COVER = "cost of a year's stop", "expected loss a year", "weeks of cover"


def text_of(screen: RenderableType) -> str:
    """A screen as it is printed on a wide terminal."""
    console = Console(width=240, file=StringIO(), no_color=True)
    console.print(screen)
    out = console.file
    assert isinstance(out, StringIO)
    return out.getvalue()


def rows(document: Any, table: str) -> Sequence[Row]:
    """Rows of a table, none where the document has no such table."""
    found: Sequence[Row] = document["tables"][table]["rows"] if table in document["tables"] else []
    return found


@cache
def world_of(mineral: str) -> Any:
    """The report of a world, made once."""
    return api.world_report(mineral)


def of_a_country(found: Findings, mineral: str, country: str) -> None:
    """exposure, stress, indicators and world about one country, each by itself and against each other."""
    where = f"{mineral} {country}"
    exposure = api.exposure(mineral, country, draws=DRAWS)
    stress = api.stress(mineral, country, draws=DRAWS)
    for name, document in (("exposure", exposure), ("stress", stress)):
        keeps_its_rules(found, f"{where} {name}", document)
    _stops(found, where, exposure, stress)
    _screens(found, where, exposure, stress)
    _stocks(found, where, exposure, stress)
    _losses(found, where, stress)
    _origins(found, where, mineral, country, exposure)
    try:
        alone = rows(api.indicators(mineral, country), "indicators")
    except Exception as unknown:  # a mineral that the indicators do not know
        found.check("indicators in exposure", where, not rows(exposure, "indicators"), str(unknown))
        return
    mine = rows(exposure, "indicators")
    found.check("indicators in exposure", where, not mine or list(mine) == list(alone), "other rows")


def _stops(found: Findings, where: str, exposure: Any, stress: Any) -> None:
    """A stop of the largest origin costs, is as likely and is expected to cost the same."""
    figures = {r["figure"]: r for r in rows(exposure, "key_figures")}
    named = exposure["places"]
    stops = {(r["origin"], r["form"]): r for r in rows(stress, "stress_chokepoints")}
    whole: dict[str, Row] = {}
    for (origin, form), r in stops.items():
        if form == "all forms" or r["chance"] is not None:
            whole[named.get(origin, origin)] = r
    cost = figures[COST]
    origin = cost["text"].partition("year in which ")[2].partition(" sells nothing")[0]
    if cost["value"] is not None and origin in whole:
        stop = whole[origin]
        for figure, columns in ((COST, ("usd", "usd_low", "usd_high")), (EXPECTED, _EXPECTED)):
            for ours, theirs in zip(("value", "low", "high"), columns, strict=True):
                if stop[theirs] is not None:
                    found.same(
                        "exposure and stress", f"{where} {figure} {ours}", figures[figure][ours], stop[theirs]
                    )
        if figures[EXPECTED]["value"] is not None and stop["chance"] is not None:
            said = f"{percent(stop['chance'])} a year" in figures[EXPECTED]["text"]
            found.check("exposure and stress", f"{where} chance", said, figures[EXPECTED]["text"])
            below = (
                stop["expected_usd"] is None
                or stop["expected_usd"] <= stop["chance"] * stop["usd_high"] * 1.5
            )
            found.check("expected below chance times a full year", where, below)
    for r in rows(exposure, "concentration"):
        if (stop_of_form := stops.get((r["largest"], r["form"]))) is not None:
            for column in ("short", "price"):
                found.same(
                    "exposure and stress", f"{where} {r['form']} {column}", r[column], stop_of_form[column]
                )


def _screens(found: Findings, where: str, exposure: Any, stress: Any) -> None:
    """What is printed is what is written: figures of exposure, rows of stops, no share above the whole."""
    shown = {"exposure": text_of(exposure_screen(exposure)), "stress": text_of(stress_screen(stress))}
    for r in rows(exposure, "key_figures"):
        if r["value"] is not None:
            as_text = percent if r["unit"] == "fraction" else money if "USD" in r["unit"] else amount
            found.check(
                "figures on the screen", f"{where} {r['figure']}", as_text(r["value"]) in shown["exposure"]
            )
    for r in rows(stress, "stress_chokepoints")[:8]:
        line = next((x for x in shown["stress"].splitlines() if _is_of(x, r)), "")
        for value, as_text in ((r["usd"], money), (r["chance"], percent), (r["expected_usd"], money)):
            found.check(
                "figures on the screen", f"{where} {r['origin']} {r['form']}", as_text(value) in line, line
            )
    for name, text in shown.items():
        for share in re.findall(r"(?<![\d.,−])(\d+(?:\.\d+)?) %", text):
            found.check("no share above the whole", f"{where} {name}", float(share) <= 100, share)


def _is_of(line: str, stop: Row) -> bool:
    """Whether a line of the screen is that of a stop."""
    words = line.split()
    named = words[:1] == [stop["origin"]]
    return named and stop["form"] in line.replace("*", " ")


_EXPECTED = ("expected_usd", "expected_low", "expected_high")


def _stocks(found: Findings, where: str, exposure: Any, stress: Any) -> None:
    """Every stock that is held has the same weeks."""
    covers = [r for r in rows(stress, "stress_cover") if not r["what"].startswith(("enough", "published"))]
    theirs = sorted(r["weeks"] for r in covers if r["weeks"] is not None and ": target" not in r["what"])
    ours = sorted(
        r["value"] for r in rows(exposure, "key_figures") if r["figure"] == COVER and r["value"] is not None
    )
    found.check("exposure and stress", f"{where} weeks of cover", ours == theirs, f"{ours} and {theirs}")


def _losses(found: Findings, where: str, stress: Any) -> None:
    """The parts of the families add to the expected loss, which the curve and the tail bound."""
    summary = {r["measure"]: r for r in rows(stress, "stress_summary") if not r["form"]}
    total, parts = summary["loss of users"]["value"], [r["part"] for r in rows(stress, "stress_families")]
    one_digit = "one digit" in summary["loss of users"]["status"]  # rounded one by one, they cannot add up
    if total is not None and parts and None not in parts and not one_digit:
        found.same("parts add to the expected loss", where, sum(parts), total)
    for r in rows(stress, "stress_tail"):
        if r["var"] is not None and r["cvar"] is not None:
            found.check(
                "the tail lies beyond its edge", f"{where} {r['measure']}", r["cvar"] >= r["var"] * (1 - 1e-9)
            )
    levels = [r["usd"] for r in rows(stress, "stress_returns") if r["usd"] is not None]
    found.check("rarer is worse", f"{where} returns", levels == sorted(levels), str(levels))


def _origins(found: Findings, where: str, mineral: str, country: str, exposure: Any) -> None:
    """Use and imports by form are those of the world; origins add up to the use."""
    world = {r["form"]: r for r in rows(world_of(mineral), "trade_balance") if r["country"] == country}
    for r in rows(exposure, "concentration"):
        place = f"{where} {r['form']}"
        if r["form"] in world:
            found.same("exposure and world", f"{place} use", r["use"], world[r["form"]]["used"])
            told = world[r["form"]]["import_share"]
            if told is not None:  # the report states no share of a use too small to be listed for itself
                found.same("exposure and world", f"{place} imports", r["import_share"], told, 1e-7)
        origins = [x for x in rows(exposure, "exposure") if x["form"] == r["form"]]
        share, tonnes = sum(x["share"] for x in origins), sum(x["tonnes"] for x in origins)
        found.check(
            "origins add up", place, share <= 1 + 1e-9 and tonnes <= r["use"] * (1 + 1e-9), f"{share}"
        )
        if len(origins) < 12:
            found.same("origins add up", place, share, 1.0)
        foreign = [x["share"] for x in origins if not x["domestic"]]
        if foreign:
            found.same("the largest origin is the largest", place, r["largest_share"], max(foreign))


def of_a_run(found: Findings, scenario: str) -> None:
    """A run against its world and its own tables: one base price, one price after, effects with one sign."""
    document = api.run(scenario, draws=24)
    keeps_its_rules(found, scenario, document)
    last = {
        (r["form"], r["place"], r["unit"]): r for r in rows(document, "price_steps") if r["part"] == "paid"
    }
    for r in rows(document, "prices"):
        where = f"{scenario} {r['form']} {r['place']} {r['basis']}"
        if r["median"] is None or r["base"] is None:
            continue
        found.same("one price and one change", where, r["median"], r["base"] * (1 + r["change"]), 1e-6)
        if r["effect_p10"] is not None:
            near = 1 + 1e-9
            holds = r["effect_p10"] / near <= r["median"] <= r["effect_p90"] * near
            found.check("interval holds its middle", f"{where} effect", holds)
        step = last.get((r["form"], r["place"], r["unit"]))
        if r["basis"] != "paid" or step is None:
            continue
        found.same("one base price", where, r["base"], step["before"], 1e-6)
        found.same("one price after", where, r["median"], step["after"], 1e-6)


def of_a_ranking(found: Findings, country: str, minerals: Sequence[str]) -> None:
    """The ranking against the stress run of each mineral with the same draws."""
    document = api.ranking(country, draws=DRAWS)
    keeps_its_rules(found, f"ranking {country}", document)
    for r in rows(document, "stress_ranking"):
        if r["rank"] is None or r["mineral"] not in minerals:
            continue
        alone = rows(api.stress(r["mineral"], country, draws=DRAWS), "stress_summary")
        total = next(x["value"] for x in alone if x["measure"] == "loss of users")
        found.same("ranking and stress", f"{country} {r['mineral']}", r["usd"], total, 0.5)


def of_costs(found: Findings) -> None:
    """A deposit has one cost in the tables of costs."""
    document = api.costs()
    keeps_its_rules(found, "costs", document)
    known = {round(r["cost"], 6) for r in rows(document, "project_costs") if r["kind"] == "curve"}
    for r in rows(document, "project_cost_place"):
        found.check("one cost of a deposit", r["id"], round(r["cost"], 6) in known, f"{r['cost']}")


def of_a_forecast(found: Findings) -> None:
    """Base values of forecasts are those of the worlds they start from; shares of a gap add to no more than
    it."""
    document = api.forecast()
    keeps_its_rules(found, "forecast", document)
    filled: dict[tuple[str, str], float] = defaultdict(float)
    for r in rows(document, "forecasts"):
        form, _, place = r["key"].partition("/")
        if r["target"] == "gap_fill_share":
            filled[r["scenario"], form] += r["value"]
        column = {"importer_qty": "bought_abroad", "restrictor_flow_change": "sold_abroad"}.get(r["target"])
        if column is None or r["base"] is None:
            continue
        there = [
            x
            for x in rows(world_of(r["mineral"]), "trade_balance")
            if (x["form"], x["country"]) == (form, place)
        ]
        for x in there:
            found.same("forecast and world", r["forecast"], r["base"], x[column], 1e-6)
    for key, share in filled.items():
        found.check("shares of a gap", " ".join(key), share <= 1 + 1e-9, f"{share}")
