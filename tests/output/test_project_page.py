"""The report of a project in a browser: what lenders, owners and the state ask for is there, and is what the
document says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crosscut.app import api
from crosscut.output.page.report import report_html
from crosscut.output.screens.market.words import amount, percent
from tests.output.browser import Browser, missing_browser

pytestmark = pytest.mark.skipif(bool(missing_browser()), reason=missing_browser() or "browser found")


@pytest.fixture(scope="module")
def result() -> dict[str, Any]:
    return api.project("sangdong", draws=60)


@pytest.fixture(scope="module")
def page(result: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(report_html(result), encoding="utf-8")
    with Browser() as b:
        b.look(1280)
        b.open(path)
        yield b


def rows(result: dict[str, Any], table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = result["tables"][table]["rows"]
    return found


def test_blocks_of_the_cost_curve_are_as_wide_as_their_output_and_as_high_as_their_cost(
    page: Browser, result: dict[str, Any]
) -> None:
    drawn = page.run(
        "return [...document.querySelectorAll('#costs rect.block')].map(e => "
        "[e.querySelector('title').textContent, e.width.baseVal.value, e.height.baseVal.value])"
    )
    blocks = [r for r in rows(result, "project_costs") if r["end"] is not None and r["cost"] is not None]
    assert len(drawn) == len(blocks) == 12
    for (title, width, height), r in zip(drawn, blocks, strict=True):
        assert title.startswith(f"{r['project']}: {amount(r['cost'])}")
        assert height / drawn[-1][2] == pytest.approx(r["cost"] / blocks[-1]["cost"], rel=1e-6)
        assert (width + 1) / (drawn[4][1] + 1) == pytest.approx(r["output"] / blocks[4]["output"], rel=1e-6)
    known, claimed, nothing = page.run(
        "return [...document.querySelectorAll('#costs figure')][0].querySelectorAll('rect').length === 3 &&"
        " [...document.querySelectorAll('#costs figure')][0].querySelectorAll('rect').values().map(e =>"
        " e.width.baseVal.value).toArray()"
    )
    assert known / (known + claimed + nothing) == pytest.approx(4200 / 85000)
    assert claimed / (known + claimed + nothing) == pytest.approx(67000 / 85000)


def test_what_is_asked_first_is_said_in_words_with_its_range(page: Browser, result: dict[str, Any]) -> None:
    said = page.run("return document.querySelector('#project table').innerText")
    measures = {r["measure"]: r for r in rows(result, "project_measures")}
    for id, words in (
        ("npv_after_tax", "Worth after tax"),
        ("owners_irr", "Rate of return"),
        ("break_even", "Break-even APT price"),
        ("least_cover", "DSCR"),
        ("loan_life_cover", "LLCR"),
        ("state_first_year", "First year it is paid"),
        ("tax_rate", "budget takes"),
    ):
        line = next(
            t for t in said.split("\n") if words in t and (id != "owners_irr" or "after tax" not in t)
        )
        r = measures[id]
        as_text = (
            percent if r["unit"] == "fraction" else (lambda x: f"{x:.0f}") if r["unit"] == "year" else amount
        )
        assert as_text(r["median"]) in line, (id, line)
    assert f"{percent(measures['default']['median'])} of draws with debt" in said
    assert "missing" not in said and "npv_after_tax" not in said


def test_loans_and_taxes_are_drawn(page: Browser, result: dict[str, Any]) -> None:
    worst = max(r["default_draws"] or 0 for r in rows(result, "project_debt") if r["case"] == "middle")
    titles = page.run("return [...document.querySelectorAll('#project svg title')].map(e => e.textContent)")
    assert any(t.endswith(f"below default in {percent(worst)} of draws") for t in titles)
    taken = [r for r in rows(result, "project_tax") if r["rate"] is not None]
    assert sum(t.startswith("at ") for t in titles) == len(taken)


def test_the_page_of_a_project_fits_a_phone_and_folds_its_long_tables(page: Browser) -> None:
    page.look(390)
    assert page.run("return document.documentElement.scrollWidth <= window.innerWidth + 1")
    page.look(1280)
    assert page.run("return document.querySelectorAll('#tables details').length") > 8
    assert page.run("return [...document.querySelectorAll('#tables details')].every(d => !d.open)")


def test_without_a_study_no_middle_is_shown_among_the_first_tables(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(report_html(api.project("example-mine", draws=30)), encoding="utf-8")
    with Browser() as b:
        b.look(1280)
        b.open(path)
        heads = b.run(
            "return [...document.querySelectorAll('#project th, #parties th')].map(e => e.innerText)"
        )
    assert not any(h.lower().startswith("middle") for h in heads)
