"""Regimes: the bundled fiscal regimes; every rule cites the fact it is read from."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import Field, ValidationError

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.inputs.catalogue import PROJECT
from crosscut.inputs.project.fields import Figure
from crosscut.inputs.project.money_schema import TaxesEntry
from crosscut.inputs.scenario.schema import Name, Prose, Words
from crosscut.inputs.yaml_file import yaml_tree


class RegimeEntry(TaxesEntry):
    """A regime: the taxes of a country or a part of it. `as` takes what it does not say from another."""

    id: Name = Field(description="a short name of its own")
    title: Words = Field(description="one line for people")
    country: str = Field(description="ISO code")
    region: str = Field("", description="state or province")
    note: Prose = Field("", description="how it was read, what is left out")
    like: Words | None = Field(None, alias="as", description="another regime")
    income_rate: Figure | None = Field(
        None, description="rate of income tax in place of that of the other regime"
    )
    cites: list[str] = Field([], description="rows read besides those cited in place")


@cache
def regimes() -> dict[str, RegimeEntry]:
    """Read every tax regime, with what it takes from another filled in.

    Returns
    -------
    dict of str to RegimeEntry
        By id.

    Raises
    ------
    RuntimeError
        When the bundled file itself is wrong.

    Examples
    --------
    >>> regimes()["kazakhstan-2026-product-base"].income.rate.mid
    0.2
    """
    text = bundled_text("finance", "regimes.yaml")
    tree = yaml_tree(text, "regimes.yaml", PROJECT)
    try:
        read = [RegimeEntry.model_validate(e) for e in tree.data["regimes"]]
    except ValidationError as error:  # the bundled file is ours
        raise RuntimeError(f"regimes.yaml: {error}") from error
    by_id = {r.id: r for r in read}
    return {r.id: _filled(r, by_id) for r in read}


def _filled(r: RegimeEntry, by_id: dict[str, RegimeEntry]) -> RegimeEntry:
    if r.like is None:
        return r
    base = by_id[r.like]
    given: dict[str, Any] = {
        k: getattr(base, k)
        for k in ("royalties", "income", "export_duty", "credits", "vat", "dividends", "interest")
        if getattr(r, k) is None
    }
    if r.income_rate is not None and base.income is not None:
        rate = base.income.rate.model_copy(update=r.income_rate.model_dump(exclude_none=True))
        given["income"] = base.income.model_copy(
            update={"rate": rate, "fact": r.income_rate.fact, "note": r.income_rate.note}
        )
    cites = sorted({*r.cites, *base.cites})
    return r.model_copy(update={**given, "cites": cites})


def regime(id: str, where: str) -> RegimeEntry:
    """Find a tax regime.

    Parameters
    ----------
    id : str
        Its id.
    where : str
        Where it was named, for messages.

    Returns
    -------
    RegimeEntry
        The regime, filled in.

    Raises
    ------
    UserError
        For an unknown id, with the nearest.
    """
    if id not in regimes():
        raise UserError(Problem(f"unknown regime {id[:60]!r}", where, suggestion(id, regimes())))
    return regimes()[id]


def taxes_of(entry: TaxesEntry, where: str) -> TaxesEntry:
    """Taxes of a project: those of its regime, with the parts that the file states in their place.

    Parameters
    ----------
    entry : TaxesEntry
        What the file states.
    where : str
        Where its regime is named, for messages.

    Returns
    -------
    TaxesEntry
        The taxes; `entry` itself where it names no regime.

    Raises
    ------
    UserError
        For an unknown regime, with the nearest.
    """
    if entry.regime is None:
        return entry
    base = regime(entry.regime, where)
    fields = ("royalties", "income", "export_duty", "credits", "vat", "dividends", "interest")
    return entry.model_copy(update={k: getattr(base, k) for k in fields if getattr(entry, k) is None})
