"""Loader: a scenario file as a Scenario. Every mistake is reported with file, line, field and what was
expected."""

from __future__ import annotations

from pydantic import ValidationError

from crosscut.base.errors import Problem, UserError
from crosscut.inputs.catalogue import OUTLOOK, SCENARIO
from crosscut.inputs.complaints import complaints_of
from crosscut.inputs.scenario.entries import event_of
from crosscut.inputs.scenario.meaning import meaning_problems
from crosscut.inputs.scenario.schema import QuotationEntry, ScenarioFile
from crosscut.inputs.yaml_file import yaml_tree
from crosscut.ledger.mineral_names import spoken_mineral
from crosscut.market.events.events import Quotation, Scenario


def scenario_from_text(content: bytes | str, name: str) -> Scenario:
    """Read the scenario in a YAML text; `after` is not followed here.

    Parameters
    ----------
    content : bytes or str
        The text.
    name : str
        Stands for the file in messages.

    Returns
    -------
    Scenario
        The scenario, checked.

    Raises
    ------
    UserError
        With every problem of the text in order of lines: what is not YAML, unknown or missing fields, wrong
        types, unknown places, sizes out of range, dates out of order, events that contradict each other. For
        an outlook, how to run it.
    """
    tree = yaml_tree(content, name, SCENARIO)
    if tree.data is None:
        raise UserError(tree.problems or Problem("the file is empty", name, "a scenario"))
    problems = list(tree.problems)
    file: ScenarioFile | None = None
    if not isinstance(tree.data, dict):
        held = "a list" if isinstance(tree.data, list) else "a single value"
        expected = "fields at the left margin, such as 'version: 1'"
        problems.append(Problem(f"the file holds {held}", f"{name}:{tree.line(())}", expected))
    elif tree.data.get("kind") == OUTLOOK.noun:
        raise UserError(
            Problem(
                "this is an outlook over years",
                f"{name}:{tree.line(('kind',))}: kind",
                f"`crosscut outlook {name}`",
            )
        )
    else:
        try:
            file = ScenarioFile.model_validate(tree.data)
        except ValidationError as error:
            problems += complaints_of(error, tree, name)
        problems += meaning_problems(tree, name)
    if problems or file is None:
        raise UserError(sorted(dict.fromkeys(problems), key=lambda p: _line_of(p, name)))
    return _scenario(file)


def _line_of(problem: Problem, name: str) -> int:
    digits = problem.where.removeprefix(f"{name}:").split(":")[0]
    return int(digits) if digits.isdigit() else 0


def _scenario(file: ScenarioFile) -> Scenario:
    return Scenario(
        id=file.id,
        title=file.title,
        mineral=spoken_mineral(file.mineral).lower(),
        year=file.year,
        window_start=file.window.start,
        window_end=file.window.end,
        events=tuple(event_of(e) for e in file.events),
        after=tuple(file.after),
        seed=file.seed,
        draws=file.draws,
        anchors=tuple(_quotation(q, "anchor") for q in file.anchors),
        observed=tuple(_quotation(q, "observed") for q in file.observed),
        limits=tuple((x.what, x.bias) for x in file.limits),
        description=file.description,
        tags=dict(file.tags),
        without=tuple(file.without),
    )


def _quotation(q: QuotationEntry, role: str) -> Quotation:
    return Quotation(
        date=q.date,
        value=q.value,
        unit=q.unit,
        form=q.form,
        place=q.place,
        series=q.series,
        source=q.source,
        role=role,
        fact_id=q.fact,
        note=q.note,
        basis=q.basis,
        product=q.product,
        tax=q.tax,
        per_usd=q.per_usd,
    )
