"""A small world with every figure written out: two mines, one scrap form, refined exports of CHN to three
buyers."""

from datetime import date

import numpy as np

from crosscut.market.events.events import Event, EventKind, RentTo, Scenario
from crosscut.market.model.chain import Chain, Form, Process
from crosscut.market.model.world import World

COUNTRIES = ("CHN", "USA", "JPN", "EUO", "OTH", "KAZ")
CHN, USA, JPN, EUO, OTH, KAZ = range(6)
CONCENTRATE, SCRAP, REFINED = range(3)
REFINING, RECYCLING = range(2)

# t contained: {form: {(origin, destination): tonnes}}
FLOWS = {
    CONCENTRATE: {(CHN, CHN): 780.0, (CHN, USA): 20.0, (USA, USA): 60.0, (OTH, USA): 20.0, (OTH, CHN): 20.0},
    SCRAP: {(CHN, CHN): 100.0},
    REFINED: {(CHN, CHN): 500.0, (CHN, USA): 100.0, (CHN, JPN): 200.0, (CHN, EUO): 50.0, (USA, USA): 95.0},
}
REFINED_EXPORTS = 350.0  # of CHN
YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def small_world(**changed):
    """The world; keyword arguments replace fields."""
    n = len(COUNTRIES)
    q0 = np.zeros((3, n, n))
    for form, routes in FLOWS.items():
        for (i, j), tonnes in routes.items():
            q0[form, i, j] = tonnes
    X0 = np.zeros((2, n))
    X0[REFINING, [CHN, USA]] = 800.0, 100.0
    X0[RECYCLING, CHN] = 100.0
    M0 = q0.sum(axis=2)
    M0[REFINED] = 0.0
    D0 = np.zeros((3, n, 2))
    D0[REFINED] = q0[REFINED].sum(axis=0)[:, None] * np.array([0.6, 0.4])
    fields = {
        "mineral": "tungsten",
        "year": 2024,
        "chain": Chain(
            "tungsten",
            (
                Form("concentrate", "Concentrate", 30_000.0),
                Form("scrap", "Scrap", 25_000.0),
                Form("refined", "Refined", 42_000.0, primary=False),
            ),
            (
                Process("refining", "Refining", {"concentrate": 1.0}, {"refined": 0.95}, 0.1),
                Process("recycling", "Recycling", {"scrap": 1.0}, {"refined": 0.9}, 0.1),
            ),
        ),
        "countries": COUNTRIES,
        "uses": ("hardmetal", "other"),
        "q0": q0,
        "M0": M0,
        "X0": X0,
        "D0": D0,
        "supply_capacity": np.where(M0 > 0, M0 / 0.9, np.nan),
        "process_capacity": np.where(X0 > 0, X0 / 0.8, np.nan),
        "freight": np.broadcast_to(400.0 * (1 - np.eye(n)), (3, n, n)).copy(),
        "tariff": np.full((3, n, n), 0.02) * (1 - np.eye(n)),
        "export_tax": np.zeros((3, n, n)),
        "duty_on_cif": np.array([True, False, True, True, True, True]),
        "prices": np.where(
            q0.sum(axis=2) + q0.sum(axis=1) > 0, np.array([30e3, 25e3, 42e3])[:, None], np.nan
        ),
        "unrecorded_share": 0.0,
        "grade": "A",
        "place_names": {"EUO": "EU27 without Austria and Germany", "OTH": "Rest of the world"},
    }
    return World(**{**fields, **changed})


def event(kind, form="refined", size=0.5, unit="fraction", **fields):
    """An event of a kind, called "e" unless named."""
    return Event(fields.pop("id", "e"), EventKind(kind), form, size, unit, **fields)


def year_of(*events, **fields):
    """A scenario of the calendar year 2025 (365 days)."""
    given = {"window_start": YEAR[0], "window_end": YEAR[1], **fields}
    return Scenario("test", "Test", "tungsten", 2024, events=tuple(events), **given)


__all__ = ["RentTo", "event", "small_world", "year_of"]
