"""What an outlook over years is asked with."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Interval

from crosscut.studies.request import NameOrFile, OwnSeed, Request, Whole, Workers, argument, option


class OutlookRequest(Request):
    """Solves an outlook (bundled name or file) year by year.

    The numbers depend on the outlook, `to`, `draws` and `seed`, not on `workers`. With more than one worker a
    script needs the usual ``if __name__ == "__main__":``.

    Returns
    -------
    document
        Of kind ``outlook``.

    Examples
    --------
    >>> import crosscut
    >>> result = crosscut.outlook("kazakhstan", to=2025, draws=1)
    >>> result["kind"], result["horizon"]["to"]
    ('outlook', '2025-12-31')
    """

    question = "outlook"
    outlook: Annotated[
        NameOrFile, argument("A bundled outlook, such as kazakhstan, or a YAML file.", "SCENARIO")
    ]
    to: Annotated[Whole | None, option("--to", "Last year.")] = None
    draws: Annotated[
        Annotated[Whole, Interval(ge=1, le=100_000)] | None,
        option("--draws", "Number of futures, each solved in every case.", example="200"),
    ] = None
    seed: OwnSeed = None
    workers: Workers = None


class OutlooksRequest(Request):
    """The bundled outlooks.

    Returns
    -------
    list of dict
        id, title, mineral, years of each.

    Examples
    --------
    >>> from crosscut.app.api import outlooks
    >>> [(o["id"], o["years"]) for o in outlooks()]
    [('kazakhstan', '2024 to 2040')]
    """

    question = "outlooks"
