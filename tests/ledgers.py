"""Ledgers for tests: the bundled facts, with a context on them, and what the user's folders hold now."""

from __future__ import annotations

import os

from crosscut.base.machine import user_data_folder
from crosscut.ledger.reference.data_versions import DataVersions, data_choices
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.context import Context

BUNDLED = Ledger.bundled()
IN_THIS_PROCESS = Context(ledger=BUNDLED)


def data_here() -> DataVersions:
    """What is in use in the data folder of this test."""
    choices = data_choices(os.environ.get("CROSSCUT_DATA_USE", ""))
    return DataVersions(user_data_folder(os.environ["CROSSCUT_DATA"]), choices)


def here() -> Ledger:
    """The bundled facts with the reference data in use in the data folder of this test."""
    return Ledger.opened(data=data_here())
