"""Rules on quantities: parts and wholes, one quantity twice, content, life, supply against use. Pure.

Ranges are compared, never bare numbers: a rule speaks only where no reading of the rounding and wording is
consistent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from crosscut.ledger.consistency.statement import Breaches, PartOf, StatedFigure, same_period

SLACK = 0.02  # relative: what conversions and sums of rounded figures may be off


def part_exceeds_whole(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """A part larger than what it is part of: a deposit than its country, a country than the world.

    Compares the least that the part can be with the most that the whole can be, plus `SLACK` (2 %).

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document, deduced ones among them.
    parts : PartOf
        Which subject lies in which.

    Yields
    ------
    tuple of StatedFigure
        The part and the whole.
    str
        Why they cannot all be true, for people.
    """
    for group in _alike(known).values():
        wholes = {s.subject for s in group}
        for part in group:
            above = parts.above(part.subject) & wholes
            for whole in group if above else ():
                if (
                    whole.subject in above
                    and same_period(part, whole)
                    and part.least > whole.most * (1 + SLACK)
                ):
                    yield (part, whole), f"{part} is more than {whole}, which it is part of"


def parts_exceed_whole(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """Parts that lie side by side and together exceed the whole, though none does alone.

    Compares the sum of the least of the parts with the most of the whole, plus `SLACK` (2 %).

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which.

    Yields
    ------
    tuple of StatedFigure
        The whole, then its direct parts of the same period.
    str
        Why they cannot all be true, for people.
    """
    for whole, inside in _families(known, parts):
        if any(p.least > whole.most * (1 + SLACK) for p in inside) or len(inside) < 2:
            continue
        if sum(p.least for p in inside) > whole.most * (1 + SLACK):
            total = sum((p.least + p.most) / 2 for p in inside)
            yield (
                (
                    whole,
                    *inside,
                ),
                f"{len(inside)} parts sum to {total:,.0f} {whole.counted}, more than {whole}",
            )


def total_misses_parts(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """A total that its complete list of parts does not make up.

    A list is complete where one of its parts is the rest: a subject that ends in "OTH".

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which.

    Yields
    ------
    tuple of StatedFigure
        The whole, then its direct parts of the same period.
    str
        Why they cannot all be true, for people.
    """
    for whole, inside in _families(known, parts):
        if not any(p.subject.endswith("OTH") for p in inside):
            continue
        low, high = sum(p.least for p in inside), sum(p.most for p in inside)
        if high < whole.least * (1 - SLACK):
            yield (
                (whole, *inside),
                f"all {len(inside)} parts sum to {high:,.0f} {whole.counted} at most, less than {whole}",
            )
        elif low > whole.most * (1 + SLACK):
            yield (
                (whole, *inside),
                f"all {len(inside)} parts sum to {low:,.0f} {whole.counted} at least, more than {whole}",
            )


def two_values(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """One quantity of one thing and time with two values; deduced ones are left to the other rules.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The statements whose ranges lie more than `SLACK` (2 %) apart.
    str
        Why they cannot all be true, for people.
    """
    for group in _stated(known).values():
        dated = sorted({s.period for s in group if s.period}) or [""]
        for period in dated:
            said = [s for s in group if s.period in ("", period)]
            torn = [s for s in said if any(_apart(s, other, SLACK) for other in said)]
            if torn:
                yield tuple(torn), " and ".join(map(str, torn))


def factor_of_ten(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """One quantity of one thing with two values ten times apart or more.

    A slip of the decimal point, or of 万 and million. Unlike two values, the times may differ for what is in
    the ground (`STOCKS`): it does not grow tenfold. With rounding, 9.5 times is enough.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The two statements.
    str
        Why they cannot all be true, for people.
    """
    groups = defaultdict(list)
    for s in known:
        if s.kind in ("amount", "grade") and not s.rests_on and float(s.value) > 0:
            groups[s.subject, s.attribute, s.kind, s.counted, s.whole].append(s)
    for group in groups.values():
        for k, a in enumerate(group):
            for b in group[k + 1 :]:
                small, large = sorted((a, b), key=lambda s: s.least)
                stock = a.attribute.endswith(STOCKS)
                if (stock or same_period(a, b)) and large.least >= 9.5 * small.most:
                    yield (a, b), f"{large} is {float(large.value) / float(small.value):,.3g} times {small}"


def out_of_line(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """One value eight times above or below all others of its history, which agree with each other.

    The others, at least three so that it is clear which one is off, lie within a factor of three.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document, deduced ones among them.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The one statement that is off.
    str
        Why they cannot all be true, for people.
    """
    groups: dict[tuple[str, ...], list[StatedFigure]] = defaultdict(list)
    for s in known:
        if s.kind == "amount" and s.attribute.startswith(HISTORY) and s.most > 0:
            groups[s.subject, s.attribute, s.counted].append(s)
    for group in groups.values():
        for s in group:
            others = [o for o in group if o is not s]
            low, high = (
                (f((o.least + o.most) / 2 for o in others) for f in (min, max)) if len(others) > 2 else (1, 9)
            )
            if high <= 3 * low and (s.least >= 8 * high or s.most * 8 <= low):
                yield (
                    (s,),
                    f"{s}, while {len(others)} others of its history lie between {low:,.6g} and {high:,.6g}",
                )


def oxide_and_metal(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """Two values of one quantity in one unit whose ratio is that of WO3 to W: one is in the other.

    The ratio is 1.261 t WO3 per t W; it counts within 0.006.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The two statements, both in one unit of tungsten content.
    str
        Why they cannot all be true, for people.
    """
    for a, b in _twins(known):
        if (
            a.kind == "amount"
            and a.unit == b.unit
            and a.counted == "t W"
            and float(a.value) * float(b.value) > 0
        ):
            ratio = max(float(a.value), float(b.value)) / min(float(a.value), float(b.value))
            if abs(ratio - 1.261) < 0.006:
                yield (a, b), f"{a} and {b} differ by {ratio:.3f}, the ratio of WO3 to W"


def content_mismatch(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """Ore times grade is not the content stated.

    Ranges are compared, with `SLACK` (2 %) at either end.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        Ore (t), grade (%) and content (t), as stated together.
    str
        Why they cannot all be true, for people.
    """
    for ore, grade, content in _triples(known, ("ore", "grade", "contained")):
        low, high = ore.low * grade.low / 100, ore.high * grade.high / 100
        if content.high < low * (1 - SLACK) or content.low > high * (1 + SLACK):
            yield (ore, grade, content), f"{ore} at {grade} holds {low:,.6g} to {high:,.6g} t, not {content}"


def life_mismatch(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """Capacity times years of life is more than the ore there is.

    A tenth is left for ore that is found on the way.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document; deduced ones are passed over.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        Capacity (t ore a year), life (years) and ore (t), as stated together.
    str
        Why they cannot all be true, for people.
    """
    for capacity, life, ore in _triples(known, ("ore a year", "life", "ore")):
        if capacity.low * life.low > ore.high * 1.1:
            mined = capacity.low * life.low
            yield (capacity, life, ore), f"{capacity} over {life} is {mined:,.6g} t, more than {ore}"


def supply_and_use_apart(known: Sequence[StatedFigure], parts: PartOf) -> Breaches:
    """Use and mine production of one place more than a factor of two apart: stocks and scrap do not fill
    that.

    Parameters
    ----------
    known : sequence of StatedFigure
        Statements of one document, deduced ones among them.
    parts : PartOf
        Which subject lies in which; not used here.

    Yields
    ------
    tuple of StatedFigure
        The use and the supply, of one year or of years next to each other.
    str
        Why they cannot all be true, for people.
    """
    for use in known:
        if use.kind != "amount" or use.attribute != "use" or not use.period[:4].isdigit():
            continue
        for supply in known:
            if (
                supply.attribute == "mine production"
                and supply.subject == use.subject
                and supply.kind == "amount"
            ):
                near = supply.period[:4].isdigit() and abs(int(supply.period[:4]) - int(use.period[:4])) <= 1
                apart = use.most * 2 < supply.least or supply.most * 2 < use.least
                if near and use.document == supply.document and use.counted == supply.counted and apart:
                    yield (use, supply), f"{use} against {supply}"


HISTORY = "history of "  # how attributes begin that gather one quantity over years and sources
STOCKS = ("reserves", "resources", "contained", "ore")  # attributes of what lies in the ground


def _alike(known: Sequence[StatedFigure]) -> dict[tuple[str, str], list[StatedFigure]]:
    """Amounts by attribute and what they count."""
    out: dict[tuple[str, str], list[StatedFigure]] = defaultdict(list)
    for s in known:
        if s.kind == "amount":
            out[s.attribute, s.counted].append(s)
    return out


def _families(
    known: Sequence[StatedFigure], parts: PartOf
) -> Iterator[tuple[StatedFigure, list[StatedFigure]]]:
    """Each whole with those direct parts of it that are stated for its period, one statement a part."""
    for group in _alike(known).values():
        stated = [s for s in group if not s.rests_on]
        for whole in stated:
            inside: dict[str, StatedFigure] = {}
            for p in stated:
                direct = whole.subject in parts.wholes.get(p.subject, frozenset())
                if direct and p.period == whole.period:
                    inside.setdefault(p.subject, p)
            if inside:
                yield whole, list(inside.values())


def _twins(known: Sequence[StatedFigure]) -> Iterator[tuple[StatedFigure, StatedFigure]]:
    """Pairs stated about one quantity of one thing and time."""
    for group in _stated(known).values():
        for k, a in enumerate(group):
            for b in group[k + 1 :]:
                if same_period(a, b):
                    yield a, b


def _stated(known: Sequence[StatedFigure]) -> dict[tuple[str, ...], list[StatedFigure]]:
    """Numbers stated, not deduced, by what they are about but for the time."""
    groups: dict[tuple[str, ...], list[StatedFigure]] = defaultdict(list)
    for s in known:
        if not s.rests_on and not isinstance(s.value, str) and s.kind != "rank":
            groups[s.subject, s.attribute, s.kind, s.counted, s.whole, s.pie].append(s)
    return groups


def _apart(a: StatedFigure, b: StatedFigure, slack: float) -> bool:
    low, high = (a, b) if a.least <= b.least else (b, a)
    return high.least > low.most + slack * abs(low.most)


def _triples(
    known: Sequence[StatedFigure], attributes: tuple[str, str, str]
) -> Iterator[tuple[StatedFigure, ...]]:
    """Statements of three attributes about one subject, as given together (same pie, which names the row or
    table)."""
    groups: dict[tuple[str, str], dict[str, StatedFigure]] = defaultdict(dict)
    for s in known:
        if s.attribute in attributes and not s.rests_on and not isinstance(s.value, str):
            groups[s.subject, s.pie].setdefault(s.attribute, s)
    for found in groups.values():
        if len(found) == 3:
            yield tuple(found[a] for a in attributes)
