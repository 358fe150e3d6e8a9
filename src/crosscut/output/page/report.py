"""HTML: a result as one file that opens anywhere, without a network; and the folder of files of a run.

The page itself is built from `page/` (Svelte) into `page.js` and `page.css` beside this file.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from crosscut.base.files import write_file
from crosscut.output.files import write_tables
from crosscut.output.screens.market.summary import headline_prices
from crosscut.results import Document

SCREENING_GRADES = ("C", "D")


def report_html(document: Document) -> str:
    """The report of a document: one HTML text that makes no request.

    It carries the document, and the details of the facts that it cites. The content security policy allows
    the one script in the file, by its hash, and nothing else.
    """
    script, css = _bundle()
    content = {"result": packed(document), "fact_details": document.fact_details()}
    data = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    inputs = document.inputs
    from markupsafe import Markup

    html: str = _shell().render(
        result=document,
        title=document.title,
        policy=_policy(script),
        screening=inputs.world.grade in SCREENING_GRADES,
        headline=headline_prices(document),
        data=Markup(_inside_script(data)),  # escaped for its place just here
        script=Markup(script),  # ours, checked in _bundle
        css=Markup(css),  # ours, checked in _bundle
    )
    return html


def write_report(document: Document, folder: str | Path) -> list[Path]:
    """Writes report.html, result.json and every table as tables/NAME.csv and .parquet into `folder`.

    The folder is made when it is not there. Each file appears whole or not at all. Returns the paths: the
    report, the result, then the tables.
    """
    html = report_html(document)
    tables = write_tables(document, folder)
    return [write_file(Path(folder) / "report.html", html), *tables]


def packed(document: Document) -> dict[str, Any]:
    """The document with `packed` in place of `rows` in every table: one entry a column, in the order of
    `columns`.

    An entry is the list of values or, where few different texts fill it, `words` and, row by row, the place
    `at` which its text stands there. A table without rows, or whose rows do not hold exactly its columns,
    stays as it is.

    >>> rows = [{"place": p, "t": 1.5} for p in ("CHN", "CHN", "CHN", "VNM")]
    >>> table = {"columns": ["place", "t"], "units": {}, "rows": rows}
    >>> packed({"tables": {"x": table}})["tables"]["x"]["packed"]
    [{'words': ['CHN', 'VNM'], 'at': [0, 0, 0, 1]}, [1.5, 1.5, 1.5, 1.5]]
    """
    return {**document, "tables": {name: _packed_table(t) for name, t in document["tables"].items()}}


def _packed_table(table: Mapping[str, Any]) -> Mapping[str, Any]:
    columns, rows = table["columns"], table["rows"]
    if not rows or any(r.keys() != set(columns) for r in rows):
        return table
    rest = {k: v for k, v in table.items() if k != "rows"}
    return {**rest, "packed": [_column([r[c] for r in rows]) for c in columns]}


def _column(values: Sequence[Any]) -> Any:
    if not all(isinstance(v, str) for v in values):
        return values
    place = {word: i for i, word in enumerate(dict.fromkeys(values))}
    return (
        {"words": list(place), "at": [place[v] for v in values]} if 2 * len(place) <= len(values) else values
    )


def _policy(script: str) -> str:
    """The content security policy: this one script by its hash, styles in the file, nothing from anywhere."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )


def _inside_script(data: str) -> str:
    """JSON that cannot end the script element it stands in, whatever its strings hold; it parses to the
    same."""
    for character in "<>&\u2028\u2029":
        data = data.replace(character, f"\\u{ord(character):04x}")
    return data


@cache
def _bundle() -> tuple[str, str]:
    """The built script and style sheet; refused when they could break out of the element they are put in."""
    folder = files("crosscut.output.page").joinpath("bundle")
    script, css = (folder.joinpath(name).read_text(encoding="utf-8") for name in ("page.js", "page.css"))
    low = script.lower()
    if "</script" in low or "<script" in low or "<!--" in low or "</style" in css.lower():
        raise RuntimeError(
            "the built page cannot be put inside an HTML file: build it again with `make page`"
        )
    return script, css


@cache
def _shell() -> Any:
    import jinja2

    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, keep_trailing_newline=True
    )
    return environment.from_string(
        files("crosscut.output.page").joinpath("shell.html.j2").read_text(encoding="utf-8")
    )
