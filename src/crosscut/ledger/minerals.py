"""Minerals: which trade codes and which output table belong to a mineral, for every indicator that needs
both.

Source: the map of World Mining Data tables to HS 1992 codes published with GeoPolRisk (Koyamparambath et al.
2024, release 2.0.1), with the end-of-life recycling input rates of the EU assessment of 2023 that it
carries; the ledger's own names are added. `data/minerals.csv` is the whole map.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from crosscut.base.bundled import bundled_text
from crosscut.base.errors import Problem
from crosscut.ledger.mineral_names import mineral_meant, unknown_mineral


@dataclass(frozen=True)
class Mineral:
    """One mineral as the indicators know it.

    `stage` is "extraction" or "processing": what the trade codes stand for, empty where no code is carried.
    `hs92` are pooled. `eol_rir` is a fraction, None where the EU has not assessed it. `ledger` is (mineral,
    form) of its output in the ledger, form empty where the ledger has none of the same stage.
    """

    name: str
    aliases: tuple[str, ...]
    production_table: str
    stage: str
    hs92: tuple[str, ...]
    eol_rir: float | None
    ledger: tuple[str, str]


def data_text(name: str) -> str:
    """One packaged table of the indicators, as text."""
    return bundled_text("indicators", name)


@cache
def all_minerals() -> dict[str, Mineral]:
    """Every mineral by name, in alphabetical order.

    >>> all_minerals()["tungsten"].hs92
    ('261100', '810110')
    """
    out = {}
    for r in csv.DictReader(data_text("minerals.csv").splitlines()):
        out[r["mineral"]] = Mineral(
            r["mineral"],
            tuple(a for a in r["aliases"].split(";") if a),
            r["production_table"],
            r["stage"],
            tuple(c for c in r["hs92"].split(";") if c),
            float(r["eol_rir"]) if r["eol_rir"] else None,
            (r["ledger_mineral"], r["ledger_form"]),
        )
    return out


@cache
def _names() -> dict[str, str]:
    out: dict[str, str] = {}
    for m in all_minerals().values():
        for word in (m.name, *m.aliases, m.production_table):
            out.setdefault(word.casefold(), m.name)
    return out


def known_or_problem(text: str, where: str = "mineral") -> Mineral | Problem:
    """The mineral named, in any case, by symbol, product or in another language, or what is wrong with the
    name.

    >>> known_or_problem("Barytes").name, known_or_problem("Wolfram").name
    ('barite', 'tungsten')
    >>> print(known_or_problem("tungstn"))
    mineral: unknown mineral 'tungstn'. Did you mean 'tungsten'?
    """
    name = _names().get(text.strip().casefold())
    if name is None:
        meant = mineral_meant(text, where)
        if isinstance(meant, Problem):
            return meant
        if meant.name not in all_minerals():
            return unknown_mineral(text, "no table of output of", all_minerals(), where)
        name = meant.name
    return all_minerals()[name]


def sorted_out(names: Sequence[str]) -> tuple[list[Mineral], list[tuple[str, Problem]]]:
    """(minerals known, each once; (name, problem) of the others), in the order given; "all" means every one.

    >>> good, bad = sorted_out(["tungsten", "unobtainium"])
    >>> [m.name for m in good], [name for name, _ in bad]
    (['tungsten'], ['unobtainium'])
    """
    good: dict[str, Mineral] = {}
    bad: list[tuple[str, Problem]] = []
    for n, text in enumerate(names, 1):
        if text.strip().casefold() == "all":
            good.update(all_minerals())
            continue
        found = known_or_problem(text, f"mineral {n} of {len(names)}")
        if isinstance(found, Problem):
            bad.append((text, found))
        else:
            good[found.name] = found
    return list(good.values()), bad
