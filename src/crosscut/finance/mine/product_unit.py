"""Product unit: in what a product is counted and priced: mtu of WO3 for tungsten, t of Sb, troy oz of Au.

Inside the valuation everything is counted in mtu, 10 kg of what is contained, whatever the mineral. This
module says how people count, and turns one into the other.

Tests: tests/studies/project/test_other_minerals.py
"""

from __future__ import annotations

from dataclasses import dataclass

KG_PER_MTU = 10.0
# kg in a unit of price. The pound and the troy ounce are defined in grams (1959).
KILOGRAMS = {"mtu": 10.0, "t": 1000.0, "kg": 1.0, "lb": 0.45359237, "oz": 0.0311034768}


@dataclass(frozen=True)
class ProductUnit:
    """How people count a product.

    Parameters
    ----------
    name : str
        One of `KILOGRAMS`; `oz` is the troy ounce.
    content : str
        What is counted of it, such as WO3, Sb or Li2O.
    price_name : str
        What its price is called.

    Examples
    --------
    >>> unit = ProductUnit("t", "Sb", "price of Sb")
    >>> unit.label, unit.mtu, unit.said("APT price, USD per mtu WO3")
    ('t Sb', 100.0, 'price of Sb, USD per t Sb')
    """

    name: str = "mtu"
    content: str = "WO3"
    price_name: str = "APT price"

    @property
    def label(self) -> str:
        """The unit with what it counts: "mtu WO3"."""
        return f"{self.name} {self.content}"

    @property
    def mtu(self) -> float:
        """How many mtu (10 kg) are in a unit: a price per mtu times this is a price per unit."""
        return KILOGRAMS[self.name] / KG_PER_MTU

    @property
    def is_apt(self) -> bool:
        """Whether it is the unit of the tungsten trade, and the price that of APT."""
        return self == MTU_WO3

    def said(self, text: str) -> str:
        """A text about mtu of WO3 and the price of APT, about this product in its unit.

        Parameters
        ----------
        text : str
            As written for tungsten.

        Returns
        -------
        str
            Unchanged for tungsten.
        """
        if self.is_apt:
            return text
        return self.named(text.replace("mtu WO3", self.label).replace("per mtu", f"per {self.name}"))

    def named(self, text: str) -> str:
        """A text about WO3 and APT, about this product; units stay as they are.

        Parameters
        ----------
        text : str
            As written for tungsten.

        Returns
        -------
        str
            Unchanged for tungsten.
        """
        if self.is_apt:
            return text
        for old, new in (("APT prices", "prices"), ("APT price", self.price_name), ("WO3", self.content)):
            text = text.replace(old, new)
        return text.replace("APT", f"the {self.price_name}")


MTU_WO3 = ProductUnit()
