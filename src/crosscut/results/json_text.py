"""JSON text of a document or a list of rows, and the id that is taken over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

_NOT_IN_ID = ("id", "created_utc")


def result_id(document: Mapping[str, Any]) -> str:
    """Hash the content of a result, without the time of its creation.

    Parameters
    ----------
    document : mapping
        The JSON form of the result.

    Returns
    -------
    str
        The sha256, 64 hexadecimal digits. One installation gives the same inputs the same id.

    Notes
    -----
    Every number counts to its last digit, which another processor or the compiled kernel changes: no
    rounding would make the ids of two such results equal for sure, and `crosscut compare` says whether they
    hold the same numbers.
    """
    content = {k: v for k, v in document.items() if k not in _NOT_IN_ID}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def to_text(document: Any) -> str:
    """Write a document, or a list of rows, as it goes to disk and screen.

    Parameters
    ----------
    document : Any
        A mapping or a list, in JSON form.

    Returns
    -------
    str
        JSON with one row or entry a line, and a line feed at its end.

    Examples
    --------
    >>> rows = [{"place": "CHN", "t": 1.5}, {"place": "VNM", "t": None}]
    >>> print(to_text({"kind": "run", "rows": rows}), end="")
    {
     "kind": "run",
     "rows": [
      {"place":"CHN","t":1.5},
      {"place":"VNM","t":null}
     ]
    }
    """
    return _spread(dict(document) if isinstance(document, Mapping) else document, "") + "\n"


def _spread(value: Any, margin: str) -> str:
    """An object of objects over several lines, and a list of entries with one a line; all else on one
    line."""
    inner = margin + " "
    if isinstance(value, dict) and any(isinstance(v, dict | list) for v in value.values()):
        lines = [f"{_line(k)}: {_spread(v, inner)}" for k, v in value.items()]
        return _block("{", lines, "}", margin)
    if isinstance(value, list) and any(isinstance(v, dict | list) for v in value):
        return _block("[", [_line(v) for v in value], "]", margin)
    return _line(value)


def _block(head: str, lines: Sequence[str], tail: str, margin: str) -> str:
    between = f",\n{margin} "
    return f"{head}\n{margin} {between.join(lines)}\n{margin}{tail}"


def _line(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
