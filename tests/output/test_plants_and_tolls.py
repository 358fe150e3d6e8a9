"""What a run says of plants and of limits that may be passed at a toll: on the screen, in the table, under
`why`."""

from typing import Any

import pytest
from rich.console import Console, RenderableType

from crosscut.app import api
from crosscut.output.screens.market.run import provenance_screen, run_screen
from crosscut.output.screens.market.summary import plants
from tests.ledgers import BUNDLED
from tests.output.sample import with_rows

SCENARIO = """version: 1
id: leaky
title: A licence that leaks at a price
mineral: tungsten
year: 2024
window: {from: 2025-01-01, to: 2025-12-31}
draws: 2
events:
  - {id: licence, kind: export_licence, form: oxide, origins: [CHN], destinations: all, size: 0.8,
     unit: fraction, leakage: 0.5, surcharge: 3000}
  - {id: quota, kind: production_quota, form: concentrate, origins: [CHN], size: 0.02, unit: fraction}
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("leaky") / "leaky.yaml"
    file.write_text(SCENARIO)
    found: dict[str, Any] = api.run(file)
    return found


def shown(screen: RenderableType) -> str:
    console = Console(width=150, no_color=True)
    with console.capture() as captured:
        console.print(screen)
    return captured.get()


def test_a_limit_that_may_be_passed_carries_its_toll_and_how_much_may(result: dict[str, Any]) -> None:
    limits = {r["limit"].partition("/")[0]: r for r in result["tables"]["limits"]["rows"]}
    licence, quota = limits["licence"], limits["quota"]
    assert licence["toll"] == pytest.approx(3000.0)
    assert licence["allowed"] < licence["last"]
    assert licence["passed"] <= licence["last"] * (1 + 1e-9)
    assert licence["passed"] > licence["allowed"] or licence["worth"] <= 3000.0 * (1 + 1e-9)
    assert (quota["toll"], quota["last"]) == (None, None)


def test_why_prints_the_toll(result: dict[str, Any], tmp_path: Any) -> None:
    file = tmp_path / "result.json"
    file.write_text(result.to_json())
    text = shown(provenance_screen(api.why(file, "prices/oxide/EU27")))
    assert "beyond it USD 3,000 a t" in text
    assert "t in all" in text


def test_a_result_written_before_there_were_tolls_still_explains_itself(
    result: dict[str, Any], tmp_path: Any
) -> None:
    limits = [{k: v for k, v in r.items() if k not in ("toll", "last")} for r in result.rows("limits")]
    old = with_rows(result, limits=limits)
    from crosscut.studies.explain.provenance import provenance

    assert "t passing" in shown(provenance_screen(provenance(BUNDLED, old, "prices/oxide/EU27")))


def test_the_screen_says_how_far_plants_are_used(result: dict[str, Any]) -> None:
    phrases = plants(result)
    assert [p.split()[0] for p in phrases] == ["conversion", "smelting", "recycling", "zinc", "reduction"]
    rows = [r for r in result["tables"]["utilisation"]["rows"] if r["source"] == "conversion"]
    after = sum(r["output"] for r in rows) / sum(r["capacity"] for r in rows)
    assert f"-> {100 * after:.0f} %" in phrases[0]
    assert "China" in phrases[0]  # whose exports were cut
    assert "Plants used, of capacity" in shown(run_screen(result))


def test_a_world_without_plants_says_nothing_of_them(result: dict[str, Any]) -> None:
    bare = with_rows(result, utilisation=[])
    assert plants(bare) == []
    assert "Plants used" not in shown(run_screen(bare))
