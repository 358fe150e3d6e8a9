"""A document in a file, with what the ledger says of the facts it names."""

from __future__ import annotations

from pathlib import Path

from crosscut.ledger.store.ledger import Ledger
from crosscut.results import Document
from crosscut.studies.shared.cited_facts import cited_facts


def document_in(ledger: Ledger, path: str | Path) -> Document:
    """The document in a result.json, or in the folder that holds one.

    Raises UserError when the file is missing, not JSON, or not a result.
    """
    document = Document.load(Path(path) / "result.json" if Path(path).is_dir() else path)
    return document.with_facts(cited_facts(ledger, [f.id for f in document.facts]))
