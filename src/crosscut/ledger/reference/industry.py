"""Industry: how much of a mineral a country can put to use, by what is on record of its plants and by what
else it buys.

A country that processes an ore is named where the plants of the world are listed, and a country with an
industry buys many minerals. One that buys an ore without either only passes it on.
"""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from crosscut.base.places import by_trade_code
from crosscut.ledger.reference.tables import country_sums, trade_rows
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import table

YEARS = 3  # the year and the two before: one year's purchases are too lumpy to tell an industry by
NO_STAGE = "capacity|quota|consumption|secondary|mine"
NOT_COUNTRIES = ("WLD", "TOP3", "EU27", "OTH")


@per_ledger
def _shares_of_imports(ledger: Ledger, year: int) -> dict[str, dict[str, float]]:
    """Share of the world's imports by value, by code and country, over the years up to `year`."""
    rows = trade_rows(ledger).filter(pl.col("year").is_between(year - YEARS + 1, year))
    sums = country_sums(rows).filter(pl.col("side") == "imports").collect()
    value: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for country, code, usd in sums.select("country", "hs92", "value_usd").iter_rows():
        value[code][by_trade_code(str(country)).code] += usd
    return {
        code: {c: usd / whole for c, usd in by.items()}
        for code, by in value.items()
        if (whole := sum(by.values())) > 0
    }


def breadth(ledger: Ledger, codes: tuple[str, ...], year: int) -> dict[str, float]:
    """How much of all other minerals a country buys: its mean share of the world's imports over the other
    codes.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    codes : tuple of str
        HS92 codes left out: those of the mineral in question.
    year : int
        Calendar year; the two before count too.

    Returns
    -------
    dict of str to float
        0 to 1 by ISO3 code; a country that buys nothing else is absent.

    Examples
    --------
    >>> found = breadth(Ledger.bundled(), ("261000",), 2024)
    >>> found["CHN"] > 0.2, found["MOZ"] < 0.005
    (True, True)
    """
    shares = _shares_of_imports(ledger, year)
    others = [by for code, by in shares.items() if code not in codes]
    out: dict[str, float] = defaultdict(float)
    for by in others:
        for country, share in by.items():
            out[country] += share / len(others)
    return dict(out)


def processors(ledger: Ledger, subject: str, mined_form: str) -> dict[str, float]:
    """Which countries process a mineral beyond the mine, and what share of the world each has.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.
    subject : str
        Name of the mineral in the table of output by stage.
    mined_form : str
        The form whose makers are miners; it is left out.

    Returns
    -------
    dict of str to float
        Share of the world, 0 to 1, by ISO3 code: the largest in any later stage and year. Countries of which
        no plant is on record are absent.

    Examples
    --------
    >>> found = processors(Ledger.bundled(), "chromium", "mine")
    >>> found["ZAF"], "MOZ" in found
    (0.241, False)
    """
    rows = table(ledger, "minerals/stage_production").filter(
        (pl.col("mineral") == subject)
        & (pl.col("form") != mined_form)
        & ~pl.col("form").str.contains(NO_STAGE)
        & pl.col("value").is_not_null()
        & pl.col("unit").is_in(["t", "% of world"])
    )
    out: dict[str, float] = {}
    for (_, _, _, unit), part in rows.group_by("form", "year", "source_id", "unit", maintain_order=True):
        named = part.filter(~pl.col("country_iso3").is_in(NOT_COUNTRIES))
        world = part.filter(pl.col("country_iso3") == "WLD")["value"]
        counted = part.filter(~pl.col("country_iso3").is_in(("WLD", "TOP3", "EU27")))["value"]
        whole = 100.0 if unit == "% of world" else float(world[0] if len(world) else counted.sum())
        for country, value in named.select("country_iso3", "value").iter_rows():
            if value > 0 and whole > 0:
                out[country] = max(out.get(country, 0.0), min(round(float(value) / whole, 6), 1.0))
    return out


def producers(ledger: Ledger) -> frozenset[str]:
    """Countries with a mine or a plant of any mineral on record.

    Parameters
    ----------
    ledger : Ledger
        The facts to read.

    Returns
    -------
    frozenset of str
        ISO3 codes.

    Examples
    --------
    >>> found = producers(Ledger.bundled())
    >>> "MOZ" in found, "SGP" in found
    (True, False)
    """
    rows = table(ledger, "minerals/stage_production").filter(pl.col("value") > 0)
    return frozenset(rows["country_iso3"].unique().to_list())


__all__ = ["breadth", "processors", "producers"]
