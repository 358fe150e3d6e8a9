"""Machine: what this process asks of the machine it runs on: the time, folders of its own, keys of the user.

None of it decides a number. The time (UTC) stands beside a result: when it was made, whether newer figures
should be out. Folders are those of the platform, by `platformdirs`: on Linux `$XDG_CACHE_HOME` or `~/.cache`,
and `$XDG_DATA_HOME` or `~/.local/share`; on macOS and Windows the folders their makers name. Variables that
do decide something (workspace, `CROSSCUT_DATA`) are read by the entrance, which hands them down.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

NAME = "crosscut"


def cache_folder(*parts: str) -> Path:
    """A folder whose content can be made again at any time: compiled facts (`ledger`), compiled code
    (`kernel`).

    Parameters
    ----------
    *parts : str
        Names of the folders in it.

    Returns
    -------
    Path
        It need not exist.

    Examples
    --------
    >>> cache_folder("ledger").relative_to(cache_folder())
    PosixPath('ledger')
    """
    return user_cache_path(NAME, appauthor=False).joinpath(*parts)


def user_data_folder(chosen: str | Path | None = None) -> Path:
    """The folder of pulled and accepted figures: the one the user chose, else the platform's own.

    Parameters
    ----------
    chosen : str | Path | None
        A folder, with `~` for the home folder; None or empty for the platform's.

    Returns
    -------
    Path
        It need not exist.

    Examples
    --------
    >>> user_data_folder("/srv/figures").as_posix()
    '/srv/figures'
    """
    return Path(chosen).expanduser() if chosen else user_data_path(NAME, appauthor=False)


def secret(name: str) -> str:
    """A key of the user's own account with a service.

    Parameters
    ----------
    name : str
        The variable that holds it.

    Returns
    -------
    str
        Without spaces around it; empty where there is none.
    """
    return os.environ.get(name, "").strip()


def now() -> datetime:
    """The moment, with its time zone."""
    return datetime.now(UTC)


def today() -> date:
    """The day."""
    return now().date()


def stamp() -> str:
    """The moment to the second, as written in results and manifests.

    >>> stamp()[-6:], len(stamp())
    ('+00:00', 25)
    """
    return now().isoformat(timespec="seconds")
