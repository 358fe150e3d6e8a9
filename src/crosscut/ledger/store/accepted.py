"""Accepted: the versions of pulled datasets that the fact store is built with, and how they are laid over it.

Two datasets become facts when they are accepted: the data release of USGS (`store/usgs_release`) and trade as
countries report it (`store/reported_trade`). Both sides of a disagreement stay facts, and the rule of
conflicts picks. A *table* holds one edition of a series and year: the newest, and of one edition the release
itself before the copy of it that the package carries.

Tests: tests/ledger/test_accepted_facts.py
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from crosscut.ledger.store.extract_facts import facts_of_row
from crosscut.ledger.store.fact import DIRECTNESS, Fact, Source, TableSpec
from crosscut.ledger.store.sqlite_store import StoreContent
from crosscut.ledger.store.validate_rows import UnitText, Vocabulary

if TYPE_CHECKING:
    from crosscut.ledger.reference.data_versions import DataVersions

_USGS = re.compile(r"\b(?:Mineral Commodity Summaries|MCS) (\d{4})\b")


@dataclass(frozen=True)
class Accepted:
    """One accepted version: what it is of, its id, its table, the release it says it is, the day it came."""

    dataset: str
    source: str
    version: str
    table: Path
    release: str
    pulled: str


@dataclass(frozen=True)
class ReleasedFacts:
    """What an accepted version says: its source, units of its own, rows of fact tables, and facts that no
    table has.

    `series` are those of `rows`, as `series_of` names them, that are whole: tables show these alone.
    """

    source: Source
    units: Mapping[str, UnitText]
    rows: Sequence[tuple[str, Mapping[str, str]]]
    facts: Sequence[Fact]
    whole: frozenset[tuple[str, ...]] = frozenset()


def accepted_versions(data: DataVersions) -> tuple[Accepted, ...]:
    """The accepted versions that become facts.

    Parameters
    ----------
    data : DataVersions
        Which copy of every dataset is read.

    Returns
    -------
    tuple of Accepted
        Empty where none was accepted.

    Raises
    ------
    UserError
        For a version whose files are missing or damaged.
    """
    from crosscut.ledger.reference.data_versions import LEDGER_DATASETS

    out = []
    for dataset in LEDGER_DATASETS:
        used = data.in_use(dataset)
        if used is None:
            continue
        manifest = data.version_manifest(used.source, used.version)
        out.append(
            Accepted(
                dataset,
                used.source,
                used.version,
                data.table_path(dataset),
                str(manifest.get("release", "")),
                str(manifest.get("pulled_utc", ""))[:10],
            )
        )
    return tuple(out)


def with_release(
    below: StoreContent, said: ReleasedFacts, specs: Mapping[str, TableSpec], minerals: Iterable[str]
) -> StoreContent:
    """A store's content with the facts of an accepted version laid over it.

    Parameters
    ----------
    below : StoreContent
        The content below; it stays as it is.
    said : ReleasedFacts
        What the version says.
    specs : mapping of str to TableSpec
        Declarations of the fact tables.
    minerals : iterable of str
        The minerals that have a ledger of their own.

    Returns
    -------
    StoreContent
        Every fact of both. Of a series and year that the version has whole, tables hold the better edition
        alone.
    """
    sources = {**below.vocabulary.sources, said.source.id: said.source}
    units = {**said.units, **below.vocabulary.units}
    known = frozenset(minerals)
    facts, texts = list(below.facts), list(below.texts)
    ids = {f.id for f, *_ in facts}
    for table, row in said.rows:
        text = " ".join((*(v for k, v in row.items() if k != "fact_id"), said.source.title))
        for f, column in facts_of_row(table, specs[table], row, units, known):
            if f.id in ids:
                continue
            facts.append((f, row["fact_id"], column, ""))
            texts.append(f"{text} {f.subject} {f.attribute} {f.id}".casefold())
    for f in said.facts:
        facts.append((f, f.id, "value", ""))
        about = f"{f.subject} {f.subject_id} {f.attribute} {f.period}"
        texts.append(f"{about} {f.value} {said.source.title} {f.note} {f.id}".casefold())
    return replace(
        below,
        vocabulary=Vocabulary(sources, units),
        facts=facts,
        texts=texts,
        rows=_one_edition(below.rows, said, sources),
    )


def series_of(table: str, row: Mapping[str, str]) -> tuple[str, ...]:
    """What a row of output belongs to: its table, mineral, form and year.

    >>> series_of("tungsten/production", {"iso3": "CHN", "year": "2024"})
    ('tungsten/production', '', '', '2024')
    """
    return (table, row.get("mineral", ""), row.get("form", ""), row.get("year", ""))


def _one_edition(
    rows: Sequence[tuple[str, Mapping[str, str]]], said: ReleasedFacts, sources: Mapping[str, Source]
) -> list[tuple[str, Mapping[str, str]]]:
    """The rows of the tables: where the release has a series and year whole, the better edition of the two.

    Rows of other owners stay. Without this a sum over a table would count the figures of two editions.
    """
    best: dict[tuple[str, ...], tuple[int, int]] = {
        series: _edition(said.source) or (0, 0) for series in said.whole
    }
    for table, r in rows:
        series = series_of(table, r)
        if series in best and (edition := _edition(sources[r["source_id"]])) is not None:
            best[series] = max(best[series], edition)
    mine = _edition(said.source)

    def kept(table: str, r: Mapping[str, str]) -> bool:
        series = series_of(table, r)
        if series not in best or best[series] != mine:
            return True
        return _edition(sources[r["source_id"]]) is None

    taken = [(t, r) for t, r in said.rows if (s := series_of(t, r)) in said.whole and best[s] == mine]
    return [(t, r) for t, r in rows if kept(t, r)] + taken


def _edition(source: Source) -> tuple[int, int] | None:
    """Year of the edition of the Mineral Commodity Summaries, and how direct the source is; None for other
    owners.

    >>> _edition(Source("S", "USGS MCS 2026 Tungsten", "", "2026-02", "", "copy", ""))
    (2026, -1)
    """
    found = _USGS.search(source.title)
    return None if found is None else (int(found[1]), -DIRECTNESS.index(source.directness))
