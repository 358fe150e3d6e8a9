"""Market prices: the APT price by year and draw that a scenario gives, for a project to be valued on.

A scenario of one year gives one price, taken to last. A result of an outlook
already solved (JSON) gives the 10 %, 50 % and 90 % points of its years; a draw then stays on one quantile
throughout. The market counts in dollars of its base year: they are made nominal with the inflation of the
project's file.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from crosscut.base.arrays import Array
from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.inputs.catalogue import OUTLOOK, SCENARIO, bundled_names, file_content
from crosscut.inputs.project.loader import ProjectSource
from crosscut.inputs.project.money_schema import OutlookPriceEntry
from crosscut.inputs.project.product_rules import product_unit
from crosscut.inputs.scenario.catalogue import scenario as named_scenario
from crosscut.results import Document
from crosscut.studies.context import Context
from crosscut.studies.project.builder import Builder
from crosscut.studies.project.ensemble import Prices
from crosscut.studies.project.price_paths import on_years
from crosscut.studies.project.sampling import Draws, scores
from crosscut.studies.scenario.run import run_result
from crosscut.worlds import world
from crosscut.worlds.parameters import Z90

QUANTILES = 400  # draws made of the points of a solved result
UNIT = "USD/mtu WO3"


def scenario_prices(context: Context, source: ProjectSource, name: str | Path) -> Prices:
    """The APT price of a scenario or of a result file, as nominal USD per mtu WO3; into an outlook the
    project's tonnes go as well (`crosscut.studies.coupled`).

    Raises UserError for an unknown name, and where it has no such price in USD per mtu WO3.
    """
    text = str(name)
    refuse_other_minerals(source)
    asked = source.file.prices.outlook or OutlookPriceEntry.model_validate({"name": text})
    if text.endswith(".json"):
        return _of_result(source, Path(text), asked)
    if text in bundled_names(SCENARIO):
        return _of_scenario(context, source, text, asked)
    if text.endswith((".yaml", ".yml")):
        return _of_scenario(context, source, text, asked)
    known = (*bundled_names(OUTLOOK), *bundled_names(SCENARIO))
    raise UserError(
        Problem(
            f"unknown scenario {text[:80]!r}",
            "--scenario",
            "an outlook, a scenario, a YAML file or a result.json: " + suggestion(text, known),
        )
    )


def refuse_other_minerals(source: ProjectSource) -> None:
    """Raises UserError where a project is not valued on the price of APT, which is what scenarios give."""
    unit = product_unit(source.file.prices)
    if not unit.is_apt:
        what = (
            f"scenarios give the price of APT, and the project sells {unit.content} of {source.file.mineral}"
        )
        raise UserError(Problem(what, "--scenario", "no --scenario: the file has a price of its own"))


def is_outlook(name: str | Path) -> bool:
    """Whether a name or file is an outlook, into which a project's tonnes can go."""

    text = str(name)
    if text in bundled_names(OUTLOOK):
        return True
    return text.endswith((".yaml", ".yml")) and b"kind: outlook" in file_content(Path(text), OUTLOOK)


def _of_scenario(context: Context, source: ProjectSource, name: str, asked: OutlookPriceEntry) -> Prices:
    loaded = named_scenario(name)
    built = world(context.ledger, loaded.mineral, loaded.year)
    result = run_result(context, loaded, built)
    row = _row(result.rows("prices"), asked)
    values = _on_quantiles(source, np.array([[row["p10"], row["median"], row["p90"]]], dtype=float))
    about = (
        f"APT price: {asked.form} {asked.basis} in {asked.place} from the scenario {name}, one year's price"
        " taken to last in real terms: too high where new mines answer it, too low where measures widen."
    )
    return nominal_prices(source, loaded.window_start.year, values, built.year, about)


def _of_result(source: ProjectSource, path: Path, asked: OutlookPriceEntry) -> Prices:
    document = Document.load(path)
    if "outlook_prices" not in document.tables:
        raise UserError(
            Problem(f"a result of kind {document['kind']}", str(path), "the result.json of an outlook")
        )
    listed = [r for r in document.rows("outlook_prices") if r["case"] == asked.case]
    mine = sorted((r for r in listed if _fits(r, asked)), key=lambda r: r["year"])
    if not mine:
        raise _no_price(asked, [(r["form"], r["place"], r["basis"], r["unit"]) for r in listed])
    values = _on_quantiles(source, np.array([[r["p10"], r["median"], r["p90"]] for r in mine], dtype=float))
    about = (
        f"APT price: {asked.form} {asked.basis} in {asked.place} from {path.name}, case {asked.case}; a draw"
        " stays on one quantile of every year."
    )
    return nominal_prices(source, int(mine[0]["year"]), values, int(document.inputs.world.year), about)


def _fits(row: dict[str, Any], asked: OutlookPriceEntry) -> bool:
    return (row["form"], row["place"], row["basis"], row["unit"]) == (
        asked.form,
        asked.place,
        asked.basis,
        UNIT,
    )


def _row(listed: list[dict[str, Any]], asked: OutlookPriceEntry) -> dict[str, Any]:
    found = next((r for r in listed if _fits(r, asked) and r["median"]), None)
    if found is None:
        raise _no_price(asked, [(r["form"], r["place"], r["basis"], r["unit"]) for r in listed])
    return found


def _no_price(asked: OutlookPriceEntry, known: list[tuple[Any, ...]]) -> UserError:
    words = [f"{f} {p} {b}" for f, p, b, unit in dict.fromkeys(known) if unit == UNIT]
    wanted = f"{asked.form} {asked.place} {asked.basis}"
    return UserError(Problem(f"no price of {wanted} in {UNIT}", "prices.outlook", suggestion(wanted, words)))


def _on_quantiles(source: ProjectSource, points: Array) -> Array:
    """Draws (years, draws) of rows of 10 %, 50 % and 90 % points: lognormal on each side, one score a
    draw."""
    z = scores(source.file.seed, "prices/quantile", range(QUANTILES)) / Z90
    low, mid, high = (points[:, k : k + 1] for k in range(3))
    return mid * np.where(z < 0, mid / low, high / mid) ** z


def nominal_prices(source: ProjectSource, first: int, values: Array, base: int, about: str) -> Prices:
    """Dollars of `base` made nominal over the years of the project; real prices are held after the last
    year."""
    b = Builder(source, Draws())
    years = range(first, max(first + len(values), b.years.stop))
    index = b.money().index[:, 0]
    level = on_years(index.reshape((-1, 1)), b.years.start, years)[:, 0]
    growth = index[1] / index[0] if len(index) > 1 else 1.0
    before = np.minimum(np.array(list(years)) - b.years.start, 0)
    level = level * growth**before  # years before the project's first
    at_base = (
        index[0] * growth ** (base - b.years.start) if base < b.years.start else level[max(base - first, 0)]
    )
    held = on_years(values, first, years)
    if not math.isfinite(float(held.max())):
        raise UserError(
            Problem("a year without a price", "--scenario", "a scenario with a price in every year")
        )
    return Prices(first, held * (level / at_base)[:, None], about)
