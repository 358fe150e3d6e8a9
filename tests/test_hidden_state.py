"""No state of the process decides a number: what is read is handed down (app.opening, ledger.store)."""

import re

import pytest

from tests.paths import ROOT

SOURCE = ROOT / "src" / "crosscut"
ENTRANCE, GROUND = "app", "base"


def files(*but):
    """Source files outside the rooms `but`."""
    return [p for p in SOURCE.rglob("*.py") if p.relative_to(SOURCE).parts[0] not in but]


@pytest.mark.parametrize(
    ("state", "rooms"),
    [
        (r"\bContextVar\b", ()),
        (r"\bos\.(environ|getenv|putenv)\b", (ENTRANCE, GROUND)),
        (r"\bdatetime\.(now|utcnow|today)\(|\bdate\.today\(", (GROUND,)),
        (r"CROSSCUT_WORKSPACE", (ENTRANCE,)),
    ],
)
def test_no_room_asks_for(state, rooms):
    found = [
        f"{p.relative_to(SOURCE)}:{n}: {line.strip()}"
        for p in files(*rooms)
        for n, line in enumerate(p.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(state, line)
    ]
    assert found == []
