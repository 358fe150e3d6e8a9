"""Nodes: which countries the tungsten world keeps apart, and where every other trading place is counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from crosscut.base.places import bloc_members, name

# Places of the 2024 refined balance; EUO is the EU27 without Austria and Germany, OTH the rest of the world.
REFINED_PLACES = (
    "AUT",
    "BRA",
    "CAN",
    "CHN",
    "DEU",
    "EUO",
    "GBR",
    "IND",
    "ISR",
    "JPN",
    "KOR",
    "OTH",
    "PHL",
    "RUS",
    "TWN",
    "USA",
    "VNM",
)
# Countries of interest without mine output in the base year.
ALWAYS = ("KAZ",)
COUNTED_WITH = {"HKG": "CHN", "MAC": "CHN"}


def place_of(mining: Iterable[str], year: int) -> Callable[[str], str]:
    """Make a function from any country code to the node that counts it.

    Parameters
    ----------
    mining : iterable of str
        ISO3 codes of the countries that mine; each stands alone.
    year : int
        The year whose members of the EU count.

    Returns
    -------
    callable
        From an ISO3 code to a node. The places of the refined balance stand alone too; other EU members are
        in EUO, Hong Kong and Macao in CHN (as in the refined balance), all else in OTH.
    """
    nodes = {*REFINED_PLACES, *ALWAYS, *mining}
    eu = set(bloc_members("EU27", year))

    def node(code: str) -> str:
        if code in nodes:
            return code
        if code in COUNTED_WITH:
            return COUNTED_WITH[code]
        return "EUO" if code in eu else "OTH"

    return node


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Name nodes for screens; the two groups say who is in them.

    Parameters
    ----------
    codes : iterable of str
        Codes of nodes.

    Returns
    -------
    dict of str to str
        Code: name.
    """
    special = {"EUO": "EU27 without Austria and Germany", "OTH": "Rest of the world"}
    return {c: special.get(c) or name(c) for c in codes}
