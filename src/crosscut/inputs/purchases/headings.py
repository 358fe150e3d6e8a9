"""Headings: which column of a file is what.

Two columns that mean the same are refused, unless one of them is plainly better (net weight beside gross
weight). A column that means nothing here is listed as not used.

Tests: tests/inputs/purchases/test_headings.py
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError
from crosscut.inputs.purchases.purchase import FIELDS, ColumnUse, LeftOut
from crosscut.inputs.purchases.table.grid import GridRow, column_name
from crosscut.inputs.purchases.words.heading_words import BRACKETS, HeadingMeaning, heading_meaning
from crosscut.inputs.purchases.words.word_tables import folded

UNUSED = ("unused", "ignore", "-")


@dataclass(frozen=True)
class Columns:
    """The columns of a file: position -> meaning; what is not used; languages of the headings."""

    used: tuple[tuple[int, HeadingMeaning, str], ...]
    unused: tuple[LeftOut, ...]
    languages: frozenset[str]

    def position(self, field: str) -> int | None:
        """Where the column of a field stands.

        Parameters
        ----------
        field : str
            As in `FIELDS`.

        Returns
        -------
        int or None
            From 0; None where there is none.
        """
        return next((k for k, m, _ in self.used if m.field == field), None)

    def meaning(self, field: str) -> HeadingMeaning | None:
        """What the heading of a field means.

        Parameters
        ----------
        field : str
            As in `FIELDS`.

        Returns
        -------
        HeadingMeaning or None
            None where there is no such column.
        """
        return next((m for _, m, _ in self.used if m.field == field), None)

    def shown(self) -> tuple[ColumnUse, ...]:
        """Every column used, for people."""
        return tuple(ColumnUse(column_name(k), heading, m.field, m.unit) for k, m, heading in self.used)


def columns_of(row: GridRow, named: Sequence[str], where: str) -> Columns:
    """The columns under a row of headings.

    Parameters
    ----------
    row : GridRow
        The row of headings.
    named : sequence of str
        Columns named by hand, each "Heading=field".
    where : str
        Name of the file, for messages.

    Returns
    -------
    Columns
        What each is.

    Raises
    ------
    UserError
        With everything wrong: a field that is missing, two columns of one meaning, a unit not known.

    Examples
    --------
    >>> from crosscut.inputs.purchases.table.grid import TableCell
    >>> row = GridRow(1, tuple(map(TableCell, ["Land", "Material", "Menge [t]", "Wert (EUR)", "Bemerkung"])))
    >>> columns = columns_of(row, (), "my.csv")
    >>> [(c.column, c.field, c.unit) for c in columns.shown()][2:], columns.unused[0].what
    ([('C', 'quantity', 't'), ('D', 'value', 'EUR')], 'E: Bemerkung')
    """
    at = f"{where}:{row.line}"
    problems: list[Problem] = []
    by_hand = _by_hand(row, named, problems)
    found: dict[str, list[tuple[int, HeadingMeaning, str]]] = {}
    unused: list[LeftOut] = []
    for k, text in enumerate(row.texts):
        heading = " ".join(text.split())
        if not heading:
            continue
        meaning = by_hand[k] if k in by_hand else heading_meaning(text)
        if isinstance(meaning, Problem):
            problems.append(Problem(meaning.what, f"{at}, column {column_name(k)}", meaning.expected))
        elif meaning is None:
            why = "you said so" if k in by_hand else "its heading means nothing here"
            unused.append(LeftOut(f"{column_name(k)}: {heading}", why))
        else:
            found.setdefault(meaning.field, []).append((k, meaning, heading))
    used = _best_of_each(found, unused, problems, at)
    problems += _missing(used, row, at)
    if problems:
        raise UserError(problems)
    languages = [m.languages for _, m, _ in used if m.languages]
    common = frozenset.intersection(*languages) if languages else frozenset()
    return Columns(tuple(sorted(used, key=lambda u: u[0])), tuple(unused), common or _most(languages))


def _most(languages: Sequence[frozenset[str]]) -> frozenset[str]:
    return frozenset(x for each in languages for x in each)


def _by_hand(row: GridRow, named: Sequence[str], problems: list[Problem]) -> dict[int, HeadingMeaning | None]:
    """What `--map` says of a column; None where it is not to be used."""
    out: dict[int, HeadingMeaning | None] = {}
    headings = {folded(t): k for k, t in enumerate(row.texts) if t.strip()}
    for entry in named:
        heading, equals, field = entry.rpartition("=")
        position = headings.get(folded(heading))
        if not equals or position is None:
            listed = ", ".join(" ".join(t.split()) for t in row.texts if t.strip())
            problems.append(
                Problem(f"no column {heading or entry!r}", "--map", f"Heading=field; headings: {listed}")
            )
            continue
        name = field.strip()
        if name in UNUSED:
            out[position] = None
            continue
        bracketed = BRACKETS.match(name)
        base = folded(bracketed[1] if bracketed else name).replace(" ", "_")
        if base in FIELDS:
            out[position] = HeadingMeaning(base, bracketed[2].strip() if bracketed else "")
            continue
        meaning = heading_meaning(name)
        if isinstance(meaning, HeadingMeaning):
            out[position] = meaning
        else:
            problems.append(
                Problem(f"no field {name!r}", "--map", f"one of {', '.join((*FIELDS, 'unused'))}")
            )
    return out


def _best_of_each(
    found: dict[str, list[tuple[int, HeadingMeaning, str]]],
    unused: list[LeftOut],
    problems: list[Problem],
    at: str,
) -> list[tuple[int, HeadingMeaning, str]]:
    out = []
    for field, columns in found.items():
        best = min(m.rank for _, m, _ in columns)
        first = [c for c in columns if c[1].rank == best]
        if len(first) > 1:
            named = " and ".join(f"{heading!r} (column {column_name(k)})" for k, _, heading in first)
            problems.append(
                Problem(
                    f"{named} both mean the {FIELDS.get(field, field)}",
                    at,
                    f"one of them; say which with --map '{first[1][2]}=unused'",
                )
            )
        out.append(first[0])
        for k, m, heading in columns:
            if m.rank > best:
                unused.append(LeftOut(f"{column_name(k)}: {heading}", f"'{first[0][2]}' is used"))
    return out


def _missing(used: Sequence[tuple[int, HeadingMeaning, str]], row: GridRow, at: str) -> list[Problem]:
    have = {m.field: heading for _, m, heading in used}
    listed = ", ".join(repr(" ".join(t.split())) for t in row.texts if t.strip())
    out = []
    if "price" in have:
        what = f"{have['price']!r} can mean the money paid for the row or for one unit"
        out.append(Problem(what, at, f"--map '{have['price']}=value' or --map '{have['price']}=unit_price'"))
    for fields, what, example in (
        (("supplier_country", "supplier_code", "origin", "origin_code"), "country", "Country of origin"),
        (("mineral", "hs_code"), "mineral, nor of customs codes", "Material"),
        (("quantity",), "quantity", "Quantity (kg)"),
        (("value", "unit_price", "price"), "value", "Value (EUR)"),
    ):
        if not set(fields) & set(have):
            expected = (
                f"a heading such as '{example}', or --map 'Heading={fields[0]}'; the headings are {listed}"
            )
            out.append(Problem(f"no column of the {what}", at, expected))
    return out
