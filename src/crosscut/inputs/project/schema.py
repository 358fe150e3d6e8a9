"""Schema: the fields of a project file, version 1."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from crosscut.inputs.project.fields import Fields, Sourced, Year
from crosscut.inputs.project.finance_schema import FinanceEntry
from crosscut.inputs.project.money_schema import (
    CapitalEntry,
    CostsEntry,
    DiscountEntry,
    MoneyEntry,
    PricesEntry,
    TaxesEntry,
    WorkingCapitalEntry,
)
from crosscut.inputs.project.technical_schema import (
    ByProductEntry,
    MillEntry,
    MineEntry,
    OreEntry,
    ProductEntry,
)
from crosscut.inputs.scenario.schema import MOST_DRAWS, LimitEntry, Name, PlaceCode, Prose, Words


class SpanEntry(Fields):
    """First year money is spent and first year ore is milled; the last year is that of the last ore or
    closure."""

    first: Year = Field(description="first year of spending", examples=[2028])
    production: Year = Field(description="first year of production", examples=[2030])
    last: Year | None = Field(None, description="last year of production, where ore is left after it")


class AlternativeEntry(Sourced):
    """Another reading of the facts, run beside the first."""

    id: Name = Field(description="a short name of its own", examples=["cost-includes-operating"])
    title: Words = Field(description="one line for people", examples=["USD 1.1 bn holds operating costs too"])
    set: dict[str, Any] = Field(
        description="fields of this file and what stands there instead",
        examples=["{'capital.items[mill].amount': 755e6}"],
    )


class ProjectFile(Fields):
    """A project file, version 1."""

    version: Literal[1] = Field(description="version of this format", examples=[1])
    kind: Literal["project"] = Field(description="what the file is", examples=["project"])
    id: Name = Field(description="a short name", examples=["north-katpar"])
    title: Words = Field(description="one line for people", examples=["North Katpar, mine and APT plant"])
    country: PlaceCode = Field(description="where it lies", examples=["KAZ"])
    region: str = Field("", description="state or province", examples=["New Brunswick"])
    mineral: Words = Field(description="mineral", examples=["tungsten"])
    description: Prose = Field("", description="what it is and what is not known", examples=["..."])
    study: bool = Field(
        False, description="whether a published study stands behind it: else results are ranges only"
    )
    seed: Annotated[int, Field(ge=0, lt=2**63)] = Field(1, description="seed of the draws", examples=[1])
    draws: Annotated[int, Field(ge=1, le=MOST_DRAWS)] = Field(
        1000, description="number of futures", examples=[1000]
    )
    years: SpanEntry = Field(description="first spending and first production")
    money: MoneyEntry = Field(description="currency, basis, year, inflation")
    discount: DiscountEntry = Field(description="discount rates")
    ore: Annotated[list[OreEntry], Field(min_length=1, max_length=20)] = Field(
        description="types of ore, in order"
    )
    mine: MineEntry = Field(description="how fast it is mined")
    mill: MillEntry = Field(
        default_factory=lambda: MillEntry.model_validate({}), description="how fast it is milled"
    )
    by_products: list[ByProductEntry] = Field([], description="what else is sold")
    product: ProductEntry = Field(description="what is sold")
    prices: PricesEntry = Field(description="the APT price, or another mineral's own")
    costs: CostsEntry = Field(description="operating costs")
    capital: CapitalEntry = Field(description="capital costs")
    working_capital: WorkingCapitalEntry | None = Field(None, description="days of sales and costs")
    taxes: TaxesEntry = Field(description="what the state takes")
    finance: FinanceEntry = Field(
        default_factory=lambda: FinanceEntry.model_validate({}), description="who pays"
    )
    alternatives: list[AlternativeEntry] = Field([], description="other readings of the facts")
    limits: list[LimitEntry] = Field([], description="what is not in it, and which way it errs")
