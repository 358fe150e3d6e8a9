"""What the ledger is asked with: facts, facilities, claims, alarms, sources side by side, unlikely flows."""

from __future__ import annotations

from typing import Annotated

from crosscut.ledger.mineral_names import MineralWord
from crosscut.studies.request import Request, Whole, argument, option, unlisted

Mineral = Annotated[MineralWord, argument("A mineral, or one of the topics finance and hazards.", "MINERAL")]


class FactsRequest(Request):
    """Facts of a mineral: value, unit, period, status of evidence, source, conflicts.

    Returns
    -------
    list of dict
        A fact a row; with `about` those of the facility a text names, in any script, and those that mention
        the text.
    """

    question = "facts"
    mineral: Mineral
    about: Annotated[
        str | None,
        option("--about", "Only a facility, by any of its names, or facts with these words.", position=True),
    ] = None
    conflicts: Annotated[
        bool, option("--conflicts", "Only facts on which sources disagree.", position=True)
    ] = False


class FacilitiesRequest(Request):
    """Every mine, deposit and plant, and who controls the world's output.

    Returns
    -------
    dict
        `sheets` (values, owners, stakes, financing, coordinates, control at the end of `year`), `geojson`,
        and `control`: the share of world output by country under each rule, unknown apart.

    Examples
    --------
    >>> from crosscut.app.api import facilities
    >>> [r["rule"] for r in facilities("tungsten")["control"]][:2]
    ['location', 'owner-named']
    """

    question = "facts"
    mineral: Mineral
    year: Annotated[Whole, unlisted("Who stands behind a facility at the end of this year.")] = 2025


class NamedRequest(Request):
    """The facility that a text names, in any script or spelling.

    Returns
    -------
    dict or None
        text, how it was read, matched, sheet, candidates. `sheet` is None and `candidates` lists id, name and
        country where the name is ambiguous; None where the text names no facility.
    """

    question = "facts"
    mineral: Mineral
    text: Annotated[str, argument("A name in any script.", "TEXT")]


class ClaimsRequest(Request):
    """An article as a test of the ledger.

    Returns
    -------
    dict
        `claims` (each beside what was found, with a verdict), `findings` (what it contradicts by itself:
        rule, claims, text) and `fewest_wrong`, a smallest set of claims that explains them all.

    Examples
    --------
    >>> from crosscut.app.api import claims
    >>> found = claims("tungsten")
    >>> len(found["claims"]), len(found["findings"]) >= 12
    (112, True)
    """

    question = "facts"
    mineral: Mineral


class AlarmsRequest(Request):
    """What the rules of coherence find in the tables of a mineral or topic.

    Returns
    -------
    list of dict
        id, rule, text, facts, verdict, reason of each.

    Examples
    --------
    >>> from crosscut.app.api import alarms
    >>> [a["verdict"] for a in alarms("copper")]
    ['rounding']
    """

    question = "facts"
    mineral: Mineral


class SourcesRequest(Request):
    """What USGS, World Mining Data and BGS say the world makes of a mineral, side by side.

    Returns
    -------
    dict
        `totals` by stage, content and year with spread and verdict (joined within `band`, or kept apart), and
        the `deviations` by country with year and reason.
    """

    question = "facts"
    mineral: Mineral


class UnlikelyRequest(Request):
    """The ten flows of a mineral that matter most and look least likely, before and after repair.

    Returns
    -------
    dict
        `mineral`, `year`, and the lists `before` and `after`: exporter, importer, code, t gross, share of the
        world's trade, USD per t, the test by which the flow is most off, how many times, what was done and
        why.

    Examples
    --------
    >>> from crosscut.app.api import unlikely
    >>> unlikely("chromium")["before"][0]["importer"]
    'Mozambique'
    """

    question = "facts"
    mineral: Mineral
    year: Annotated[Whole, unlisted("Year of trade.")] = 2024
