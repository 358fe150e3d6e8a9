"""Folders: where this machine keeps what we make for ourselves (cache) and what the user has accepted (data).

The places are those of the platform, by `platformdirs`: on Linux `$XDG_CACHE_HOME` or `~/.cache`, and
`$XDG_DATA_HOME` or `~/.local/share`; on macOS and Windows the folders their makers name. Variables of our own
(`CROSSCUT_DATA`) are read by the entrance, which hands the folder down.
"""

from __future__ import annotations

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
