"""Meaning: what a project file may not say though every field of it is well formed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from pydantic import BaseModel

from crosscut.base.errors import Problem
from crosscut.inputs.project.fact_citation import cited, near
from crosscut.inputs.project.fields import LONGEST, FigureEntry, SeriesEntry
from crosscut.inputs.project.product_rules import product_problems, product_unit, richest_ore
from crosscut.inputs.project.schema import ProjectFile
from crosscut.inputs.yaml_file import At, FieldPath
from crosscut.ledger.store.ledger import Ledger

# Figures that are shares, by the last word of their field: what they may be at most.
_SHARES = {
    "recovery": 1.0,
    "payable": 1.5,
    "content": 1.0,
    "levies": 1.0,
    "export_duty": 1.0,
    "dividends": 1.0,
    "interest": 1.0,
    "rate": 1.0,
    "equity": 1.0,
    "state": 1.0,
    "market_rate": 1.0,
    "persistence": 0.999,
    "volatility": 3.0,
    "inflation": 10.0,
    "depreciation": 10.0,
    "scale_exponent": 1.5,
}


def meaning_problems(ledger: Ledger, file: ProjectFile, at: At) -> list[Problem]:
    """Find every contradiction and impossible value of a project whose fields are well formed.

    Parameters
    ----------
    ledger : Ledger
        Where the facts that the project cites are kept.
    file : ProjectFile
        The project.
    at : callable
        Gives file, line and field of a path of keys and positions.

    Returns
    -------
    list of Problem
        On figures, ore, product, bases, years, choices, money and owners, in this order.
    """
    return [
        *_figures(ledger, file, at),
        *_ore(file, at),
        *product_problems(file, at),
        *_bases(file, at),
        *_years(file, at),
        *_choices(file, at),
        *_money(file, at),
        *_owners(file, at),
    ]


def _parts(node: Any, path: FieldPath = ()) -> Iterator[tuple[FieldPath, BaseModel]]:
    """Every model inside a file with its path."""
    if isinstance(node, BaseModel):
        if path:
            yield path, node
        for name, info in type(node).model_fields.items():
            yield from _parts(getattr(node, name), (*path, info.alias or name))
    elif isinstance(node, list):
        for i, item in enumerate(node):
            yield from _parts(item, (*path, i))


def _figures(ledger: Ledger, file: ProjectFile, at: At) -> Iterator[Problem]:
    for path, part in _parts(file):
        fact = getattr(part, "fact", None)
        if fact is not None and cited(ledger, fact) is None:
            yield Problem(f"no fact {fact!r}", at(*path, "fact"), near(ledger, fact))
        if isinstance(part, SeriesEntry) and (part.mid is None) == (not part.by_year):
            yield Problem(
                "neither a number nor numbers by year, or both", at(*path), "340, or {2030: 340, 2031: 350}"
            )
            continue
        if isinstance(part, SeriesEntry) and part.by_year is not None:
            yield from _one_for_each_year(part.by_year, at(*path))
            if part.low is not None and part.high is not None and not 0 < part.low <= 1 <= part.high:
                yield Problem(
                    f"{part.low} <= 1 <= {part.high} does not hold",
                    at(*path),
                    "factors on the numbers by year, such as low: 0.8, high: 1.3",
                )
        elif isinstance(part, (FigureEntry, SeriesEntry)):
            yield from _range(part, at(*path))
        if isinstance(part, (FigureEntry, SeriesEntry)):
            yield from _size(path, part, at)


def _range(part: FigureEntry | SeriesEntry, where: str) -> Iterator[Problem]:
    mid = part.mid or 0.0
    low, high = (mid if x is None else x for x in (part.low, part.high))
    if (part.low is None) != (part.high is None) or not low <= mid <= high:
        yield Problem(
            f"{part.low} <= {part.mid} <= {part.high} does not hold",
            where,
            "low <= mid <= high, or one number",
        )


def _size(path: FieldPath, part: FigureEntry | SeriesEntry, at: At) -> Iterator[Problem]:
    word = str(path[-1])
    values = [v for v in (part.mid, part.low, part.high) if v is not None]
    if isinstance(part, SeriesEntry) and part.by_year is not None:
        values = list(part.by_year.values())
    if word in ("inflation", "depreciation"):
        lowest = -0.5
    else:
        lowest = 0.0
    if values and min(values) < lowest:
        yield Problem(f"{min(values):g} is below {lowest:g}", at(*path), f"a number of {lowest:g} or more")
    if word == "per_usd" and values and min(values) <= 0:
        yield Problem(f"a rate of {min(values):g}", at(*path), "units per US dollar, above 0, such as 1.5")
    royalty_in_money = path[0] == "taxes" and "royalties" in path
    if word in _SHARES and values and max(values) > _SHARES[word] and not royalty_in_money:
        top = max(values)
        hint = f"; {top / 100:g} if {top:g} is a percentage" if top <= 100 else ""
        yield Problem(f"{top:g} is above {_SHARES[word]:g}", at(*path), f"a fraction{hint}")


def _ore(file: ProjectFile, at: At) -> Iterator[Problem]:
    richest, content = richest_ore(file), product_unit(file.prices).content
    for i, ore in enumerate(file.ore):
        grades = list((ore.grade.by_year or {}).values()) or [
            g for g in (ore.grade.mid, ore.grade.high) if g is not None
        ]
        if not grades:
            continue  # neither a number nor years: said where series are checked
        top = max(grades)
        if top > richest:
            hint = f"{top / 100:g} if {top:g} is a percentage" if top <= 100 else "a fraction"
            yield Problem(
                f"a grade of {top:g}, which is {top:.0%} {content}",
                at("ore", i, "grade"),
                f"t {content} per t of ore, at most {richest:g} for {file.mineral}: {hint}",
            )
        elif min(grades) <= 0:
            yield Problem(f"a grade of {min(grades):g}", at("ore", i, "grade"), "above 0, such as 0.00199")
        if ore.resource is not None and ore.tonnes.mid > ore.resource.mid * (1 + 1e-9):
            yield Problem(
                f"{ore.tonnes.mid:,.0f} t are mined of a resource of {ore.resource.mid:,.0f} t",
                at("ore", i, "tonnes"),
                f"at most {ore.resource.mid:,.0f} t: the resource less losses",
            )
        if ore.tonnes.mid <= 0:
            yield Problem(f"{ore.tonnes.mid:g} t of ore", at("ore", i, "tonnes"), "above 0, such as 49.8e6")
    if (file.mine.capacity is None) == (not file.mine.by_year):
        yield Problem("a capacity, or ore by year", at("mine"), "one of the two, such as capacity: 3.0e6")
    if file.mine.by_year:
        mined, held = sum(file.mine.by_year.values()), sum(o.tonnes.mid for o in file.ore)
        if mined > held * (1 + 1e-9):
            yield Problem(
                f"{mined:,.0f} t are mined by year, the ore is {held:,.0f} t",
                at("mine", "by_year"),
                f"at most {held:,.0f} t in all",
            )


def _bases(file: ProjectFile, at: At) -> Iterator[Problem]:
    for block in ("prices", "costs", "capital"):
        own = getattr(file, block).basis
        if own is not None and own != file.money.basis:
            yield Problem(
                f"{block} are {own}, money is {file.money.basis}",
                at(block, "basis"),
                f"{file.money.basis}, as money.basis: restate {block} in money of {file.money.year}, or give"
                " all of it nominal",
            )


def _one_for_each_year(by_year: dict[int, float], where: str) -> Iterator[Problem]:
    years = sorted(by_year)
    for before, after in pairwise(years):
        if after != before + 1:
            missing = f"{before + 1}" if after == before + 2 else f"{before + 1} to {after - 1}"
            yield Problem(
                f"{missing} is missing between {before} and {after}", where, "a number for every year"
            )


def _years(file: ProjectFile, at: At) -> Iterator[Problem]:
    first, production, last = file.years.first, file.years.production, file.years.last
    if production < first:
        yield Problem(
            f"production in {production}, spending from {first}",
            at("years", "production"),
            f"{first} or later",
        )
    if last is not None and not production <= last < first + LONGEST:
        yield Problem(f"last year {last}", at("years", "last"), f"{production} to {first + LONGEST - 1}")
    if file.mine.by_year:
        yield from _one_for_each_year(file.mine.by_year, at("mine", "by_year"))
        if min(file.mine.by_year) < first:
            yield Problem(f"ore in {min(file.mine.by_year)}", at("mine", "by_year"), f"years from {first}")
    for path, part in _parts(file):
        for name in ("years", "shares"):
            shares = getattr(part, name, None)
            if not isinstance(shares, dict) or (name == "shares" and not shares):
                continue
            early = [y for y in shares if isinstance(y, int) and not first <= y < first + LONGEST]
            if early:
                yield Problem(
                    f"year {early[0]}", at(*path, name), f"years from {first} to {first + LONGEST - 1}"
                )
            if name == "years" and abs(sum(shares.values()) - 1) > 1e-6:
                yield Problem(
                    f"the shares add up to {sum(shares.values()):g}",
                    at(*path, name),
                    "shares that add up to 1",
                )


def _choices(file: ProjectFile, at: At) -> Iterator[Problem]:
    if file.product.form != "concentrate" and file.product.refining is None:
        yield Problem(
            f"{file.product.form} is sold and there is no plant",
            at("product"),
            "refining: the plant that makes it; or form: concentrate",
        )
    for i, b in enumerate(file.by_products):
        if (b.per_ore is None) == (b.a_year is None):
            yield Problem(
                "t per t of ore, or t a year", at("by_products", i), "one of the two, such as per_ore: 0.0001"
            )
    taxes = file.taxes
    for i, r in enumerate(taxes.royalties or []):
        if (r.rate is None) == (not r.steps):
            yield Problem(
                "a rate, or steps", at("taxes", "royalties", i), "one of the two, such as rate: 0.078"
            )
        if r.steps and any(b[0] <= a[0] for a, b in pairwise(r.steps)):
            yield Problem(
                "prices of the steps do not rise",
                at("taxes", "royalties", i, "steps"),
                "[[0, 0.03], [500, 0.06]]",
            )
        if r.rate is not None and r.base not in ("ore", "mtu", "unit") and r.rate.mid > 1:
            yield Problem(
                f"{r.rate.mid:g} of {r.base}",
                at("taxes", "royalties", i, "rate"),
                f"a fraction, {r.rate.mid / 100:g} if {r.rate.mid:g} is a percentage",
            )
    if taxes.regime is None and taxes.income is None:
        yield Problem(
            "no income tax", at("taxes"), "regime: a bundled one such as kazakhstan-2026, or income: {...}"
        )
    for path, part in _parts(file):
        method = getattr(part, "method", None)
        if method == "straight" and part.years is None:  # type: ignore[attr-defined]
            yield Problem("straight line over no years", at(*path), "years, such as 10")
        if method in ("declining", "pool") and part.rate is None:  # type: ignore[attr-defined]
            yield Problem(f"{method} without a rate", at(*path), "rate, such as 0.25")
    for i, loan in enumerate(file.finance.loans):
        if (loan.amount is None) == (loan.share is None):
            yield Problem(
                "an amount, or a share", at("finance", "loans", i), "one of the two, such as amount: 400e6"
            )
        if loan.dscr is not None and loan.repayment != "sculpted":
            yield Problem("dscr without sculpting", at("finance", "loans", i, "dscr"), "repayment: sculpted")
        if loan.signed and loan.probability < 1:
            yield Problem(
                "a signed loan with a probability", at("finance", "loans", i, "probability"), "signed: false"
            )


def _money(file: ProjectFile, at: At) -> Iterator[Problem]:
    money, finance = file.money, file.finance
    if money.currency != "USD" and money.per_usd is None:
        yield Problem(
            f"{money.currency} without a rate", at("money"), f"per_usd: {money.currency} per US dollar"
        )
    if money.local is not None and money.local.currency == money.currency:
        yield Problem(
            "local money is the money of the file", at("money", "local", "currency"), "another currency"
        )
    capex = sum(i.amount.mid for i in file.capital.items if i.kind == "initial")
    if file.product.form != "concentrate" and file.product.refining is not None:
        capex += file.product.refining.capex.mid
    debt = 0.0
    for i, loan in enumerate(finance.loans):
        debt += loan.amount.mid if loan.amount else (loan.share or 0.0) * capex
        if debt > capex * (1 + 1e-9):
            yield Problem(
                f"debt of {debt:,.0f} {money.currency} on a capital cost of {capex:,.0f}",
                at("finance", "loans", i),
                f"loans that add up to {capex:,.0f} at most",
            )
            break


def _owners(file: ProjectFile, at: At) -> Iterator[Problem]:
    f = file.finance
    held = sum(o.share for o in f.owners) + (f.state.share if f.state else 0.0)
    if f.owners and abs(held - 1) > 1e-6:
        yield Problem(f"owners and state hold {held:g}", at("finance", "owners"), "shares that add up to 1")
    streamed = sum(s.share for s in f.streams) + sum(
        o.share for o in f.offtakes if o.floor or o.cap or o.discount
    )
    if streamed > 1 + 1e-9:
        yield Problem(
            f"{streamed:.0%} of the product is promised", at("finance"), "shares that add up to 1 at most"
        )
    for name in ("ore", "by_products", "alternatives"):
        ids = [e.id for e in getattr(file, name)]
        for i, one in enumerate(ids):
            if ids.index(one) < i:
                yield Problem(f"{name} id {one!r} is used twice", at(name, i, "id"), "an id of its own")
    for i, tranche in enumerate(f.equity):
        late = [y for y in tranche.years if y >= file.years.production]
        if late:
            yield Problem(
                f"equity in {late[0]}, production from {file.years.production}",
                at("finance", "equity", i, "years"),
                "years before production; from then on owners pay what is missing",
            )
    for name in ("loans", "equity", "grants", "streams", "prepayments", "offtakes"):
        ids = [e.id for e in getattr(f, name)]
        for i, one in enumerate(ids):
            if ids.index(one) < i:
                yield Problem(
                    f"{name} id {one!r} is used twice", at("finance", name, i, "id"), "an id of its own"
                )
