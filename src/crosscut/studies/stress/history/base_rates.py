"""Base rates: what the bundled history counts. Packages by government and regime, their size and instrument,
targets, lengths, outages, closures of routes.

The unit is the package (one decree or one yearly quota list of one government), January 2009 to May 2026.
Every country has its own rate, drawn from a gamma whose prior is fitted to the counts of all of them: a
country effect, no slope in governance. All that the history says about governance is that the best third
restricts nothing: it has a gamma of its own (Jeffreys).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import lgamma, log

import numpy as np
import polars as pl

from crosscut.ledger.reference.tables import political_stability
from crosscut.ledger.store.ledger import Ledger, per_ledger
from crosscut.ledger.store.tables import table

FIRST_YEAR, CONTEST_YEAR = 2009, 2023
YEARS = 17 + 5 / 12  # January 2009 to May 2026
CALM_YEARS = float(CONTEST_YEAR - FIRST_YEAR)
OUTAGE_PAIR_YEARS = 4253.6  # 161 pairs, January 2000 to May 2026 (hazard_estimates)
ROUTE_YEARS = 36.4  # January 1990 to May 2026
YEARLY_LIST = "CHN_QUOTA"  # one package a year
CHINA = "CHN"
BEST = "high"  # third of the panel by political stability
STOPS, LICENCES, QUOTAS, TAXES = "stop", "licence", "quota", "tax"
INSTRUMENTS = (STOPS, LICENCES, QUOTAS, TAXES)
_LENGTHS = {
    STOPS: ("ban", "suspension", "informal halt"),
    LICENCES: ("licence",),
    QUOTAS: ("quota",),
    TAXES: ("tax",),
}
_NOT_OUTAGES = ("market", "depletion", "sanction")  # decisions and measures, counted elsewhere or not at all
LEAST_SHARE = 1.0  # per cent of world supply that a counted outage touches
LEAST_ROUTE_DAYS, LEAST_ROUTE_LOSS = 5.0, 40.0  # shorter or milder closures are noise in a year
PSEUDO = 2.0  # weight of all other governments' instruments in a government's own mix, in events; assumed
PANEL_NAMES = {"barite": "baryte", "iron": "iron ore"}
ROUTES = {  # chokepoint of the trade tables -> name in the history, and whether ships can go round
    "suez": ("Suez", True),
    "hormuz": ("Hormuz", False),
    "malacca": ("Malacca", True),
    "panama": ("Panama", True),
    "bosporus": ("Bosphorus", False),
    "danish-straits": ("Danish", False),
}


@dataclass(frozen=True)
class Government:
    """How often a government restricts, by regime: gamma of `shape` and `years` of exposure (packages a
    year)."""

    code: str
    shape: tuple[float, float]  # calm, contest; the same twice for all but China
    years: tuple[float, float]
    basket: int  # minerals of which it makes at least 5 % of the world's output
    sizes: tuple[int, ...]  # minerals in each of its packages, or of all others where it has none
    mix: tuple[tuple[float, ...], tuple[float, ...]]  # shares of the instruments by regime
    aimed: float  # share of packages aimed at one country

    def rate(self, regime: int) -> float:
        """Mean packages a year."""
        return self.shape[regime] / self.years[regime]


@dataclass(frozen=True)
class Length:
    """Exponential length of a measure or closure, its rate a gamma: `ended` events over `days` (both with a
    half)."""

    ended: float
    days: float


@dataclass(frozen=True)
class Outage:
    """One recorded outage: per cent of world supply touched and days (NaN where unknown)."""

    share: float
    days: float


@dataclass(frozen=True)
class Route:
    """Closures of one chokepoint: gamma shape over ROUTE_YEARS, their (days, share of traffic lost), and a
    way round."""

    id: str
    events: int
    closures: tuple[tuple[float, float], ...]
    way_round: bool


@dataclass(frozen=True)
class BaseRates:
    """Everything counted. `prior` is (shape, years) of the gamma over countries; `targets` counts who China
    aimed at."""

    governments: dict[str, Government]
    other: Government
    stable: Government
    stable_countries: frozenset[str]
    prior: tuple[float, float]
    panel: frozenset[tuple[str, str]]
    lengths: dict[str, Length]
    taxes: tuple[float, ...]
    targets: dict[str, int]
    outages: tuple[Outage, ...]
    outage_events: int
    routes: tuple[Route, ...]
    packages: int

    def government(self, code: str) -> Government:
        """The record of a government.

        That of an unlisted one is the prior of the best third or of the rest.

        Parameters
        ----------
        code : str
            Code of its country.

        Returns
        -------
        Government
            Shapes and exposures (years) by regime, packages and instruments.
        """
        return self.governments.get(code, self.stable if code in self.stable_countries else self.other)

    @property
    def text(self) -> str:
        """Every count as one text, the same in every process: part of the key of a job."""
        sets = (sorted(self.panel), sorted(self.stable_countries))
        return repr(
            (
                sorted(self.governments.items()),
                self.other,
                self.stable,
                sets,
                self.prior,
                self.lengths,
                self.taxes,
                sorted(self.targets.items()),
                self.outages,
                self.outage_events,
                self.routes,
            )
        )

    def listed(self, code: str, mineral: str) -> bool:
        """Whether the country makes at least 5 % of the mineral's output.

        Parameters
        ----------
        code : str
            Code of the country.
        mineral : str
            Its name.

        Returns
        -------
        bool
            Whether the pair is in the panel of hazards.
        """
        return (code, PANEL_NAMES.get(mineral, mineral)) in self.panel


@per_ledger
def base_rates(ledger: Ledger) -> BaseRates:
    """The counts of the history as the ledger has it.

    Parameters
    ----------
    ledger : Ledger
        Has the panel of hazards, the events counted, lengths, outages and chokepoints.

    Returns
    -------
    BaseRates
        Rates are events a year, lengths days, shares of outages per cent of world output.

    Examples
    --------
    >>> r = base_rates(Ledger.bundled())
    >>> r.packages, round(r.governments["CHN"].rate(0), 2), round(r.governments["CHN"].rate(1), 2)
    (40, 0.46, 2.49)
    """
    rows = list(table(ledger, "hazards/hazard_panel").iter_rows(named=True))
    panel = [(r["country_iso3"], r["mineral"]) for r in rows]
    basket = Counter(code for code, _ in panel)
    best = {
        r["country_iso3"]: float(r["wgi_political_stability_2009_2022"])
        for r in rows
        if r["governance_tercile"] == BEST
    }
    packages = _packages(ledger)
    counts = Counter(code for code, _ in packages)
    prior = fitted_prior([float(counts.get(c, 0)) for c in basket if c != CHINA and c not in best], YEARS)
    calm_shape, calm_years = sum(counts.get(c, 0) for c in best) + 0.5, YEARS * len(best)
    sizes_of_others = tuple(len(p) for (c, _), p in sorted(packages.items()) if c != CHINA)
    mix_of_others = _mix(rows for (c, _), rows in packages.items() if c != CHINA)
    governments = {}
    for code in sorted(basket):
        if code in best:
            continue
        own = {k: rows for k, rows in packages.items() if k[0] == code}
        if code == CHINA:
            governments[code] = _china(own, basket[code])
            continue
        shape, years = prior[0] + len(own), prior[1] + YEARS
        counted = Counter(r["class"] for rows in own.values() for r in rows)
        total = sum(counted.values()) + PSEUDO
        mix = tuple(
            (counted[i] + PSEUDO * m) / total for i, m in zip(INSTRUMENTS, mix_of_others, strict=True)
        )
        sizes = tuple(len({r["mineral"] for r in rows}) for _, rows in sorted(own.items())) or sizes_of_others
        governments[code] = Government(
            code, (shape, shape), (years, years), basket[code], sizes, (mix, mix), 0.0
        )
    usual = round(sum(n for c, n in basket.items() if c != CHINA) / (len(basket) - 1))
    both = (mix_of_others, mix_of_others)
    other = Government("", (prior[0],) * 2, (prior[1],) * 2, usual, sizes_of_others, both, 0.0)
    stable = Government("", (calm_shape,) * 2, (calm_years,) * 2, usual, sizes_of_others, both, 0.0)
    governments |= {c: replace(stable, code=c, basket=basket[c]) for c in best}
    targets = Counter(next(iter(rows))["target"] for (c, _), rows in packages.items() if c == CHINA)
    del targets["all"]
    outages, seen = _outages(ledger)
    return BaseRates(
        governments,
        other,
        stable,
        _as_stable_as(ledger, min(best.values())),
        prior,
        frozenset(panel),
        _lengths(ledger),
        _taxes(ledger),
        dict(targets),
        outages,
        seen,
        _routes(ledger),
        len(packages),
    )


def _as_stable_as(ledger: Ledger, least: float) -> frozenset[str]:
    """Countries whose mean political stability 2009-2022 is at least that of the least stable of the panel's
    best third."""
    found = political_stability(ledger).filter(
        (pl.col("measure") == "estimate") & pl.col("year").is_between(FIRST_YEAR, CONTEST_YEAR - 1)
    )
    means = found.group_by("country").agg(pl.col("value").mean()).sort("country")
    return frozenset(c for c, v in means.iter_rows() if v is not None and v >= least)


def _packages(ledger: Ledger) -> dict[tuple[str, str], list[dict[str, str]]]:
    """(country, package) -> its onsets since 2009; the yearly quota list is a package of each year."""
    out: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for r in table(ledger, "hazards/hazard_events_used").iter_rows(named=True):
        if int(r["year"]) >= FIRST_YEAR:
            name = f"{r['package']}/{r['year']}" if r["package"] == YEARLY_LIST else r["package"]
            out[r["country_iso3"], name].append(r)
    return dict(out)


def _china(own: dict[tuple[str, str], list[dict[str, str]]], basket: int) -> Government:
    """China in calm and in contest, each with a Jeffreys half."""
    regimes: tuple[list[list[dict[str, str]]], ...] = ([], [])
    for rows in own.values():
        regimes[int(rows[0]["year"]) >= CONTEST_YEAR].append(rows)
    shape = (len(regimes[0]) + 0.5, len(regimes[1]) + 0.5)
    years = (CALM_YEARS, YEARS - CALM_YEARS)
    aimed = sum(rows[0]["target"] != "all" for rows in regimes[1]) / len(regimes[1])
    sizes = tuple(sorted(len({r["mineral"] for r in rows}) for both in regimes for rows in both))
    return Government(CHINA, shape, years, basket, sizes, (_mix(regimes[0]), _mix(regimes[1])), aimed)


def _mix(packages: Iterable[list[dict[str, str]]]) -> tuple[float, ...]:
    counted = Counter(r["class"] for rows in packages for r in rows)
    total = sum(counted.values()) + 0.5 * len(INSTRUMENTS)
    return tuple((counted[i] + 0.5) / total for i in INSTRUMENTS)


def fitted_prior(counts: list[float], years: float) -> tuple[float, float]:
    """The gamma over countries whose Poisson counts fit best (negative binomial likelihood).

    The shape is searched; the exposure follows from the mean, which the gamma must have.

    Parameters
    ----------
    counts : list[float]
        Events counted for each country, not all 0.
    years : float
        Length of the count, the same for all.

    Returns
    -------
    tuple[float, float]
        (shape, exposure in years).

    Examples
    --------
    >>> a, b = fitted_prior([0, 0, 0, 0, 6], 10.0)
    >>> round(a / b, 3)  # mean rate: 6 / 50
    0.12
    """
    mean = sum(counts) / len(counts) / years

    def likelihood(a: float) -> float:
        b = a / mean
        return sum(
            lgamma(a + n) - lgamma(a) + a * log(b / (b + years)) + n * log(years / (b + years))
            for n in counts
        )

    shape = max(np.geomspace(0.02, 20, 400), key=likelihood)
    return float(shape), float(shape / mean)


def _lengths(ledger: Ledger) -> dict[str, Length]:
    out = {}
    for instrument, names in _LENGTHS.items():
        rows = [
            r
            for r in table(ledger, "hazards/durations").iter_rows(named=True)
            if r["instrument_or_cause"] in names
        ]
        ended = sum(not r["censored"].startswith("yes") for r in rows)
        out[instrument] = Length(ended + 0.5, sum(float(r["length_days"]) for r in rows))
    return out


def _taxes(ledger: Ledger) -> tuple[float, ...]:
    """Rates of new and tightened export taxes, middle of a stated range."""
    out = []
    for r in table(ledger, "hazards/export_restrictions").iter_rows(named=True):
        if r["instrument"] != "tax" or r["direction"] not in ("new", "tighten"):
            continue
        found = re.match(r"(?:up to )?(\d+)(?:(?:-| to )(\d+))? per cent", r["rate_or_size"] or "")
        if found:
            low = float(found[1])
            out.append((low + float(found[2] or low)) / 200)
    return tuple(sorted(out))


def _outages(ledger: Ledger) -> tuple[tuple[Outage, ...], int]:
    """(recorded outages of at least 1 per cent since 2000; how many of them the panel counts)."""
    out = []
    for r in table(ledger, "hazards/supply_outages").iter_rows(named=True):
        share = _number(r["world_share_pct"])
        if r["cause"] in _NOT_OUTAGES or not share >= LEAST_SHARE or int(r["start"][:4]) < 2000:
            continue
        out.append(Outage(share, _number(r["length_days"])))
    counted = next(
        r
        for r in table(ledger, "hazards/hazard_estimates").iter_rows(named=True)
        if (r["measure"], r["scope"], r["governance_tercile"], r["instrument_or_cause"])
        == ("supply outage", "recorded outages", "all", "all causes")
    )
    return tuple(sorted(out, key=lambda o: (o.share, np.nan_to_num(o.days)))), int(float(counted["events"]))


def _routes(ledger: Ledger) -> tuple[Route, ...]:
    rows = list(table(ledger, "hazards/chokepoints").iter_rows(named=True))
    out = []
    for name, (word, way_round) in ROUTES.items():
        closures = []
        for r in rows:
            days, loss = _number(r["length_days"]), _number(r["traffic_loss_pct"])
            since = r["start"][:4]
            detail = r["event"].startswith("container")  # the same attacks, told a second time
            named = word in r["chokepoint"] and since.isdigit() and int(since) >= 1990 and not detail
            if named and days >= LEAST_ROUTE_DAYS and loss >= LEAST_ROUTE_LOSS:
                closures.append((days, loss / 100))
        out.append(Route(name, len(closures), tuple(closures), way_round))
    return tuple(out)


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return float("nan")
