"""Schema: the fields of a scenario file, version 1, as pydantic models and as the shipped JSON Schema.

Rewrite the shipped file with `python -m crosscut.inputs.scenario.schema`.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from crosscut.base.bundled import bundled_file
from crosscut.base.errors import UserError, suggestion
from crosscut.base.files import write_file
from crosscut.base.places import place_or_bloc
from crosscut.inputs.scenario.chokepoints import chokepoints
from crosscut.market.events.events import EventKind, RentTo

EVERY_COUNTRY = "all"
MOST_DRAWS = 100_000
MOST_PLACES = 300


def problem_error(what: str, expected: str = "", field: str = "") -> PydanticCustomError:
    """Make an error for pydantic that keeps what was wrong and what was expected apart.

    Parameters
    ----------
    what : str
        What was wrong.
    expected : str
        What was expected.
    field : str
        A field below the one being checked, to point at.

    Returns
    -------
    PydanticCustomError
        To be raised by a validator.
    """
    return PydanticCustomError("crosscut", "{what}", {"what": what, "expected": expected, "field": field})


def _iso_day(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise problem_error(f"{value!r} is not a day", "a date such as 2025-02-04") from None
    return value


def _quoted_day(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def place_code(value: Any) -> Any:
    """The code of a country, node or bloc that a file names.

    Parameters
    ----------
    value : Any
        Code, name or alias, in any case, or the word for every country.

    Returns
    -------
    Any
        The code. What is not text passes, for its type is reported elsewhere.

    Raises
    ------
    PydanticCustomError
        For an unknown place, with the nearest.
    """
    if not isinstance(value, str) or value.strip().casefold() == EVERY_COUNTRY:
        return value.strip().casefold() if isinstance(value, str) else value
    try:
        return place_or_bloc(value)
    except UserError as error:
        problem = error.problems[0]
        raise problem_error(_short(problem.what), problem.expected) from None


def _short(text: str) -> str:
    return text if len(text) <= 160 else text[:157] + "..."


def _one_or_many(value: Any) -> Any:
    if isinstance(value, list) and len(value) > MOST_PLACES:
        raise problem_error(f"{len(value):,} names", f"at most {MOST_PLACES}, or all")
    return [value] if isinstance(value, str) else value


def _chokepoint(value: Any) -> Any:
    if isinstance(value, str) and value and value not in chokepoints():
        raise problem_error(f"unknown chokepoint {value[:60]!r}", suggestion(value[:60], chokepoints()))
    return value


def _ramp(value: Any) -> Any:
    """Pairs as given; anything that is not a list of two numbers each is refused with an example."""
    pairs = isinstance(value, list) and all(
        isinstance(p, list)
        and len(p) == 2
        and all(isinstance(x, (int, float)) and not isinstance(x, bool) for x in p)
        for p in value
    )
    if not pairs or len(value) > 100:
        raise problem_error(
            "not a list of pairs", "months since the start and share of capacity, such as [[0, 0.3], [24, 1]]"
        )
    return [(float(a), float(b)) for a, b in value]


def _mid_only(value: Any) -> Any:
    return {"mid": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _kind(value: Any) -> Any:
    return EventKind(value) if isinstance(value, str) and value in set(EventKind) else value


def _rent(value: Any) -> Any:
    return RentTo(value) if isinstance(value, str) and value in set(RentTo) else value


Day = Annotated[date, BeforeValidator(_iso_day)]
PlaceCode = Annotated[str, BeforeValidator(place_code)]
Places = Annotated[
    list[PlaceCode],
    BeforeValidator(_one_or_many),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"type": "string"}, "maxItems": MOST_PLACES},
            ]
        }
    ),
]
Number = Annotated[float, Field(allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]
Words = Annotated[str, Field(min_length=1, max_length=200)]
Prose = Annotated[str, Field(max_length=4000)]


class _Fields(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=False)


class Size(_Fields):
    """A size: one number, or a range {mid, low, high}."""

    mid: Number = Field(description="the size, or its median", examples=[0.5])
    low: Number | None = Field(None, description="the 10 % point", examples=[0.2])
    high: Number | None = Field(None, description="the 90 % point", examples=[0.8])

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A number or a range."""
        return {"anyOf": [{"type": "number"}, handler.resolve_ref_schema(handler(core_schema))]}


class Window(_Fields):
    """First and last day of the year that is looked at."""

    start: Day = Field(alias="from", description="the first day", examples=["2025-02-04"])
    end: Day = Field(alias="to", description="the last day", examples=["2026-02-03"])


class EventEntry(_Fields):
    """One lever. Which fields a kind takes, and what its size counts, is in docs/scenarios.md."""

    id: Name = Field(description="a short name of its own", examples=["licence"])
    kind: Annotated[EventKind, BeforeValidator(_kind)] = Field(
        description="the lever", examples=["export_licence"]
    )
    form: str = Field("", description="a form or process of the world", examples=["oxide"])
    origins: Places | None = Field(None, description="countries, or all", examples=[["CHN"]])
    destinations: Places | None = Field(None, description="countries, or all", examples=[["USA", "EU27"]])
    exempt: Places = Field([], alias="except", description="destinations left out", examples=[["KOR"]])
    size: Annotated[Size | None, BeforeValidator(_mid_only)] = Field(
        None, description="a number, or {mid, low, high}", examples=[0.5]
    )
    unit: Literal["fraction", "t", "USD/t", "x", "weeks"] | None = Field(
        None, description="unit of the size", examples=["fraction"]
    )
    coverage: Number = Field(
        1.0, description="share of the form's flow that the measure names", examples=[0.8]
    )
    leakage: Number = Field(0.0, description="share of the cut that still escapes", examples=[0.1])
    surcharge: Number = Field(0.0, description="USD per t on what escapes", examples=[2000])
    rent_to: Annotated[RentTo | None, BeforeValidator(_rent)] = Field(
        None, description="who receives the scarcity rent", examples=["exporters"]
    )
    pooled: bool = Field(False, description="one limit for all origins together", examples=[False])
    uses: list[str] = Field(
        [], description="end uses a demand event is narrowed to", examples=[["hardmetal"]]
    )
    duty_basis: Literal["fob", "cif"] | None = Field(
        None, description="what the duty is charged on", examples=["cif"]
    )
    exempt_origins: Places = Field(
        [], alias="except_origins", description="origins left out", examples=[["CAN"]]
    )
    phase_in: Annotated[int, Field(ge=0)] = Field(
        0, description="days from the start over which the size grows evenly from nothing", examples=[180]
    )
    ramp: Annotated[
        list[tuple[Number, Number]],
        BeforeValidator(_ramp),
        WithJsonSchema(
            {
                "type": "array",
                "items": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            }
        ),
    ] = Field(
        [],
        description="pairs of months since the start and share of capacity",
        examples=["[[0, 0.3], [24, 1]]"],
    )
    probability: Number = Field(1.0, description="share of the draws in which it happens", examples=[0.6])
    trigger: Number | None = Field(
        None,
        description="price in USD/t, or ratio to the base price, around which it works",
        examples=[60000],
    )
    width: Number | None = Field(
        None, description="how gradually, in the unit of the trigger", examples=[3000]
    )
    via: Annotated[str, BeforeValidator(_chokepoint)] = Field(
        "", description="a chokepoint whose routes the event is narrowed to", examples=["suez"]
    )
    start: Day | None = Field(None, alias="from", description="first day in force", examples=["2025-02-04"])
    end: Day | None = Field(None, alias="to", description="last day in force", examples=["2025-12-31"])
    source: Prose = Field("", description="document or fact id", examples=["MOFCOM announcement 10/2025"])
    note: Prose = Field("", description="how it was read", examples=["licences without a number: half"])


class QuotationEntry(_Fields):
    """A dated price beside a modelled one."""

    date: Annotated[str, BeforeValidator(_quoted_day), Field(pattern=r"^\d{4}(-\d{2}){0,2}$")] = Field(
        description="day, month or year", examples=["2025-02-03"]
    )
    value: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(description="the price", examples=[339])
    unit: Words = Field(description="its unit", examples=["USD/mtu WO3"])
    form: Words = Field(description="a form of the world", examples=["oxide"])
    place: PlaceCode = Field(description="country or bloc", examples=["EU27"])
    basis: Literal["inside", "border", "paid", "marginal"] = Field(
        "paid", description="which modelled price", examples=["paid"]
    )
    series: Words = Field(description="what is quoted", examples=["APT CIF Rotterdam"])
    product: str = Field("", description="product quoted by the tonne, for its content", examples=["APT"])
    tax: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = Field(
        0.0, description="share of tax included in it", examples=[0.13]
    )
    per_usd: Annotated[float, Field(gt=0, allow_inf_nan=False)] = Field(
        1.0, description="units of its currency per US dollar", examples=[7.1]
    )
    source: Words = Field(description="who printed it", examples=["SMM, 5 Dec 2025"])
    fact: str = Field("", description="id of the fact in the ledger", examples=[""])
    note: Prose = Field("", description="what to know about it", examples=["thin market"])


class LimitEntry(_Fields):
    """What the scenario leaves out, and which way that biases the result."""

    what: Words = Field(description="what is not in it", examples=["hoarding"])
    bias: Words = Field(description="direction of the bias", examples=["price too low"])


class ScenarioFile(_Fields):
    """A scenario file, version 1."""

    version: Literal[1] = Field(description="version of this format", examples=[1])
    id: Name = Field(description="a short name", examples=["my-licences-2027"])
    title: Words = Field(
        description="one line for people", examples=["China licenses exports of tungsten products"]
    )
    mineral: Words = Field(description="the mineral", examples=["tungsten"])
    year: Annotated[int, Field(ge=1995, le=2100)] = Field(
        description="base year of the world", examples=[2024]
    )
    window: Window = Field(
        description="the twelve months looked at", examples=["{from: 2025-02-04, to: 2026-02-03}"]
    )
    description: Prose = Field("", description="what and why", examples=[""])
    after: list[str] = Field([], description="scenarios in force before", examples=[["china-controls-2025"]])
    without: list[str] = Field(
        [], description="events of those scenarios left out", examples=[["china-controls-2025/licence"]]
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(1, description="seed of the draws", examples=[1])
    draws: Annotated[int, Field(ge=1, le=MOST_DRAWS)] = Field(
        200, description="number of draws", examples=[200]
    )
    events: Annotated[list[EventEntry], Field(max_length=200)] = Field(
        description="the levers", examples=["[...]"]
    )
    anchors: list[QuotationEntry] = Field(
        [], description="prices the state before is set to", examples=["[...]"]
    )
    observed: list[QuotationEntry] = Field([], description="prices to compare with", examples=["[...]"])
    limits: list[LimitEntry] = Field([], description="what is left out", examples=["[...]"])
    tags: dict[str, str] = Field({}, description="words for lists", examples=["{family: export control}"])


def json_schema() -> dict[str, Any]:
    """Make the JSON Schema (draft 2020-12) of a scenario file.

    Returns
    -------
    dict
        The schema, from the types of `ScenarioFile`.
    """
    schema = ScenarioFile.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "crosscut.scenario/1", **schema}


SHIPPED = Path(str(bundled_file("schemas", "scenario.schema.json")))


def written_schema() -> str:
    """Write the schema of a scenario file as it is shipped.

    Returns
    -------
    str
        JSON text with sorted keys and a line feed at its end.
    """
    return json.dumps(json_schema(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    write_file(SHIPPED, written_schema())
