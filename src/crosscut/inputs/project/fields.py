"""Fields: the kinds of number a project file holds: a figure with its source, a series over years, shares,
ramps."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from crosscut.inputs.scenario.schema import Number, Prose, Size, Words, _Fields, _mid_only, problem_error
from crosscut.ledger.store.fact import EVIDENCE_STATUSES

FIRST_YEAR, LAST_YEAR = 1990, 2120
LONGEST = 80  # years from first spending to the end of closure

Year = Annotated[int, Field(ge=FIRST_YEAR, le=LAST_YEAR)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
NotNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Basis = Literal["real", "nominal"]
Fields = _Fields

MoneyBasis = Basis | None


def _evidence_status(value: Any) -> Any:
    if isinstance(value, str) and value not in EVIDENCE_STATUSES:
        raise problem_error(f"unknown evidence status {value[:40]!r}", ", ".join(EVIDENCE_STATUSES))
    return value


EvidenceStatus = Annotated[str, BeforeValidator(_evidence_status)]


def _by_year(value: Any) -> Any:
    """Numbers, years as YAML gives them (text) to whole numbers; a bare number or mapping of years to a
    series."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return {"mid": value}
    if isinstance(value, dict) and value and all(_is_year(k) for k in value):
        return {"by_year": {int(k): v for k, v in value.items()}}
    if isinstance(value, dict) and isinstance(value.get("by_year"), dict):
        years = {int(k) if _is_year(k) else k: v for k, v in value["by_year"].items()}
        return {**value, "by_year": years}
    return value


def _is_year(key: Any) -> bool:
    return isinstance(key, int) or (isinstance(key, str) and len(key) == 4 and key.isdigit())


def years_of(value: Any) -> Any:
    """Make years that are keys of a mapping whole numbers.

    Parameters
    ----------
    value : Any
        What stands in the file; a mapping may have years as text.

    Returns
    -------
    Any
        The mapping with such keys as int, its values untouched. What is not a mapping passes as it is.
    """
    return {int(k) if _is_year(k) else k: v for k, v in value.items()} if isinstance(value, dict) else value


class Sourced(_Fields):
    """Who says so."""

    fact: Words | None = Field(None, description="id of the fact it is read from", examples=["F5c1a9..."])
    source: Prose = Field(
        "", description="document, table or row it is read from", examples=["Mining plan of 2026"]
    )
    evidence_status: EvidenceStatus = Field(
        "assumed", description="how far it is a fact", examples=["reported"]
    )
    note: Prose = Field("", description="how it was read", examples=["0.199 % WO3"])


class FigureEntry(Size, Sourced):
    """One number with its range and source."""


class SeriesEntry(Sourced):
    """A number for every year, or one for each; where the years differ, low and high are factors on all of
    them."""

    mid: Number | None = Field(None, description="the same number every year", examples=[340])
    by_year: dict[int, Number] | None = Field(
        None, description="a number for every year, no year left out", examples=["{2030: 300, 2031: 320}"]
    )
    low: Number | None = Field(None, description="the 10 % point; a factor with by_year", examples=[250])
    high: Number | None = Field(None, description="the 90 % point; a factor with by_year", examples=[500])


Figure = Annotated[FigureEntry, BeforeValidator(_mid_only)]
Series = Annotated[SeriesEntry, BeforeValidator(_by_year)]
Ramp = Annotated[
    list[Annotated[float, Field(ge=0, le=1.5, allow_inf_nan=False)]], Field(min_length=1, max_length=30)
]
YearShares = Annotated[dict[int, Share], BeforeValidator(years_of)]
YearAmounts = Annotated[dict[int, NotNegative], BeforeValidator(years_of)]
