"""Tables of a project's result (see `tables`, which takes them up)."""

from __future__ import annotations

from crosscut.results.tables.columns import Column

_CASE: dict[str, Column] = {
    "case": (
        "text",
        "",
        (
            "middle: every figure in the middle; low-price: the price nine draws in ten exceed; or an"
            " alternative"
        ),
    ),
}
_POINTS: dict[str, Column] = {
    "p10": ("number?", "row unit", "10 % point over the draws"),
    "median": ("number?", "row unit", "50 % point over the draws"),
    "p90": ("number?", "row unit", "90 % point over the draws"),
}

PROJECT_TABLES: dict[str, dict[str, Column]] = {
    "project_measures": {
        "measure": ("text", "", "id of the measure"),
        "what": ("text", "", "what it is"),
        "party": ("text", "", "project, owners, state or lenders"),
        "unit": ("text", "", "of this row"),
        "low_price": (
            "number?",
            "row unit",
            "at the price that nine draws in ten exceed in every year, other figures in the middle",
        ),
        "middle": (
            "number?",
            "row unit",
            "every figure in the middle; null where no study stands behind the project",
        ),
        **_POINTS,
        "without": ("number?", "fraction", "share of the draws in which there is none"),
        "headline": ("flag", "", "shown first"),
    },
    "project_cash": {
        **_CASE,
        "year": ("number", "", "calendar year"),
        "group": ("text", "", "sales, costs, taxes, capital, finance or owners"),
        "line": ("text", "", "what is paid"),
        "party": ("text", "", "with whom"),
        "unit": ("text", "", "million, nominal"),
        "value": ("number", "row unit", "positive to the company"),
    },
    "project_parties": {
        **_CASE,
        "party": ("text", "", "who"),
        "year": ("number", "", "calendar year"),
        "unit": ("text", "", "million, nominal"),
        "value": (
            "number",
            "row unit",
            "received less paid; all parties and the growth of the company's cash add up to nothing",
        ),
    },
    "project_tonnes": {
        **_CASE,
        "year": ("number", "", "calendar year"),
        "item": ("text", "", "ore mined, waste, ore milled, grade, WO3 in concentrate, sold, APT price, ..."),
        "unit": ("text", "", "of this row"),
        "value": ("number", "row unit", "of the year"),
    },
    "project_sources_uses": {
        **_CASE,
        "side": ("text", "", "source or use"),
        "item": ("text", "", "what"),
        "party": ("text", "", "who"),
        "unit": ("text", "", "million, nominal, until the year before production"),
        "value": ("number", "row unit", "sources and uses add up to the same"),
    },
    "project_debt": {
        **_CASE,
        "year": ("number", "", "calendar year"),
        "loan": ("text", "", "id of the loan, or all"),
        "unit": ("text", "", "million, nominal"),
        "drawn": ("number", "row unit", "drawn in cash"),
        "interest": ("number", "row unit", "paid"),
        "repaid": ("number", "row unit", "principal paid"),
        "owed": ("number", "row unit", "at the end of the year"),
        "cover": ("number?", "ratio", "cash available over debt service due; only for all"),
        "loan_life_cover": (
            "number?",
            "ratio",
            "worth of cash to the last repayment over what is owed; only for all",
        ),
        "locked_draws": ("number?", "fraction", "of the draws in which cover stops dividends"),
        "default_draws": ("number?", "fraction", "of the draws in which cover is below default"),
        "unpaid_draws": ("number?", "fraction", "of the draws in which debt service is not paid in full"),
    },
    "project_balance": {
        **_CASE,
        "year": ("number", "", "end of calendar year"),
        "side": ("text", "", "assets, owed or equity"),
        "item": ("text", "", "what"),
        "unit": ("text", "", "million, nominal"),
        "value": ("number", "row unit", "assets are what is owed and equity together"),
    },
    "project_tornado": {
        "figure": ("text", "", "field of the file"),
        "low": ("number", "", "its 10 % point, in the unit of the field; a factor where its years differ"),
        "middle": ("number", "", "its middle"),
        "high": ("number", "", "its 90 % point"),
        "unit": ("text", "", "million, nominal"),
        "at_low": ("number?", "row unit", "present value after tax at its low end, the others in the middle"),
        "at_high": ("number?", "row unit", "at its high end"),
        "owners_at_low": ("number?", "row unit", "present value to the owners at its low end"),
        "owners_at_high": ("number?", "row unit", "at its high end"),
        "evidence_status": ("text", "", "of the figure"),
        "fact": ("text?", "", "id of the fact"),
    },
    "project_tax": {
        "price": ("number", "row unit", "of APT, or of another mineral, the same in real terms every year"),
        "unit": ("text", "", "USD per unit of what is priced, real"),
        "rate": (
            "number?",
            "fraction",
            "average effective tax rate; null where the flow before tax is worth nothing",
        ),
        "before": ("number", "million", "present value before all that the budget takes"),
        "after": ("number", "million", "present value after tax, before financing"),
    },
    "project_refining": {
        "item": ("text", "", "what"),
        "unit": ("text", "", "of this row"),
        "middle": ("number?", "row unit", "every figure in the middle"),
        **_POINTS,
    },
    "project_returns": {
        **_CASE,
        "party": ("text", "", "project before tax, project after tax, owners together, and each party"),
        "unit": ("text", "", "million, nominal"),
        "worth": (
            "number",
            "row unit",
            "present value at the rate of owners or state, else at that of the project",
        ),
        "rates": (
            "text",
            "",
            "every internal rate of return, separated by semicolons; empty where there is none",
        ),
        "number": ("number", "", "how many there are"),
    },
    "project_alternatives": {
        "alternative": ("text", "", "id; middle is the file as it stands"),
        "title": ("text", "", "what is read another way"),
        "measure": ("text", "", "id of the measure"),
        "unit": ("text", "", "of this row"),
        "middle": (
            "number?",
            "row unit",
            "every figure in the middle; null where no study stands behind the project",
        ),
        **_POINTS,
    },
    "project_costs": {
        "project": ("text", "", "whose cost"),
        "country": ("text", "", "ISO 3166 alpha-3"),
        "kind": (
            "text",
            "",
            "this project, curve, another figure (of a mine on the curve), claim (about many mines), unknown",
        ),
        "state": ("text", "", "of mines on the curve: runs or planned"),
        "what": ("text", "", "what is counted"),
        "unit": ("text", "", "of this row"),
        "cost": ("number?", "row unit", "per mtu WO3 in concentrate; null where none is known"),
        "low": ("number?", "row unit", "10 % point, or the low end of what is stated"),
        "high": ("number?", "row unit", "90 % point, or the high end with faster growth of mining costs"),
        "output": (
            "number?",
            "t W a year",
            (
                "mined in the year of the curve, or planned; of a claim, what all the mines it is about mine"
                " together"
            ),
        ),
        "start": ("number?", "t W a year", "of mines on the curve that are cheaper"),
        "end": ("number?", "t W a year", "the same with this one"),
        "stated": ("text", "", "as printed, with its money"),
        "source": ("text", "", "who says so"),
        "evidence_status": ("text", "", "of the figure, or of its exchange rate where that is worse"),
        "note": ("text", "", "how it was read, and whose output"),
    },
    "project_cost_place": {
        "id": ("text", "", "id of the project"),
        "project": ("text", "", "its title"),
        "country": ("text", "", "ISO 3166 alpha-3"),
        "this": ("flag", "", "whether this result is about it"),
        "unit": ("text", "", "of the costs"),
        "low": ("number", "row unit", "low end of its cash cost at the mine's gate, as on the curve"),
        "cost": ("number", "row unit", "its cost on the curve; of a project that is asked about, its own"),
        "high": ("number", "row unit", "high end"),
        "basis": ("text", "", "stated by a source, with the ends of what it counts, or project file"),
        "rebuilt_low": ("number", "row unit", "10 % point of the cost by its project file"),
        "rebuilt": (
            "number",
            "row unit",
            "50 % point: what its inputs add up to",
        ),
        "rebuilt_high": ("number", "row unit", "90 % point"),
        "output": ("number", "t W a year", "in an average year of production"),
        "cheaper_low": (
            "number",
            "t W a year",
            "of other mines with a figure that are cheaper than its low end",
        ),
        "cheaper": ("number", "t W a year", "cheaper than its cost"),
        "cheaper_high": ("number", "t W a year", "cheaper than its high end"),
        "known": ("number", "t W a year", "of other mines with a figure in all"),
        "least": (
            "number",
            "fraction",
            "of world mine output that is cheaper, were all unknown mines dearer",
        ),
        "most": ("number", "fraction", "the same, were all unknown mines cheaper"),
    },
    "project_studies": {
        "study": ("text", "", "the published study"),
        "result": ("text", "", "which of its results"),
        "unit": ("text", "", "of this row"),
        "published": ("number?", "row unit", "as published"),
        "rebuilt": ("number?", "row unit", "as rebuilt from its other figures"),
        "difference": (
            "number?",
            "fraction or points",
            "rebuilt over published less one; in points for rates, years for paybacks",
        ),
        "bracket": ("number", "fraction or points", "what flat yearly flows allow either way"),
        "verdict": ("text", "", "inside, outside, not rebuilt, or used to find a missing figure"),
        "note": ("text", "", "what was missing and how it was found, or why it was not rebuilt"),
        "source": ("text", "", "where the study's figures were read"),
    },
    "project_choices": {
        "choice": ("text", "", "wait, phase or abandon"),
        "title": ("text", "", "what may be chosen, and against what"),
        "unit": ("text", "", "of the worths: real, after tax, before financing, mean over the draws"),
        "now": ("number", "row unit", "worth if all is decided today"),
        "best_fixed": ("number", "row unit", "worth of the best date fixed today, never among them"),
        "fixed_year": ("number?", "year", "that date; null where never is best"),
        "value": (
            "number",
            "row unit",
            "worth with the choice, by a rule fitted on other draws than it is valued on",
        ),
        "error": ("number", "row unit", "its standard error"),
        "gain": (
            "number",
            "row unit",
            "value less what it is compared with; below 0 where the choice costs more than it brings",
        ),
        "never": ("number", "fraction", "of the draws in which it is never taken"),
        "median_year": ("number?", "year", "in which it is taken, where it is"),
        "draws": ("number", "", "draws it rests on"),
    },
    "project_coupling": {
        "step": ("number", "", "0: as planned; then each round of project into market and back"),
        "futures": ("number", "", "futures of the outlook solved"),
        "year": ("number", "", "calendar year"),
        "without": (
            "number?",
            "USD/mtu WO3",
            "median price of the outlook without the project, last step only",
        ),
        "price": (
            "number",
            "USD/mtu WO3",
            "median price of the outlook with it, dollars of the outlook's base year",
        ),
        "planned": ("number", "t contained", "what the project plans to sell"),
        "sold": (
            "number",
            "t contained",
            "what the market takes of it, median; a little more than planned where the price is high",
        ),
        "residual": (
            "number?",
            "log",
            "largest change of a year's price against the step before; 0 is a fixed point",
        ),
    },
}
