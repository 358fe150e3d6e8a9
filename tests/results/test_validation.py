"""A result is checked by its schema; the short way through sound rows must say the same as the schema
itself."""

import copy
import json

import jsonschema
import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from crosscut.results import Document, to_text, validate
from crosscut.results.schema import result_schema, schema_path, schema_text

SCHEMA = jsonschema.Draft202012Validator(result_schema())


@pytest.fixture(scope="module")
def document():
    return json.loads(api.run("china-quota-cut", draws=2).to_json())


def test_the_shipped_schema_is_current():
    assert schema_path().read_text(encoding="utf-8") == schema_text()


def test_a_run_holds(document):
    validate(document, "run")
    assert not list(SCHEMA.iter_errors(document))


@pytest.mark.parametrize(
    "column, value",
    [
        ("median", "12"),
        ("median", True),
        ("form", None),
        ("form", 3),
        ("headline", 1),
        ("headline", None),
        ("base", []),
    ],
)
def test_a_wrong_cell_is_found_as_the_schema_finds_it(document, column, value):
    broken = copy.deepcopy(document)
    broken["tables"]["prices"]["rows"][3][column] = value
    assert list(SCHEMA.iter_errors(broken))
    with pytest.raises(UserError, match=f"tables/prices/rows/3/{column}"):
        validate(broken, "run")


@pytest.mark.parametrize("rows", [None, {}, [1], [[]], [None]])
def test_rows_that_are_no_rows_are_found(document, rows):
    broken = copy.deepcopy(document)
    broken["tables"]["prices"]["rows"] = rows
    assert list(SCHEMA.iter_errors(broken))
    with pytest.raises(UserError):
        validate(broken, "run")


def test_a_missing_column_is_found_and_a_further_one_is_none_of_our_business(document):
    less, more = copy.deepcopy(document), copy.deepcopy(document)
    del less["tables"]["flows"]["rows"][0]["base"]
    more["tables"]["flows"]["rows"][0]["remark"] = "of a later version"
    with pytest.raises(UserError, match="base"):
        validate(less, "run")
    validate(more, "run")


def test_what_is_written_is_read_as_it_was_with_one_row_a_line(document):
    text = to_text(document)
    assert Document.from_json(text, "a file") == document
    rows = document["tables"]["prices"]["rows"]
    lines = {line.strip().rstrip(",") for line in text.splitlines()}
    assert all(json.dumps(r, separators=(",", ":"), ensure_ascii=False) in lines for r in rows)


@pytest.mark.parametrize(
    "value", [{}, [], [{}], {"a": []}, {"a": {"b": [[1, 2], [3]]}}, [1, "x", None], {"a": 0.1}, "x"]
)
def test_every_shape_is_json(value):
    assert json.loads(to_text(value)) == value


def test_what_is_no_number_is_refused_on_the_way_out():
    with pytest.raises(ValueError, match="JSON compliant"):
        to_text({"rows": [{"t": float("nan")}]})
