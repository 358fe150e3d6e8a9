"""`crosscut data`: what figures are in use, fetching newer ones, seeing what they change, taking them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from crosscut.app.cli.output import Json, show
from crosscut.base.progress import arriving

app = typer.Typer(
    no_args_is_help=True,
    help="Reference data: what is in use, how old it is, and newer figures from their owners.",
)
Source = Annotated[str, typer.Argument(help="A source of `crosscut data status`, e.g. baci.")]
EVERY = (
    "baci",
    "usgs-mcs",
    "wgi",
    "world-mining-data",
)  # what a pull without a name asks: no key, no second copy


@app.command()
def status(
    source: Annotated[str | None, typer.Argument(help="Only this source.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Read every accepted file and compare its totals.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show which figures are in use, how old they are, and what waits to be accepted."""
    from crosscut.app import api
    from crosscut.output.screens.facts.data import status_screen

    found = api.data_status(source, check)
    show(found, as_json, lambda: status_screen(found))


@app.command()
def pull(
    source: Annotated[str | None, typer.Argument(help="One source; without it all that need no key.")] = None,
    origin: Annotated[str, typer.Option("--from", help="A file at hand, or another address.")] = "",
    release: Annotated[str, typer.Option("--release", help="Release, e.g. 202601 (baci).")] = "",
    codes: Annotated[
        str, typer.Option("--codes", help="HS codes, separated by commas (baci, comtrade).")
    ] = "",
    years: Annotated[str, typer.Option("--years", help="Years, e.g. 2022,2023 (comtrade).")] = "",
    accept: Annotated[
        bool, typer.Option("--accept", help="Take the figures at once, without a look.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Fetch newer figures and stage them; what they change is shown, nothing is used until accepted."""
    from crosscut.app import api
    from crosscut.base.errors import Problem, UserError

    if source is None and (origin or release or codes or years):
        raise UserError(Problem("an option for one source", "data pull", "the source's name, e.g. baci"))
    asked = {"origin": origin, "release": release, "codes": _listed(codes), "years": _years(years)}
    pulled, problems = [], []
    for name in [source] if source else EVERY:
        try:
            with arriving() as progress:
                found = api.data_pull(name, progress=progress, **asked)  # type: ignore[arg-type]
            if accept:
                api.data_accept(name)
            pulled.append({**found, "accepted": accept})
        except UserError as e:
            problems += list(e.problems)
    if pulled:
        show(pulled, as_json, lambda: _pulled_screen(pulled))
    if problems:
        raise UserError(problems)


@app.command()
def diff(
    source: Source,
    draws: Annotated[
        int, typer.Option("--draws", help="Futures solved on each side; 0 compares figures only.")
    ] = 10,
    scenario: Annotated[
        str, typer.Option("--scenario", help="The scenario compared.")
    ] = "china-controls-2025",
    as_json: Json = False,
) -> None:
    """Show what a staged version changes: rows, totals, the largest changes, headline prices."""
    from crosscut.app import api
    from crosscut.base.errors import Problem, UserError
    from crosscut.output.screens.facts.data import difference_screen

    if not 0 <= draws <= 1000:
        raise UserError(Problem(f"{draws} draws", "--draws", "0 to 1000"))
    found = api.data_diff(source, draws, scenario)
    show(found, as_json, lambda: difference_screen(found))


@app.command()
def accept(source: Source, as_json: Json = False) -> None:
    """Use the staged version of a source from now on."""
    from crosscut.app import api

    found = api.data_accept(source)
    show(
        found,
        as_json,
        lambda: f"{source} {found['version']} is in use; back with: crosscut data revert {source}",
    )


@app.command()
def revert(source: Source, as_json: Json = False) -> None:
    """Go back to the version that was in use before, or to the bundled figures."""
    from crosscut.app import api

    found = api.data_revert(source)
    now = f"version {found['version']}" if found["version"] else "the bundled copy"
    show(found, as_json, lambda: f"{source}: {now} is in use")


def _pulled_screen(pulled: list[dict[str, Any]]) -> str:
    lines = []
    for p in pulled:
        for d in p["difference"]["datasets"]:
            r = d["rows"]
            lines.append(
                f"{p['source']} {p['difference']['release']}: {d['title']}, {r['after']:,} rows"
                f" ({r['added']:,} added, {r['removed']:,} removed, {r['changed']:,} changed)"
            )
        lines += [f"  {note}" for note in p["difference"]["notes"]]
        after = (
            "in use from now on"
            if p["accepted"]
            else f"staged: crosscut data diff {p['source']}, then crosscut data accept {p['source']}"
        )
        lines.append(f"  {after}")
    return "\n".join(lines)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(t.strip() for t in text.split(",") if t.strip())


def _years(text: str) -> tuple[int, ...]:
    from crosscut.base.errors import Problem, UserError

    bad = [t for t in _listed(text) if not (t.isdigit() and 1960 <= int(t) <= 2100)]
    if bad:
        raise UserError([Problem(f"{t!r} is no year", "--years", "e.g. 2022,2023") for t in bad])
    return tuple(int(t) for t in _listed(text))
