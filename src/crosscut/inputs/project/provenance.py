"""Provenance: the source and evidence status of every figure of a project, from the facts it cites."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from crosscut.inputs.project.fact_citation import cited
from crosscut.inputs.project.fields import FigureEntry, SeriesEntry, Sourced
from crosscut.inputs.project.loader import ProjectSource
from crosscut.inputs.project.regimes import regimes, taxes_of
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import Assumption

ORDER = ("reported", "estimated", "derived", "claimed", "recalled", "assumed")


def sourced_parts(source: ProjectSource) -> Iterator[tuple[str, Sourced]]:
    """Walk through every part of a project that has a source.

    Parameters
    ----------
    source : ProjectSource
        The project; its taxes are joined with those of their regime. Alternatives are left out.

    Yields
    ------
    path : str
        The field, as figures name it.
    part : Sourced
        What stands there.
    """
    file = source.file
    for name in type(file).model_fields:
        if name == "taxes":
            yield from _parts(taxes_of(file.taxes, source.at("taxes", "regime")), "taxes")
        elif name != "alternatives":
            yield from _parts(getattr(file, name), name)


def _parts(node: Any, path: str) -> Iterator[tuple[str, Sourced]]:
    if isinstance(node, BaseModel):
        if isinstance(node, Sourced):
            yield path, node
        for name in type(node).model_fields:
            yield from _parts(getattr(node, name), f"{path}.{name}")
    elif isinstance(node, list):
        for item in node:
            id = getattr(item, "id", None) or getattr(item, "party", None)
            yield from _parts(item, f"{path}[{id}]")


def evidence_status_of(ledger: Ledger, part: Sourced) -> str:
    """Evidence status of a figure: that of its fact, unless the file says worse.

    Parameters
    ----------
    ledger : Ledger
        Where facts are kept.
    part : Sourced
        The figure or block.

    Returns
    -------
    str
        A word of `ORDER`; "assumed" where the cited fact does not exist.
    """
    if part.fact is None:
        return part.evidence_status
    found = cited(ledger, part.fact)
    known = found.evidence_status if found else "assumed"
    if "evidence_status" in part.model_fields_set:
        return max(part.evidence_status, known, key=ORDER.index)
    return known


def source_of(ledger: Ledger, part: Sourced) -> str:
    """Say who stands behind a figure.

    Parameters
    ----------
    ledger : Ledger
        Where facts are kept.
    part : Sourced
        The figure or block.

    Returns
    -------
    str
        The source that the file states, else the title of the fact's source; "" where there is neither.
    """
    if part.source or part.fact is None:
        return part.source
    found = cited(ledger, part.fact)
    return found.source if found else ""


def evidence_statuses(source: ProjectSource) -> dict[str, str]:
    """Evidence status of every field of a project.

    Parameters
    ----------
    source : ProjectSource
        The project.

    Returns
    -------
    dict of str to str
        By field. A figure without a source of its own has the status of the block it stands in.
    """
    out: dict[str, str] = {}
    blocks: dict[str, str] = {}
    for path, part in sourced_parts(source):
        own = bool(part.fact or part.source or "evidence_status" in part.model_fields_set)
        parent = next(
            (s for b, s in sorted(blocks.items(), key=lambda x: -len(x[0])) if path.startswith(f"{b}.")), None
        )
        out[path] = evidence_status_of(source.ledger, part) if own or parent is None else parent
        if own and not isinstance(part, (FigureEntry, SeriesEntry)):
            blocks[path] = out[path]
    return out


def facts_of_project(source: ProjectSource) -> set[str]:
    """List the facts behind a project and its tax regime.

    Parameters
    ----------
    source : ProjectSource
        The project.

    Returns
    -------
    set of str
        Ids of facts; those the ledger does not have are left out.
    """
    ids = {part.fact for _, part in sourced_parts(source) if part.fact}
    if source.file.taxes.regime is not None:
        ids |= set(regimes()[source.file.taxes.regime].cites)
    return {found.id for i in ids if (found := cited(source.ledger, i)) is not None}


def project_assumptions(
    source: ProjectSource, figures: Mapping[str, FigureEntry | SeriesEntry]
) -> list[Assumption]:
    """List every figure of a project with its range, evidence status and source.

    Parameters
    ----------
    source : ProjectSource
        The project.
    figures : mapping of str to FigureEntry or SeriesEntry
        Figures by field, each in the unit its field states.

    Returns
    -------
    list of Assumption
        In the order of `figures`. A figure without a source or note has those of its block. A series by year
        says its first and last year in the note; its low and high are factors, without unit.
    """
    known = evidence_statuses(source)
    parents = dict(sourced_parts(source))
    out = []
    for name, f in figures.items():
        parent = parents.get(name.rsplit(".", 1)[0])
        low, high = (f.low, f.high) if f.low is not None and f.high is not None else (None, None)
        source_text = source_of(source.ledger, f) or (
            source_of(source.ledger, parent) if parent is not None else ""
        )
        note = f.note or (parent.note if parent is not None else "")
        value = f.mid
        if isinstance(f, SeriesEntry) and f.by_year is not None:
            years = sorted(f.by_year)
            note = f"by year, {years[0]} to {years[-1]}; low and high are factors. {note}".strip()
        out.append(
            Assumption(
                id=name,
                what=name,
                value=value,
                low=low,
                high=high,
                evidence_status=known.get(name, f.evidence_status),
                source=source_text,
                unit="",
                note=note,
            )
        )
    return out
