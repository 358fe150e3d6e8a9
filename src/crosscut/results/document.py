"""Document: the one thing every question returns and everything shown is read from (`crosscut.result/1`)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.machine import stamp
from crosscut.results.json_text import result_id, to_text
from crosscut.results.parts import (
    Assumption,
    CitedFact,
    Horizon,
    Inputs,
    Kind,
    Limit,
    Observed,
    Sha256,
    Statement,
    Status,
    plain,
)
from crosscut.results.presentation import presentation
from crosscut.results.result_table import ResultTable
from crosscut.results.row_types import problems_of, row_problems
from crosscut.results.rows import Row
from crosscut.results.tables.declared import SCHEMA_ID

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    from pydantic import BaseModel

Scores = dict[str, dict[str, Any]]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Document(Mapping[str, Any]):
    """One answer: its numbers, and everything they rest on.

    It is also a read-only mapping of its JSON form: `document["tables"]["prices"]["rows"]`.

    Attributes
    ----------
    kind
        Which question it answers.
    inputs
        Mineral, world, scenario, seed, draws, version of code and data.
    status
        Whether everything was solved.
    horizon
        The time it speaks of.
    tables
        Name to table; `table`, `rows` and `units` read them.
    statements, assumptions, limits
        Sentences for people; numbers taken as given; what is left out.
    facts
        The facts it cites, with their details.
    observed
        Quotations of the real world beside its numbers.
    places
        Code to name of the places in its tables.
    scores
        Scores by name, of a backtest or a scored forecast.
    created_utc
        When it was made; not part of the id.
    id
        sha256 over the content.

    Raises
    ------
    UserError
        A row does not fit the declared columns of its table.
    """

    kind: Kind
    inputs: Inputs
    status: Status
    horizon: Horizon
    tables: Mapping[str, ResultTable]
    statements: tuple[Statement, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    facts: tuple[CitedFact, ...] = ()
    limits: tuple[Limit, ...] = ()
    observed: tuple[Observed, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    scores: Scores | None = None
    created_utc: str = field(default_factory=stamp)
    id: Sha256 = ""

    def __post_init__(self) -> None:
        if not self.id:
            _refuse_wrong_rows(self.tables, "result")
            object.__setattr__(self, "id", result_id(self._content()))

    @property
    def title(self) -> str:
        """One line for people: what was asked."""
        scenario, inputs = self.inputs.scenario, self.inputs
        return scenario.title if scenario else f"{inputs.mineral} {inputs.world.year}"

    # ---------------------------------------------------------------- reading
    def table(self, name: str) -> pl.DataFrame:
        """A table as a polars frame.

        Parameters
        ----------
        name
            Name of the table; `list(document.tables)` has them all.

        Returns
        -------
        polars.DataFrame
            Columns with the declared types (text, float, boolean), null where a value is missing;
            `units(name)` says the unit of every column.

        Raises
        ------
        UserError
            The document has no such table.
        """
        return self._table(name).frame()

    def rows(self, name: str) -> list[Row]:
        """A table as a list of rows, column to value; None where a value is missing. Raises as `table`."""
        return self._table(name).rows

    def rows_if_any(self, name: str) -> list[Row]:
        """As `rows`; no rows where the document has no such table."""
        found = self.tables.get(name)
        return found.rows if found is not None else []

    def units(self, name: str) -> dict[str, str]:
        """Column to unit, of the columns of a table that have one. Raises as `table`."""
        return dict(self._table(name).units)

    def to_pandas(self, name: str | None = None) -> pd.DataFrame | dict[str, pd.DataFrame]:
        """A table as a pandas frame, or all of them by name; columns and values as in `table`.

        Raises
        ------
        UserError
            pandas is not installed, or the document has no such table.
        """
        try:
            import pandas as pd
        except ImportError:
            raise UserError(
                Problem("pandas is not installed", "to_pandas", "`pip install pandas`; table() needs it not")
            ) from None
        if name is not None:
            return pd.DataFrame(self.table(name).to_dict(as_series=False))
        return {n: pd.DataFrame(self.table(n).to_dict(as_series=False)) for n in self.tables}

    def _table(self, name: str) -> ResultTable:
        if name not in self.tables:
            near = suggestion(name, list(self.tables))
            raise UserError(Problem(f"no table {name!r}", f"{self.kind} {self.id[:12]}", near))
        return self.tables[name]

    def fact_details(self) -> dict[str, dict[str, str | float | None]]:
        """Id to details of the cited facts that are known."""
        return {f.id: f.details() for f in self.facts if f.known}

    # ------------------------------------------------------ files and text
    def to_json(self) -> str:
        """The text that `--json` prints and result.json holds."""
        return to_text(self)

    @classmethod
    def load(cls, path: str | Path) -> Document:
        """The document in a file written by `save` or `--json`.

        The file names the facts by id; `crosscut.read_result` also looks up what they say.

        Raises
        ------
        UserError
            The file cannot be read, or is no document.
        """
        try:
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as e:
            reason = e.strerror if isinstance(e, OSError) and e.strerror else "not a text file"
            expected = "a result.json written by `crosscut run`"
            raise UserError(Problem(f"cannot be read ({reason})", str(path), expected)) from None
        return cls.from_json(text, str(path))

    @classmethod
    def from_json(cls, text: str, where: str = "text") -> Document:
        """The document in a JSON text; `where` names it in errors.

        Raises
        ------
        UserError
            It is not JSON, breaks the schema, or its id does not fit its content.
        """
        form = _parsed(text, where)
        document = cls.from_form(form, where)
        if form["id"] != result_id(form):
            raise UserError(
                Problem("the id does not fit the content: the file was changed after it was written", where)
            )
        return document

    @classmethod
    def from_form(cls, form: Mapping[str, Any], where: str = "result") -> Document:
        """The document of a JSON form that was parsed already; keys of later versions stay in the form.

        Raises
        ------
        UserError
            The form breaks the schema; the id is not compared.
        """
        parts = _checked(form, where)
        given = {k: getattr(parts, k) for k in type(parts).model_fields}
        tables = {
            name: ResultTable(name, tuple(t["columns"]), dict(t["units"]), t["rows"])
            for name, t in form["tables"].items()
        }
        facts = tuple(CitedFact(i) for i in given.pop("facts"))
        document = cls(**given, tables=tables, facts=facts)
        document.__dict__["_form"] = dict(form)
        return document

    def with_facts(self, facts: Sequence[CitedFact]) -> Document:
        """The same document with these details of its facts; its JSON stays the same."""
        out = replace(self, facts=tuple(facts))
        out.__dict__["_form"] = self._form
        return out

    def save(self, folder: str | Path) -> list[Path]:
        """Writes result.json, every table as CSV and Parquet, and the page of its kind.

        Parameters
        ----------
        folder
            Made when it is not there; an earlier result of the same kind in it is replaced.

        Returns
        -------
        list of Path
            The page where the kind has one, result.json, then the tables.

        Raises
        ------
        UserError
            The folder cannot be written, or has such files of another kind or of others; it stays as it was.
        """
        return presentation().save(self, folder)

    def plot(self, table: str | None = None) -> Any:
        """A figure of the document, drawn by matplotlib (extra `plot`).

        Returns
        -------
        matplotlib.figure.Figure
            A run: prices before and after with 80 % intervals. An outlook: the path of the headline price.
            A stress run: the loss that is exceeded with each probability.

        Raises
        ------
        UserError
            The kind has no figure, or matplotlib is not installed.
        """
        return presentation().plot(self, table)

    # ---------------------------------------------------- as it is shown
    def __repr__(self) -> str:
        return f"<{self.kind} {self.id[:12]}: {self.title}, {len(self.tables)} tables>"

    def _repr_html_(self) -> str:
        return presentation().summary_html(self)

    # ----------------------------------------------------- as a mapping
    def _content(self) -> dict[str, Any]:
        content: dict[str, Any] = {"schema": SCHEMA_ID, "id": self.id, "created_utc": self.created_utc}
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name == "tables":
                content[f.name] = {name: t.form() for name, t in value.items()}
            elif f.name == "facts":
                content[f.name] = [x.id for x in value]
            elif f.name not in content and not (f.name == "scores" and value is None):
                content[f.name] = plain(value)
        return content

    @cached_property
    def _form(self) -> dict[str, Any]:
        return self._content()

    def __getitem__(self, key: str) -> Any:
        return self._form[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._form)

    def __len__(self) -> int:
        return len(self._form)

    def __hash__(self) -> int:
        return hash(self.id)


@cache
def parts_model() -> type[BaseModel]:
    """The JSON form of a document without its tables, made from the types of `Document`."""
    from pydantic import create_model

    hints = get_type_hints(Document, include_extras=True)
    hints |= {"facts": tuple[str, ...], "places": dict[str, str], "scores": dict[str, dict[str, Any]] | None}
    given: dict[str, Any] = {
        f.name: (hints[f.name], None if f.name == "scores" else ...)
        for f in fields(Document)
        if f.name != "tables"
    }
    return create_model("Result", **given)


def validate(form: object, where: str) -> None:
    """Check a JSON form against the schema of results.

    Parameters
    ----------
    form : object
        The parsed JSON.
    where : str
        Name of the file, for messages.

    Raises
    ------
    UserError
        Listing up to ten places where the form breaks the schema.
    """
    _checked(form, where)


def _checked(form: object, where: str) -> BaseModel:
    from pydantic import ValidationError

    if not isinstance(form, Mapping):
        raise UserError(Problem("not a Crosscut result", where, "a JSON object"))
    rest = {k: v for k, v in form.items() if k != "tables"}
    problems: list[Problem] = []
    if form.get("schema") != SCHEMA_ID:
        problems.append(Problem("not a Crosscut result", f"{where}: schema", f'"{SCHEMA_ID}"'))
    parts: BaseModel | None = None
    try:
        parts = parts_model().model_validate_json(json.dumps(rest))
    except ValidationError as e:
        problems += problems_of(e, f"{where}:")
    problems += _table_problems(form.get("tables"), where)
    if problems or parts is None:
        raise UserError(problems[:10])
    return parts


def _table_problems(tables: object, where: str) -> list[Problem]:
    if not isinstance(tables, Mapping):
        return [Problem("is no object of tables", f"{where}: tables", "table names and tables")]
    out: list[Problem] = []
    for name, t in tables.items():
        at = f"{where}: tables/{name}"
        if not isinstance(t, Mapping) or not {"columns", "units", "rows"} <= set(t):
            out.append(Problem("is no table", at, "an object with columns, units and rows"))
            continue
        if not isinstance(t["columns"], list) or not all(isinstance(c, str) for c in t["columns"]):
            out.append(Problem("is no list of names", f"{at}/columns", "a list of texts"))
        units = t["units"]
        if not isinstance(units, Mapping) or not all(isinstance(u, str) for u in units.values()):
            out.append(Problem("is no object of units", f"{at}/units", "column names and units"))
        out += row_problems(name, t["rows"], f"{at}/rows")
    return out


def _refuse_wrong_rows(tables: Mapping[str, ResultTable], where: str) -> None:
    problems = [
        p for name, t in tables.items() for p in row_problems(name, t.rows, f"{where}: tables/{name}/rows")
    ]
    if problems:
        raise UserError(problems[:10])


def _parsed(text: str, where: str) -> dict[str, Any]:
    try:
        form = json.loads(text)
    except json.JSONDecodeError as e:
        raise UserError(
            Problem(f"not JSON ({e.msg})", f"{where}:{e.lineno}", "a file written by `crosscut run --json`")
        ) from None
    if not isinstance(form, dict) or form.get("schema") != SCHEMA_ID:
        raise UserError(
            Problem("not a Crosscut result", where, f'a JSON object with "schema": "{SCHEMA_ID}"')
        )
    return form
