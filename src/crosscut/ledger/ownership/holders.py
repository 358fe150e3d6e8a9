"""Holders: the owners, lenders and buyers that the tables name, under one id however they are written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.ledger.store.fact import TableSpec, ValueColumn
from crosscut.ledger.store.tables import checked_rows

# "float": dispersed shareholders; "class": a kind of buyer or investor, no holder; "aggregate": a sum of
# other holders.
KINDS = ("listed", "private", "state", "float", "class", "aggregate")
_TABLE = "tungsten/holders"
_SPEC = TableSpec(
    "holder",
    ("holder_id",),
    "",
    (ValueColumn("name", "name", text=True),),
    places=("country_iso3",),
    codes={"kind": KINDS, "identified": ("yes", "no")},
)


@dataclass(frozen=True)
class Holder:
    """One holder. `country` is its home (UNK unknown, OTH several); `identified` is whether one owner is
    known to stand here: a list of cooperatives, or a company whose owner was not found, is not."""

    id: str
    name: str
    country: str
    kind: str
    company_id: str
    identified: bool
    note: str = ""


@cache
def holders() -> dict[str, Holder]:
    """Every holder on record: owners, lenders and buyers.

    Returns
    -------
    dict of str to Holder
        By id, in the order of the table.
    """
    return {r["holder_id"]: _holder(r) for r in _rows()}


def holder(text: str, country: str = "UNK") -> Holder:
    """The holder that a table writes as `text`, by its name or one of its variants.

    Parameters
    ----------
    text : str
        The name as printed. One that begins with "not identified" is a holder of its own.
    country : str
        Home (ISO3) of a holder that is not identified; not used for others.

    Returns
    -------
    Holder
        The holder on record, or a new one whose `identified` is False.

    Raises
    ------
    UserError
        When nothing is known by that name; the nearest name is given.

    Examples
    --------
    >>> holder("Sandvik (Wolfram Bergbau)").id, holder("China Minmetals Nonferrous").id
    ('sandvik', 'minmetals')
    """
    if text.startswith("not identified"):
        return Holder(f"unidentified {country}", text, country, "private", "", False)
    found = _by_name().get(text)
    if found is None:
        raise UserError(Problem(f"unknown holder {text!r}", f"{_TABLE}.csv", suggestion(text, _by_name())))
    return holders()[found]


def known_holder(text: str) -> Holder | None:
    """The holder written exactly as `text`.

    Parameters
    ----------
    text : str
        A name or a variant as the table of holders has it; case and spaces count.

    Returns
    -------
    Holder or None
        None where no holder is written so.
    """
    found = _by_name().get(text)
    return None if found is None else holders()[found]


def holder_of_company(company_id: str) -> Holder | None:
    """The holder that is a company of `tungsten/companies`.

    Parameters
    ----------
    company_id : str
        Id of the company in that table.

    Returns
    -------
    Holder or None
        None where the company is no holder on record.
    """
    return next((h for h in holders().values() if h.company_id == company_id), None)


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = bundled_text("facts", f"{_TABLE}.csv")
    return tuple(checked_rows(_TABLE, text, _SPEC))


@cache
def _by_name() -> dict[str, str]:
    out: dict[str, str] = {}
    for r in _rows():
        for name in (r["name"], *(v.strip() for v in r["variants"].split(";") if v.strip())):
            if out.setdefault(name, r["holder_id"]) != r["holder_id"]:
                raise UserError(Problem(f"{name!r} names two holders", f"{_TABLE}.csv", "one holder a name"))
    return out


def _holder(r: dict[str, str]) -> Holder:
    return Holder(
        r["holder_id"],
        r["name"],
        r["country_iso3"],
        r["kind"],
        r["company_id"],
        r["identified"] == "yes",
        r["note"],
    )
