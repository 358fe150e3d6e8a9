"""Book: the workbook of a valuation of one draw, evaluated."""

from __future__ import annotations

from crosscut.finance.answers.valuation import Valuation, valuation
from crosscut.inputs.project.loader import ProjectSource
from crosscut.inputs.project.provenance import project_assumptions
from crosscut.output.workbook.answers import fill_answers
from crosscut.output.workbook.cash import fill_cash, fill_duties
from crosscut.output.workbook.cells import Book
from crosscut.output.workbook.finance import fill_finance
from crosscut.output.workbook.inputs import fill_inputs
from crosscut.output.workbook.tax import fill_tax, fill_written_off
from crosscut.output.workbook.technical import fill_schedule
from crosscut.studies.project.build import built, project_of
from crosscut.studies.project.ensemble import Prices, middle_terms
from crosscut.studies.project.sampling import Draws


def middle_workbook(source: ProjectSource, prices: Prices | None = None) -> Book:
    """The workbook of a project's middle case, at the median price of a scenario where `prices` are given."""
    p = project_of(source)
    if prices is not None:
        p = project_of(source, Draws(), prices.middle(p.years))
    money = source.file.money.currency
    book = workbook_of(valuation(p, middle_terms(source, prices)), source.file.title, money)
    if not source.file.study:
        book.said = (
            "No study stands behind this project: one case of many, every figure in its middle; the ranges"
            " are in the report."
        )
    book.sources = tuple(
        (x.id, x.value, x.low, x.high, x.standing, x.source, x.note)
        for x in project_assumptions(source, built(source)[1])
    )
    return book


def workbook_of(v: Valuation, title: str, money: str = "USD") -> Book:
    """Every sheet of the middle case: inputs, schedule, cash, tax, finance, results. Terms of loans stay as
    they were closed: a change of price moves who is paid, not what was agreed. Raises ValueError for a
    valuation of several draws.
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
    return book
