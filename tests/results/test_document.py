"""A document: one object with types, read as tables, as a mapping, as a file, with the facts it cites."""

import copy
import json
import pickle
from dataclasses import FrozenInstanceError, replace

import polars as pl
import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.results import TABLES, Document, Statement, tables_of
from crosscut.results.presentation import presentation


@pytest.fixture(scope="module")
def run() -> Document:
    return api.run("china-quota-cut", draws=3)


def test_a_table_is_a_typed_frame_with_units(run):
    frame = run.table("flows")
    assert dict(frame.schema) == {
        c: pl.Float64 if kind.startswith("number") else pl.String
        for c, (kind, _, _) in TABLES["flows"].items()
    }
    assert frame.to_dicts() == run.rows("flows") == run["tables"]["flows"]["rows"]
    assert run.units("flows")["base"] == "t contained"
    with pytest.raises(UserError, match=r"'flow'.*flows"):
        run.table("flow")


def test_the_parts_are_typed_and_the_same_as_the_json(run):
    form = json.loads(run.to_json())
    assert run.inputs.world.grade == form["inputs"]["world"]["grade"]
    assert run.horizon.start == form["horizon"]["from"]
    assert [s.text for s in run.statements] == [s["text"] for s in form["statements"]]
    assert [f.id for f in run.facts] == form["facts"]
    assert dict(run) == form


def test_the_facts_travel_with_the_document(run):
    assert run.facts
    assert all(f.known and f.evidence_status and f.source_title for f in run.facts)
    assert set(run.fact_details()) == {f.id for f in run.facts}
    assert run.fact_details()[run.facts[0].id]["source_title"] == run.facts[0].source_title


def test_a_document_cannot_be_changed(run):
    with pytest.raises(FrozenInstanceError):
        run.kind = "world"
    with pytest.raises(TypeError):
        run["kind"] = "world"


def test_a_copy_with_another_part_gets_an_id_of_its_own(run):
    other = replace(run, id="", statements=(Statement("note", "x"),))
    assert other.id != run.id
    assert replace(run, id="").id == run.id
    assert other["statements"] == [{"text_key": "note", "text": "x", "refs": []}]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda d: pickle.loads(pickle.dumps(d))])
def test_copies_are_equal(run, copied):
    again = copied(run)
    assert again == run
    assert again.facts == run.facts
    assert again.to_json() == run.to_json()


def test_a_file_is_read_as_it_was_and_the_ledger_adds_what_the_facts_say(run, tmp_path):
    page, *_ = run.save(tmp_path)
    assert page.name == "report.html"
    again = Document.load(tmp_path / "result.json")
    assert again == run
    assert again.to_json() == run.to_json()
    assert not any(f.known for f in again.facts)
    assert api.read_result(tmp_path / "result.json").facts == run.facts


def test_what_a_later_version_adds_stays_in_the_json(run):
    from crosscut.results import result_id, to_text

    form = {**json.loads(run.to_json()), "later": [1]}
    form["id"] = result_id(form)
    text = to_text(form)
    assert Document.from_json(text).to_json() == text


def test_a_changed_file_is_refused(run):
    form = json.loads(run.to_json())
    form["inputs"]["draws"] += 1
    with pytest.raises(UserError, match="changed after it was written"):
        Document.from_json(json.dumps(form))


@pytest.mark.parametrize(
    "path, value, where",
    [
        (("inputs", "draws"), -1, "inputs/draws"),
        (("inputs", "draws"), "3", "inputs/draws"),
        (("inputs", "world", "hash"), "x", "inputs/world/hash"),
        (("status", "ok"), 1, "status/ok"),
        (("kind",), "runs", "kind"),
        (("horizon", "from"), None, "horizon/from"),
        (("tables", "flows", "columns"), [1], "tables/flows/columns"),
    ],
)
def test_a_wrong_part_is_named(run, path, value, where):
    form = json.loads(run.to_json())
    at = form
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(UserError, match=where):
        Document.from_form(form)


def test_rows_of_a_wrong_type_make_no_document(run):
    flows = [{**r, "base": "much"} for r in run.rows("flows")]
    with pytest.raises(UserError, match="flows/rows/0/base"):
        replace(run, id="", tables=tables_of({"flows": flows}))


def test_a_notebook_gets_a_summary_not_the_document(run):
    html = run._repr_html_()
    assert len(html) < 20_000
    assert run.title in html
    assert all(f"<code>{name}</code>" in html for name in run.tables)
    assert repr(run).count("\n") == 0


def test_text_of_a_document_cannot_leave_its_cell(run):
    hostile = replace(run, id="", statements=(Statement("note", "<script>alert(1)</script>"),))
    assert "<script>" not in hostile._repr_html_()


def test_pandas_is_asked_for_where_it_is_missing(run, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UserError, match="pandas is not installed"):
        run.to_pandas("flows")


def test_pandas_frames(run):
    pd = pytest.importorskip("pandas")
    assert isinstance(run.to_pandas("flows"), pd.DataFrame)
    assert set(run.to_pandas()) == set(run.tables)
    assert len(run.to_pandas("flows")) == len(run.rows("flows"))


def test_without_an_entrance_nothing_shows_documents(monkeypatch):
    from crosscut.results import presentation as module

    monkeypatch.setattr(module, "_known", [])
    with pytest.raises(RuntimeError, match=r"crosscut\.app"):
        presentation()
