"""Headings: which column is what, from synonyms in many languages and from units beside them.

"Menge [t]", "Quantity (kg)" and "Value, thousand EUR" carry their unit. Two columns that mean the same are
refused, unless one of them is plainly better (net weight beside gross weight).

Tests: tests/inputs/purchases/test_headings.py
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from crosscut.base.errors import Problem, UserError
from crosscut.inputs.purchases.purchase import FIELDS, ColumnUse, LeftOut
from crosscut.inputs.purchases.table.grid import GridRow, column_name
from crosscut.inputs.purchases.words.money import MoneyUnit, money_unit
from crosscut.inputs.purchases.words.units import WeightUnit, weight_unit
from crosscut.inputs.purchases.words.word_tables import folded, plain, words

UNUSED = ("unused", "ignore", "-")
_OWN_NAMES = {"tonnes": ("quantity", "t"), "usd": ("value", "USD"), "amount": ("value", "")}
_HARMLESS = frozenset(
    (
        *("iso", "iso2", "iso3", "2", "3", "alpha", "alpha2", "alpha3", "code", "codes", "name", "hs", "hs6"),
        *(
            "yyyy",
            "net",
            "netto",
            "gross",
            "brutto",
            "cif",
            "fob",
            "ddp",
            "dap",
            "exw",
            "ex",
            "works",
            "excl",
        ),
        *("vat", "without", "tax", "ohne", "mwst", "ht", "hors", "taxe", "sin", "iva", "nominal", "calendar"),
        *("total", "shipped", "invoiced", "purchased", "actual", "bought", "delivered", "a", "year", "per"),
        *("pa", "p"),
    )
)
_BRACKETS = re.compile(r"^(.*?)\s*[(\[{<]([^)\]}>]*)[)\]}>]?\s*(.*)$", re.DOTALL)
_JOINTS = ("in", "en", "a", "per", "je", "of", "por", "par")


@dataclass(frozen=True)
class HeadingMeaning:
    """What a heading means: its field, the unit or currency it carries, how good a column it is (1 is best),
    and the languages it is in."""

    field: str
    unit: str = ""
    rank: int = 1
    languages: frozenset[str] = frozenset()
    own_name: bool = False


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


@lru_cache(maxsize=2048)
def heading_meaning(text: str) -> HeadingMeaning | Problem | None:
    """What a heading means.

    Parameters
    ----------
    text : str
        As it stands over the column.

    Returns
    -------
    HeadingMeaning, Problem or None
        None where it means nothing here; a problem where it is a known heading with a unit that is not.

    Examples
    --------
    >>> heading_meaning("Menge [t]").unit, heading_meaning("Value, thousand EUR").unit
    ('t', 'thousand EUR')
    """
    shown = plain(text)
    own = _OWN_NAMES.get(folded(text))
    if own is not None and folded(text) != "amount":
        return HeadingMeaning(own[0], own[1], own_name=True)
    found = words("headings", "heading").get(folded(shown))
    if found is not None:
        return _from_rows(found, "")
    if (bracketed := _BRACKETS.match(shown)) is not None:
        base = f"{bracketed[1]} {bracketed[3]}".strip()
        found = words("headings", "heading").get(folded(base))
        if found is not None:
            return _with_unit(found, bracketed[2], text)
        return _split(base + " " + bracketed[2], text) if base else _unit_alone(bracketed[2])
    return _split(shown, text) or _unit_alone(shown)


def _from_rows(rows: Sequence[object], unit: str) -> HeadingMeaning:
    table = [dict(r) for r in rows]  # type: ignore[call-overload]
    best = table[0]
    languages = frozenset(r["language"] for r in table)
    return HeadingMeaning(
        best["field"], unit, int(best["rank"]), frozenset() if "en" in languages else languages
    )


def _with_unit(rows: Sequence[object], unit: str, heading: str) -> HeadingMeaning | Problem:
    meaning = _from_rows(rows, "")
    kind = _kind_of_unit(unit, meaning.field)
    if kind is not None:
        return HeadingMeaning(kind[0], kind[1], meaning.rank, meaning.languages)
    rest = [w for w in re.split(r"[\s,;/]+", folded(unit)) if w]
    if all(w in _HARMLESS for w in rest):
        return meaning
    if meaning.field in ("quantity", "value", "unit_price", "price", "year"):
        fault = weight_unit(unit) if meaning.field == "quantity" else money_unit(unit)
        if meaning.field == "year":
            fault = "is not understood here"
        said = fault if isinstance(fault, str) else "is not understood here"
        return Problem(
            f"heading {plain(heading)!r}: {unit.strip()!r} {said}", "", "a unit or currency in brackets"
        )
    return meaning


def _kind_of_unit(unit: str, field: str) -> tuple[str, str] | None:
    """(field, unit) where a text is a weight, a currency or both (a price); the unit decides between a
    quantity and a value."""
    if field not in ("quantity", "value", "unit_price", "price"):
        return None
    parts = [
        p.strip()
        for p in re.split(r"[,;]|(?<=\w)\s+(?=cif|fob|excl|net|ht\b)", unit, flags=re.I)
        if p.strip()
    ]
    parts = [p for p in parts if not all(w in _HARMLESS for w in folded(p).split())]
    if len(parts) != 1:
        return None
    text = parts[0]
    if field in ("unit_price", "price"):
        money, _, per = re.sub(r"\s+(per|je|par|por|pro)\s+", "/", text, flags=re.I).partition("/")
        if per and isinstance(money_unit(money), MoneyUnit) and isinstance(weight_unit(per), WeightUnit):
            return "unit_price", f"{money.strip()}/{per.strip()}"
        if isinstance(money_unit(text), MoneyUnit):
            return field, text
        return None
    if isinstance(weight_unit(text), WeightUnit):
        return "quantity", text
    return ("value", text) if isinstance(money_unit(text), MoneyUnit) else None


def _split(shown: str, heading: str) -> HeadingMeaning | Problem | None:
    """A heading with its unit as its last or first words: "Menge in kg", "EUR value"."""
    tokens = [t for t in re.split(r"[\s_,:]+|(?<=\w)/(?=\w)", shown) if t]
    for cut in range(1, len(tokens)):
        for base, unit in ((tokens[:-cut], tokens[-cut:]), (tokens[cut:], tokens[:cut])):
            while base and folded(base[-1]) in _JOINTS:
                base = base[:-1]
            while unit and folded(unit[0]) in _JOINTS:
                unit = unit[1:]
            rows = words("headings", "heading").get(folded(" ".join(base)))
            if rows is None or not unit:
                continue
            meaning = _from_rows(rows, "")
            kind = _kind_of_unit(" ".join(unit), meaning.field)
            if kind is not None:
                return HeadingMeaning(kind[0], kind[1], meaning.rank, meaning.languages)
            if all(w in _HARMLESS for w in folded(" ".join(unit)).split()) and meaning.field != "quantity":
                return meaning
    return None


def _unit_alone(text: str) -> HeadingMeaning | None:
    """A heading that is nothing but a unit: "Tonnen", "EUR"."""
    if isinstance(weight_unit(text), WeightUnit):
        return HeadingMeaning("quantity", text, 2)
    money = money_unit(text)
    return HeadingMeaning("value", text) if isinstance(money, MoneyUnit) and not money.note else None


def headings_in(texts: Sequence[str]) -> int:
    """How many different fields the cells of a row name, which tells a row of headings from others.

    Parameters
    ----------
    texts : sequence of str
        Cells of a row.

    Returns
    -------
    int
        0 for a row of figures.

    Examples
    --------
    >>> headings_in(["Material", "Menge", "Land"]), headings_in(["tungsten", "12,5", "China"])
    (3, 0)
    """
    found = (heading_meaning(t) for t in texts if t.strip() and not t.strip()[0].isdigit())
    return len({m.field if isinstance(m, HeadingMeaning) else m.what for m in found if m is not None})


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
        bracketed = _BRACKETS.match(name)
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
