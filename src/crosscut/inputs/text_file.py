"""The text of any file that a person names."""

from __future__ import annotations

from pathlib import Path

from crosscut.base.errors import Problem, UserError


def text_of(path: str | Path, expected: str) -> str:
    """Read a text file of the user.

    Parameters
    ----------
    path : str or Path
        Where it lies.
    expected : str
        What kind of file was expected, for the message.

    Returns
    -------
    str
        Its text, read as UTF-8.

    Raises
    ------
    UserError
        When it cannot be read or is not text.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        reason = e.strerror if isinstance(e, OSError) and e.strerror else "its text is not UTF-8"
        raise UserError(Problem(f"cannot be read ({reason})", str(path), expected)) from None
