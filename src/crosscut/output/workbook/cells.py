"""Cells: rows of numbers or formulas over years, each known by a name, on several sheets.

A formula is written once, in the language of spreadsheets, with names in braces:

    {x}         this year                {x:-2}      two years before (0 before the first)
    {x:@3}      column 3                 {$x}        a single number
    {x:all}     the whole row            {x:from}    from this year on
    {x:upto}    to this year             {x:before}  to the year before

It becomes a spreadsheet formula (`text`) and is evaluated here (`value`) by the same rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

FIRST_ROW, VALUE_COLUMN, YEAR_COLUMN = 3, 3, 4  # counted from 0
_NAME = re.compile(r"\{(\$?)([A-Za-z0-9_]+)(?::([a-z]+|-\d+|@\d+))?\}")


def column_letters(index: int) -> str:
    """The letters of a column counted from 0.

    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    out = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        out = chr(65 + rest) + out
    return out


@dataclass(frozen=True)
class SheetRow:
    """One row: a number or formula alone (`single`), or one for every year (None leaves the cell empty)."""

    name: str
    label: str
    unit: str
    single: float | str | None = None
    by_year: tuple[float | str | None, ...] = ()
    given: bool = False
    note: str = ""


@dataclass
class Book:
    """Sheets of rows over the same years; `said` stands above them all, `sources` is where every figure is
    from."""

    title: str
    years: range
    said: str = ""
    sources: tuple[tuple[str | float | None, ...], ...] = ()
    sheets: dict[str, list[SheetRow]] = field(default_factory=dict)
    _at: dict[str, tuple[str, int]] = field(default_factory=dict)
    _values: dict[tuple[str, int], float] = field(default_factory=dict)

    def put(self, sheet: str, row: SheetRow) -> None:
        """Adds a row; a name is used once."""
        if row.name in self._at:
            raise ValueError(f"row {row.name!r} is there already")
        rows = self.sheets.setdefault(sheet, [])
        self._at[row.name] = (sheet, len(rows))
        rows.append(row)

    def has(self, name: str) -> bool:
        """Whether there is such a row."""
        return name in self._at

    def row(self, name: str) -> SheetRow:
        """The row of a name."""
        sheet, k = self._at[name]
        return self.sheets[sheet][k]

    def single(
        self, sheet: str, name: str, label: str, unit: str, formula: float | str, note: str = ""
    ) -> None:
        """A row of one number or formula."""
        self.put(sheet, SheetRow(name, label, unit, formula, note=note))

    def yearly(
        self,
        sheet: str,
        name: str,
        label: str,
        unit: str,
        formula: str | Callable[[int], float | str],
        note: str = "",
    ) -> None:
        """A row with the same formula every year, or `formula(t)` for each."""
        cells = tuple(formula if isinstance(formula, str) else formula(t) for t in range(len(self.years)))
        self.put(sheet, SheetRow(name, label, unit, None, cells, note=note))

    def text(self, formula: str, sheet: str, t: int) -> str:
        """The formula as a spreadsheet reads it, in column of year `t` of `sheet`."""
        return "=" + _NAME.sub(lambda m: self._reference(m, sheet, t), formula)

    def _reference(self, m: re.Match[str], here: str, t: int) -> str:
        alone, name, where = m.groups()
        sheet, k = self._at[name]
        prefix = "" if sheet == here else f"{sheet}!"
        line = FIRST_ROW + k + 1
        if alone or (where is None and self.row(name).by_year == ()):
            return f"{prefix}${column_letters(VALUE_COLUMN)}${line}"
        columns = _columns(where, t, len(self.years))
        if not columns:
            return "0"
        first, last = (column_letters(YEAR_COLUMN + c) for c in (columns[0], columns[-1]))
        if where in ("all", "upto", "before", "from"):
            return f"{prefix}{first}{line}:{last}{line}"
        return f"{prefix}{first}{line}"

    def value(self, name: str, t: int = -1) -> float:
        """What a cell is: the single number of a row, or that of year `t`."""
        row = self.row(name)
        t = -1 if not row.by_year else t
        if (name, t) not in self._values:
            cell = row.single if t < 0 else row.by_year[t]
            self._values[name, t] = self._evaluated(cell, t) if isinstance(cell, str) else float(cell or 0.0)
        return self._values[name, t]

    def values(self, name: str) -> list[float]:
        """A row by year."""
        return [self.value(name, t) for t in range(len(self.years))]

    def changed(self, inputs: dict[str, float]) -> Book:
        """The book with other inputs of one number, evaluated anew; ValueError for what is no such input."""
        out = Book(self.title, self.years, self.said, self.sources)
        for sheet, rows in self.sheets.items():
            for row in rows:
                if row.name in inputs and not (row.given and row.single is not None):
                    raise ValueError(f"{row.name!r} is not one number that is given")
                out.put(sheet, replace(row, single=inputs[row.name]) if row.name in inputs else row)
        out.settle()
        return out

    def settle(self) -> None:
        """Evaluates every cell, year by year, so that no formula waits on a long chain of others."""
        for t in range(len(self.years)):
            for name in self._at:
                if self.row(name).by_year:
                    self.value(name, t)
        for name in self._at:
            self.value(name)

    def _evaluated(self, formula: str, t: int) -> float:
        def term(m: re.Match[str]) -> str:
            alone, name, where = m.groups()
            if alone or (where is None and self.row(name).by_year == ()):
                return f"({self.value(name)!r})"
            found = [self.value(name, c) for c in _columns(where, t, len(self.years))]
            if where in ("all", "upto", "before", "from"):
                return repr(found)
            return f"({found[0]!r})" if found else "0.0"

        text = _NAME.sub(term, formula).replace("^", "**")
        return float(
            eval(text, {"__builtins__": {}}, dict(_FUNCTIONS))
        )  # our own formulas, names already numbers


def _columns(where: str | None, t: int, years: int) -> Sequence[int]:
    if where is None:
        return [t]
    if where.startswith("@"):
        return [int(where[1:])]
    if where.startswith("-"):
        return [t + int(where)] if t + int(where) >= 0 else []
    return {"all": range(years), "upto": range(t + 1), "before": range(t), "from": range(t, years)}[where]


def _flat(args: Sequence[float | list[float]]) -> list[float]:
    out: list[float] = []
    for a in args:
        out += a if isinstance(a, list) else [a]
    return out


def _irr(flows: list[float]) -> float:
    import numpy as np

    from crosscut.finance.answers.returns import irr

    return float(irr(np.array(flows).reshape((-1, 1)))[0])


_FUNCTIONS: dict[str, Callable[..., float]] = {
    "SUM": lambda *a: sum(_flat(a)),
    "MIN": lambda *a: min(_flat(a)),
    "MAX": lambda *a: max(_flat(a)),
    "IF": lambda a, b, c: b if a else c,
    "AND": lambda *a: all(a),
    "OR": lambda *a: any(a),
    "SUMPRODUCT": lambda a, b: sum(x * y for x, y in zip(a, b, strict=True)),
    "IRR": _irr,
}
