"""Book: the workbook of a valuation of one draw, evaluated."""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.finance.answers.valuation import Valuation
from crosscut.output.workbook.answers import fill_answers
from crosscut.output.workbook.cash import fill_cash, fill_duties
from crosscut.output.workbook.cells import Book
from crosscut.output.workbook.finance import fill_finance
from crosscut.output.workbook.inputs import fill_inputs
from crosscut.output.workbook.tax import fill_tax, fill_written_off
from crosscut.output.workbook.technical import fill_schedule
from crosscut.results import Assumption

NO_STUDY = (
    "No study stands behind this project: one case of many, every figure in its middle; the ranges are in the"
    " report."
)


def workbook_of(
    v: Valuation,
    title: str,
    money: str = "USD",
    *,
    study: bool = True,
    assumptions: Sequence[Assumption] = (),
) -> Book:
    """Every sheet of one case: inputs, schedule, cash, tax, finance, results.

    Parameters
    ----------
    v
        A valuation of one draw. Terms of loans stay as they were closed: a change of price moves who is paid,
        not what was agreed.
    title, money
        Name of the project, and the currency of its amounts.
    study
        Whether a study stands behind the figures; the workbook says so where none does.
    assumptions
        Every figure with its range and source, for the sheet of sources.

    Raises
    ------
    ValueError
        The valuation has several draws.
    """
    book = Book(title, v.project.years)
    fill_inputs(book, v, money)
    fill_schedule(book, v.project)
    fill_cash(book, v.project, money)
    fill_written_off(book, v.project, money)
    fill_duties(book, v.project, money)
    fill_tax(book, v.project, "alone", "without debt", "", "{written_off}", money)
    fill_finance(book, v.project, v.terms, money)
    fill_answers(book, v, money)
    book.settle()
    if not study:
        book.said = NO_STUDY
    book.sources = tuple(
        (x.id, x.value, x.low, x.high, x.evidence_status, x.source, x.note) for x in assumptions
    )
    return book
