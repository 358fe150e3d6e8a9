"""What is asked of results that are there: what differs, and where the numbers come from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from crosscut.studies.request import Request, argument


class CompareRequest(Request):
    """What differs between two results, largest first.

    Returns
    -------
    document
        Of kind ``comparison``.
    """

    question = "compare"
    a: Annotated[Path, argument("A result.json.", "A")]
    b: Annotated[Path, argument("Another result.json.", "B")]


class WhyRequest(Request):
    """Where the numbers of a result come from: drivers, assumptions, facts with source and status.

    Returns
    -------
    dict
        Drivers, assumptions and facts; only rows that mention `about` where it is given.
    """

    question = "why"
    path: Annotated[Path, argument("A result.json.", "RESULT")]
    about: Annotated[str | None, argument("Only rows that mention this text.", "ABOUT")] = None
