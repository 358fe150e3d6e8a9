"""Technical schema: the fields of a project file on ore, mine, mill, product and refinery."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from crosscut.inputs.project.fields import Fields, Figure, Ramp, Series, YearAmounts, YearShares
from crosscut.inputs.scenario.schema import Name, Words


class OreEntry(Fields):
    """Ore of one type: what there is of it and what it holds."""

    id: Name = Field(description="a short name of its own", examples=["open-pit"])
    tonnes: Figure = Field(description="t of ore that is mined over the life", examples=["{mid: 49.8e6}"])
    resource: Figure | None = Field(None, description="t of ore in the ground, the most that can be mined")
    grade: Series = Field(description="t WO3 per t of ore milled, a fraction, or by year", examples=[0.00199])
    recovery: Series = Field(
        description="share of the WO3 in the ore that reaches the concentrate, or by year of milling",
        examples=[0.7],
    )
    strip: Series | None = Field(
        None, description="t of waste moved per t of ore mined, 0 unless given, or by year", examples=[1.2]
    )
    origin: Literal["mine", "stockpile"] = Field(
        "mine", description="stockpile: lies on the surface, so no mining cost", examples=["stockpile"]
    )


class MineEntry(Fields):
    """How fast ore is mined: by year, or a capacity with a ramp; the types of ore in the order of the
    file."""

    capacity: Figure | None = Field(None, description="t of ore a year at full rate", examples=[3.0e6])
    ramp: Ramp = Field(
        [1.0], description="share of capacity year after year of production", examples=[[0.5, 1]]
    )
    by_year: YearAmounts | None = Field(
        None, description="t of ore mined by year, no year left out", examples=["{2030: 0.3e6, 2031: 1.0e6}"]
    )


class MillEntry(Fields):
    """How fast ore is milled; what is mined beyond it goes to a stockpile and is milled later."""

    capacity: Figure | None = Field(None, description="t of ore a year; as fast as it is mined unless given")
    ramp: Ramp = Field(
        [1.0], description="share of capacity year after year of production", examples=[[0.6, 1]]
    )
    recovery_ramp: Ramp = Field([1.0], description="share of full recovery year after year of production")


class ByProductEntry(Fields):
    """Something else that is sold, counted as a credit against cost."""

    id: Name = Field(description="a short name of its own", examples=["molybdenum"])
    per_ore: Figure | None = Field(None, description="t sold per t of ore milled", examples=[0.0001])
    a_year: Figure | None = Field(None, description="or t sold a year at full rate", examples=[1860])
    price: Series = Field(description="money per t", examples=[33000])
    payable: Figure | None = Field(None, description="share of the price that is paid, 1 unless given")


class RefiningEntry(Fields):
    """A plant that turns the concentrate into APT or oxide."""

    recovery: Figure = Field(
        description="share of the WO3 in concentrate that is sold as APT", examples=[0.97]
    )
    capex: Figure = Field(description="money", examples=[120e6])
    years: YearShares = Field(description="share of it spent by year", examples=["{2029: 0.5, 2030: 0.5}"])
    power: Figure = Field(description="kWh per mtu WO3", examples=[60])
    power_price: Figure = Field(description="money per kWh", examples=[0.05])
    reagents: Figure = Field(description="money per mtu WO3", examples=[15])
    other: Figure | None = Field(None, description="other variable cost, money per mtu WO3", examples=[8])
    fixed: Figure | None = Field(None, description="money a year", examples=[4e6])
    payable: Figure | None = Field(
        None, description="share of the APT price that its product earns, 1 unless given"
    )
    freight: Figure | None = Field(None, description="money per t of product", examples=[150])
    scale_exponent: Figure | None = Field(
        None, description="capex grows with size to this power, 0.6 unless given"
    )


class ProductEntry(Fields):
    """What is sold and what is paid for it, relative to APT."""

    form: Literal["concentrate", "apt", "oxide"] = Field(description="what is sold", examples=["concentrate"])
    content: Figure | None = Field(None, description="t WO3 per t of concentrate, 0.65 unless given")
    payable: Figure = Field(
        description="share of the APT price paid for the WO3 in concentrate", examples=[0.78]
    )
    treatment: Figure | None = Field(None, description="treatment charge, money per mtu WO3", examples=[10])
    penalties: Figure | None = Field(None, description="money per t of concentrate", examples=[5])
    freight: Figure | None = Field(None, description="money per t of concentrate", examples=[120])
    refining: RefiningEntry | None = Field(
        None, description="the plant; with form concentrate it is only compared: does refining pay?"
    )
    note: Words | None = Field(None, description="how it was read")
