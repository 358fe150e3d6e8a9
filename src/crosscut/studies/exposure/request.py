"""What the question about the exposure of a country is asked with."""

from __future__ import annotations

from typing import Annotated

from annotated_types import Interval

from crosscut.ledger.mineral_names import MineralWord
from crosscut.studies.request import Request, Seed, Whole, Year, argument, option

DEFAULT_YEAR = 2024


class ExposureRequest(Request):
    """How exposed a country or bloc is: traced origins, concentration, loss of the largest foreign origin.

    Returns
    -------
    document
        Of kind ``exposure``.

    Examples
    --------
    >>> import crosscut
    >>> rows = crosscut.exposure("tungsten", "Japan", draws=2).get("tables")["exposure"]["rows"]
    >>> {r["form"] for r in rows} >= {"oxide", "powder"}
    True
    """

    question = "exposure"
    mineral: Annotated[
        MineralWord, argument("A mineral.", expected="MINERAL --country COUNTRY, or --purchases FILE")
    ]
    country: Annotated[
        str,
        option(
            "--country",
            "Country: name or ISO code.",
            expected="a name or ISO code, such as JPN",
            position=True,
        ),
    ]
    year: Year = DEFAULT_YEAR
    seed: Seed = 1
    draws: Annotated[
        Whole, Interval(ge=1, le=100_000), option("--draws", "Number of futures solved.", example="50")
    ] = 50
