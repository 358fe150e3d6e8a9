"""The report file: whole, closed to the network, and true to the document it holds."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest

from crosscut.output.page import report as module
from crosscut.output.page.report import packed, report_html
from crosscut.results import CitedFact
from tests.output.sample import sample_fact_details, sample_result, sample_tables

HOSTILE = "</script><script>window.hacked=1</script><!--<script> \"quoted\" 'single' & \u2028 ]]>"


class _Parts(HTMLParser):
    """Scripts by type, attributes of every tag, and the text of noscript."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self._open = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append((dict(attrs), ""))
            self._open = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._open = False

    def handle_data(self, data: str) -> None:
        if self._open:
            attributes, text = self.scripts[-1]
            self.scripts[-1] = (attributes, text + data)


def _data(text: str) -> Any:
    """What the page reads of its data: tables as rows again (a second writing of
    `page/src/lib/packed.ts`)."""
    data = json.loads(text)
    for table in data["result"]["tables"].values():
        if "packed" in table:
            columns = [
                c if isinstance(c, list) else [c["words"][i] for i in c["at"]] for c in table.pop("packed")
            ]
            table["rows"] = [
                dict(zip(table["columns"], row, strict=True)) for row in zip(*columns, strict=True)
            ]
    return data


@pytest.fixture(scope="module")
def page() -> str:
    return report_html(sample_result())


def test_the_data_in_the_file_is_the_document(page: str) -> None:
    (attributes, text), _ = _Parts(page).scripts
    assert attributes == {"type": "application/json", "id": "crosscut-data"}
    assert '"packed"' in text
    assert _data(text) == {"result": sample_result(), "fact_details": sample_fact_details()}


def test_hostile_text_stays_data_and_round_trips() -> None:
    result = sample_result(
        inputs={**sample_result()["inputs"], "scenario": {"id": "x", "hash": "c" * 64, "title": HOSTILE}},
        places={**sample_result()["places"], "EU27": HOSTILE},
        statements=[{"text_key": "note", "text": HOSTILE, "refs": [HOSTILE]}],
    )
    page = report_html(result.with_facts([CitedFact("fact-price", HOSTILE, source_title="s")]))
    parts = _Parts(page)
    assert len(parts.scripts) == 2, "a third script came out of the data"
    data = _data(parts.scripts[0][1])
    assert data["result"] == result
    assert data["fact_details"]["fact-price"]["subject"] == HOSTILE
    assert "window.hacked=1</script>" not in page
    assert page.count("<h1>&lt;/script&gt;") == 1, "the title in noscript is escaped"


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"a": "x", "b": None}],
        [{"a": None, "b": 0.1}, {"a": "x", "b": None}, {"a": "x", "b": 1e-300}],
        [{"a": HOSTILE, "b": True}] * 5 + [{"a": "__proto__", "b": 1}],
        [{"b": 1.0, "a": "x"}, {"a": "x"}],
        [{"a": "x", "b": 1.0, "c": "of a later version"}],
    ],
)
def test_no_cell_is_lost_in_columns(rows: list[dict[str, Any]]) -> None:
    result = sample_result(tables={"odd": {"columns": ["a", "b"], "units": {}, "rows": rows}})
    found = _data(json.dumps({"result": packed(result)}))["result"]
    assert found == result
    assert [[type(v) for v in r.values()] for r in found["tables"]["odd"]["rows"]] == [
        [type(v) for v in r.values()] for r in rows
    ]


def test_policy_allows_this_script_and_nothing_from_anywhere(page: str) -> None:
    parts = _Parts(page)
    policy = next(
        a["content"]
        for t, a in parts.tags
        if t == "meta" and a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    digest = base64.b64encode(hashlib.sha256(parts.scripts[1][1].encode()).digest()).decode()
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'"
    assert set(rules) == {"default-src", "style-src", "script-src", "base-uri", "form-action"}


def test_no_element_loads_anything(page: str) -> None:
    loading = [
        (t, a) for t, a in _Parts(page).tags if {"src", "srcset", "href", "data", "poster", "action"} & set(a)
    ]
    assert loading == []
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style


def test_without_scripts_the_headline_prices_stand_in_a_table(page: str) -> None:
    fallback = page[page.index("<noscript>") : page.index("</noscript>")]
    assert "<td>339</td>\n<td>512</td><td>+51 % ± 1.5</td><td>446 - 635</td><td>348 - 738</td>" in fallback
    assert "615 (30 Sep 2025) inside the interval" in fallback


def test_a_missing_headline_price_is_a_dash_and_words() -> None:
    tables = sample_tables()
    row = tables["prices"]["rows"][0]
    row.update(p10=None, median=None, p90=None, base=None, change=None, status="no_supply")
    page = report_html(sample_result(tables=tables))
    fallback = page[page.index("<noscript>") : page.index("</noscript>")]
    assert "<td>–</td>\n<td>–</td><td>–</td><td>no supply</td>" in fallback
    assert not re.search(r"<td>0</td>", fallback)


@pytest.mark.parametrize(("grade", "shown"), [("B", False), ("C", True), ("D", True)])
def test_weak_worlds_are_for_screening(grade: str, shown: bool) -> None:
    inputs = sample_result()["inputs"]
    page = report_html(sample_result(inputs={**inputs, "world": {**inputs["world"], "grade": grade}}))
    fallback = page[page.index("<noscript>") : page.index("</noscript>")]
    assert ("Screening only" in fallback) is shown


def test_a_bundle_that_could_end_its_element_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "bundle").mkdir()
    (tmp_path / "bundle" / "page.js").write_text("x = '</SCRIPT >'")
    (tmp_path / "bundle" / "page.css").write_text("")
    monkeypatch.setattr(module, "files", lambda _: tmp_path)
    with pytest.raises(RuntimeError, match="make page"):
        module._bundle.__wrapped__()


def test_the_file_is_small(page: str) -> None:
    empty = report_html(sample_result(tables={}))
    assert len(empty.encode()) < 340_000  # one bundle for every kind of result, 100 kB as sent compressed
    assert len(page.encode()) < 500_000
