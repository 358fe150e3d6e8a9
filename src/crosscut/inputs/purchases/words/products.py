"""What was bought: the mineral, and the product where the name says so, from a trade name and a code.

Trade names are looked up whole ("APT", "ferro-tungsten", "Wolframoxid"). A longer text is read when every
other word in it only says grade, size or packing; a text with two minerals is refused.

Tests: tests/inputs/purchases/test_words_people_write.py
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crosscut.base.errors import Problem
from crosscut.base.units.tonnage import content
from crosscut.inputs.purchases.words.customs_codes import CustomsCode, customs_code
from crosscut.inputs.purchases.words.units import Share, stated_content
from crosscut.inputs.purchases.words.word_tables import folded, words
from crosscut.ledger.mineral_names import mineral_meant
from crosscut.ledger.minerals import Mineral, all_minerals, known_or_problem

#: words beside a trade name that say nothing about what it is
_BESIDE = frozenset(
    [
        "min",
        "max",
        "approx",
        "grade",
        "high",
        "low",
        "standard",
        "pure",
        "purity",
        "technical",
        "tech",
        "fine",
        "coarse",
        "crystal",
        "mesh",
        "micron",
        "mm",
        "um",
        "nm",
        "bag",
        "bags",
        "bigbag",
        "big",
        "drum",
        "drums",
        "bulk",
        "lot",
        "lots",
        "pallet",
        "in",
        "of",
        "and",
        "with",
        "the",
        "from",
        "pcs",
        "kg",
        "t",
        "mt",
        "ex",
        "ingot",
        "ingots",
        "cathode",
        "cathodes",
        "briquette",
        "briquettes",
        "granules",
        "pellets",
        "lump",
        "lumps",
        "powder",
        "metal",
        "bar",
        "bars",
        "chargen",
        "charge",
        "rein",
        "reinheit",
        "koernung",
        "kornung",
        "sack",
        "sacke",
        "fass",
        "fasser",
        "gebinde",
        "qualitat",
    ]
)


@dataclass(frozen=True)
class BoughtProduct:
    """What a row bought: `form` "" where it is not said; `content` of metal, stated or by definition of the
    product; `note` is what was taken for granted."""

    mineral: Mineral
    form: str = ""
    content: Share | float | None = None
    note: str = ""


def named_product(text: str, where: str) -> BoughtProduct | Problem:
    """The product that a trade name means.

    Parameters
    ----------
    text : str
        As a purchaser writes it.
    where : str
        Where it stands, for messages.

    Returns
    -------
    BoughtProduct or Problem
        A problem where it means nothing here, or two minerals.

    Examples
    --------
    >>> apt = named_product("APT 88.5 % WO3", "")
    >>> apt.mineral.name, apt.form, apt.content
    ('tungsten', 'oxide', Share(fraction=0.885, of='WO3'))
    """
    word = folded(text)
    found = _whole(word)
    if found is not None:
        return found
    by_name = known_or_problem(text, where)
    if not isinstance(by_name, Problem):
        meant = mineral_meant(text)
        return BoughtProduct(by_name, note="" if isinstance(meant, Problem) else meant.note)
    return _inside(word, text, where) or by_name


def _whole(word: str) -> BoughtProduct | None:
    rows = words("products", "name").get(word)
    if rows is None:
        return None
    row = rows[0]
    share = content(row["content"]).value if row["content"] else None
    return BoughtProduct(all_minerals()[row["mineral"]], row["form"], share)


def _inside(word: str, text: str, where: str) -> BoughtProduct | Problem | None:
    """A trade name inside a longer text; None where there is none, or where other words may matter."""
    cleaned = re.sub(r"\d+([.,]\d+)?\s*%\s*(wo3|w)?\b|[()\[\],;\"']", " ", word)
    tokens = cleaned.split()
    found: list[BoughtProduct] = []
    left: list[str] = []
    at = 0
    while at < len(tokens):
        for length in range(min(5, len(tokens) - at), 0, -1):
            product = _named(" ".join(tokens[at : at + length]))
            if product is not None:
                found.append(product)
                at += length
                break
        else:
            left.append(tokens[at])
            at += 1
    minerals = list(dict.fromkeys(p.mineral.name for p in found))
    if len(minerals) > 1:
        what = f"{text.strip()!r} names {' and '.join(minerals)}"
        return Problem(what, where, "one mineral a row; write the one that you buy it for")
    if not found or any(not _says_nothing(w) for w in left):
        return None
    best = next((p for p in found if p.form), found[0])
    stated = stated_content(text, best.mineral.name)
    shown = f"{best.mineral.name}" + (f", {best.form}" if best.form else "")
    return BoughtProduct(
        best.mineral, best.form, stated or best.content, f"{text.strip()!r} is read as {shown}"
    )


def _named(phrase: str) -> BoughtProduct | None:
    if len(phrase) < 3 and phrase not in ("w", "wc"):
        return None
    whole = _whole(phrase)
    if whole is not None:
        return whole
    by_name = known_or_problem(phrase, "")
    return None if isinstance(by_name, Problem) else BoughtProduct(by_name)


def _says_nothing(word: str) -> bool:
    return (
        word in _BESIDE or re.fullmatch(r"[<>~≥≤]?\d[\d.,x×/]*(mm|um|µm|nm|kg|t|mesh|n|%)?", word) is not None
    )


def bought(name: str, code: str, at_name: str, at_code: str) -> BoughtProduct | list[Problem]:
    """What a row bought, from its name and its customs code.

    Parameters
    ----------
    name : str
        Mineral or product; "" where the row has none.
    code : str
        Customs code; "" where the row has none.
    at_name, at_code : str
        Where they stand, for messages.

    Returns
    -------
    BoughtProduct or list of Problem
        Problems where neither says it, or the two contradict each other.

    Examples
    --------
    >>> bought("", "8101.94", "", "").mineral.name
    'tungsten'
    >>> print(bought("tin", "810194", "my.csv:2, mineral", "my.csv:2, hs_code")[0])
    my.csv:2, hs_code: code '810194' holds tungsten (Tungsten, unwrought, with bars simply sintered), but the
    row says tin. Expected a code and a name of the same mineral
    """
    if not name and not code:
        return [
            Problem("neither a mineral nor a customs code", at_name or at_code, "a mineral such as tungsten")
        ]
    named = named_product(name, at_name) if name else None
    coded = customs_code(code, at_code) if code else None
    problems = [p for p in (named, coded) if isinstance(p, Problem)]
    if isinstance(coded, Problem) and isinstance(named, BoughtProduct) and "is not on record" in coded.what:
        return BoughtProduct(
            named.mineral, named.form, named.content, f"{coded.what}; the name alone is used"
        )
    if problems:
        return problems
    if isinstance(named, BoughtProduct):
        return _both(named, coded, code, at_code) if isinstance(coded, CustomsCode) else named
    assert isinstance(coded, CustomsCode)
    return _coded(coded, code, at_code)


def _both(named: BoughtProduct, coded: CustomsCode, code: str, at: str) -> BoughtProduct | list[Problem]:
    mineral = named.mineral.name
    if mineral not in coded.minerals:
        held = f"{', '.join(coded.minerals)} ({coded.holds})"
        what = f"code {code.strip()!r} holds {held}, but the row says {mineral}"
        return [Problem(what, at, "a code and a name of the same mineral")]
    if named.form and coded.form and named.form != coded.form:
        what = f"code {code.strip()!r} is {coded.holds}, but the row says {named.form}"
        return [Problem(what, at, "a code and a name of the same product")]
    return BoughtProduct(named.mineral, named.form or coded.form, named.content, named.note)


def _coded(coded: CustomsCode, code: str, at: str) -> BoughtProduct | list[Problem]:
    known = [m for m in coded.minerals if m in all_minerals()]
    if len(coded.minerals) > 1:
        what = f"code {code.strip()!r} holds {', '.join(coded.minerals)} ({coded.holds})"
        return [Problem(what, at, "the name of the mineral beside it")]
    if not known:
        what = f"code {code.strip()!r} holds {coded.minerals[0]}, whose trade is not on record"
        return [Problem(what, at, "a mineral whose trade is on record")]
    return BoughtProduct(all_minerals()[known[0]], coded.form)
