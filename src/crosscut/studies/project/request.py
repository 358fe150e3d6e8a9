"""What the value of a deposit is asked with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from annotated_types import Interval

from crosscut.studies.request import NameOrFile, OwnSeed, Request, Whole, Workers, argument, option, unlisted


class ProjectRequest(Request):
    """Values a project (bundled name or file): worth to owners, lenders and state, drivers, tax, refining.

    `scenario` is an outlook, a scenario or a result.json whose APT price takes the place of the file's own;
    with an outlook the project's tonnes go into the market and the price is that of the fixed point. The
    numbers depend on the file, `scenario`, `alternative`, `draws` and `seed`, not on `workers`.

    Returns
    -------
    document
        Of kind ``project``.

    Examples
    --------
    >>> import crosscut
    >>> result = crosscut.project("example-mine", draws=20)
    >>> result["kind"], len(result["tables"]["project_tax"]["rows"])
    ('project', 13)
    """

    question = "project"
    project: Annotated[
        NameOrFile,
        argument(
            "A bundled project, a YAML file, 'studies' (published studies rebuilt) or 'costs' (the cost"
            " curve).",
            "NAME",
        ),
    ]
    scenario: Annotated[
        NameOrFile | None,
        option("--scenario", "Outlook, scenario or result.json whose APT price the project is valued on."),
    ] = None
    draws: Annotated[
        Annotated[Whole, Interval(ge=1, le=100_000)] | None,
        option("--draws", "Number of draws (default: the file's own).", example="1000"),
    ] = None
    seed: OwnSeed = None
    alternative: Annotated[str | None, option("--alternative", "Value this reading of the facts.")] = None
    workers: Workers = None
    spreadsheet: Annotated[
        Path | None,
        unlisted("Where to write the middle case as an xlsx file with live formulas (extra `report`)."),
    ] = None


class ProjectsRequest(Request):
    """The bundled projects.

    Returns
    -------
    list of dict
        id, title, country, mineral of each.

    Examples
    --------
    >>> from crosscut.app.api import projects
    >>> [p["country"] for p in projects() if p["id"] == "example-mine"]
    ['KAZ']
    """

    question = "projects"
