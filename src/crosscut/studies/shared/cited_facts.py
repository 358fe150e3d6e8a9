"""Cited facts: the facts behind an answer with what they say, so that nobody has to open the ledger again."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from crosscut.ledger.ask.ledger import fact_details
from crosscut.ledger.store.ledger import Ledger
from crosscut.results import CitedFact, Document


def cited_facts(ledger: Ledger, ids: Iterable[str]) -> tuple[CitedFact, ...]:
    """The facts with these ids, each once, in the order of their ids.

    Parameters
    ----------
    ledger : Ledger
        Where the facts are.
    ids : Iterable[str]
        Ids of facts; one may come twice.

    Returns
    -------
    tuple[CitedFact, ...]
        What each says; a fact that the ledger does not hold is its id alone.
    """
    wanted = sorted(set(ids))
    found = fact_details(ledger, wanted)
    return tuple(CitedFact(i, **found.get(i, {})) for i in wanted)


def document_in(ledger: Ledger, path: str | Path) -> Document:
    """The document in a result.json, or in the folder that holds one.

    Parameters
    ----------
    ledger : Ledger
        The facts that the document cites are read from it again.
    path : str | Path
        A file, or a folder with a result.json.

    Returns
    -------
    Document
        With what its cited facts say now.

    Raises
    ------
    UserError
        When the file is missing, not JSON, or not a result.
    """
    document = Document.load(Path(path) / "result.json" if Path(path).is_dir() else path)
    return document.with_facts(cited_facts(ledger, [f.id for f in document.facts]))
