"""The text of any file that a person names."""

from __future__ import annotations

from pathlib import Path

from crosscut.base.errors import Problem, UserError


def text_of(path: str | Path, expected: str) -> str:
    """The text of a file; UserError saying what was `expected` when it cannot be read."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        reason = e.strerror if isinstance(e, OSError) and e.strerror else "not a text file"
        raise UserError(Problem(f"cannot be read ({reason})", str(path), expected)) from None
