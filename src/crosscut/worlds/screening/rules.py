"""Screening rules: which trade code, output and price make the one-form world of a mineral, and what stands
in for what.

Where the ledger has no figure of the form itself, a neighbour's is taken: the price of the metal for its
ore, mine output for what plants make of it. Such a stand-in is named on every screen that uses the world.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text

PURE = 0.99  # a content from here on is the metal itself: nothing typical about it


@dataclass(frozen=True)
class ScreeningRule:
    """One row of screening.csv: which trade code, output table and price belong together.

    `content` is t contained per t gross of trade and `content_status` its evidence status;
    `evidence_status` that of the step from the price series to the price of the form. `stands_in` names the
    figures (price, output) that are another form's. `note` is the reason why not when `form` is empty.
    """

    mineral: str
    subject: str
    form: str
    title: str
    hs92: tuple[str, ...]
    content: float
    content_status: str
    production_form: str
    production_content: float
    price_form: str
    price_series: str
    price_factor: float
    evidence_status: str
    stands_in: tuple[str, ...]
    note: str

    @property
    def content_matters(self) -> bool:
        """Whether a typical content decides how trade compares with output.

        Where both are gross tonnes times the same content, the content is a unit; in pure metal it is one.
        """
        return self.content < PURE and self.content != self.production_content


@cache
def screening_rules() -> dict[str, ScreeningRule]:
    """Read how the one-form world of each mineral is made.

    Returns
    -------
    dict of str to ScreeningRule
        By mineral. A rule without a form says in its note why the mineral has no world.

    Examples
    --------
    >>> screening_rules()["rare earths"].stands_in
    ('price', 'output')
    """
    text = bundled_text("worlds", "screening.csv")
    out = {}
    for r in csv.DictReader(text.splitlines()):
        number = {k: float(r[k]) if r[k] else 0.0 for k in ("content", "production_content", "price_factor")}
        out[r["mineral"]] = ScreeningRule(
            r["mineral"],
            r["subject"],
            r["form"],
            r["title"],
            tuple(c for c in r["hs92"].split(";") if c),
            number["content"],
            r["content_status"],
            r["production_form"],
            number["production_content"],
            r["price_form"],
            r["price_series"],
            number["price_factor"],
            r["evidence_status"],
            tuple(s for s in r["stands_in"].split(";") if s),
            r["note"],
        )
    return out


def stand_ins(rule: ScreeningRule, usd: float, price_status: str) -> tuple[str, ...]:
    """Say in sentences what the world of a rule takes for something else, and on whose word.

    Parameters
    ----------
    rule : ScreeningRule
        A rule with a form.
    usd : float
        The price of the form, in USD per t contained.
    price_status : str
        Evidence status of that price.

    Returns
    -------
    tuple of str
        One sentence each for the price, the output and the content, as far as they apply.

    Examples
    --------
    >>> stand_ins(screening_rules()["zirconium"], 4000.0, "derived")
    ()
    """
    out = []
    form = rule.title[0].lower() + rule.title[1:]
    if "price" in rule.stands_in:
        share = "" if rule.price_factor == 1 else f" times {rule.price_factor:g}"
        out.append(
            f"The price of {form} is a stand-in ({price_status}): the series {rule.price_series!r}"
            f" ({rule.price_form}){share} stands in for it, {usd:,.0f} USD per t contained."
        )
    if "output" in rule.stands_in:
        kind = "" if rule.production_form == "mine" else f", {rule.production_form},"
        out.append(
            f"Output is a stand-in: mine output{kind} stands in for output of {form}, so a"
            " country that mines counts as a maker even where others process its ore."
        )
    if rule.content_matters:
        out.append(
            f"Trade is weighed at a typical content ({rule.content_status}): {rule.content:g} t contained per"
            " t gross. Every traded tonne rests on it and counts as derived."
        )
    return tuple(out)


__all__ = ["ScreeningRule", "screening_rules", "stand_ins"]
