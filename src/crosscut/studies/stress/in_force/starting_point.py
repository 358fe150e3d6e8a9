"""Starting: the world a stress run starts from, calm or with measures in force, and the first lines that say
so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from crosscut.base.errors import Problem, UserError
from crosscut.base.number_text import amount, money, significant
from crosscut.inputs.scenario.catalogue import scenario
from crosscut.ledger.store.ledger import Ledger
from crosscut.market.events.events import Scenario
from crosscut.market.model.world import World
from crosscut.results.rows import Row
from crosscut.studies.shared.measures_in_force import InForce, in_force_on
from crosscut.studies.stress.in_force.measures_held import measures_on
from crosscut.studies.stress.in_force.rows import QUOTED, SHORT, TAKEN


@dataclass(frozen=True, eq=False)
class Start:
    """`measures_held` holds in every draw (None: the calm base year). `known` is what the facts say is in
    force; `beside` are its events on the world where the run does not start from them."""

    measures_held: Scenario | None
    beside: Scenario | None
    known: InForce

    @property
    def shown(self) -> Scenario | None:
        """The measures whose own loss is shown: those the run starts from, or those it leaves out."""
        return self.measures_held or self.beside


def start_of(ledger: Ledger, world: World, named: str | Path | None, in_force: bool) -> Start:
    """The start of a run: from a scenario by name or path, from what is in force, or calm.

    Parameters
    ----------
    ledger : Ledger
        Has the history of measures.
    world : World
        The base year.
    named : str | Path | None
        A scenario to start from; None where none is named.
    in_force : bool
        Whether to start from what is in force today.

    Returns
    -------
    Start
        What stands in every draw, what is known and left beside, and why.

    Raises
    ------
    UserError
        Where both are asked for, the scenario is for another world, or nothing is in force to start from.
    """
    if named is not None and in_force:
        raise UserError(Problem("both --from and --in-force", "stress", "one of them"))
    if named is not None:
        own = measures_on(world, _of_today(scenario(named)))
        return Start(own, None, InForce(world.mineral, None, (), ()))
    try:
        known = in_force_on(ledger, world)
    except UserError as unread:
        if in_force:
            raise
        return Start(None, None, InForce(world.mineral, None, (), (("what is in force", str(unread)),)))
    placed = None if known.scenario is None else measures_on(world, _of_today(known.scenario))
    if not in_force:
        return Start(None, placed, known)
    if placed is None:
        why = "; ".join(f"{what}: {reason}" for what, reason in known.left_out) or "none on record"
        raise UserError(
            Problem(
                f"no measure in force on {world.mineral} that the base year {world.year} does not hold"
                f" ({why})",
                "--in-force",
                "no --in-force: the base year is where today starts",
            )
        )
    return Start(placed, None, known)


def _of_today(found: Scenario) -> Scenario:
    """A scenario without those prior events that have ended when its window begins."""
    ended = {e.id for e in found.events if e.end and e.end < found.window_start}
    return replace(
        found,
        events=tuple(e for e in found.events if e.id not in ended),
        prior_events=tuple(p for p in found.prior_events if p not in ended),
    )


def first_lines(world: World, start: Start, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """What the run starts from, in sentences.

    Also what the measures in force take by themselves, how far a dated quotation is from the model, and what
    was not taken over.

    Parameters
    ----------
    world : World
        The base year.
    start : Start
        The start of the run.
    rows : Sequence[Row]
        As `in_force_rows` gives them; empty where nothing is shown.

    Returns
    -------
    list[tuple[str, str]]
        (key, sentence) of each.
    """
    out = []
    alone = _alone(rows)
    if start.measures_held is not None:
        s = start.measures_held
        out.append(
            (
                "in_force",
                (
                    f"Starts from {s.id} ({s.title}): its {_counted(len(s.events))} in every draw and year,"
                    f" and every loss here is against that world. {alone}"
                ),
            )
        )
    elif start.beside is not None:
        held = "; ".join(start.known.taken)
        out.append(
            (
                "calm",
                (
                    f"Starts from the calm base year {world.year}. Measures in force since are not in its"
                    f" numbers ({held}). {alone} `--in-force` starts from them."
                ),
            )
        )
    elif start.known.left_out:
        out.append(
            (
                "calm",
                (
                    f"Starts from the base year {world.year}; what is on record as in force is not added to"
                    " it (reasons below)."
                ),
            )
        )
    else:
        out.append(("calm", f"Starts from the base year {world.year}; no measure in force is on record."))
    quoted = next((r for r in rows if r["measure"] == QUOTED), None)
    if quoted is not None:
        out.append(
            (
                "level",
                (
                    f"Amounts are at base-year prices. A dated quotation of {quoted['form']} is"
                    f" {amount(significant(quoted['value'], 2))} times what the model has there with these"
                    " measures"
                    f" ({quoted['status'].partition(';')[0]}); if that lasts, amounts in USD are about as"
                    " many times larger, tonnes and ratios are not."
                ),
            )
        )
    if start.known.left_out:
        told = "; ".join(f"{what}: {why}" for what, why in start.known.left_out)
        out.append(("left-out", f"Measures on record that nothing is made of: {told}."))
    return out


def _counted(n: int) -> str:
    return f"{n} events stand" if n > 1 else "one event stands"


def _alone(rows: Sequence[Row]) -> str:
    loss = next((r for r in rows if r["measure"] == TAKEN), None)
    short = next((r for r in rows if r["measure"] == SHORT), None)
    if loss is None or short is None:
        return "What they take by themselves was not found: no draw cleared."
    tonnes = _span(short, amount, f"t a year {'more' if short['value'] < 0 else 'short'}")
    if loss["value"] is None:
        return f"By themselves, against the calm year, they leave users {tonnes}."
    verb = "save" if loss["value"] < 0 else "cost"
    return (
        f"By themselves, against the calm year, they {verb} users USD {_span(loss, money, 'M a year')}"
        f" and leave them {tonnes}."
    )


def _span(row: Row, of: Callable[[float], str], unit: str) -> str:
    """`120 M a year (80 %: 63 to 280)`; of a gain without its sign."""
    sign = -1 if row["value"] < 0 else 1
    low, high = sorted((sign * row["low"], sign * row["high"]))
    return f"{of(sign * row['value'])} {unit} (80 %: {of(low)} to {of(high)})"
