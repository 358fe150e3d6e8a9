"""A command made from its questions: options, help and refusals come from the requests."""

from __future__ import annotations

import inspect
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crosscut.app import api
from crosscut.app.opening import open_context
from crosscut.base.errors import Partly, Problem, UserError
from crosscut.base.progress import arriving, counted
from crosscut.studies.context import Context
from crosscut.studies.request import Asked, FieldGroup, Leaf, Request, leaves, on_the_command_line, option

if TYPE_CHECKING:
    from rich.console import RenderableType

    from crosscut.output.result_folder import Staging

# Kinds of the results of a call, where it is not called like its kind.
KINDS = {
    "world_report": ("world",),
    "feasibility": ("project",),
    "costs": ("project",),
    "ranking": ("stress",),
    "score_forecast": ("forecast",),
    "facilities": ("map",),
}
SILENT = (None, False, "", ())  # defaults that help does not show


class Printing(FieldGroup):
    """How an answer is shown."""

    as_json: Annotated[bool, option("--json", "Print JSON for pipes instead of tables.")] = False


class Laying(FieldGroup):
    """Which facts of the user's own are laid over the bundled ones."""

    workspace: Annotated[
        Path | None,
        option(
            "--workspace",
            "Folder of your own facts, laid over the bundled ones (also the variable CROSSCUT_WORKSPACE).",
        ),
    ] = None


class Writing(FieldGroup):
    """Where the files of an answer go."""

    out: Annotated[Path | None, option("--out", "Folder for report.html, result.json and tables.")] = None


@dataclass(frozen=True)
class Shown:
    """What a screen may say beside the document: request, files written, seconds taken, other options."""

    request: Request
    files: list[str]
    seconds: float
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """One question behind a command, and how its answer is shown.

    `call` names the Python call. The question is chosen by its `switch` (an option of its own) or by `when`;
    the last of a command by default. `says` is how a refusal names the choice; `takes` are words that only
    choose.
    """

    call: str
    screen: Callable[[Any, Shown], RenderableType]
    options: tuple[type[FieldGroup], ...] = (Printing,)
    write: Callable[[Any, Path, Context], Sequence[Path]] | None = None
    counts: str = ""
    switch: Asked | None = None
    when: Callable[[Mapping[str, Any]], bool] | None = None
    says: str = ""
    takes: tuple[str, ...] = ()
    adds: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    printed: Callable[[Any], Any] = field(default=lambda document: document)
    after: Callable[[Any, Shown], None] | None = None

    @property
    def request(self) -> type[Request]:
        """What it is asked with."""
        model: type[Request] = getattr(api, self.call).request
        return model

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of results that an earlier call of the same command may have left in a folder."""
        return KINDS.get(self.call, (self.call,))

    @property
    def own(self) -> dict[str, Leaf]:
        """Fields of the request by what the command line calls them."""
        return {x.shown: x for x in leaves(self.request) if x.asked.listed}

    @property
    def others(self) -> dict[str, Leaf]:
        """Options of the entrance, which are no part of the question."""
        return {x.shown: x for group in self.options for x in leaves(group)}

    @property
    def choice(self) -> str:
        """How a refusal names the choice of this question."""
        return self.says or (self.switch.option if self.switch else "")

    def chosen(self, given: Mapping[str, Any]) -> bool:
        """Whether what was given asks this question."""
        if self.switch is not None:
            return self.switch.option in given
        return self.when is None or self.when(given)


def command_for(*answers: Answer, help: str) -> Callable[..., None]:
    """The function of a command, for Typer: every option comes from a request or from the entrance.

    Parameters
    ----------
    answers
        The questions behind it; the first that what is given asks for is asked, the last by default.
    help
        What the command does, in one sentence.
    """
    named = _parameters(answers)

    def command(ctx: typer.Context, **values: Any) -> None:
        given = {shown: values[name] for name, shown in named.shown.items() if _is_given(ctx, name)}
        _ask(answers, given)

    command.__doc__ = help
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        *named.parameters,
    ]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    return command


def _is_given(ctx: typer.Context, name: str) -> bool:
    source = ctx.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"


@dataclass(frozen=True)
class _Parameters:
    parameters: list[inspect.Parameter]
    shown: dict[str, str]


def _parameters(answers: Sequence[Answer]) -> _Parameters:
    """A parameter for every word and option of any of the questions, once each: words, options, switches,
    then what the entrance adds."""
    own: dict[str, list[tuple[Answer, Leaf]]] = {}
    main = answers[-1]
    for a in (main, *answers[:-1]):
        for shown, leaf in a.own.items():
            own.setdefault(shown, []).append((a, leaf))
    out = []
    for shown, asked in sorted(own.items(), key=lambda x: x[0].startswith("--")):
        out.append(_own_parameter(shown, asked, answers))
    for a in answers:
        if a.switch is not None:
            out.append(_flag(a.switch.option, a.switch.help))
    seen = set(own)
    for shown, leaf in {k: v for a in answers for k, v in a.others.items()}.items():
        if shown not in seen:
            out.append(_option(shown, leaf, leaf.asked.help))
    return _Parameters([p for p, _ in out], {p.name: shown for p, shown in out})


def _own_parameter(
    shown: str, asked: Sequence[tuple[Answer, Leaf]], answers: Sequence[Answer]
) -> tuple[inspect.Parameter, str]:
    leaf = asked[0][1]
    if not shown.startswith("--"):
        must = len(asked) == len(answers) and all(x.required for _, x in asked)
        return _word(shown, leaf, must)
    first = leaf.default if not leaf.required else None
    others = {a.choice: x.default for a, x in asked[1:] if a.choice and not x.required and x.default != first}
    if first in SILENT or not others:
        return _option(shown, leaf, leaf.asked.help)
    differ = "; ".join(f"with {choice} {default}" for choice, default in others.items())
    return _option(shown, leaf, f"{leaf.asked.help.rstrip('.')} ({first}; {differ}).", default=None)


def _word(shown: str, leaf: Leaf, must: bool) -> tuple[inspect.Parameter, str]:
    kind: Any = list[leaf.kind] if leaf.repeated else leaf.kind  # type: ignore[name-defined]
    described = typer.Argument(help=leaf.asked.help, metavar=shown, show_default=False)
    if must:
        return _parameter(leaf.name, Annotated[kind, described], inspect.Parameter.empty), shown
    return _parameter(leaf.name, Annotated[kind | None, described], None), shown


def _option(shown: str, leaf: Leaf, text: str, default: Any = ...) -> tuple[inspect.Parameter, str]:
    if leaf.kind is bool:
        return _flag(shown, text)
    value = (None if leaf.required else leaf.default) if default is ... else default
    kind: Any = leaf.kind
    if leaf.asked.commas:
        kind, value = str, None
    elif leaf.repeated:
        kind, value = list[kind], None
    described = typer.Option(shown, help=text, show_default=value not in SILENT)
    return _parameter(_identifier(shown), Annotated[kind | None, described], value), shown


def _flag(shown: str, text: str) -> tuple[inspect.Parameter, str]:
    described = typer.Option(shown, help=text, show_default=False)
    return _parameter(_identifier(shown), Annotated[bool, described], False), shown


def _identifier(shown: str) -> str:
    return "o_" + shown.removeprefix("--").replace("-", "_")


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(
        name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation
    )


def _ask(answers: Sequence[Answer], given: Mapping[str, Any]) -> None:
    """Asks the question that was chosen and shows its answer."""
    chosen = next(a for a in answers if a.chosen(given))
    options = {x.name: given.get(x.shown, x.default) for x in chosen.others.values()}
    out: Path | None = options.get("out")
    problems = _of_others(chosen, given)
    fields = {
        leaf.name: _value(leaf, given[shown])
        for shown, leaf in chosen.own.items()
        if shown in given and shown not in chosen.takes
    }
    if out is not None and chosen.write is not None:
        from crosscut.output.result_folder import folder_problems

        problems += folder_problems(out, chosen.kinds)
    try:
        request = chosen.request.of(fields, on_the_command_line(chosen.request))
    except UserError as e:
        raise UserError([*problems, *e.problems]) from None
    if problems:
        raise UserError(problems)
    started = time.perf_counter()
    with _stage(chosen, out) as stage:
        if chosen.adds is not None and stage is not None:
            request = request.model_copy(update=dict(chosen.adds({**options, "out": stage.path})))
        document, missing, context = _answered(chosen, request, options)
        files = _files(chosen, document, stage, context)
    shown = Shown(request, files, time.perf_counter() - started, options)
    show(chosen.printed(document), bool(options.get("as_json")), lambda: chosen.screen(document, shown))
    if chosen.after is not None:
        chosen.after(document, shown)
    if missing is not None:
        raise missing


def _stage(chosen: Answer, out: Path | None) -> AbstractContextManager[Staging | None]:
    """Where the files of an answer are written before they take their names; None without `--out`."""
    if out is None or chosen.write is None:
        return nullcontext()
    from crosscut.output.result_folder import staged

    return staged(out, chosen.kinds)


def _files(chosen: Answer, document: Any, stage: Staging | None, context: Context) -> list[str]:
    """The files of an answer, written; says on the error stream what they replaced."""
    if stage is None or chosen.write is None:
        return []
    kind = getattr(document, "kind", chosen.kinds[0])
    if kind not in chosen.kinds:  # it would refuse its own result the next time
        raise ValueError(f"{chosen.call} wrote a result of kind {kind}, not {chosen.kinds}")
    files = [str(p) for p in stage.placed(chosen.write(document, stage.path, context))]
    if stage.replaces:
        typer.echo(f"crosscut: replaced {stage.replaces} in {stage.folder}", err=True)
    return files


def _answered(
    chosen: Answer, request: Request, options: Mapping[str, Any]
) -> tuple[Any, UserError | None, Context]:
    """The answer, what could not be had of it, and the context it was worked out in."""
    with counted(chosen.counts) as progress, arriving() as arrives:
        context = open_context(
            executor="processes",
            workers=os.cpu_count() or 1,
            progress=progress,
            arriving=arrives,
            workspace=options.get("workspace"),
        )
        try:
            return getattr(api, chosen.call)(request, context=context), None, context
        except Partly as e:
            if not e.done:
                raise
            return e.done, e, context


def _of_others(chosen: Answer, given: Mapping[str, Any]) -> list[Problem]:
    """What was given that the chosen question does not take."""
    switch = chosen.switch.option if chosen.switch else ""
    known = {*chosen.own, *chosen.others, *chosen.takes, switch}
    beside = chosen.choice or chosen.request.question
    return [
        Problem(
            f"{shown} with {beside}" if shown.startswith("--") else f"{given[shown]!r} beside {beside}",
            shown,
            f"{shown} left out, or {beside}" if chosen.choice else f"{shown} left out",
        )
        for shown in given
        if shown not in known
    ]


def _value(leaf: Leaf, value: Any) -> Any:
    if leaf.asked.commas:
        return tuple(t.strip() for t in value.split(",") if t.strip())
    return tuple(value) if leaf.repeated else value


def show(document: Any, as_json: bool, screen: Callable[[], Any]) -> None:
    """Prints a document as JSON, or the screen that `screen()` makes; text as it is."""
    if isinstance(document, str):
        sys.stdout.write(document)
        return
    if as_json:
        from crosscut.results import to_text

        sys.stdout.write(to_text(document))
        return
    from rich.console import Console

    Console(highlight=False).print(screen())


def saved(document: Any, folder: Path, context: Context) -> Sequence[Path]:
    """Writes every file a document has: result.json, tables, and the page where its kind has one."""
    files: Sequence[Path] = document.save(folder)
    return files
