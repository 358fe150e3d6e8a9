"""`crosscut stress`: how bad it can get."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Annotated

import typer

from crosscut.app.cli.output import Json, Workspace, refuse_file_as_folder, show
from crosscut.base.progress import counted


def stress(
    mineral: Annotated[str | None, typer.Argument(help="A mineral; not needed with --all-minerals.")] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="Country or bloc: name or ISO code.")
    ] = None,
    all_minerals: Annotated[
        bool, typer.Option("--all-minerals", help="Rank every mineral for the country.")
    ] = False,
    standing: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Scenario (name or file) whose measures stand in every draw; losses are against that.",
        ),
    ] = None,
    in_force: Annotated[
        bool,
        typer.Option(
            "--in-force", help="Start from the measures in force today, not from the calm base year."
        ),
    ] = False,
    draws: Annotated[
        int | None, typer.Option("--draws", help="Futures drawn (10000; with --all-minerals 1000).")
    ] = None,
    years: Annotated[int, typer.Option("--years", help="Years of every future.")] = 1,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws; the same gives the same.")] = 1,
    sampler: Annotated[str, typer.Option("--sampler", help="plain, or quasi (scrambled Sobol).")] = "plain",
    loss: Annotated[
        float | None, typer.Option("--loss", help="Million USD a year: what would have to be true for it.")
    ] = None,
    attribution: Annotated[
        int,
        typer.Option(
            "--attribution", help="Points of a Sobol design over what is not known (0: none; try 512)."
        ),
    ] = 0,
    stability: Annotated[
        int,
        typer.Option(
            "--stability", help="Draws of a rerun with every assumption at either end (0: none; try 300)."
        ),
    ] = 0,
    executor: Annotated[
        str,
        typer.Option("--executor", help="serial, processes or dask: who solves; the numbers are the same."),
    ] = "processes",
    scheduler: Annotated[str, typer.Option("--scheduler", help="Address of a Dask scheduler.")] = "",
    workers: Annotated[int | None, typer.Option("--workers", help="Processes (default: all cores).")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for report.html, result.json, tables and the draws.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the draws in --out.")] = False,
    chunks: Annotated[
        str,
        typer.Option(
            "--chunks", help="Solve one part, such as 17/64, into --out: an array job on many machines."
        ),
    ] = "",
    merge: Annotated[
        bool, typer.Option("--merge", help="Join the parts in --out into the result of one machine.")
    ] = False,
    workspace: Workspace = None,
    as_json: Json = False,
) -> None:
    """Show how bad it can get: losses, tails, chokepoints solved, what would have to be true."""
    from crosscut.app import api
    from crosscut.base.errors import Problem, UserError
    from crosscut.output.screens.stress import part_screen, stress_screen

    problems = []
    if country is None:
        problems.append(Problem("no country", "--country", "a name or ISO code, such as --country JPN"))
    if (mineral is None) != all_minerals:
        what = "no mineral" if mineral is None else f"{mineral!r} beside --all-minerals"
        problems.append(Problem(what, "stress", "MINERAL, or --all-minerals"))
    if all_minerals:
        given = {
            "--resume": resume,
            "--from": standing is not None,
            "--loss": loss is not None,
            "--attribution": bool(attribution),
            "--chunks": bool(chunks),
            "--merge": merge,
        }
        problems += [
            Problem(f"{name} with --all-minerals", name, "it left out, or one mineral")
            for name, is_there in given.items()
            if is_there
        ]
        if executor == "dask":
            problems.append(
                Problem(
                    "--executor dask with --all-minerals", "--executor", "serial or processes: a mineral each"
                )
            )
    if standing is not None and in_force:
        problems.append(Problem("both --from and --in-force", "stress", "one of them"))
    if resume and out is None:
        problems.append(Problem("--resume without --out", "--resume", "--out with the folder of the draws"))
    for name, is_given in (("--chunks", bool(chunks)), ("--merge", merge)):
        if is_given and out is None:
            problems.append(Problem(f"{name} without --out", name, "--out with the folder of the parts"))
        if is_given and resume:
            problems.append(Problem(f"{name} with --resume", name, "it alone: a part goes on by itself"))
    if chunks and merge:
        problems.append(Problem("both --chunks and --merge", "stress", "one after the other"))
    if scheduler and executor != "dask":
        problems.append(
            Problem(f"--scheduler with the executor {executor!r}", "--scheduler", "--executor dask")
        )
    if problems:
        raise UserError(problems)
    if out is not None:
        refuse_file_as_folder(out)
    started = time.perf_counter()
    many = 1000 if all_minerals else 10_000
    if chunks:
        with counted("draws") as progress:
            part = api.stress_part(
                str(mineral),
                str(country),
                chunks,
                str(out),
                draws=many if draws is None else draws,
                years=years,
                seed=seed,
                sampler=sampler,
                executor=executor,
                scheduler=scheduler,
                workers=workers or os.cpu_count() or 1,
                standing=standing,
                in_force=in_force,
                progress=progress,
            )
        show(part.as_row(), as_json, lambda: part_screen(part.as_row()))
        return
    with counted("draws") as progress:
        result = api.stress(
            mineral,
            str(country),
            draws=many if draws is None else draws,
            years=years,
            seed=seed,
            sampler=sampler,
            loss=loss,
            attribution=attribution,
            stability=stability,
            executor=executor,
            scheduler=scheduler,
            workers=workers or os.cpu_count() or 1,
            out=out,
            resume=resume,
            standing=standing,
            in_force=in_force,
            merge=merge,
            progress=progress,
        )
    files: list[str] = []
    if out is not None:
        files = [str(p) for p in result.save(out)]
    seconds = time.perf_counter() - started
    show(result, as_json, lambda: stress_screen(result, files, seconds))
