"""Product rules: what a project of a mineral may say of its product, price and grade, and what the unit is.

Tungsten is priced by APT, in USD per mtu WO3. Any other mineral states its own price with the unit and with
what is counted: nothing is valued at the price of another metal. Figures that are a million times too small
(money in millions, ore in Mt) are refused with the cure.

Tests: tests/studies/project/test_other_minerals.py
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem
from crosscut.finance.mine.product_unit import MTU_WO3, ProductUnit
from crosscut.inputs.project.fields import FigureEntry, SeriesEntry
from crosscut.inputs.project.money_schema import PricesEntry
from crosscut.inputs.project.regimes import regimes
from crosscut.inputs.project.schema import ProjectFile
from crosscut.inputs.yaml_file import At, FieldPath
from crosscut.ledger.mineral_names import mineral_meant
from crosscut.ledger.own_tables import TUNGSTEN

QUOTED_BY_APT = TUNGSTEN.mineral
LEAST_TONNES = 1000.0  # t of ore in all: less is no mine
LEAST_AMOUNT = 10_000.0  # US dollars of anything that is built or lent: less is no plant
LEAST_A_YEAR = 1_000.0  # US dollars of overhead a year
_EXAMPLE = "price, unit and of, such as {price: 21000, unit: USD/t, of: Sb}"


def product_unit(prices: PricesEntry) -> ProductUnit:
    """How a file counts its product.

    Parameters
    ----------
    prices : PricesEntry
        What the file says of its price.

    Returns
    -------
    ProductUnit
        Mtu of WO3 where the price is that of APT.

    Examples
    --------
    >>> product_unit(PricesEntry.model_validate({"price": 21000, "unit": "USD/t", "of": "Sb"})).label
    't Sb'
    """
    if prices.unit is None or prices.of is None:
        return MTU_WO3
    return ProductUnit(prices.unit.removeprefix("USD/"), prices.of, f"price of {prices.of}")


@cache
def _richest() -> dict[tuple[str, str], float]:
    rows = csv.DictReader(bundled_text("finance", "richest_ore.csv").splitlines())
    return {(r["mineral"], r["content"].casefold()): float(r["richest_ore"]) for r in rows}


def richest_ore(file: ProjectFile) -> float:
    """The grade above which a stated grade is surely a slip, such as a percentage taken for a fraction.

    Parameters
    ----------
    file : ProjectFile
        Its mineral, and what its grade counts.

    Returns
    -------
    float
        t per t of ore; 0.7 where no limit is on record, for no ore is all metal.
    """
    meant = mineral_meant(file.mineral)
    name = "" if isinstance(meant, Problem) else meant.name
    return _richest().get((name, product_unit(file.prices).content.casefold()), 0.7)


def product_problems(file: ProjectFile, at: At) -> Iterator[Problem]:
    """What is wrong with the mineral, its price, its product and its sizes.

    Parameters
    ----------
    file : ProjectFile
        The project.
    at : callable
        Gives file, line and field of a path of keys and positions.

    Yields
    ------
    Problem
        Each with its cure.
    """
    meant = mineral_meant(file.mineral, at("mineral"))
    if isinstance(meant, Problem):
        yield meant
    elif meant.name == QUOTED_BY_APT:
        yield from _priced_by_apt(file, at)
    else:
        yield from _priced_by_itself(file, at, meant.part or meant.name)
    yield from _sizes(file, at)


def _priced_by_apt(file: ProjectFile, at: At) -> Iterator[Problem]:
    p = file.prices
    if p.apt is None:
        yield Problem("no price of APT", at("prices"), "apt: USD per mtu WO3, such as 340")
    for name in ("price", "unit", "of"):
        if getattr(p, name) is not None:
            yield Problem(
                f"{name} beside the price of tungsten", at("prices", name), "apt alone, in USD per mtu WO3"
            )
    if file.costs.per_unit is not None:
        yield Problem("per_unit in a tungsten project", at("costs", "per_unit"), "per_mtu")


def _priced_by_itself(file: ProjectFile, at: At, mineral: str) -> Iterator[Problem]:
    p = file.prices
    if p.apt is not None:
        yield Problem(
            f"apt is the price of tungsten, and the mineral is {mineral}", at("prices", "apt"), _EXAMPLE
        )
    elif missing := [n for n in ("price", "unit", "of") if getattr(p, n) is None]:
        yield Problem(f"{mineral} has no {' and no '.join(missing)}", at("prices"), _EXAMPLE)
    if p.outlook is not None:
        yield Problem(
            f"outlooks price tungsten, and the mineral is {mineral}", at("prices", "outlook"), _EXAMPLE
        )
    if file.costs.per_mtu is not None:
        yield Problem("per_mtu counts WO3", at("costs", "per_mtu"), "per_unit: money per unit of the price")
    if file.product.form != "concentrate":
        yield Problem(
            f"{file.product.form} is a product of tungsten, and the mineral is {mineral}",
            at("product", "form"),
            "form: concentrate, for whatever is sold and paid at a share of the price",
        )
    if file.product.refining is not None:
        yield Problem(
            f"the plant makes APT or oxide of tungsten, and the mineral is {mineral}",
            at("product", "refining"),
            "a product without it; a plant of your own is an item of capital and a cost",
        )
    for i, r in enumerate(file.taxes.royalties or []):
        if r.base == "mtu":
            yield Problem("mtu counts WO3", at("taxes", "royalties", i, "base"), "unit: a unit of the price")
    for i, s in enumerate(file.finance.streams):
        if s.until_mtu is not None:
            yield Problem(
                "until_mtu counts WO3", at("finance", "streams", i, "until_mtu"), "a stream without it"
            )
    regime = regimes().get(file.taxes.regime or "")
    if regime is not None and regime.royalties and file.taxes.royalties is None:
        yield Problem(
            f"royalties of regime {regime.id} are those of tungsten, and the mineral is {mineral}",
            at("taxes", "regime"),
            f"taxes.royalties: those of {mineral}, or [] for none",
        )


def _sizes(file: ProjectFile, at: At) -> Iterator[Problem]:
    """Money in millions, ore in Mt: a million times too small, and the sum works out all the same."""
    ore = sum(o.tonnes.mid for o in file.ore)
    if 0 < ore < LEAST_TONNES:
        yield Problem(
            f"{ore:g} t of ore in all", at("ore", 0, "tonnes"), f"tonnes: {ore:g}e6 if {ore:g} is in Mt"
        )
    for name, part in (("mine", file.mine.capacity), ("mill", file.mill.capacity)):
        if part is not None and 0 < part.mid < LEAST_TONNES:
            yield Problem(
                f"{part.mid:g} t of ore a year",
                at(name, "capacity"),
                f"tonnes: {part.mid:g}e6 if {part.mid:g} is in Mt",
            )
    per_usd = file.money.per_usd
    rate = 1.0 if per_usd is None else _least(per_usd) or 1.0
    for path, figure, what, least in _amounts(file):
        amount = _least(figure)
        if 0 < amount < least * rate:
            yield Problem(
                f"{amount:g} {file.money.currency} {what}",
                at(*path),
                f"money in full: {amount:g}e6 if {amount:g} is in millions",
            )


def _least(figure: FigureEntry | SeriesEntry) -> float:
    """The smallest amount above nothing that a figure states, 0 where it states none."""
    by_year = figure.by_year if isinstance(figure, SeriesEntry) else None
    return min((v for v in (by_year or {0: figure.mid or 0.0}).values() if v > 0), default=0.0)


def _amounts(file: ProjectFile) -> Iterator[tuple[FieldPath, FigureEntry | SeriesEntry, str, float]]:
    """Amounts of money that are never small: where, how much, for what, the least in US dollars."""
    for i, item in enumerate(file.capital.items):
        yield ("capital", "items", i, "amount"), item.amount, "for something that is built", LEAST_AMOUNT
    if (refining := file.product.refining) is not None:
        yield ("product", "refining", "capex"), refining.capex, "for a plant", LEAST_AMOUNT
    if (overhead := file.costs.overhead) is not None:
        yield ("costs", "overhead"), overhead, "of overhead a year", LEAST_A_YEAR
    if (closure := file.capital.closure) is not None:
        yield ("capital", "closure", "amount"), closure.amount, "to close a mine", LEAST_AMOUNT
    for i, loan in enumerate(file.finance.loans):
        if loan.amount is not None:
            yield ("finance", "loans", i, "amount"), loan.amount, "of a loan", LEAST_AMOUNT
    for i, equity in enumerate(file.finance.equity):
        yield ("finance", "equity", i, "amount"), equity.amount, "of equity", LEAST_AMOUNT
