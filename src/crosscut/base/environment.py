"""Environment: what the user says by a variable and no command hands down, because it decides no number.

What does decide one (workspace, data) is read by the entrance and handed down.
"""

from __future__ import annotations

import os


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
