"""How much a row bought and what was paid: units, currencies and the agreement of what the row states.

Where a cell, its row and its heading state a unit, they must agree; the headings of our own template
("tonnes", "usd") give way to a column of units, which is said.

Tests: tests/inputs/purchases/test_row_checks.py
"""

from __future__ import annotations

from collections.abc import Sequence

from crosscut.base.errors import Problem
from crosscut.inputs.purchases.row_cells import RowCells
from crosscut.inputs.purchases.words.money import (
    EXPECTED_CURRENCY,
    MoneyUnit,
    in_usd,
    money_problem,
    money_unit,
    rate_of,
)
from crosscut.inputs.purchases.words.products import BoughtProduct
from crosscut.inputs.purchases.words.units import EXPECTED_UNIT, WeightUnit, unit_problem, weight_unit
from crosscut.inputs.purchases.words.word_tables import plain


class Amounts:
    """The quantity and the money of one row.

    Parameters
    ----------
    cells
        The row; problems go there.
    """

    def __init__(self, cells: RowCells) -> None:
        self.cells = cells
        self.money_field = "value" if cells.has("value") else "unit_price"

    def unit(self, product: BoughtProduct | None) -> WeightUnit | None:
        """The unit of the quantity.

        Parameters
        ----------
        product : BoughtProduct or None
            What was bought, where that is known; some units belong to one mineral.

        Returns
        -------
        WeightUnit or None
            None with a problem noted.
        """
        meaning = self.cells.file.columns.meaning("quantity")
        stated = [(self.cells.around("quantity"), "quantity"), (self.cells.text("unit"), "unit")]
        units = self._weights([s for s in stated if s[0]])
        if units is None:
            return None
        if meaning is not None and meaning.unit:
            heading = weight_unit(meaning.unit)
            assert isinstance(heading, WeightUnit)
            if not units:
                units = [heading]
            elif not _same_weight(units[0], heading):
                if not meaning.own_name:
                    what = f"the unit is {units[0].text!r} in the row and {meaning.unit!r} in the heading"
                    self.cells.wrong(what, "quantity", "one unit")
                    return None
                self.cells.note("the row's own unit is used, not the one of the heading 'tonnes'")
        if not units and self.cells.file.choices.unit:
            units = self._weights([(self.cells.file.choices.unit, "quantity")]) or []
        if not units:
            expected = f"{EXPECTED_UNIT} beside the number, in a column 'Unit', in the heading, or --unit"
            self.cells.wrong("the quantity has no unit", "quantity", expected)
            return None
        unit = units[0]
        if unit.only and product is not None and product.mineral.name not in unit.only:
            meant = ", ".join(unit.only)
            self.cells.wrong(
                f"{unit.text!r} is a unit of {meant}, not of {product.mineral.name}", "unit", EXPECTED_UNIT
            )
            return None
        return unit

    def _weights(self, stated: Sequence[tuple[str, str]]) -> list[WeightUnit] | None:
        """The units stated, which must agree; None where that is a problem."""
        units: list[WeightUnit] = []
        for text, name in stated:
            unit = weight_unit(text)
            if isinstance(unit, str):
                self.cells.problems.append(unit_problem(text, self.cells.at(name)))
                return None
            if units and not _same_weight(units[0], unit):
                self.cells.wrong(
                    f"the unit is {units[0].text!r} in one cell and {text!r} in another", name, "one unit"
                )
                return None
            units.append(unit)
        return units

    def money_unit(self) -> MoneyUnit | None:
        """The currency and scale of the money.

        Returns
        -------
        MoneyUnit or None
            None with a problem noted.
        """
        name = self.money_field
        meaning = self.cells.file.columns.meaning(name)
        stated = [(self.cells.around(name), name), (self.cells.text("currency"), "currency")]
        found: list[MoneyUnit] = []
        for text, where in stated:
            if not text:
                continue
            if name == "unit_price" and where == name:
                text = text.partition("/")[0].strip() or text
            unit = self._currency(text)
            if isinstance(unit, str):
                self.cells.problems.append(money_problem(text, self.cells.at(where)))
                return None
            found.append(unit)
        heading = (
            self._currency(meaning.unit.partition("/")[0]) if meaning is not None and meaning.unit else None
        )
        if isinstance(heading, MoneyUnit):
            if meaning is not None and meaning.own_name and found and found[0].currency != "USD":
                self.cells.note("the row's own currency is used, not the one of the heading 'usd'")
            else:
                found.append(heading)
        chosen = self._currency(self.cells.file.choices.currency)
        if isinstance(chosen, MoneyUnit) and (not found or chosen.currency == found[0].currency):
            found.append(chosen)  # its scale holds for money whose currency the file states
        if not found:
            where = "beside the number, in a column 'Currency', in the heading, or --currency"
            expected = f"{EXPECTED_CURRENCY} {where}"
            self.cells.wrong("the money has no currency", name, expected)
            return None
        scales = {u.scale for u in found if u.scale != 1.0}
        if len({u.currency for u in found}) > 1 or len(scales) > 1:
            texts = " and ".join(dict.fromkeys(repr(u.text.strip()) for u in found))
            self.cells.wrong(f"the money is in {texts}", name, "one currency")
            return None
        sure = next((u for u in found if not u.note), found[0])
        self.cells.note(sure.note)
        return MoneyUnit(sure.text, sure.currency, scales.pop() if scales else 1.0, sure.note)

    def _currency(self, text: str) -> MoneyUnit | str:
        """A currency; the yen sign is read by the language of the headings."""
        if plain(text) == "¥":
            for language, code in (("ja", "JPY"), ("zh", "CNY")):
                if self.cells.file.columns.languages == {language}:
                    return MoneyUnit(text, code, 1.0, f"'¥' is read as {code}: headings are in '{language}'")
        return money_unit(text)

    def paid(self, quantity: float | None, unit: WeightUnit | None, money: MoneyUnit | None) -> float | None:
        """Money of the row; value and unit price must agree where both are there.

        Parameters
        ----------
        quantity : float or None
            How many of the unit.
        unit : WeightUnit or None
            The unit of the quantity.
        money : MoneyUnit or None
            Currency and scale.

        Returns
        -------
        float or None
            In the currency; None with a problem noted.
        """
        value = price = None
        if self.cells.has("value"):
            value = self.cells.number("value")
            if value is None:
                return None
        if self.cells.has("unit_price") and (value is None or self.cells.text("unit_price")):
            price = self.cells.number("unit_price")
            if price is None or quantity is None or unit is None:
                return None if value is None else value * (money.scale if money else 1.0)
            amount = self._in_unit_of_price(quantity, unit)
            if amount is None:
                return None
            product = price * amount
            if value is None:
                return product * (money.scale if money else 1.0)
            if abs(product - value) > 0.015 * max(product, value):
                what = f"the value is {value:,.10g}, but quantity times unit price is {product:,.10g}"
                self.cells.wrong(what, "value", "a value and a unit price that fit")
                return None
        return None if value is None else value * (money.scale if money else 1.0)

    def _in_unit_of_price(self, quantity: float, unit: WeightUnit) -> float | None:
        """The quantity in the unit that the price is for: the row's own, or that of "EUR/kg"."""
        meaning = self.cells.file.columns.meaning("unit_price")
        around = self.cells.around("unit_price").partition("/")[2]
        per = around or (meaning.unit.partition("/")[2] if meaning is not None else "")
        if not per:
            self.cells.note(f"the unit price is taken to be for 1 {unit.text.strip()}")
            return quantity
        other = weight_unit(per)
        if isinstance(other, str) or other.of != unit.of:
            self.cells.wrong(
                f"a price per {per!r} does not fit a quantity in {unit.text!r}", "unit_price", "one unit"
            )
            return None
        return quantity * unit.tonnes / other.tonnes

    def usd(self, paid: float | None, money: MoneyUnit | None, year: int | None) -> float | None:
        """Money in nominal USD.

        Parameters
        ----------
        paid : float or None
            In the currency.
        money : MoneyUnit or None
            Its currency.
        year : int or None
            The year whose average rate is used.

        Returns
        -------
        float or None
            None where something is not known; a missing rate is noted as a problem.
        """
        if paid is None or money is None or year is None:
            return None
        name = self.money_field
        own = self.cells.file.choices.rates
        usd = in_usd(paid, money.currency, year, self.cells.at(name), own)
        if isinstance(usd, Problem):
            self.cells.problems.append(usd)
            return None
        if money.currency != "USD":
            rate = rate_of(money.currency, year, own)
            source = rate.source.partition(",")[0]
            said = source if rate.source.startswith("the rate that") else f"the average of {year} ({source})"
            per_usd = f"{rate.value:g} {money.currency} per USD"
            self.cells.note(f"{money.currency} are turned into USD at {per_usd}, {said}")
        return usd


def _same_weight(one: WeightUnit, other: WeightUnit) -> bool:
    return one.of == other.of and abs(one.tonnes - other.tonnes) <= 1e-9 * one.tonnes
