"""Loader: an outlook by name or file. Every mistake is reported with file, line, field and what was
expected."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from pydantic import ValidationError

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.inputs.catalogue import OUTLOOK, bundled_kind, file_content, named_file
from crosscut.inputs.complaints import complaints_of, field_path
from crosscut.inputs.outlook.schema import LONG_RUN, LONGEST, OutlookFile
from crosscut.inputs.scenario.catalogue import flattened, scenario_hash
from crosscut.inputs.scenario.entries import event_of
from crosscut.inputs.scenario.meaning import entry_problems
from crosscut.inputs.scenario.schema import Size
from crosscut.inputs.yaml_file import At, yaml_tree
from crosscut.ledger.mineral_names import spoken_mineral
from crosscut.market.events.events import Scenario


@dataclass(frozen=True, eq=False)
class Outlook:
    """An outlook as its file states it; `scenario` holds its dated events with those of the scenarios
    before."""

    file: OutlookFile
    scenario: Scenario

    @property
    def years(self) -> range:
        """First to last year."""
        return range(self.file.years.first, self.file.years.last + 1)

    @property
    def hash(self) -> str:
        """sha256 of everything it says, independent of how its file was laid out."""
        text = self.file.model_dump_json(by_alias=True) + scenario_hash(self.scenario)
        return hashlib.sha256(text.encode()).hexdigest()


def is_outlook(name_or_path: str) -> bool:
    """Whether a name or file says it is an outlook.

    Parameters
    ----------
    name_or_path : str
        Name of a bundled file, or a path.

    Returns
    -------
    bool
        False also for what cannot be read.

    Examples
    --------
    >>> is_outlook("kazakhstan"), is_outlook("china-quota-cut")
    (True, False)
    """
    bundled = bundled_kind(name_or_path)
    if bundled is not None:
        return bundled is OUTLOOK
    try:
        data = yaml_tree(file_content(Path(name_or_path), OUTLOOK), name_or_path, OUTLOOK).data
    except UserError:
        return False
    return isinstance(data, dict) and data.get("kind") == OUTLOOK.noun


def outlook(name_or_path: str | Path) -> Outlook:
    """Read an outlook by bundled name or by path.

    Parameters
    ----------
    name_or_path : str or Path
        Name of a bundled outlook, or a path.

    Returns
    -------
    Outlook
        The outlook, checked, with the scenarios it comes `after` flattened into it.

    Raises
    ------
    UserError
        For an unknown name (with the nearest), a file that cannot be read, and every mistake in it.

    Examples
    --------
    >>> outlook("kazakhstan").years
    range(2024, 2041)
    """
    file = named_file(name_or_path, OUTLOOK)
    return outlook_from_text(file.content, file.name, file.folder)


def outlook_from_text(content: bytes | str, name: str, folder: Path) -> Outlook:
    """Read the outlook in a YAML text.

    Parameters
    ----------
    content : bytes or str
        The text.
    name : str
        Stands for the file in messages.
    folder : Path
        Where the scenarios named in `after` are sought.

    Returns
    -------
    Outlook
        The outlook, checked, with the scenarios it comes `after` flattened into it.

    Raises
    ------
    UserError
        With every problem of the text; for a scenario of one year, how to run it.
    """
    tree = yaml_tree(content, name, OUTLOOK)
    if tree.data is None:
        raise UserError(tree.problems or Problem("the file is empty", name, "an outlook"))
    problems = list(tree.problems)
    if not isinstance(tree.data, dict):
        problems.append(
            Problem(
                "the file holds no fields", f"{name}:1", "fields at the left margin, such as 'version: 1'"
            )
        )
        raise UserError(problems)
    if "kind" not in tree.data and "window" in tree.data:
        raise UserError(
            Problem(
                "this is a scenario of one year",
                f"{name}:{tree.line(('window',))}: window",
                f"`crosscut run {name}`, or an outlook, which says 'kind: outlook' and has 'years'",
            )
        )
    try:
        file = OutlookFile.model_validate(tree.data)
    except ValidationError as error:
        raise UserError([*problems, *complaints_of(error, tree, name, OutlookFile)]) from None

    def at(*path: str | int) -> str:
        return f"{name}:{tree.line(path)}: {field_path(path, tree.data)}"

    problems += _meaning_problems(file, at)
    if problems:
        raise UserError(dict.fromkeys(problems))
    own = Scenario(
        id=file.id,
        title=file.title,
        mineral=spoken_mineral(file.mineral).lower(),
        year=file.years.first,
        window_start=date(file.years.first, 1, 1),
        window_end=date(file.years.last, 12, 31),
        events=tuple(event_of(e) for e in file.events),
        after=tuple(file.after),
        seed=file.seed,
        draws=file.draws,
        limits=tuple((x.what, x.bias) for x in file.limits),
        description=file.description,
        tags=dict(file.tags),
        without=tuple(file.without),
    )
    return Outlook(file, flattened(own, folder, (name,)))


def _meaning_problems(file: OutlookFile, at: At) -> Iterator[Problem]:
    first, last = file.years.first, file.years.last
    if not first <= last < first + LONGEST:
        yield Problem(
            f"from {first} to {last}", at("years"), f"a last year up to {LONGEST - 1} after the first"
        )
    for field in ("events", "growth", "facilities", "investment", "stocks", "alternatives"):
        ids = [e.id for e in getattr(file, field)]
        for k, (entry_id, n) in enumerate(Counter(ids).items()):
            if n > 1:
                yield Problem(f"{field} id {entry_id!r} is used {n} times", at(field, k), "an id of its own")
    for i, event in enumerate(file.events):
        yield from entry_problems(event, partial(at, "events", i))
    for path, size in _ranges(file):
        low, high = (size.mid if x is None else x for x in (size.low, size.high))
        if (size.low is None) != (size.high is None) or not low <= size.mid <= high:
            yield Problem(
                f"{size.low} <= {size.mid} <= {size.high} does not hold",
                at(*path),
                "low <= mid <= high, or one number",
            )
    facilities = {e.id for e in file.facilities}
    for i, known in enumerate(file.compare.facilities if file.compare else ()):
        if known not in facilities:
            yield Problem(
                f"no facility {known!r}", at("compare", "facilities", i), suggestion(known, facilities)
            )
    taken = {"plans", "likely", "without"}
    for i, part in enumerate(file.compare.apart if file.compare else ()):
        if part.id in taken:
            yield Problem(f"{part.id!r} is taken", at("compare", "apart", i, "id"), "another name")
        taken.add(part.id)
        for k, known in enumerate(part.facilities):
            if file.compare and known not in file.compare.facilities:
                yield Problem(
                    f"{known!r} is not looked at",
                    at("compare", "apart", i, "facilities", k),
                    suggestion(known, file.compare.facilities),
                )
    for i, alternative in enumerate(file.alternatives):
        for k, entry in enumerate(alternative.facilities):
            if entry.id not in facilities:
                yield Problem(
                    f"no facility {entry.id!r} to replace",
                    at("alternatives", i, "facilities", k, "id"),
                    suggestion(entry.id, facilities),
                )
        if alternative.id in taken:
            yield Problem(f"{alternative.id!r} is taken", at("alternatives", i, "id"), "another name")
    for i, rule in enumerate(file.investment):
        if bool(rule.form) == bool(rule.process):
            yield Problem(
                "a form, or a process", at("investment", i), "one of the two, such as form: concentrate"
            )
        if rule.hurdle is not None and (rule.hurdle.mid if rule.hurdle.low is None else rule.hurdle.low) < 1:
            yield Problem(
                "a hurdle below the base price",
                at("investment", i, "hurdle"),
                "1 or more: the base is at rest",
            )
    for i, held in enumerate(file.facilities):
        if sum(s.mid for s in held.owners.values()) > 1 + 1e-9:
            yield Problem(
                "owners hold more than all", at("facilities", i, "owners"), "shares that add up to 1 at most"
            )
    for name in file.behaviour:
        if name not in LONG_RUN:
            yield Problem(f"unknown parameter {name!r}", at("behaviour", name), suggestion(name, LONG_RUN))
    for i, stock in enumerate(file.stocks):
        for side in ("buys", "sells"):
            for k, programme in enumerate(getattr(stock, side)):
                if programme.end < programme.start:
                    yield Problem(
                        f"it ends on {programme.end}, before it starts",
                        at("stocks", i, side, k, "to"),
                        "a day after 'from'",
                    )


def _ranges(file: OutlookFile) -> Iterator[tuple[tuple[str | int, ...], Size]]:
    """Every range of the file with its path."""
    for i, g in enumerate(file.growth):
        yield ("growth", i, "rate"), g.rate
    for i, f in enumerate(file.facilities):
        yield ("facilities", i, "output"), f.output
        yield ("facilities", i, "start"), f.start
        if f.sells_first:
            yield ("facilities", i, "sells_first", "share"), f.sells_first.share
        for home, size in f.owners.items():
            yield ("facilities", i, "owners", home), size
    for i, s in enumerate(file.stocks):
        yield ("stocks", i, "opening"), s.opening
    for name, size in file.behaviour.items():
        yield ("behaviour", name), size
