"""The spreadsheet is alive: its formulas give what the engine gives, also after an input is changed."""

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import pytest
import yaml

from crosscut.base.bundled import bundled_text
from crosscut.finance.answers.valuation import valuation
from crosscut.finance.mine.schedule import schedule
from crosscut.inputs.catalogue import PROJECT, bundled_names
from crosscut.inputs.project.loader import project_from_text, project_source
from crosscut.output.workbook import workbook_of, write_workbook
from crosscut.studies.project.build import project_of
from crosscut.studies.project.middle_case import middle_case
from crosscut.studies.project.sampling import Draws
from tests.ledgers import BUNDLED

ANSWERS = ("npv", "npv_real", "npv_before_tax", "npv_owners", "irr", "irr_owners")


def rich():
    """The example with everything the format has: each part of the waterfall is met in it."""
    text = bundled_text("projects", "example-mine.yaml")
    data = yaml.safe_load(text)
    data["ore"].append(
        {"id": "heap", "tonnes": 3.0e6, "grade": 0.0009, "recovery": 0.5, "origin": "stockpile"}
    )
    data["product"]["form"] = "apt"
    data["taxes"] = {
        "royalties": [
            {"id": "stepped", "base": "net_revenue", "steps": [[0, 0.02], [450, 0.05]], "holiday": 2},
            {"id": "profit", "base": "profit", "rate": 0.04},
            {"id": "private", "base": "mtu", "rate": 3.0, "to": "private"},
            {"id": "ore", "base": "ore", "rate": 0.2, "deductible": False},
        ],
        "income": {
            "rate": 0.25,
            "loss_years": 3,
            "loss_cap": 0.7,
            "holiday": 1,
            "depletion": 0.1,
            "plant": {"method": "declining", "rate": 0.2, "years": 7.5},
            "preparation": {"method": "units"},
        },
        "export_duty": 0.01,
        "credits": [{"id": "c", "base": "refining", "rate": 0.1}],
        "vat": {"rate": 0.12, "refund_years": 1.5},
        "dividends": 0.1,
        "interest": 0.1,
    }
    f = data["finance"]
    f["state"] = {"party": "Example National Company", "share": 0.3, "carried": "loan", "rate": 0.06}
    f["loans"] += [
        {
            "id": "bank",
            "lender": "Bank",
            "kind": "commercial",
            "signed": True,
            "amount": 40.0e6,
            "rate": 0.09,
            "upfront_fee": 0.02,
            "commitment_fee": 0.01,
            "tenor": 4,
            "repayment": "annuity",
            "interest_in_construction": "paid",
        }
    ]
    f["sweep"], f["minimum_cash"] = 0.3, 5.0e6
    f["covenants"] = {"lock_up": 1.6, "default": 1.3}
    f["grants"] = [{"id": "g", "giver": "Fund", "amount": 5.0e6, "years": {2029: 1.0}}]
    f["equity"] = [{"id": "close", "amount": 30.0e6, "years": {2028: 1.0}}]
    f["streams"] = [
        {"id": "s", "buyer": "Streamer", "amount": 10.0e6, "year": 2029, "share": 0.05, "until_mtu": 60.0e3}
    ]
    f["prepayments"] = [
        {"id": "p", "buyer": "Buyer", "amount": 8.0e6, "year": 2029, "rate": 0.07, "tenor": 3}
    ]
    f["offtakes"] = [
        {"id": "o", "buyer": "Buyer", "share": 0.4, "floor": 420, "cap": 900, "discount": 0.02, "last": 2040}
    ]
    f["completion"] = {"guarantor": "Sponsor", "amount": 6.0e6, "until": 2031}
    return project_from_text(BUNDLED, yaml.safe_dump(data), "rich.yaml")


def sources():
    out = {name: lambda name=name: project_source(BUNDLED, name) for name in bundled_names(PROJECT)}
    return {**out, "rich": rich}


def gaps(book, v):
    """Largest differences of lines, over the size of the line, with their names."""
    o, c = v.operations, v.cash
    n = len(v.project.years)
    lines = {
        "sold": o.schedule.sold,
        "revenue": o.revenue,
        "operating": o.operating,
        "closure": o.closure,
        "vat": o.vat,
        "duties": sum(c.duties.values(), np.zeros((n, 1))),
        "written_off": v.unlevered.written_off,
        "tax_alone": -v.unlevered.tax,
        "tax_financed": -c.tax,
        "call": c.contributed + c.lent_by_owners,
        "dividends": c.dividends,
        "cash": c.cash,
        "reserve": c.reserve,
        "owners_owed": c.shareholder_owed,
        "advance_owed": c.prepayment_owed,
        "helped": c.guarantee,
        "flow": v.after_tax,
        "flow_owners": v.owners,
        **{f"owed_{k}": path.owed for k, path in enumerate(c.loans)},
    }
    out = {}
    for name, line in lines.items():
        column = np.broadcast_to(line, (n, 1))[:, 0]
        gap = float(np.abs(np.array(book.values(name)) - column).max() / max(np.abs(column).max(), 1.0))
        if gap > 1e-9:
            out[name] = gap
    return out


def answers(v):
    p = v.project
    worth = {
        "npv": v.worth(v.after_tax),
        "npv_real": v.real_worth(v.after_tax),
        "npv_before_tax": v.worth(v.before_tax),
        "npv_owners": v.worth(v.owners, p.discounting.equity),
        "irr": v.rate_of_return(v.after_tax),
        "irr_owners": v.rate_of_return(v.owners),
    }
    return {name: float(x[0]) for name, x in worth.items()}


@pytest.mark.parametrize("name", ["north-katpar", "sangdong", "ima", "sisson", "rich"])
def test_every_line_is_that_of_the_engine(name):
    v = valuation(project_of(sources()[name]()))
    book = workbook_of(v, name)
    assert gaps(book, v) == {}
    for answer in ANSWERS:
        if book.has(f"{answer}_crosscut"):
            assert book.value(answer) == pytest.approx(book.value(f"{answer}_crosscut"), rel=1e-9)


def test_a_grade_by_year_is_read_drawn_and_written_to_the_sheet():
    """A plan of a study has tonnes, grade, recovery and waste by year: they are the file's, and the
    sheet's."""
    text = bundled_text("projects", "example-mine.yaml")
    text = text.replace(
        "grade: {mid: 0.0020, low: 0.0017, high: 0.0022}",
        "grade: {by_year: {2030: 0.003, 2031: 0.002}, low: 0.9, high: 1.1}",
    )
    source = project_from_text(
        BUNDLED,
        text.replace("recovery: {mid: 0.72, low: 0.62, high: 0.78}", "recovery: {2030: 0.60, 2031: 0.72}"),
        "x.yaml",
    )
    p = project_of(source)
    s = schedule(p)
    first = p.production
    assert s.contained[first, 0] / s.milled[first, 0] == pytest.approx(0.003)
    assert s.contained[first + 4, 0] / s.milled[first + 4, 0] == pytest.approx(0.002)
    drawn = schedule(project_of(source, Draws(1, range(400))))
    grades = drawn.contained[first] / drawn.milled[first]
    assert np.quantile(grades, (0.1, 0.9)) == pytest.approx([0.0027, 0.0033], rel=0.02)
    v = valuation(p)
    book = workbook_of(v, "x")
    assert gaps(book, v) == {}
    assert len(set(book.values("grade_0"))) == 2


@pytest.mark.parametrize("factor", [0.5, 2.0])
@pytest.mark.parametrize("name", ["north-katpar", "rich"])
def test_a_price_changed_in_the_sheet_is_a_price_changed_in_the_engine(name, factor):
    p = project_of(sources()[name]())
    v = valuation(p)
    book = workbook_of(v, name).changed({"price_factor": factor})
    moved = valuation(replace(p, apt=np.asarray(p.apt) * factor), v.terms)
    assert gaps(book, moved) == {}
    for answer, number in answers(moved).items():
        if np.isfinite(number) and book.has(f"{answer}_crosscut"):
            assert book.value(answer) == pytest.approx(number, rel=1e-9)


def test_only_numbers_that_are_given_may_be_changed():
    book = workbook_of(valuation(project_of(project_source(BUNDLED, "example-mine"))), "x")
    with pytest.raises(ValueError, match="npv"):
        book.changed({"npv": 1.0})


def test_several_draws_are_refused():
    from crosscut.studies.project.sampling import Draws

    source = project_source(BUNDLED, "example-mine")
    terms = valuation(project_of(source)).terms
    with pytest.raises(ValueError, match="draws"):
        workbook_of(valuation(project_of(source, Draws(1, range(3))), terms), "x")


def test_the_file_holds_formulas_and_their_values(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    v = valuation(project_of(project_source(BUNDLED, "north-katpar")))
    path = write_workbook(workbook_of(v, "North Katpar"), tmp_path / "a.xlsx")
    alive, cached = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    assert alive.sheetnames == ["Results", "Inputs", "Schedule", "Cash", "Tax", "Finance"]
    found = cell_of(alive["Results"], "Internal rate of return after tax, nominal")
    assert str(alive["Results"][found].value).startswith("=IRR(")
    assert cached["Results"][found].value == pytest.approx(answers(v)["irr"])
    formulas = sum(
        isinstance(c.value, str) and c.value.startswith("=") for s in alive for row in s for c in row
    )
    assert formulas > 2000


def cell_of(sheet, label):
    return next(f"D{row[0].row}" for row in sheet.iter_rows(max_col=1) if row[0].value == label)


@pytest.mark.soak
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice Calc (soffice) is not installed")
@pytest.mark.parametrize("name", ["north-katpar", "sangdong", "rich"])
def test_libreoffice_recalculates_the_same(name, tmp_path):
    """The price is changed in the file and every value thrown away: what comes back LibreOffice has
    computed."""
    openpyxl = pytest.importorskip("openpyxl")
    p = project_of(sources()[name]())
    v = valuation(p)
    path = write_workbook(workbook_of(v, name), tmp_path / "in.xlsx")
    for factor in (1.0, 0.75, 1.6):
        changed = openpyxl.load_workbook(path)
        changed["Inputs"][cell_of(changed["Inputs"], "All APT prices times")] = factor
        given = tmp_path / f"given-{factor}.xlsx"
        changed.save(given)  # formulas only
        subprocess.run(
            [
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--convert-to",
                "xlsx",
                "--outdir",
                str(tmp_path / "out"),
                str(given),
            ],
            check=True,
            capture_output=True,
            timeout=300,
        )
        back = openpyxl.load_workbook(tmp_path / "out" / given.name, data_only=True)["Results"]
        moved = valuation(replace(p, apt=np.asarray(p.apt) * factor), v.terms)
        want = answers(moved)
        labels = {
            row.name: row.label
            for row in workbook_of(v, name).sheets["Results"]
            if row.name in want and row.single
        }
        assert labels
        for answer, label in labels.items():
            if np.isfinite(want[answer]):
                assert back[cell_of(back, label)].value == pytest.approx(want[answer], rel=1e-6), (
                    answer,
                    factor,
                )


def test_the_file_says_where_every_figure_is_from_and_that_no_study_stands_behind_it(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    source = project_source(BUNDLED, "north-katpar")
    case = middle_case(source)
    book = workbook_of(case.valuation, case.title, case.money, study=case.study, assumptions=case.assumptions)
    file = openpyxl.load_workbook(write_workbook(book, tmp_path / "p.xlsx"))
    listed = {r[0].value: [c.value for c in r] for r in file["Sources"].iter_rows(min_row=4)}
    grade = listed["ore[pit].grade"]
    assert grade[1] == pytest.approx(0.00199) and grade[4] == "reported" and grade[5]
    assert all(r[4] for r in listed.values())  # every figure has an evidence status
    results = file["Results"]
    assert "No study stands behind" in results["D1"].value
    assert results["A4"].value.startswith("Worth of the project after tax")  # the answer before its parts
    cell = next(r[3] for r in file["Inputs"].iter_rows(min_row=4) if r[0].value == "Grade pit")
    assert cell.number_format == "#,##0.######"  # 0.00199 is not shown as 0.002
