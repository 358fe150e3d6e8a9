"""The table of purchases in a file: which encoding, which sheet, which row holds the headings.

Tests: tests/inputs/purchases/test_tables.py
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.base.places import place
from crosscut.inputs.purchases.headings import columns_of
from crosscut.inputs.purchases.purchase import ReadingChoices
from crosscut.inputs.purchases.table.file_text import decoded
from crosscut.inputs.purchases.table.grid import Grid, grid_of, shown_row
from crosscut.inputs.purchases.table.workbook import grids_of, is_workbook, refuse_other_files
from crosscut.inputs.purchases.words.heading_words import headings_in
from crosscut.inputs.purchases.words.locale_numbers import number_text, readings
from crosscut.inputs.purchases.words.word_tables import folded, words

_WORDS_LOOKED_AT = 200  # to tell encodings apart
_HEAD_ROWS = 40  # above the table there may be this many rows of titles
Score = Callable[[Sequence[str]], int]


@dataclass(frozen=True)
class FoundTable:
    """The cells with the purchases, the position of the row of headings, and how the file was opened: name
    and value."""

    grid: Grid
    at: int
    how: tuple[tuple[str, str], ...]


def find_table(raw: bytes, where: str, choices: ReadingChoices) -> FoundTable:
    """Find the table of purchases in a file.

    Parameters
    ----------
    raw : bytes
        The whole file.
    where : str
        Its name, for messages.
    choices : ReadingChoices
        The sheet, and columns named by hand.

    Returns
    -------
    FoundTable
        Its cells, its row of headings, and how the file was opened.

    Raises
    ------
    UserError
        When there is none, or several sheets hold one.
    """
    refuse_other_files(raw, where)
    named = [folded(c.rpartition("=")[0]) for c in choices.columns]

    def score(texts: Sequence[str]) -> int:
        return headings_in(texts) + sum(folded(t) in named for t in texts)

    if is_workbook(raw):
        grids = grids_of(raw, where)
        grid = _sheet(grids, where, choices, score)
        how: tuple[tuple[str, str], ...] = (("file", "XLSX"),)
    else:
        if choices.sheet:
            raise UserError(Problem("a CSV has no sheets", "--sheet", "--sheet left out"))
        text = decoded(raw, where, _known_words)
        grid = grid_of(text.text, where, score)
        how = (("encoding", f"{text.encoding}{' (assumed)' if text.assumed else ''}"),)
    at, best = _headings_at(grid, score)
    if best < 2:
        first = "; ".join(f"line {r.line}: {shown_row(r)}" for r in grid.rows[:3])
        expected = (
            "headings of country, mineral, quantity and value, such as 'Country', 'Material',"
            " 'Quantity (kg)', 'Value (EUR)'; or --map 'Heading=field'"
        )
        raise UserError(Problem(f"no row of headings. It begins with {first}", where, expected))
    return FoundTable(grid, at, how)


def _headings_at(grid: Grid, score: Score) -> tuple[int, int]:
    """(position of the row that names most fields, how many); the first of equals."""
    scores = [score(r.texts) for r in grid.rows[:_HEAD_ROWS]]
    best = max(scores, default=0)
    return (scores.index(best) if scores else 0), best


def _sheet(grids: Sequence[Grid], where: str, choices: ReadingChoices, score: Score) -> Grid:
    names = [g.sheet for g in grids]
    if choices.sheet:
        found = [g for g in grids if folded(g.sheet) == folded(choices.sheet)]
        if not found:
            raise UserError(
                Problem(f"no sheet {choices.sheet!r} in {where}", "--sheet", suggestion(choices.sheet, names))
            )
        return found[0]
    fitting = []
    for grid in grids:
        try:
            columns_of(grid.rows[_headings_at(grid, score)[0]], choices.columns, where)
            fitting.append(grid)
        except UserError:
            continue
    if len(fitting) > 1:
        listed = ", ".join(repr(g.sheet) for g in fitting)
        expected = f"one of them, such as --sheet '{fitting[0].sheet}'"
        raise UserError(Problem(f"{len(fitting)} sheets hold purchases: {listed}", where, expected))
    return fitting[0] if fitting else max(grids, key=lambda g: _headings_at(g, score)[1])


def _known_words(text: str) -> int:
    """How many different words with letters beyond ASCII are known: headings, products, countries."""
    cells = {c.strip() for c in re.split(r"[,;\t|\r\n\"]+|\s+\(", text[:200_000]) if not c.isascii()}
    known = words("headings", "heading").keys() | words("products", "name").keys()
    return sum(
        folded(c) in known or _is_number(c) or _is_country(c) for c in sorted(cells)[:_WORDS_LOOKED_AT]
    )


def _is_number(text: str) -> bool:
    found = number_text(text)
    return found is not None and not found.around and bool(readings(found.core))


def _is_country(text: str) -> bool:
    try:
        place(text)
    except UserError:
        return False
    return True
