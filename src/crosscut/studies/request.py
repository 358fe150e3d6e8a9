"""Requests: what a question may be asked with, declared once.

A field of a request carries its type, bounds, default, its name on the command line and a sentence of help.
From that come the options and the help of the command, the signature of the Python call, every refusal, the
reference page and the JSON schema. A rule that joins several fields is written in `Request.mistakes`, so that
every entrance refuses the same.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, get_args, get_origin

from annotated_types import Ge, Interval, Le
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic.functional_validators import ModelWrapValidatorHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails

from crosscut.base.errors import Problem, UserError, suggestion

#: field -> how the person who asked writes it: `resume` in Python, `--resume` on the command line
Names = Callable[[str], str]


@dataclass(frozen=True)
class Asked:
    """What the entrances need to know of a field beside its type; made by `argument` and `option`."""

    help: str
    option: str = ""
    word: str = ""
    expected: str = ""
    example: str = ""
    position: bool = False
    commas: bool = False
    listed: bool = True

    def __get_pydantic_json_schema__(
        self, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        made = {"ge": "minimum", "le": "maximum"}
        return {**{made.get(k, k): v for k, v in handler(core).items()}, "description": self.help}


def argument(help: str, word: str = "", *, expected: str = "") -> Asked:
    """A field that is a word of its own on the command line, named `word` in its usage, and may be given by
    position in Python."""
    return Asked(help, word=word, expected=expected, position=True)


def option(
    name: str,
    help: str,
    *,
    expected: str = "",
    example: str = "",
    position: bool = False,
    commas: bool = False,
) -> Asked:
    """A field that is the option `name` on the command line.

    Parameters
    ----------
    name
        The option, such as ``--draws``.
    help
        One sentence for people.
    expected
        What a refusal says would have been accepted; made from the bounds where it is empty.
    example
        A value that would have been accepted, added to bounds in a refusal.
    position
        Whether the field may be given by position in Python.
    commas
        Whether several values are one word with commas on the command line, not the option repeated.
    """
    return Asked(help, name, expected=expected, example=example, position=position, commas=commas)


def unlisted(help: str) -> Asked:
    """A field of the Python call alone."""
    return Asked(help, listed=False)


def _whole(value: object) -> object:
    """Whole numbers of numpy as those of Python; anything else as it is."""
    try:
        return value if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return value


Whole = Annotated[int, BeforeValidator(_whole)]
NameOrFile = Annotated[str, BeforeValidator(lambda v: str(v) if isinstance(v, Path) else v)]
MOST_SEEDS = 2**63 - 1
OwnSeed = Annotated[
    Annotated[Whole, Interval(ge=0, le=MOST_SEEDS)] | None,
    option("--seed", "Seed of the draws; the same seed gives the same numbers (default: the file's own)."),
]
Seed = Annotated[
    Whole,
    Interval(ge=0, le=MOST_SEEDS),
    option("--seed", "Seed of the draws; the same seed gives the same numbers."),
]
Year = Annotated[Whole, option("--year", "Base year of the world.", position=True)]
Workers = Annotated[
    Annotated[Whole, Interval(ge=1, le=256)] | None,
    option("--workers", "Processes; the numbers do not depend on it (command line: all cores)."),
]


class FieldGroup(BaseModel):
    """Fields that belong together; the command line and the Python call name them one by one."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Request(BaseModel):
    """What a question is asked with; refused with UserError, every mistake at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    question: ClassVar[str] = ""

    def mistakes(self, name: Names) -> Iterable[Problem]:
        """What fields may not be together; `name` gives a field as the person wrote it.

        Never looks at a field that has no default: one that is missing is stood in for, so that everything
        is said at once.
        """
        return ()

    @classmethod
    def of(cls, given: Mapping[str, object], name: Names = str) -> Self:
        """The request with these fields, named one by one whatever group they are in.

        Raises
        ------
        UserError
            With every mistake, fields named by `name`.
        """
        return cls.model_validate(_in_groups(cls, given), context={"name": name})

    @model_validator(mode="wrap")
    @classmethod
    def _refused_in_words(
        cls, given: Any, handler: ModelWrapValidatorHandler[Self], info: ValidationInfo
    ) -> Self:
        name: Names = (info.context or {}).get("name", str)
        try:
            made = handler(given)
        except ValidationError as e:
            errors = e.errors()
            raise UserError(
                [_problem(cls, x, name) for x in errors] + _others(cls, given, errors, info)
            ) from None
        problems = list(made.mistakes(name))
        if problems:
            raise UserError(problems)
        return made


@dataclass(frozen=True)
class Leaf:
    """A field that a person gives: of the request itself, or of one of its groups."""

    name: str
    group: str
    asked: Asked
    field: FieldInfo

    @property
    def shown(self) -> str:
        """The field as the command line writes it."""
        return self.asked.option or self.asked.word or self.name.upper()

    @property
    def kind(self) -> type:
        """The type of one value: `int`, `str`, ...; of many for `repeated`."""
        return _kind(self.field.annotation)

    @property
    def repeated(self) -> bool:
        """Whether it holds several values."""
        return any(get_origin(a) is tuple for a in _alternatives(self.field.annotation))

    @property
    def required(self) -> bool:
        """Whether it must be given."""
        return self.field.is_required()

    @property
    def default(self) -> Any:
        """What holds where it is not given."""
        return self.field.get_default(call_default_factory=True, validated_data={})


@cache
def leaves(model: type[BaseModel]) -> tuple[Leaf, ...]:
    """Every field of a request that a person gives, in order, groups taken apart."""
    out: list[Leaf] = []
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, FieldGroup):
            out += [Leaf(x.name, name, x.asked, x.field) for x in leaves(field.annotation)]
            continue
        out.append(Leaf(name, "", next(m for m in field.metadata if isinstance(m, Asked)), field))
    return tuple(out)


def on_the_command_line(model: type[BaseModel]) -> Names:
    """Names of the fields of a request as the command line writes them."""
    shown = {x.name: x.shown for x in leaves(model)}
    return lambda field: shown.get(field, field)


def _in_groups(model: type[Request], given: Mapping[str, object]) -> dict[str, object]:
    group = {x.name: x.group for x in leaves(model) if x.group}
    out: dict[str, Any] = {k: v for k, v in given.items() if k not in group}
    for k, v in given.items():
        if k in group:
            out[group[k]] = {**out.get(group[k], {}), k: v}
    return out


def _others(
    model: type[Request], given: object, errors: list[ErrorDetails], info: ValidationInfo
) -> list[Problem]:
    """What else is wrong once the fields that are refused by themselves are left out."""
    if not isinstance(given, Mapping):
        return []
    less: dict[str, Any] = {k: dict(v) if isinstance(v, Mapping) else v for k, v in given.items()}
    for e in errors:
        top, *inner = (str(x) for x in e["loc"]) if e["loc"] else ("",)
        field = model.model_fields.get(top)
        if field is not None and field.is_required():
            less[top] = ("?",) if get_origin(field.annotation) is tuple else "?"
        elif inner and isinstance(less.get(top), dict):
            less[top].pop(inner[0], None)
        else:
            less.pop(top, None)
    try:
        model.model_validate(less, context=info.context)
    except UserError as e:
        return list(e.problems)
    return []


def _problem(model: type[Request], error: ErrorDetails, name: Names) -> Problem:
    """One refusal of a field as one for people."""
    loc = [str(x) for x in error["loc"] if not isinstance(x, int)]
    by_name = {x.name: x for x in leaves(model)}
    leaf = next((by_name[x] for x in reversed(loc) if x in by_name), None)
    if leaf is None:
        unknown = loc[-1] if loc else ""
        return Problem(f"no parameter {unknown!r}", model.question, suggestion(unknown, by_name))
    where = name(leaf.name)
    if error["type"] == "missing":
        return Problem(f"no {leaf.name}", where, expected(leaf))
    return Problem(f"{leaf.name.replace('_', ' ')} {_said(error['input'])}", where, expected(leaf))


def _said(value: object) -> str:
    return repr(value) if isinstance(value, str) else str(value)


def expected(leaf: Leaf) -> str:
    """What a field accepts, in words: its own, or made from type and bounds."""
    if leaf.asked.expected:
        return leaf.asked.expected
    words = choices(leaf)
    if words:
        return f"one of {', '.join(words)}"
    low, high = _bounds(leaf.field)
    what = {int: "a whole number", float: "a number", bool: "yes or no"}.get(leaf.kind, "text")
    if low is not None and high is not None:
        what += f" from {_number(low)} to {_number(high)}"
    elif low is not None:
        what += f" from {_number(low)}"
    elif what == "text":
        return leaf.asked.help[:1].lower() + leaf.asked.help[1:].rstrip(".")
    return what + (f", e.g. {leaf.asked.example}" if leaf.asked.example else "")


def choices(leaf: Leaf) -> tuple[str, ...]:
    """The words a field takes, where it takes a few only."""
    for a in _alternatives(leaf.field.annotation):
        if get_origin(a) is Literal:
            return tuple(str(x) for x in get_args(a))
        if isinstance(a, type) and issubclass(a, Enum):
            return tuple(str(x.value) for x in a)
    return ()


def _number(value: float) -> str:
    return "2^63 - 1" if value == MOST_SEEDS else f"{value:,}"


def _bounds(field: FieldInfo) -> tuple[float | None, float | None]:
    marks = [*field.metadata]
    for a in _annotated(field.annotation):
        marks += a
    low: float | None = None
    high: float | None = None
    for m in marks:
        if isinstance(m, (Ge, Interval)) and m.ge is not None:
            low = m.ge  # type: ignore[assignment]
        if isinstance(m, (Le, Interval)) and m.le is not None:
            high = m.le  # type: ignore[assignment]
    return low, high


def _annotated(annotation: Any) -> Iterator[list[Any]]:
    """Marks on the parts of a type: of `Annotated[int, ...] | None` those of the number."""
    if get_origin(annotation) is Annotated:
        yield list(annotation.__metadata__)
    for a in get_args(annotation):
        yield from _annotated(a)


def _alternatives(annotation: Any) -> list[Any]:
    """The types of a union without None, marks taken off."""
    if get_origin(annotation) is Annotated:
        return _alternatives(annotation.__origin__)
    if get_origin(annotation) in (tuple, Literal) or not get_args(annotation):
        return [] if annotation is type(None) else [annotation]
    return [x for a in get_args(annotation) for x in _alternatives(a)]


def _kind(annotation: Any) -> type:
    for a in _alternatives(annotation):
        if get_origin(a) is tuple:
            return _kind(get_args(a)[0])
        if get_origin(a) is Literal or (isinstance(a, type) and issubclass(a, Enum)):
            return str
        if isinstance(a, type):
            return a
    raise TypeError(f"no type for the command line in {annotation!r}")
