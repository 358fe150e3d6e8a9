"""The report of an outlook in a real browser: charts are the document, unknown owners come first, it fits a phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crosscut import api
from crosscut.report.html import report_html
from tests.report.browser import Browser, missing_browser

pytestmark = pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "browser found")


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    found: dict[str, Any] = api.outlook("kazakhstan", to=2026, draws=1)
    return found


@pytest.fixture(scope="module")
def page(result: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(report_html(result), encoding="utf-8")
    with Browser() as b:
        b.look(1280)
        b.open(path)
        yield b


def test_a_chart_says_in_words_what_it_draws(page: Browser, result: dict[str, Any]) -> None:
    labels = page.run("return [...document.querySelectorAll('.fan svg')].map(s => s.getAttribute('aria-label'))")
    world = next(x for x in labels if x.startswith("Mined in the world"))
    last = [r for r in result["tables"]["outlook_supply"]["rows"]
            if (r["what"], r["country"], r["facility"], r["year"]) == ("mined", "WLD", "", 2026)]  # fmt: skip
    assert len(last) == 4
    for row in last:
        digits = f"{row['median']:.3g}"
        assert f"{float(digits):,.0f}" in world


def test_there_is_one_line_a_case(page: Browser) -> None:
    assert page.run("return document.querySelector('.fan svg').querySelectorAll('.fan-line').length") == 4


def test_unknown_owners_come_first(page: Browser) -> None:
    first = page.run(
        "return [...document.querySelectorAll('#outlook table')].map(t => t.tBodies[0].rows[0].cells[0].innerText)"
    )
    assert len(first) == 4
    assert all("owner unknown" in x for x in first)


def test_it_says_that_it_is_no_forecast_and_fits_a_phone(page: Browser) -> None:
    assert "not a forecast" in page.run("return document.querySelector('#outlook').innerText")
    page.look(390)
    assert page.run("return document.documentElement.scrollWidth") <= 390
