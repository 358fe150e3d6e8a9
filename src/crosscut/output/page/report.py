"""HTML: a result as one file that opens anywhere, without a network; and the folder of files of a run.

The page itself is built from `page/` (Svelte) into `page.js` and `page.css` beside this file.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crosscut.base.files import write_file
from crosscut.output.page.packed import packed
from crosscut.output.screens.market.summary import headline_prices
from crosscut.results import TABLES

if TYPE_CHECKING:
    import polars as pl

SCREENING_GRADES = ("C", "D")

FactDetails = Mapping[str, Mapping[str, Any]]


def report_html(result: Mapping[str, Any], fact_details: FactDetails | None = None) -> str:
    """The report of a result: one HTML text that makes no request.

    `result` is a document of schema `crosscut.result/1`. `fact_details` says for fact ids what they hold:
    subject, attribute, value, unit, period, standing, source_title, source_url, published (all optional).
    The content security policy allows the one script in the file, by its hash, and nothing else.
    """
    script, css = _bundle()
    content = {"result": packed(result), "fact_details": fact_details}
    data = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    scenario = result["inputs"]["scenario"]
    from markupsafe import Markup

    html: str = _shell().render(
        result=result,
        title=(scenario or {}).get("title")
        or f"{result['inputs']['mineral']}, {result['inputs']['world']['year']}",
        policy=_policy(script),
        screening=result["inputs"]["world"]["grade"] in SCREENING_GRADES,
        headline=headline_prices(result),
        data=Markup(_inside_script(data)),  # escaped for its place just here
        script=Markup(script),  # ours, checked in _bundle
        css=Markup(css),  # ours, checked in _bundle
    )
    return html


def write_report(
    result: Mapping[str, Any], folder: str | Path, fact_details: FactDetails | None = None
) -> list[Path]:
    """Writes report.html, result.json and every table as tables/NAME.csv and .parquet into `folder`.

    The folder is made when it is not there. Each file appears whole or not at all. Returns the paths: the
    report, the result, then the tables.
    """
    from crosscut.output.files.document_files import write_tables

    html = report_html(result, fact_details)
    result_json, *tables = write_tables(result, folder)
    page = write_file(Path(folder) / "report.html", html)
    return [page, result_json, *tables]


def table_frame(result: Mapping[str, Any], name: str) -> pl.DataFrame:
    """A table of the result as a polars frame with the declared types; null where a value is missing."""
    import polars as pl

    found = result["tables"][name]
    types = {"text": pl.String, "number": pl.Float64, "flag": pl.Boolean}
    declared = {c: types[kind.removesuffix("?")] for c, (kind, _, _) in TABLES.get(name, {}).items()}
    schema = {c: declared.get(c) or _type(row.get(c) for row in found["rows"]) for c in found["columns"]}
    return pl.DataFrame(
        {c: [_as(schema[c], row.get(c)) for row in found["rows"]] for c in found["columns"]}, schema=schema
    )


def harmless_text(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame for a CSV file: a text that a spreadsheet would run as a formula gets an apostrophe before
    it.

    >>> import polars as pl
    >>> harmless_text(pl.DataFrame({"note": ["=1+1", "-", "-2+3", "Viet Nam"]}))["note"].to_list()
    ["'=1+1", '-', "'-2+3", 'Viet Nam']
    """
    import polars as pl

    text = pl.col(pl.String)
    return frame.with_columns(
        pl.when(text.str.contains(r"^([=+@\t\r]|-.)")).then("'" + text).otherwise(text).name.keep()
    )


def _type(values: Any) -> type[pl.DataType]:
    """The narrowest type that holds the values of a column no table declares."""
    import polars as pl

    kinds = {type(v) for v in values if v is not None}
    if kinds and kinds <= {bool}:
        return pl.Boolean
    return pl.Float64 if kinds and kinds <= {int, float} else pl.String


def _as(kind: type[pl.DataType], value: Any) -> Any:
    import polars as pl

    if value is None:
        return None
    if kind is pl.Float64:
        return float(value)
    return str(value) if kind is pl.String else value


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
