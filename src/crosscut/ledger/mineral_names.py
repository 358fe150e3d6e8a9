"""Mineral names: a mineral by its symbol, by its name in eight languages, or by what is traded of it.

The table `data/indicators/mineral_names.csv` holds the words. A product named after its mineral ("cobalt
hydroxide", "Wolframoxid", "ferro-niobium") needs no row. Likeness of letters is no guide: neodymium is no
indium, it is counted under rare earths, and a `MineralMeant` says so.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import BeforeValidator

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem, did_you_mean, nearest_matches

A_MINERAL = "a mineral by name, symbol or product, such as tungsten, W or APT"

# Words for what is sold of a mineral, put aside to find the mineral's own name.
_PRODUCTS = frozenset(
    [
        *("alloy", "carbide", "carbonate", "chloride", "concentrate", "concentrates", "dioxide", "fluoride"),
        *("hydroxide", "ingot", "ingots", "matte", "metal", "nitrate", "ore", "ores", "oxide", "oxides"),
        *("pentoxide", "powder", "scrap", "sponge", "sulfate", "sulphate", "trioxide", "wire", "refined"),
        *(
            "mine",
            "mined",
            "primary",
            "crude",
            "unwrought",
            "products",
            "compounds",
            "and",
            "of",
            "de",
            "del",
        ),
        *(
            "erz",
            "konzentrat",
            "oxid",
            "metall",
            "pulver",
            "schrott",
            "karbid",
            "carbid",
            "karbonat",
            "salze",
        ),
        *("minerai", "concentre", "oxyde", "poudre", "carbure", "mineral", "concentrado", "oxido", "polvo"),
        *("концентрат", "оксид", "руда", "порошок", "металл", "карбид"),
    ]
)
_ENDINGS = re.compile(
    r"(konzentrat|trioxid|dioxid|oxid|hydroxid|carbonat|karbonat|carbid|karbid|metall|pulver|schrott|erz"
    r"|精矿|精鉱|粉末|金属|合金|氧化物|酸化物)$"
)


@dataclass(frozen=True)
class MineralMeant:
    """The mineral that a text means, by its name here. `part` is the element that is counted under it, ""
    where the text means the mineral itself."""

    name: str
    part: str = ""

    @property
    def note(self) -> str:
        """What to say of it: "neodymium is counted under rare earths"; "" where nothing need be said."""
        return f"{self.part} is counted under {self.name}" if self.part else ""


def mineral_meant(text: str, where: str = "mineral") -> MineralMeant | Problem:
    """The mineral that a text means, or what is wrong with the text.

    Parameters
    ----------
    text : str
        A name in English, German, French, Spanish, Russian, Japanese or Chinese, a symbol, or a product.
    where : str
        Where it stands, for the problem.

    Returns
    -------
    MineralMeant or Problem
        A problem for an unknown word, and for one that can mean several minerals.

    Examples
    --------
    >>> [mineral_meant(t).name for t in ("W", "wolfram", "APT", "タングステン", "ferro-tungsten", "Kobalt")]
    ['tungsten', 'tungsten', 'tungsten', 'tungsten', 'tungsten', 'cobalt']
    >>> mineral_meant("neodymium").note
    'neodymium is counted under rare earths'
    >>> print(mineral_meant("PGM"))
    mineral: 'PGM' can mean platinum, palladium or rhodium. Expected one of these
    """
    found = _whole(text) or _of_product(text)
    if not found:
        near = {_words()[n][0].name for n in nearest_matches(_key(text), _long_words())}
        expected = did_you_mean(near) if len(near) == 1 else A_MINERAL
        return Problem(f"unknown mineral {text!r}" if text.strip() else "no mineral", where, expected)
    if len(found) == 1:
        return found[0]
    *some, last = (m.name for m in found)
    return Problem(f"{text!r} can mean {', '.join(some)} or {last}", where, "one of these")


def spoken_mineral(text: str) -> str:
    """A mineral by its name here, for whoever refuses an unknown one itself.

    Parameters
    ----------
    text : str
        A name, symbol or product; a topic or an unknown word as well.

    Returns
    -------
    str
        The name; the text without outer blanks where it means no one mineral, or an element that is counted
        under one and may have facts of its own.

    Examples
    --------
    >>> spoken_mineral("Wolfram"), spoken_mineral("W "), spoken_mineral("finance ")
    ('tungsten', 'tungsten', 'finance')
    """
    meant = mineral_meant(text)
    return text.strip() if isinstance(meant, Problem) or meant.part else meant.name


#: a field of a request that takes a mineral by any of its names
MineralWord = Annotated[str, BeforeValidator(lambda v: spoken_mineral(v) if isinstance(v, str) else v)]


def unknown_mineral(text: str, what: str, known: Iterable[str], where: str = "mineral") -> Problem:
    """The problem of a mineral that a table does not hold.

    Parameters
    ----------
    text : str
        What the user wrote.
    what : str
        What there is none of, such as "no world of".
    known : iterable of str
        The minerals that the table holds.
    where : str
        Where the text stands.

    Returns
    -------
    Problem
        That there is nothing of a known mineral; else what an unknown word may mean.

    Examples
    --------
    >>> print(unknown_mineral("gold", "no world of", ["tin"]))
    mineral: no world of 'gold'. Expected a mineral that has one, such as tin
    >>> print(unknown_mineral("tungstn", "no world of", ["tin"]))
    mineral: no world of 'tungstn'. Did you mean 'tungsten'?
    """
    meant = mineral_meant(text, where)
    if isinstance(meant, Problem):
        return meant if "can mean" in meant.what else Problem(f"{what} {text!r}", where, meant.expected)
    if meant.part:
        return Problem(f"{what} {text!r}: {meant.note}", where, did_you_mean([meant.name]))
    return Problem(
        f"{what} {text!r}", where, f"a mineral that has one, such as {', '.join(sorted(known)[:4])}"
    )


def form_meant(mineral: str, text: str) -> str:
    """The form of a mineral that the trade calls by another name.

    Parameters
    ----------
    mineral : str
        Name of the mineral.
    text : str
        A trade name.

    Returns
    -------
    str
        Id of the form, "" where the trade name is not on record.

    Examples
    --------
    >>> form_meant("tungsten", "apt"), form_meant("tin", "APT")
    ('oxide', '')
    """
    return _forms().get((mineral, _key(text)), "")


@cache
def _forms() -> dict[tuple[str, str], str]:
    rows = csv.DictReader(bundled_text("indicators", "form_names.csv").splitlines())
    return {(r["mineral"], _key(r["text"])): r["form"] for r in rows}


def _whole(text: str) -> tuple[MineralMeant, ...]:
    return _words().get(_key(text), ())


def _of_product(text: str) -> tuple[MineralMeant, ...]:
    """The mineral that a product is named after; two where it names two."""
    words = re.findall(r"[^\W_]+", _folded(text))
    left = [w for w in words if w not in _PRODUCTS]
    if found := _whole(" ".join(left)):
        return found
    out: dict[MineralMeant, None] = {}
    for w in left:
        bare = _ENDINGS.sub("", w)
        bare = bare.removeprefix("ferro") if bare.startswith("ferro") and len(bare) > 7 else bare
        found = _whole(bare) if len(bare) > 2 or not bare.isascii() else ()
        if w != "ferro" and not found:
            return ()  # a word that is neither a mineral nor a product: not guessed
        out.update(dict.fromkeys(found))
    return tuple(out)


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(
        p
        for c in text
        for p in (unicodedata.normalize("NFD", c) if ord(c) < 0x250 else c)
        if not unicodedata.combining(p)
    )


def _key(text: str) -> str:
    return "".join(re.findall(r"[^\W_]+", _folded(text)))


@cache
def _words() -> dict[str, tuple[MineralMeant, ...]]:
    out: dict[str, tuple[MineralMeant, ...]] = {}
    for r in csv.DictReader(bundled_text("indicators", "mineral_names.csv").splitlines()):
        out.setdefault(_key(r["text"]), tuple(MineralMeant(m, r["part"]) for m in r["mineral"].split(";")))
    return out


@cache
def _long_words() -> tuple[str, ...]:
    """Words in which a slip of the pen shows: a symbol is too short for that."""
    rows = csv.DictReader(bundled_text("indicators", "mineral_names.csv").splitlines())
    return tuple(dict.fromkeys(_key(r["text"]) for r in rows if r["kind"] == "name" or len(r["text"]) > 4))
