"""The terminal screen of a run, from the document alone."""

from pathlib import Path

import pytest
from rich.console import Console

from crosscut.app import api
from crosscut.output.screens.market.run import run_screen
from crosscut.output.screens.market.summary import gap_fillers, payers, short_places
from crosscut.output.screens.market.words import amount, price_text
from tests.output.sample import sample_result, sample_tables, table


def shown(result: dict, width: int = 120, files: tuple[str, ...] = ()) -> str:  # type: ignore[type-arg]
    console = Console(width=width, no_color=True)
    with console.capture() as captured:
        console.print(run_screen(result, files))
    return captured.get()


@pytest.mark.parametrize("width", [80, 120])
def test_the_screen_fits_and_says_everything(width: int) -> None:
    text = shown(sample_result(), width, ("out/report.html", "out/result.json"))
    assert max(len(line) for line in text.splitlines()) <= width
    for part in (
        "China licenses exports",
        "12 months from Feb 2025",
        "world grade B",
        "200 draws",
        "1 of 200 draws failed",
        "348 - 738",
        "615 (30 Sep 2025) inside the interval",
        "862.5 (31 Dec 2025) above the interval",
        "Runs short",
        "Fills the gap",
        "Pays",
        "71 % licence (binds; rent USD 291 M to exporters)",
        "price too low",
        "out/report.html",
    ):
        assert part in " ".join(text.split()), part


def test_before_after_change_effect_and_level_stand_in_one_line() -> None:
    line = next(x for x in shown(sample_result()).splitlines() if x.startswith("Refined EU27"))
    said = "USD/mtu WO₃ 339 512 +51 % ± 1.5 446 - 635 348 - 738"
    assert line.split()[2 : 2 + len(said.split())] == said.split()


@pytest.mark.parametrize("width", [80, 120])
def test_a_change_that_may_be_chance_is_said_to_be_about_nothing(width: int) -> None:
    tables = sample_tables()
    tables["prices"]["rows"][0].update(median=340.0, change=1 / 339, sampling_error=2.0, told_apart=False)
    line = next(
        x for x in shown(sample_result(tables=tables), width).splitlines() if x.startswith("Refined EU27")
    )
    assert "about 0 ± 0.6" in line


def test_no_supply_is_words_and_comes_first() -> None:
    found = short_places(sample_result())
    assert (found[0].place, found[0].value, found[0].status) == ("PHL", None, "no supply")
    assert [a.value for a in found[1:]] == sorted((a.value for a in found[1:]), reverse=True)  # type: ignore[type-var]
    line = next(x for x in shown(sample_result(), 80).splitlines() if "Philippines" in x)
    assert line.split() == ["Philippines", "–", "no", "supply"]


def test_a_missing_headline_price_is_a_dash_not_zero() -> None:
    tables = sample_tables()
    tables["prices"]["rows"][1].update(
        p10=None, median=None, p90=None, change=None, effect_p10=None, effect_p90=None, status="no_supply"
    )
    line = next(x for x in shown(sample_result(tables=tables)).splitlines() if x.startswith("Refined China"))
    assert line.split()[4:9] == ["318", "–", "–", "no", "supply"]


def test_gap_fillers_are_gains_of_sales_abroad_by_hand() -> None:
    def flow(origin: str, destination: str, base: float, median: float | None) -> dict[str, object]:
        return {
            "form": "refined",
            "origin": origin,
            "destination": destination,
            "base": base,
            "p10": median,
            "median": median,
            "p90": median,
        }

    flows = [
        flow("VNM", "USA", 100.0, 130.0),
        flow("VNM", "JPN", 50.0, 60.0),
        flow("VNM", "VNM", 10.0, 900.0),
        flow("CHN", "USA", 500.0, 200.0),
        flow("RUS", "JPN", 10.0, None),
        flow("RUS", "USA", 10.0, 99.0),
    ]
    result = sample_result(tables={"flows": table("flows", flows)})
    assert [(a.place, a.value) for a in gap_fillers(result)] == [("VNM", 40.0)]


def test_payers_are_losses_as_positive_numbers() -> None:
    found = payers(sample_result())
    totals = {r["country"]: r["median"] for r in sample_tables()["welfare"]["rows"] if r["item"] == "total"}
    assert found[0].value == -min(totals.values())
    assert {a.place for a in found} == {c for c, v in totals.items() if v < 0}


def test_a_screening_world_says_so_and_shows_no_money() -> None:
    inputs = sample_result()["inputs"]
    tables = {**sample_tables()}
    tables["welfare"] = {**tables["welfare"], "rows": []}
    text = shown(sample_result(inputs={**inputs, "world": {**inputs["world"], "grade": "D"}}, tables=tables))
    assert "Screening only: world grade D" in text
    assert "not shown: screening" in text


def test_square_brackets_in_names_are_text_not_markup() -> None:
    places = {**sample_result()["places"], "USA": "United [red]States[/red]"}
    assert "United [red]States[/red]" in shown(sample_result(places=places))


def test_an_empty_result_still_has_a_screen() -> None:
    empty = sample_result(tables={}, observed=[], limits=[], assumptions=[], facts=[])
    text = shown(empty)
    assert "No headline price." in text
    assert "the result names no limit" in text


def test_parts_and_account_are_said_briefly_on_the_screen_of_a_real_run() -> None:
    result = api.run("china-controls-2025", draws=3)
    text = " ".join(shown(result, 100).split())
    head = next(r for r in result["tables"]["prices"]["rows"] if r["headline"])
    paid = next(
        r
        for r in result["tables"]["price_steps"]["rows"]
        if (r["form"], r["place"], r["basis"]) == (head["form"], head["place"], "paid")
    )
    assert f"Made of {price_text(result, head)} {amount(paid['before'])} -> {amount(paid['after'])}" in text
    account = {r["item"]: r["central"] for r in result["tables"]["world_gains"]["rows"]}
    assert f"buyers {amount(account['buyers'])}" in text
    assert f"total {amount(account['total'])}" in text


def test_tables_are_counted_once_though_each_has_two_files(tmp_path: Path) -> None:
    result = sample_result()
    files = [str(p) for p in result.save(tmp_path)]
    assert f"{len(result.tables)} tables in" in shown(result, 200, files)
