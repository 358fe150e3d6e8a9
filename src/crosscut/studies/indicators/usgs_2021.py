"""USGS 2021: the supply-risk score behind the list of critical minerals of 2022, with what is not published
named ours.

    DP = sum_c PS_c^2 ASI_c WSI_c              disruption potential
    TE = NIR / AC                              trade exposure
    EV = sum_j (VA_j / GDP) (EXP_ij / OP_j)    economic vulnerability
    SR = (DP TE EV)^(1/3)                      supply risk

PS production share; ASI ability to supply, 1 - policy perception index / 100; WSI willingness to supply,
from trade ties, shared values and military cooperation. Source: Nassar et al. (2020), Science Advances 6,
eaay8647; Nassar and Fortier (2021), USGS Open-File Report 2021-1045. The publications rescale the components
to 0-1 in a way they do not disclose, and the Fraser index may not be carried: here ASI is political
instability (World Bank), WSI is 1 for every country but the one assessed. So DP is an upper bound in WSI,
and only its order is comparable with the publication.
"""

from __future__ import annotations

from collections.abc import Iterable

from numpy.typing import ArrayLike

from crosscut.studies.indicators.concentration import weighted_hhi


def disruption_potential(shares: ArrayLike, inability: ArrayLike, unwillingness: ArrayLike) -> float:
    """Disruption potential, 0 to 1; see the module.

    Parameters
    ----------
    shares : array [country]
        Shares of world production, fractions.
    inability : array [country]
        0 able to supply to 1 unable.
    unwillingness : array [country]
        0 willing to supply to 1 unwilling.

    Returns
    -------
    float
        Sum of squared shares times both, 0 to 1.

    Examples
    --------
    >>> round(disruption_potential([0.8, 0.2], [0.5, 0.5], [1.0, 0.0]), 12)
    0.32
    """
    return weighted_hhi(shares, inability, unwillingness)


def trade_exposure(net_import_reliance: float) -> float:
    """Trade exposure: net import reliance held within 0 and 1, so that a net exporter has 0.

    Parameters
    ----------
    net_import_reliance : float
        Share of apparent consumption; negative for a net exporter.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> trade_exposure(0.5), trade_exposure(-0.2)
    (0.5, 0.0)
    """
    return min(1.0, max(0.0, net_import_reliance))


def economic_vulnerability(industries: Iterable[tuple[float, float, float]], gdp: float) -> float:
    """Economic vulnerability, not rescaled: the publications rescale it, undisclosed how.

    Parameters
    ----------
    industries : Iterable[tuple[float, float, float]]
        (value added, spending on the mineral, operating profit) of each, all in one currency.
    gdp : float
        Gross domestic product in that currency.

    Returns
    -------
    float
        Sum over industries of share of GDP times spending over profit.

    Examples
    --------
    >>> economic_vulnerability([(100.0, 1.0, 20.0), (50.0, 2.0, 10.0)], 1000.0)
    0.015
    """
    return sum(va / gdp * spent / profit for va, spent, profit in industries)


def supply_risk(dp: float, te: float, ev: float) -> float:
    """Supply risk, the geometric mean of its three components.

    Parameters
    ----------
    dp : float
        Disruption potential, 0 to 1.
    te : float
        Trade exposure, 0 to 1.
    ev : float
        Economic vulnerability.

    Returns
    -------
    float
        0 to 1 where `ev` is.

    Examples
    --------
    >>> round(supply_risk(0.512, 0.5, 0.25), 12)
    0.4
    """
    return float((dp * te * ev) ** (1.0 / 3.0))
