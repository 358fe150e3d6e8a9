"""Results in files: read, compared, explained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscut.base.errors import Problem, UserError
from crosscut.ledger.store.ledger_context import current

if TYPE_CHECKING:
    from crosscut.results import Document


def read_result(path: str | Path) -> Document:
    """The document in a file, with what the ledger in use says of the facts it names.

    Parameters
    ----------
    path
        A result.json, written by `--out`, `--json` or `Document.save`.

    Raises
    ------
    UserError
        The file is missing, not JSON, or not a result.
    """
    from crosscut.results import Document
    from crosscut.studies.shared.cited_facts import cited_facts

    document = Document.load(path)
    return document.with_facts(cited_facts(current(), [f.id for f in document.facts]))


def text_of(path: str | Path, expected: str) -> str:
    """The text of a file a user named; UserError saying what was `expected` when it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        reason = e.strerror if isinstance(e, OSError) and e.strerror else "not a text file"
        raise UserError(Problem(f"cannot be read ({reason})", str(path), expected)) from None


def compare(a: str | Path, b: str | Path) -> Document:
    """What differs between two results, largest first."""
    from crosscut.studies.explain.comparison import comparison_result

    return comparison_result(read_result(a), read_result(b))


def why(path: str | Path, about: str | None = None) -> dict[str, Any]:
    """Where the numbers of a result come from: drivers, assumptions, facts with source and standing."""
    from crosscut.studies.explain.provenance import provenance

    return provenance(current(), read_result(path), about)
