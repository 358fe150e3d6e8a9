"""The screens of exposure and of provenance."""

from typing import Any

from rich.console import Console, RenderableType

from crosscut.app import api
from crosscut.output.screens.market.run import exposure_screen, provenance_screen
from crosscut.output.screens.market.words import amount, percent
from crosscut.results import Document
from crosscut.studies.explain.provenance import provenance
from tests.ledgers import BUNDLED
from tests.output.sample import sample_result, table


def shown(screen: RenderableType, width: int = 110) -> list[str]:
    console = Console(width=width, no_color=True)
    with console.capture() as captured:
        console.print(screen)
    lines = captured.get().splitlines()
    assert max(map(len, lines)) <= width
    return lines


def exposure(**changes: Any) -> Document:
    origins = [("CHN", 3700.0, 0.53, False), ("JPN", 1960.0, 0.28, True), ("VNM", 910.0, 0.13, False)]
    row = {
        "form": "refined",
        "use": 7000.0,
        "import_share": 0.72,
        "hhi": 3710.4,
        "largest": "CHN",
        "largest_share": 0.53,
        "short": 1680.0,
        "price": 2.04,
        "evidence_status": "world grade B",
        **changes,
    }
    found = [
        {"form": "refined", "origin": o, "tonnes": t, "share": s, "domestic": d} for o, t, s, d in origins
    ]
    tables = {"exposure": table("exposure", found), "concentration": table("concentration", [row])}
    return sample_result(kind="exposure", tables=tables, observed=[], assumptions=[])


def test_exposure_names_origins_concentration_and_loss() -> None:
    line = next(x for x in shown(exposure_screen(exposure()), 160) if x.startswith("Refined"))
    for part in ("7,000", "72 %", "China 53 %, own 28 %, Viet Nam 13 %", "3,710", "China: 1,680", "×2.04"):
        assert part in line, part


def test_an_unknown_loss_is_words_not_zero() -> None:
    line = next(
        x for x in shown(exposure_screen(exposure(short=None, price=None)), 160) if x.startswith("Refined")
    )
    assert "– (no draw solved)" in line
    assert " 0" not in line.split("China:")[1]
    alone = next(
        x
        for x in shown(exposure_screen(exposure(largest=None, largest_share=None)), 160)
        if x.startswith("Refined")
    )
    assert "– no foreign origin" in alone


def test_provenance_shows_values_with_their_sources() -> None:
    result = sample_result()
    facts = [
        {
            "id": "f1",
            "subject": "China",
            "attribute": "mine output",
            "value": 67000,
            "unit": "t W",
            "period": "2024",
            "evidence_status": "estimated",
            "source_title": "Commodity summaries",
            "published": "2026-02",
        },
        {"id": "f2", "value": None},
    ]
    found = {
        "result": result["id"],
        "world": result["inputs"]["world"],
        "drivers": result["tables"]["drivers"]["rows"],
        "assumptions": result["assumptions"],
        "facts": facts,
        "figures": [],
        "unknown_facts": ["f3"],
        "moves": result["tables"]["moves"]["rows"],
        "limits": result["limits"],
    }
    text = "\n".join(shown(provenance_screen(found), 150))
    for part in (
        "67,000 t W",
        "Commodity summaries (2026-02)",
        "assumed",
        "0.5 - 2",
        "1 cited facts are not",
        "balanced to recorded supply",
        "price too low",
    ):
        assert part in text, part
    unknown = next(x for x in text.splitlines() if x.startswith("f2"))
    assert "0" not in unknown


def test_figures_without_an_interval_are_shown_with_their_names() -> None:
    report = api.world_report("tungsten")
    form = report["tables"]["chain"]["rows"][-1]["form"]
    found = provenance(BUNDLED, report, f"trade_balance/{form}/JPN")
    row = found["figures"][0]
    text = " ".join(" ".join(shown(provenance_screen(found))).split())
    assert f"net {amount(row['net'])}" in text
    assert f"import share {percent(row['import_share'])}" in text
