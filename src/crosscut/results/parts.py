"""Parts: what a document is made of beside its tables, each a type with the meaning of every field.

The JSON Schema and the check of a file that is read both come from these types. A field whose default is None
is left out of the JSON when it is None; every other field is always there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Field, Strict, WithJsonSchema
from pydantic.dataclasses import dataclass

Kind = Literal[
    "run",
    "exposure",
    "comparison",
    "world",
    "outlook",
    "indicators",
    "purchases",
    "economy",
    "project",
    "stress",
    "backtest",
    "forecast",
]
Whole = Annotated[int, Strict()]
Count = Annotated[int, Strict(), Field(ge=0)]
Flag = Annotated[bool, Strict()]
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
#: a whole number stays one: 3 is not written as 3.0
Number = Annotated[Annotated[int, Strict()] | Annotated[float, Strict()], WithJsonSchema({"type": "number"})]


@dataclass(frozen=True)
class WorldUsed:
    """Which world an answer rests on."""

    year: Annotated[Whole, Field(description="calendar year of its figures")]
    hash: Annotated[Sha256, Field(description="sha256 over its content")]
    grade: Annotated[str, Field(description="A to D, how much of it is fact; or what stands in for a world")]


@dataclass(frozen=True)
class ScenarioUsed:
    """Which question was asked: a scenario, an outlook, a project, an exposure."""

    id: Annotated[str, Field(description="its id, or a name made from the request")]
    hash: Annotated[str, Field(description="sha256 over its content")]
    title: Annotated[str, Field(description="one line for people")]


@dataclass(frozen=True)
class DataSource:
    """One copy of reference data that the world was built from."""

    dataset: Annotated[str, Field(description="production, trade, ...")]
    source: Annotated[str, Field(description="bundled, or the connector it was pulled with")]
    version: Annotated[str, Field(description="hash or release of the copy")]
    through: Annotated[Whole | None, Field(description="last year in it")]
    newer_due: Annotated[str | None, Field(description="the day from which newer figures should be out")]


@dataclass(frozen=True)
class Inputs:
    """Everything that decides the numbers: the same inputs on one installation give the same id."""

    mineral: Annotated[str, Field(description="mineral, or several")]
    world: WorldUsed
    scenario: ScenarioUsed | None
    seed: Annotated[Whole | None, Field(description="seed of the draws; null where nothing is drawn")]
    draws: Annotated[Count, Field(description="number of futures drawn")]
    code: Annotated[str, Field(description="version of Crosscut")]
    data: Annotated[str, Field(description="one hash over the reference data")]
    data_sources: tuple[DataSource, ...] | None = None


@dataclass(frozen=True)
class FailedMarket:
    """The market that did not clear in a failed draw."""

    form: str
    place: str


@dataclass(frozen=True)
class FailedDraw:
    """A draw that was not solved and is in no interval."""

    draw: Whole
    market: FailedMarket
    reason: str

    @classmethod
    def of(cls, draw: int, form: str, place: str, reason: str = "the market did not clear") -> FailedDraw:
        """A failed draw from the names of its market."""
        return cls(draw, FailedMarket(form, place), reason)

    @classmethod
    def at(cls, draw: int, market: str, reason: str) -> FailedDraw:
        """A failed draw from its market as `form/place`.

        >>> FailedDraw.at(3, "oxide/CHN", "the market did not clear").market.place
        'CHN'
        """
        form, _, place = market.partition("/")
        return cls(draw, FailedMarket(form, place), reason)


@dataclass(frozen=True)
class Status:
    """Whether everything was solved, and how exactly."""

    ok: Flag
    failed_draws: Count
    failed: tuple[FailedDraw, ...]
    certificate: Annotated[
        dict[str, Number],
        Field(description="largest errors over all draws: residual, mass, cap, money; relative"),
    ]

    @classmethod
    def of(
        cls,
        failed: Sequence[FailedDraw] = (),
        certificate: Mapping[str, float] | None = None,
        draws: int | None = None,
    ) -> Status:
        """The status from what failed; `draws` counts it where one draw can fail more than once.

        >>> Status.of().ok
        True
        """
        count = len(failed) if draws is None else draws
        return cls(not failed, count, tuple(failed), dict(certificate or {}))


@dataclass(frozen=True)
class Horizon:
    """The time an answer speaks of. In JSON `start` is `from` and `end` is `to`."""

    start: Annotated[
        str, Field(validation_alias=AliasChoices("from", "start"), description="ISO date, or in words")
    ]
    end: Annotated[
        str, Field(validation_alias=AliasChoices("to", "end"), description="ISO date, or in words")
    ]
    meaning: Annotated[str, Field(description="what a number of this time is: a mean, a year's total, ...")]

    @classmethod
    def of_years(cls, first: int, last: int, meaning: str) -> Horizon:
        """Whole calendar years.

        >>> Horizon.of_years(2024, 2024, "a year").end
        '2024-12-31'
        """
        return cls(f"{first}-01-01", f"{last}-12-31", meaning)


@dataclass(frozen=True)
class Statement:
    """One sentence for people."""

    text_key: Annotated[str, Field(description="what kind of sentence: note, screening, ...")]
    text: str
    refs: Annotated[tuple[str, ...], Field(description="rows it speaks of, as table/key/key")] = ()


@dataclass(frozen=True)
class Assumption:
    """A number taken as given, with its range."""

    id: str
    what: str
    value: Number | None
    low: Annotated[Number | None, Field(description="10 % point, or least value")]
    high: Annotated[Number | None, Field(description="90 % point, or largest value")]
    evidence_status: Annotated[
        str, Field(description="reported, estimated, derived, claimed, recalled or assumed")
    ]
    source: str | None = None
    unit: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Limit:
    """What the answer leaves out, and which way that bends it."""

    what: str
    bias: str


@dataclass(frozen=True)
class Observed:
    """A quotation of the real world beside a number of the answer."""

    ref: Annotated[str, Field(description="the row it stands beside, as table/key/key; empty for none")]
    value: Number
    unit: str
    date: str
    fact: Annotated[str, Field(description="id of the fact; empty for none")]
    series: str | None = None
    source: str | None = None
    role: str | None = None
    verdict: str | None = None
    note: str | None = None


@dataclasses.dataclass(frozen=True)
class CitedFact:
    """A fact behind an answer. In JSON it is its id; the rest travels in the document.

    Every field but `id` is None where the ledger that was read does not hold the fact.
    """

    id: str
    subject: str | None = None
    attribute: str | None = None
    value: float | None = None
    unit: str | None = None
    period: str | None = None
    evidence_status: str | None = None
    source_title: str | None = None
    source_url: str | None = None
    published: str | None = None
    note: str | None = None

    @property
    def known(self) -> bool:
        """Whether more than the id is known.

        >>> CitedFact("F0").known
        False
        """
        return self.source_title is not None

    def details(self) -> dict[str, str | float | None]:
        """What is known beside the id, as the report file carries it; the value also where it is None."""
        return {k: v for k, v in vars(self).items() if k == "value" or (k != "id" and v is not None)}


_KEYS = {"start": "from", "end": "to"}
_OPTIONAL: dict[type, frozenset[str]] = {}


def plain(value: Any) -> Any:
    """Turn a part of a document into its JSON form.

    Parameters
    ----------
    value : Any
        A dataclass, mapping, sequence or plain value.

    Returns
    -------
    Any
        Objects, lists, texts and numbers, all the way down. Optional fields that are None are left out.

    Examples
    --------
    >>> plain(Horizon("2025-01-01", "2025-12-31", "a year"))
    {'from': '2025-01-01', 'to': '2025-12-31', 'meaning': 'a year'}
    >>> plain((Statement("note", "All is well."),))
    [{'text_key': 'note', 'text': 'All is well.', 'refs': []}]
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        optional = _left_out_when_none(type(value))
        return {
            _KEYS.get(k, k): plain(v)
            for k, v in ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
            if v is not None or k not in optional
        }
    if isinstance(value, Mapping):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(v) for v in value]
    return value


def _left_out_when_none(kind: type) -> frozenset[str]:
    if kind not in _OPTIONAL:
        _OPTIONAL[kind] = frozenset(f.name for f in dataclasses.fields(kind) if f.default is None)
    return _OPTIONAL[kind]
