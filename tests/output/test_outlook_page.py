"""The report of an outlook in a real browser: charts are the document, unknown owners come first, it fits a
phone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crosscut.app import api
from crosscut.output.page.report import report_html
from tests.output.browser import Browser, missing_browser

pytestmark = pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "browser found")


DRAWN = ("plans", "likely", "without", "press-12000-t-w")  # parts alone are in tables, not in charts


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
    labels = page.run(
        "return [...document.querySelectorAll('.fan svg')].map(s => s.getAttribute('aria-label'))"
    )
    world = next(x for x in labels if x.startswith("Mined in the world"))
    last = [
        r
        for r in result["tables"]["outlook_supply"]["rows"]
        if (r["what"], r["country"], r["facility"], r["year"]) == ("mined", "WLD", "", 2026)
        and r["case"] in DRAWN
    ]
    assert len(last) == 4
    for row in last:
        digits = f"{row['median']:.3g}"
        assert f"{float(digits):,.0f}" in world


def test_there_is_one_line_a_case(page: Browser) -> None:
    assert page.run("return document.querySelector('.fan svg').querySelectorAll('.fan-line').length") == 4


def test_unknown_owners_come_first(page: Browser) -> None:
    first = page.run(
        "return [...document.querySelectorAll('#outlook table')].filter(t =>"
        " t.caption.innerText.includes('depends on')).map(t => t.tBodies[0].rows[0].cells[0].innerText)"
    )
    assert len(first) == 4
    assert all("owner unknown" in x for x in first)


def table_under(page: Browser, caption: str) -> list[list[str]]:
    found: list[list[str]] = page.run(
        "const t = [...document.querySelectorAll('#outlook table')].find(t =>"
        f" t.caption.innerText.startsWith({caption!r}));return [...t.tBodies[0].rows].map(r =>"
        " [...r.cells].map(c => c.innerText.replace(/\\s+/g, ' ').trim()))"
    )
    return found


def test_what_each_plan_changes_is_that_of_the_document(page: Browser, result: dict[str, Any]) -> None:
    rows = table_under(page, "Change against none")
    alone = next(r for r in rows if r[0].startswith("World mines") and r[1].startswith("Boguty alone"))
    effect = next(
        r
        for r in result["tables"]["outlook_effects"]["rows"]
        if (r["case"], r["year"], r["what"], r["place"]) == ("boguty-alone", 2026, "mined", "WLD")
    )
    digits = f"{effect['median']:.3g}"
    assert alone[-1].startswith(f"+{float(digits):,.0f}")
    assert " to " in alone[-1]


def test_plans_show_owner_chance_and_first_buyer_with_their_range(page: Browser) -> None:
    rows = table_under(page, "Facilities that open")
    katpar = next(r for r in rows if r[0] == "North Katpar with its plant")
    text = " | ".join(katpar)
    for words in (
        "Kazakhstan",
        "1,930 to 3,680",
        "50 %",
        "United States 100 %",
        "United States 50 % (0 to 90)",
        "reported",
    ):
        assert words in text, words


def test_dependence_is_drawn_by_place_and_by_owner_for_every_user(page: Browser) -> None:
    labels = page.run(
        "return [...document.querySelectorAll('.fan svg')].map(s => s.getAttribute('aria-label'))"
    )
    for user in ("United States", "EU27", "China", "Japan"):
        for what in ("mined in China", "mine: owner in China", "mined in Kazakhstan", "mine: owner unknown"):
            assert any(x.startswith(f"{user}: {what}") for x in labels), (user, what)


def test_it_says_what_kazakh_metal_takes_the_place_of(page: Browser, result: dict[str, Any]) -> None:
    said = [s["text"] for s in result["statements"] if s["text_key"] == "replaced"]
    text = page.run("return document.querySelector('#outlook').innerText")
    assert said and all(s in text for s in said)


def test_it_says_that_it_is_no_forecast_and_fits_a_phone(page: Browser) -> None:
    assert "not a forecast" in page.run("return document.querySelector('#outlook').innerText")
    page.look(390)
    assert page.run("return document.documentElement.scrollWidth") <= 390
