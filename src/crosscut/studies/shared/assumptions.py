"""Assumptions: what a result takes as given, each with its range, its evidence status and its source."""

from __future__ import annotations

from crosscut.inputs.scenario.entries import event_title
from crosscut.market.events.events import Scenario
from crosscut.market.model.world import World
from crosscut.results import Assumption
from crosscut.studies.shared.ensemble import PRICE_NOISE, price_noise
from crosscut.worlds.parameters import parameter_distributions

_MEANING = {
    "sigma": "Substitution between origins of {} within the window (elasticity at base prices)",
    "eta": "Response of primary supply of {} to its price (elasticity at base prices)",
    "eps": "Response of use for {} to its price (elasticity at base prices)",
    "mu": "Margin of {} over inputs and avoidable cost (share of the value of output)",
    "zc": "Price ratio at which users stop buying (backstop of {} uses)",
}


def parameter_assumptions(world: World) -> list[Assumption]:
    """The behaviour of a market as assumptions: one for every parameter that it uses.

    The response of primary supply is left out for forms that no mine of this world yields.

    Parameters
    ----------
    world : World
        The market.

    Returns
    -------
    list[Assumption]
        Middle, low and high of each parameter as in `worlds.parameters`, without unit (elasticities, price
        ratios, shares), in the order of the distributions.
    """
    return [
        Assumption(
            id=f"{d.name}/{d.scope}",
            what=_MEANING[d.name].format(d.scope),
            value=d.mid,
            low=d.low,
            high=d.high,
            evidence_status=d.evidence_status,
            source=d.source,
            unit="",
        )
        for d in parameter_distributions(world)
        if d.name != "eta" or world.M0[world.chain.form_index(d.scope)].sum() > 0
    ]


def event_assumptions(scenario: Scenario) -> list[Assumption]:
    """The size of every event as an assumption.

    Parameters
    ----------
    scenario : Scenario
        Its events, in their order.

    Returns
    -------
    list[Assumption]
        Size, low and high in the unit of each event; "estimated" where the event names a source, else
        "assumed".
    """
    return [
        Assumption(
            id=f"event/{e.id}",
            what=event_title(e),
            value=e.size,
            low=e.low,
            high=e.high,
            evidence_status="assumed" if not e.source else "estimated",
            source=e.source,
            unit=e.unit,
            note=e.note,
        )
        for e in scenario.events
    ]


def noise_assumptions(world: World) -> list[Assumption]:
    """The residual error of every price as an assumption.

    Parameters
    ----------
    world : World
        The market, whose turnover decides how wide the error is.

    Returns
    -------
    list[Assumption]
        One a form: standard deviation of the log price, see `ensemble.price_noise`.
    """
    noise = price_noise(world)
    return [
        Assumption(
            id=f"noise/{form.id}",
            what=f"Residual error of the price of {form.id} that no parameter explains (sd of the log)",
            value=float(noise[f]),
            low=None,
            high=None,
            evidence_status="derived",
            source=(
                f"Yearly price models on past disruptions; {PRICE_NOISE} in markets above 500 million USD"
            ),
            unit="log",
        )
        for f, form in enumerate(world.chain.forms)
    ]
