"""Summary: what a screen says first, drawn from a result document and nothing else."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from crosscut.output.screens.market.words import (
    DASH,
    amount,
    change_text,
    day_text,
    effect_text,
    event_text,
    interval_text,
    percent,
    price_text,
    short_place,
    signed,
    status_text,
    unit_text,
)
from crosscut.results import Document, Observed
from crosscut.results.rows import Row

NOTHING = 0.05  # t; changes below are solver noise, not news
NO_MONEY = 1e-3  # million USD a year: below a thousand dollars nobody pays


@dataclass(frozen=True)
class HeadlinePrice:
    """One headline price as text: missing values are dashes with the status in words."""

    label: str
    unit: str
    before: str
    median: str
    change: str
    effect: str
    level: str
    observed: tuple[str, ...]
    status: str


@dataclass(frozen=True)
class Amount:
    """A place with a number; `form` where it belongs to one; None is missing."""

    place: str
    value: float | None
    share: float | None = None
    form: str = ""
    status: str = ""


def table_rows(result: Document, name: str) -> list[Row]:
    """Rows of a table; [] when the result has no such table."""
    return list(result.rows_if_any(name))


def headline_prices(result: Document) -> list[HeadlinePrice]:
    """The prices shown first, in the order of the document, each with its quotations and their verdicts."""
    out = []
    for row in table_rows(result, "prices"):
        if row["headline"]:
            status = status_text(row["status"])
            out.append(
                HeadlinePrice(
                    label=price_text(result.places, row),
                    unit=unit_text(row["unit"]),
                    before=amount(row["base"]),
                    median=amount(row["median"]),
                    change=change_text(row),
                    effect=effect_text(row) if row["median"] is not None else status or "not computed",
                    level=interval_text(row),
                    observed=_observed_texts(observed_of(result, row), row),
                    status=status,
                )
            )
    return out


def observed_of(result: Document, price: Row) -> list[Observed]:
    """The quotations that belong to a price row, by date."""
    ref = f"prices/{price['form']}/{price['place']}/{price['basis']}"
    return sorted((o for o in result.observed if o.ref == ref), key=lambda o: o.date)


def _observed_texts(observed: list[Observed], price: Row) -> tuple[str, ...]:
    """One text per quotation that is compared; one text for all others, with the reason."""
    compared = [o for o in observed if not (o.verdict or "not").startswith("not")]
    others = [o for o in observed if o not in compared]
    out = [_observed_text(o, price) for o in compared]
    for why, n in Counter(o.verdict or "not compared" for o in others).items():
        out.append(f"{n} {'quotation' if n == 1 else 'quotations'} {why}")
    return tuple(out)


def _observed_text(o: Observed, price: Row) -> str:
    unit = "" if o.unit == price["unit"] else f" {unit_text(o.unit)}"
    return f"{o.value:,.10g}{unit} ({day_text(o.date)}) {o.verdict or 'not compared'}"


def short_places(result: Document) -> list[Amount]:
    """Who runs short, largest median first; places without a number (no supply) come before all others."""
    rows = [r for r in table_rows(result, "shortages") if r["use"] == "all"]
    kept = [r for r in rows if r["median"] is None or r["median"] > NOTHING]
    kept.sort(key=lambda r: (r["median"] is not None, -(r["median"] or 0.0)))
    return [Amount(r["country"], r["median"], r["share"], r["form"], status_text(r["status"])) for r in kept]


def gap_fillers(result: Document) -> list[Amount]:
    """Origins that sell more to other places, by the gain of the median flows; a sum with a missing part is
    left out."""
    before: dict[tuple[str, str], float] = defaultdict(float)
    after: dict[tuple[str, str], list[float | None]] = defaultdict(list)
    for r in table_rows(result, "flows"):
        if r["origin"] != r["destination"]:
            before[r["form"], r["origin"]] += r["base"]
            after[r["form"], r["origin"]].append(r["median"])
    out = []
    for (form, origin), medians in after.items():
        known = [m for m in medians if m is not None]
        if len(known) == len(medians) and (gain := sum(known) - before[form, origin]) > NOTHING:
            out.append(Amount(origin, gain, form=form))
    return sorted(out, key=lambda a: -(a.value or 0.0))


def payers(result: Document) -> list[Amount]:
    """Who loses in money, in million USD a year as positive numbers, largest first: all parties of a place
    together, or its buyers where nobody else is shown."""
    rows = [r for r in table_rows(result, "welfare") if r["median"] is not None]
    totals = [r for r in rows if r["item"] == "total"] or rows
    return sorted(
        (Amount(r["country"], -r["median"]) for r in totals if r["median"] < -NO_MONEY),
        key=lambda a: -(a.value or 0),
    )


def reasons(result: Document) -> list[str]:
    """One phrase per driver, largest first: share, event, whether its limit binds, the rent and who receives
    it."""
    rows = sorted(table_rows(result, "drivers"), key=lambda r: -abs(r["share"] or 0.0))
    out = []
    for r in rows:
        share = percent(r["share"]) if r["share"] is not None else f"{DASH} (share not computed)"
        inside = ["binds"] if r["binds"] else []
        if r["rent"] is not None and r["rent"] > 0:
            inside.append(f"rent USD {amount(r['rent'])} M" + (f" to {r['rent_to']}" if r["rent_to"] else ""))
        out.append(f"{share} {event_text(r['event'])}" + (f" ({'; '.join(inside)})" if inside else ""))
    return out


def parts_of_headline(result: Document) -> list[str]:
    """What the first headline price is made of, before and after, one phrase a step; [] when it is not
    known."""
    head = next((r for r in table_rows(result, "prices") if r["headline"]), None)
    if head is None:
        return []
    side = "seller" if head["basis"] in ("inside", "border") else "buyer"
    out: list[str] = []
    for r in table_rows(result, "price_steps"):
        if (r["form"], r["place"], r["side"]) != (head["form"], head["place"], side):
            continue
        if r["basis"] == head["basis"]:
            return [f"{price_text(result.places, head)} {amount(r['before'])} -> {amount(r['after'])}", *out]
        if r["basis"] is None:
            to = f" to {r['goes_to']}" if r["goes_to"] else ""
            out.append(f"{r['part']}{to} {amount(r['before'])} -> {amount(r['after'])}")
    return []


def world_account(result: Document) -> list[str]:
    """Who gains and loses over the whole world in million USD a year, and what nobody receives; [] when not
    known."""
    out = []
    for r in table_rows(result, "world_gains"):
        if r["central"] is not None and abs(r["central"]) > NO_MONEY:
            out.append(f"{r['item']} {signed(amount(r['central']), r['central'])}")
    return out


MOVED = 0.01  # of capacity; plants whose use moves less are not named


def plants(result: Document) -> list[str]:
    """How far plants are used, one phrase a process: the world before and after, and the two places whose
    output moves most; [] when it is not known. At median parameters."""
    by_process: dict[str, list[Row]] = defaultdict(list)
    for r in table_rows(result, "utilisation"):
        if r["source"] != "primary" and r["capacity"] and r["capacity_before"]:
            by_process[r["source"]].append(r)
    out = []
    for process, rows in by_process.items():
        before = sum(r["output_before"] for r in rows) / sum(r["capacity_before"] for r in rows)
        after = sum(r["output"] for r in rows) / sum(r["capacity"] for r in rows)
        moved = [r for r in rows if abs((r["after"] or 0.0) - (r["before"] or 0.0)) > MOVED]
        moved.sort(key=lambda r: -abs(r["output"] - r["output_before"]))
        places = ", ".join(
            f"{short_place(result.places, r['country'])} {percent(r['before'])} -> {percent(r['after'])}"
            for r in moved[:2]
        )
        name = process.replace("_", " ")
        out.append(f"{name} {percent(before)} -> {percent(after)}" + (f" ({places})" if places else ""))
    return out
