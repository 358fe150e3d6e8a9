"""EU criticality: supply risk and economic importance by the guidelines of 2017 (used in 2017, 2020 and
2023).

    HHI_WGI,t = sum_c S_c^2 WGI_c t_c                                      0 to 10
    SR = [ HHI_GS IR/2 + HHI_EUS (1 - IR/2) ] (1 - EoL-RIR) SI_SR
    EI = 10 [ sum_s A_s Q_s ] / max_s(Q_s) SI_EI

S_c share of country c in global supply (GS) or in the region's sourcing (EUS), WGI_c governance 0 (best) to
10, t_c trade factor, IR import reliance, EoL-RIR end-of-life recycling input rate, SI substitution indexes,
A_s share of use in sector s, Q_s its value added. Any region can stand in the EU's place. Source: European
Commission (2017), Methodology for establishing the EU list of critical raw materials;
docs/indicators/eu-criticality.md.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from crosscut.ledger.minerals import data_text
from crosscut.studies.indicators.concentration import checked_shares

SR_THRESHOLD, EI_THRESHOLD = 1.0, 2.8
MEMBER_TRADE_FACTOR = 0.8
SCOPES = ("global", "sourcing", "combined")


def governance_0_to_10(estimate: float) -> float:
    """The World Bank's governance estimate as 0 (best) to 10 (worst).

    Parameters
    ----------
    estimate : float
        WGI estimate, -2.5 weak to 2.5 strong.

    Returns
    -------
    float
        0 to 10.

    Examples
    --------
    >>> governance_0_to_10(-0.5)
    6.0
    """
    return (2.5 - estimate) * 2.0


def supply_risk(
    hhi_global: float | None,
    hhi_sourcing: float | None,
    import_reliance: float | None,
    eol_rir: float,
    si_sr: float,
) -> dict[str, float | None]:
    """Supply risk by scope: "global", "sourcing", "combined"; see the module.

    Parameters
    ----------
    hhi_global : float | None
        HHI of world supply weighted by governance and trade, 0 to 10; None where unknown.
    hhi_sourcing : float | None
        The same of what the region buys, its own output included.
    import_reliance : float | None
        Fraction, 0 to 1; None where unknown.
    eol_rir : float
        End-of-life recycling input rate, fraction.
    si_sr : float
        Substitution index of supply risk, 0 to 1.

    Returns
    -------
    dict[str, float | None]
        SR of each scope; None where an input of that scope is missing.

    Notes
    -----
    European Commission (2017), Methodology for establishing the EU list of critical raw materials.

    Examples
    --------
    Tungsten 2017 from the printed inputs (7.5, 1.9, 44 %, 42 %, 1.0); printed are 4.2, 1.1 and 1.8, inside
    what the rounding of the inputs leaves open:

    >>> {k: round(v, 1) for k, v in supply_risk(7.5, 1.9, 0.44, 0.42, 1.0).items()}
    {'global': 4.4, 'sourcing': 1.1, 'combined': 1.8}
    """
    keep = (1.0 - eol_rir) * si_sr
    combined = None
    if hhi_global is not None and hhi_sourcing is not None and import_reliance is not None:
        combined = (hhi_global * import_reliance / 2 + hhi_sourcing * (1 - import_reliance / 2)) * keep
    return {
        "global": None if hhi_global is None else hhi_global * keep,
        "sourcing": None if hhi_sourcing is None else hhi_sourcing * keep,
        "combined": combined,
    }


def supply_risk_bounds(
    hhi_global: tuple[float, float] | None,
    hhi_sourcing: tuple[float, float] | None,
    import_reliance: tuple[float, float] | None,
    eol_rir: tuple[float, float],
    si_sr: tuple[float, float],
) -> dict[str, tuple[float, float] | None]:
    """The lowest and highest supply risk by scope when every input lies between two ends (such as rounding).

    SR rises with both HHIs and SI and falls with recycling; in IR it is linear, so its ends are at the ends
    of IR.

    Parameters
    ----------
    hhi_global : tuple[float, float] | None
        (low, high), 0 to 10; None where unknown.
    hhi_sourcing : tuple[float, float] | None
        (low, high), 0 to 10; None where unknown.
    import_reliance : tuple[float, float] | None
        (low, high), fractions; None where unknown.
    eol_rir : tuple[float, float]
        (low, high), fractions.
    si_sr : tuple[float, float]
        (low, high), 0 to 1.

    Returns
    -------
    dict[str, tuple[float, float] | None]
        (lowest, highest) SR of each scope; None where an input of that scope is missing.
    """
    out: dict[str, tuple[float, float] | None] = {}
    for scope in SCOPES:
        ends = []
        for k, recycled in ((0, eol_rir[1]), (1, eol_rir[0])):
            for ir in import_reliance or (None,):
                sr = supply_risk(
                    hhi_global and hhi_global[k], hhi_sourcing and hhi_sourcing[k], ir, recycled, si_sr[k]
                )[scope]
                if sr is not None:
                    ends.append(sr)
        out[scope] = (min(ends), max(ends)) if ends else None
    return out


def economic_importance(
    shares: Mapping[str, float],
    value_added: Mapping[str, float],
    largest: float,
    si_ei: float = 1.0,
    where: str = "uses",
) -> float:
    """Economic importance, 0 to 10, from the sectors that use a mineral.

    Shares that do not reach 1 leave it too low.

    Parameters
    ----------
    shares : Mapping[str, float]
        Share of use by sector, fractions.
    value_added : Mapping[str, float]
        Value added by sector, in any one currency.
    largest : float
        The largest value added of any sector, in the same currency.
    si_ei : float
        Substitution index of economic importance, 0 to 1.
    where : str
        Where the shares stand, for the error.

    Returns
    -------
    float
        0 to 10.

    Raises
    ------
    UserError
        For shares above 1 together, naming the rows.

    Examples
    --------
    >>> economic_importance({"C25": 0.5, "C28": 0.5}, {"C25": 100.0, "C28": 200.0}, 200.0, 0.8)
    6.0
    """
    checked_shares(shares, where)
    return 10.0 * sum(a * value_added[s] for s, a in shares.items()) / largest * si_ei


def is_critical(sr: float, ei: float) -> bool:
    """Whether both thresholds are met, after rounding to one decimal as the publication does.

    Parameters
    ----------
    sr : float
        Supply risk; its threshold is 1.0.
    ei : float
        Economic importance; its threshold is 2.8.

    Returns
    -------
    bool
        True where both are reached.

    Examples
    --------
    >>> is_critical(0.95, 2.81), is_critical(0.94, 9.0)
    (True, False)
    """
    return _rounded(sr) >= SR_THRESHOLD and _rounded(ei) >= EI_THRESHOLD


def _rounded(x: float) -> float:
    return int(x * 10 + 0.5 + 1e-9) / 10  # half up, as printed tables do


@dataclass(frozen=True)
class Assessed:
    """What the EU printed for a mineral in 2017: substitution indexes, recycling, import reliance, SR and
    EI."""

    material: str
    si_ei: float
    si_sr: float
    eol_rir: float
    import_reliance: float | None
    sr: float
    ei: float


@cache
def assessed_2017() -> dict[str, Assessed]:
    """By mineral; source European Commission (2017), tables 3, 18 and 19 (CC BY 4.0).

    >>> assessed_2017()["tungsten"].si_ei
    0.9
    """
    out = {}
    for r in csv.DictReader(data_text("eu_2017.csv").splitlines()):
        out[r["mineral"]] = Assessed(
            r["material"],
            float(r["si_ei"]),
            float(r["si_sr"]),
            float(r["eol_rir_pct"]) / 100,
            float(r["ir_pct"]) / 100 if r["ir_pct"] else None,
            float(r["sr"]),
            float(r["ei"]),
        )
    return out


@dataclass(frozen=True)
class Uses:
    """Shares of use by application, and value added (million EUR) of the NACE-2 sector of each
    application."""

    shares: dict[str, float]
    value_added: dict[str, float]


LARGEST_VALUE_ADDED_2023 = 204200.0  # million EUR, C28 machinery; the normaliser of the EU assessment of 2023


@cache
def uses_2023() -> dict[str, Uses]:
    """Use of each mineral in the EU by application; European Commission (2023), Annex 6 (CC BY 4.0).

    >>> tungsten = uses_2023()["tungsten"]
    >>> round(economic_importance(tungsten.shares, tungsten.value_added, LARGEST_VALUE_ADDED_2023), 2)
    9.16
    """
    out: dict[str, Uses] = {}
    for r in csv.DictReader(data_text("eu_uses_2023.csv").splitlines()):
        u = out.setdefault(r["mineral"], Uses({}, {}))
        use = f"{r['application']} ({r['sector']})"
        u.shares[use] = round(u.shares.get(use, 0.0) + float(r["share"]), 6)
        u.value_added[use] = float(r["value_added_meur"])
    return out
