"""Document output: what `Document.save`, `plot` and a notebook show, by the kind of the document.

It has the form of `crosscut.results.presentation.Presentation`; `crosscut.app` says so once.
"""

from __future__ import annotations

from pathlib import Path

from crosscut.output.figures import plot as plot
from crosscut.output.files import write_tables
from crosscut.output.notebook import summary_html as summary_html
from crosscut.output.result_folder import is_stage, staged
from crosscut.results import Document

WITH_REPORT = ("run", "comparison", "world", "outlook", "economy", "project", "stress", "purchases")


def save(document: Document, folder: str | Path) -> list[Path]:
    """Writes result.json, every table and the page of the kind; see `Document.save`."""
    if is_stage(Path(folder)):  # the command line has looked, and moves the files itself
        return _written(document, Path(folder))
    with staged(Path(folder), (document.kind,)) as stage:
        return stage.placed(_written(document, stage.path))


def _written(document: Document, folder: Path) -> list[Path]:
    """The files of a document, in a folder without any."""
    if document.kind in WITH_REPORT:
        from crosscut.output.page.report import write_report

        return write_report(document, folder)
    if document.kind == "backtest":
        from crosscut.output.screens.backtest import write_backtest_page

        return [*write_tables(document, folder), write_backtest_page(document, folder)]
    if document.kind == "forecast":
        from crosscut.output.screens.forecast import write_forecast

        return write_forecast(document, folder)
    return write_tables(document, folder)
