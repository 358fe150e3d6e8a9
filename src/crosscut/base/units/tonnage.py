"""Tonnage: gross and contained tonnes as two types that never add, and the content that joins them.

A tonne of concentrate and a tonne of the tungsten in it are different quantities. `Gross` and `Contained`
say which is meant; adding one to the other is an error for the type checker and a TypeError at run time. The
only way across is a content in t contained per t gross.

Tests: tests/base/test_units.py
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from crosscut.base.errors import Problem, UserError, suggestion

W_PER_WO3 = (
    0.793  # t W per t WO3, as the trade rounds it (USGS MCS 2026, Tungsten); 183.84 / 231.84 = 0.79297
)
WO3_IN_CONCENTRATE = 0.65  # t WO3 per t of standard concentrate


@dataclass(frozen=True)
class _Tonnes:
    """Behaviour shared by the two kinds; never used itself."""

    tonnes: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.tonnes):
            raise UserError(
                Problem(f"{self.tonnes} is not a quantity", type(self).__name__, "a finite number of tonnes")
            )


@dataclass(frozen=True, order=True)
class Gross(_Tonnes):
    """Tonnes of a product as weighed.

    >>> Gross(100.0) + Gross(20.0)
    Gross(tonnes=120.0)
    >>> Gross(1000.0).contained(content("APT").value)
    Contained(tonnes=701.8)
    """

    def __add__(self, other: Gross) -> Gross:
        return Gross(self.tonnes + other.tonnes) if type(other) is Gross else NotImplemented

    def __sub__(self, other: Gross) -> Gross:
        return Gross(self.tonnes - other.tonnes) if type(other) is Gross else NotImplemented

    def __mul__(self, factor: float) -> Gross:
        return Gross(self.tonnes * factor) if isinstance(factor, int | float) else NotImplemented

    __rmul__ = __mul__

    def contained(self, content: float) -> Contained:
        """The metal in it, at `content` t contained per t gross. Raises UserError unless 0 < content <= 1."""
        return Contained(self.tonnes * checked_content(content))


@dataclass(frozen=True, order=True)
class Contained(_Tonnes):
    """Tonnes of the metal itself, whatever it is bound in.

    >>> Contained(0.793).gross(0.793)
    Gross(tonnes=1.0)
    """

    def __add__(self, other: Contained) -> Contained:
        return Contained(self.tonnes + other.tonnes) if type(other) is Contained else NotImplemented

    def __sub__(self, other: Contained) -> Contained:
        return Contained(self.tonnes - other.tonnes) if type(other) is Contained else NotImplemented

    def __mul__(self, factor: float) -> Contained:
        return Contained(self.tonnes * factor) if isinstance(factor, int | float) else NotImplemented

    __rmul__ = __mul__

    def gross(self, content: float) -> Gross:
        """The product that holds it, at `content` t contained per t gross; UserError unless 0 < content <=
        1."""
        return Gross(self.tonnes / checked_content(content))


def checked_content(value: float) -> float:
    """A content, checked.

    Parameters
    ----------
    value : float
        t contained per t gross.

    Returns
    -------
    float
        The same.

    Raises
    ------
    UserError
        It is not in (0, 1], as a percentage would be.
    """
    if not 0 < value <= 1:
        hint = f"{value / 100:g} if {value:g} is a percentage" if 1 < value <= 100 else "such as 0.65"
        raise UserError(
            Problem(f"content {value:g} is not a fraction", "content", f"t contained per t gross, {hint}")
        )
    return value


@dataclass(frozen=True)
class Content:
    """t contained per t gross of a form, with where it comes from and its evidence status."""

    form: str
    value: float
    source: str
    evidence_status: str


_STOICHIOMETRY = "standard atomic weights"
_TUNGSTEN = (
    Content("WO3", W_PER_WO3, "USGS MCS 2026, Tungsten: WO3 is 79.3 % W", "reported"),
    Content(
        "concentrate 65%",
        WO3_IN_CONCENTRATE * W_PER_WO3,
        "65 % WO3, the grade of quotations and quotas",
        "derived",
    ),
    Content("concentrate 55%", 0.55 * W_PER_WO3, "55 % WO3", "derived"),
    Content("concentrate 50%", 0.50 * W_PER_WO3, "50 % WO3, as the Australian producer sells it", "derived"),
    Content("scheelite", 0.6385, f"CaWO4 pure, {_STOICHIOMETRY}", "derived"),
    Content("APT", 0.7018, "ammonium paratungstate at its minimum of 88.5 % WO3", "derived"),
    Content("sodium tungstate", 0.557, f"Na2WO4.2H2O, {_STOICHIOMETRY}", "derived"),
    Content("WC", 0.9387, f"tungsten carbide, {_STOICHIOMETRY}", "derived"),
    Content("FeW", 0.75, "ferrotungsten of 75 % W", "derived"),
    Content("FeW 70%", 0.70, "ferrotungsten of the Chinese 70 % grade", "reported"),
    Content("hardmetal", 0.8448, f"90 % WC, 10 % Co, {_STOICHIOMETRY}", "derived"),
    Content("carbide scrap", 0.90, "scrap quotations of 90 to 92 % W", "estimated"),
    Content("powder", 1.0, "tungsten metal powder", "derived"),
)
CONTENTS = {c.form: c for c in _TUNGSTEN}
_ALIASES = {
    "tungsten trioxide": "WO3",
    "oxide": "WO3",
    "concentrate": "concentrate 65%",
    "65% concentrate": "concentrate 65%",
    "ammonium paratungstate": "APT",
    "carbide": "WC",
    "tungsten carbide": "WC",
    "ferrotungsten": "FeW",
    "cemented carbide": "hardmetal",
    "metal powder": "powder",
    "metal": "powder",
    "W": "powder",
}


def content(form: str) -> Content:
    """Content of a tungsten form by its name in the trade.

    Parameters
    ----------
    form : str
        Such as "concentrate", "APT" or "FeW".

    Returns
    -------
    Content
        t contained per t gross, with what it is named.

    Raises
    ------
    UserError
        The form is unknown; the nearest name is in the text.

    Examples
    --------
    >>> round(content("concentrate").value, 5), content("FeW").value
    (0.51545, 0.75)
    """
    names = {k.casefold(): CONTENTS[v] for k, v in _ALIASES.items()} | {
        k.casefold(): c for k, c in CONTENTS.items()
    }
    wanted = " ".join(form.split()).replace(" %", "%").casefold()
    if wanted not in names:
        raise UserError(Problem(f"unknown tungsten form {form!r}", "content", suggestion(form, CONTENTS)))
    return names[wanted]
