"""The result of a project: one valid document, the same numbers however it is cut, ranges where there is no
study."""

import io
import json
import sys
from math import erf

import numpy as np
import pytest
from rich.console import Console

from crosscut.app.cli import main as cli
from crosscut.base.bundled import bundled_text
from crosscut.finance.answers.break_even import at_price, break_even
from crosscut.finance.answers.metrics import METRICS
from crosscut.finance.answers.valuation import on_loans, unfinanced, valuation
from crosscut.inputs.project.loader import project_from_text, project_source
from crosscut.output.screens.market.words import amount
from crosscut.output.screens.project.project import project_screen
from crosscut.output.screens.project.studies import studies_screen
from crosscut.results import Document, to_text
from crosscut.studies.context import Context, DataInUse
from crosscut.studies.feasibility.request import FeasibilityRequest
from crosscut.studies.feasibility.study import feasibility
from crosscut.studies.project import ensemble as ensembles
from crosscut.studies.project.build import built, project_of
from crosscut.studies.project.ensemble import ensemble, low_middle_high, middle_terms
from crosscut.studies.project.run import project_result
from crosscut.studies.project.sampling import Draws, figure_at, scores
from tests.ledgers import BUNDLED, IN_THIS_PROCESS
from tests.output.sample import with_rows
from tests.studies.project.bad import GOOD


def rows(result, table, **wanted):
    return [r for r in result["tables"][table]["rows"] if all(r[k] == v for k, v in wanted.items())]


def test_the_document_is_a_result_and_reads_back(result):
    assert result["kind"] == "project"
    assert Document.from_json(to_text(result), "x.json") == result


def test_the_same_file_and_seed_give_the_same_id_whatever_the_layout(result):
    again = project_result(
        Context(data=DataInUse(result["inputs"]["data"]), ledger=BUNDLED),
        project_from_text(BUNDLED, "# a comment\n" + GOOD, "elsewhere.yaml"),
        draws=60,
    )
    assert again["id"] == result["id"]


def test_without_a_study_there_is_no_single_number(result):
    assert all(r["middle"] is None for r in result["tables"]["project_measures"]["rows"])
    assert any(s["text_key"] == "range" for s in result["statements"])
    with_study = project_result(
        IN_THIS_PROCESS,
        project_from_text(BUNDLED, GOOD.replace("study: false", "study: true"), "x.yaml"),
        draws=5,
    )
    assert rows(with_study, "project_measures", measure="npv_after_tax")[0]["middle"] is not None


def test_the_downside_comes_first_and_is_worse(result):
    first = result["tables"]["project_measures"]["rows"][0]
    assert first["measure"] == "npv_after_tax"
    assert first["low_price"] < first["median"]
    assert list(first)[4] == "low_price"


def test_cash_of_all_parties_adds_up_in_the_table(result):
    for case in ("middle", "low-price"):
        by_year: dict = {}
        for r in rows(result, "project_parties", case=case):
            by_year[r["year"]] = by_year.get(r["year"], 0.0) + r["value"]
        assert max(abs(x) for x in by_year.values()) < 1e-9
    side = {
        s: sum(r["value"] for r in rows(result, "project_sources_uses", side=s)) for s in ("source", "use")
    }
    assert side["source"] == pytest.approx(side["use"], rel=1e-12)
    balance: dict = {}
    for r in rows(result, "project_balance"):
        balance[r["year"]] = balance.get(r["year"], 0.0) + r["value"] * (1 if r["side"] == "assets" else -1)
    assert max(abs(x) for x in balance.values()) < 1e-9


def test_a_letter_is_called_a_letter(result):
    assert any(s["text_key"] == "letter" and "export-credit" in s["text"] for s in result["statements"])
    without = next(
        r["without"] for r in result["tables"]["project_measures"]["rows"] if r["measure"] == "least_cover"
    )
    assert 0.2 < without < 0.8  # draws in which it never became a loan


def test_two_rates_of_return_are_reported_as_such():
    """A mine whose closure costs more than it ever earned: two rates, and no one of them stands as the
    answer."""
    text = GOOD.replace("closure: {amount: 15.0e6", "closure: {amount: 600.0e6").replace(
        "study: false", "study: true"
    )
    text = text.replace("{mid: 400, low: 280, high: 700}", "520")
    r = project_result(IN_THIS_PROCESS, project_from_text(BUNDLED, text, "x.yaml"), draws=3)
    listed = rows(r, "project_returns", case="middle", party="project after tax")[0]
    assert listed["number"] == 2
    assert len(listed["rates"].split("; ")) == 2
    said = [s["text"] for s in r["statements"] if s["text_key"] == "several_rates"]
    assert any("project after tax in the middle case has 2" in t for t in said)
    measure = rows(r, "project_measures", measure="irr_after_tax")[0]
    assert measure["middle"] is None


def test_draws_do_not_depend_on_chunks(monkeypatch):
    source = project_source(BUNDLED, "example-mine")
    terms = middle_terms(source)
    whole = ensemble(source, 3, 50, terms)
    monkeypatch.setattr(ensembles, "CHUNK", 7)
    cut = ensemble(source, 3, 50, terms)
    for m in METRICS:
        a, b = whole.metrics[m.id], cut.metrics[m.id]
        assert np.allclose(a, b, rtol=1e-9 if "irr" in m.id else 1e-12, atol=1e-4, equal_nan=True), m.id


def test_the_numbers_do_not_depend_on_the_number_of_processes(monkeypatch):
    source = project_source(BUNDLED, "example-mine")
    terms = middle_terms(source)
    monkeypatch.setattr(ensembles, "CHUNK", 100)
    monkeypatch.setattr(ensembles, "PER_PROCESS", 100)
    alone, shared = (ensemble(source, 3, 300, terms, workers=n) for n in (1, 2))
    for m in METRICS:
        assert np.array_equal(alone.metrics[m.id], shared.metrics[m.id], equal_nan=True), m.id
    for name in ("locked", "below_default", "unpaid", "price", "flow", "owners"):
        assert np.array_equal(getattr(alone, name), getattr(shared, name)), name


def test_a_refinery_that_is_not_used_moves_nothing_in_the_draws():
    text = bundled_text("projects", "example-mine.yaml")
    dear = text.replace(
        "capex: {mid: 60.0e6, low: 40.0e6, high: 85.0e6}",
        "capex: {mid: 160.0e6, low: 140.0e6, high: 185.0e6}",
    )
    assert dear != text
    a, b = (project_from_text(BUNDLED, x, "x.yaml") for x in (text, dear))
    x, y = (ensemble(s, 1, 50, middle_terms(s)).metrics["npv_after_tax"] for s in (a, b))
    assert np.array_equal(x, y)
    v = valuation(project_of(a, Draws(1, range(50))), middle_terms(a))
    assert np.array_equal(x, v.worth(v.after_tax))


@pytest.mark.parametrize("draws", [1, 2, 99, 100, 101, 1234])
def test_points_of_draws_are_quantiles(draws):
    rows = np.random.default_rng(draws).normal(size=(7, draws))
    rows[3] = np.round(rows[3])  # many alike
    wanted = np.quantile(rows, (0.1, 0.5, 0.9), axis=1)
    assert np.allclose(low_middle_high(rows.copy()), wanted, rtol=1e-14, atol=0)
    if draws > 2:
        rows[2, 1] = np.nan
        assert np.isnan(low_middle_high(rows)[:, 2]).all()


def test_what_happens_with_a_probability_happens_so_often():
    for probability in (0.0, 0.05, 0.5, 0.99):
        happens = Draws(4, range(50_000)).happens("loan", probability)
        assert happens.mean() == pytest.approx(probability, abs=0.01)
        z = scores(4, "loan", range(50_000))
        below = np.array([0.5 * (1.0 + erf(x / 2**0.5)) < probability for x in z])
        assert (happens.ravel() == below).all()
    assert Draws(4, range(5)).happens("loan", 1.0) == 1.0
    assert Draws().happens("loan", 0.2) == 1.0  # the middle case counts a letter whole


def test_scores_are_normal_and_the_same_in_any_range():
    z = scores(5, "a", range(20_000))
    assert abs(z.mean()) < 0.03
    assert z.std() == pytest.approx(1, abs=0.03)
    assert abs(np.corrcoef(z, scores(5, "b", range(20_000)))[0, 1]) < 0.03
    for start in (0, 1, 2, 3, 4, 5, 8, 999):
        assert (scores(5, "a", range(start, start + 9)) == z[start : start + 9]).all()


def test_ranges_are_hit_at_their_points():
    source = project_source(BUNDLED, "example-mine")
    recovery = source.file.ore[0].recovery
    from crosscut.worlds.parameters import Z90

    assert [figure_at(recovery, z) for z in (-Z90, 0.0, Z90)] == pytest.approx([0.62, 0.72, 0.78])
    drawn = np.ravel(project_of(source, Draws(1, range(4000))).ore[0].recovery)
    assert np.quantile(drawn, (0.1, 0.5, 0.9)) == pytest.approx([0.62, 0.72, 0.78], abs=0.006)
    assert drawn.max() <= 1.0


def test_moving_one_figure_in_the_tornado_is_moving_it_in_the_file(result):
    row = rows(result, "project_tornado", figure="costs.processing")[0]
    text = GOOD.replace("processing: {mid: 12, low: 9, high: 15, fact: P060}", "processing: 15")
    p = built(project_from_text(BUNDLED, text, "x.yaml"))[0]
    v = valuation(p, on_loans(middle_terms(project_source(BUNDLED, "example-mine")), p))
    assert row["at_high"] == pytest.approx(float(v.worth(v.after_tax)[0]) / 1e6, rel=1e-9)


def test_an_alternative_is_the_file_with_its_fields_set():
    text = GOOD.replace("regime: kazakhstan-2026}", "regime: kazakhstan-2026-product-base}")
    by_name = project_source(BUNDLED, "example-mine").alternative("seven-point-eight")
    assert by_name.hash == project_from_text(BUNDLED, text, "x.yaml").hash


def test_break_even_is_where_worth_is_nothing():
    p = project_of(project_source(BUNDLED, "example-mine"))

    def worth(q):
        v = unfinanced(q)
        return v.real_worth(v.after_tax)

    price = break_even(p, worth, 1)
    assert abs(float(worth(at_price(p, price))[0])) < 1.0  # of hundreds of millions
    assert float(worth(at_price(p, price * 1.01))[0]) > 0


def test_command_screen_json_and_files(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        sys, "argv", ["crosscut", "project", "example-mine", "--draws", "20", "--out", str(tmp_path / "o")]
    )
    with pytest.raises(SystemExit) as stop:
        cli.main()
    out = capsys.readouterr().out
    assert stop.value.code == 0
    for part in (
        "No study stands behind",
        "What drives it",
        "ore pit: grade",
        "On the cost curve",
        "Does refining in the country pay?",
        "letter",
    ):
        assert part in out
    assert (tmp_path / "o" / "tables" / "project_cash.csv").exists()
    assert json.loads((tmp_path / "o" / "result.json").read_text())["kind"] == "project"


def test_studies_as_a_screen():
    screen = Console(width=80)
    with screen.capture() as got:
        screen.print(studies_screen(feasibility(FeasibilityRequest(), IN_THIS_PROCESS)))
    said = " ".join(got.get().split())
    assert all(part in said for part in ("Barruecopardo", "outside", "not rebuilt", "is rebuilt flat"))


def printed(result, **how):
    console = Console(width=80, highlight=False, record=True, file=io.StringIO())
    console.print(project_screen(result, **how))
    return console.export_text().splitlines()


def test_the_screen_fits_a_terminal_of_80_columns_and_cuts_nothing(result):
    for everything in (False, True):
        lines = printed(result, everything=everything)
        assert max(map(len, lines)) <= 80 and "…" not in "\n".join(lines)


def test_the_screen_has_one_figure_a_line_and_the_downside_before_the_median(result):
    lines = printed(result)
    worth = next(line for line in lines if line.startswith("  worth after tax"))
    row = rows(result, "project_measures", measure="npv_after_tax")[0]
    assert worth.index(amount(row["low_price"])) < worth.index(
        f"{amount(row['median'])} ({amount(row['p10'])} to {amount(row['p90'])})"
    )
    assert len(lines) < 115  # what drives it on the first two screens, the rest on three
    for block in ("Project, before loans", "Owners", "Lenders", "State"):
        assert block in [line.strip() for line in lines]


def test_what_the_screen_leaves_out_is_behind_assumptions(result):
    """Every figure with its evidence status, every limit, and years of loans: there on demand, and in the
    document always."""
    short, long = ("\n".join(printed(result, everything=e)) for e in (False, True))
    said = [a["id"] for a in result["assumptions"]]
    assert all(id in long for id in said) and not any(f"{id}:" in short for id in said if "[" in id)
    assert "--assumptions" in short and "Who pays until production" in long and "DSCR" in long
    flat = " ".join(long.split())
    assert all(" ".join(x["what"].split()) in flat for x in result["limits"])


def test_a_return_that_most_draws_do_not_have_is_not_given_as_the_median_of_those_that_do(result):
    rows = [
        {**r, "without": 0.9} if r["measure"] == "payback" else r for r in result.rows("project_measures")
    ]
    changed = with_rows(result, project_measures=rows)
    line = next(x for x in printed(changed) if "years until paid back" in x)
    assert "none in 90 % of draws" in line and "(" not in line
