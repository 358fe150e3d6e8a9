"""The command line: every command registered, and how it ends.

Exit codes: 0 done, 2 a mistake in what was asked, or a disk or folder that does not allow it (said in plain
words), 130 stopped, 1 a fault of ours.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from crosscut.app.cli import data
from crosscut.app.cli.deposits import project
from crosscut.app.cli.exposed import exposure, indicators
from crosscut.app.cli.forecasts import backtest, forecast
from crosscut.app.cli.known import facts, minerals, world
from crosscut.app.cli.losses import economy, stress
from crosscut.app.cli.scenarios import compare, outlook, run, scenarios, validate, why
from crosscut.base.version import __version__

COMMANDS = {
    "minerals": minerals,
    "facts": facts,
    "world": world,
    "outlook": outlook,
    "economy": economy,
    "project": project,
    "stress": stress,
    "backtest": backtest,
    "forecast": forecast,
    "exposure": exposure,
    "indicators": indicators,
    "scenarios": scenarios,
    "validate": validate,
    "run": run,
    "compare": compare,
    "why": why,
}

STOPPED = 130
SAID_STOPPED = "stopped; no result was written"

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="A mineral's whole supply chain as a solved market, with a source behind every number.",
)
app.add_typer(data.app, name="data")
for name, command in COMMANDS.items():
    app.command(name)(command)


def _version(shown: bool) -> None:
    if shown:
        print(f"crosscut {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


def _one_thread_for_linear_algebra() -> None:
    """Our matrices are small: where cores are shared, threads wait for each other many times longer than the
    work takes. Before numpy is loaded; a number the user has set stays."""
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")


def main() -> None:
    """Entry point of the `crosscut` command."""
    _one_thread_for_linear_algebra()
    from crosscut.base.errors import UserError

    try:
        code = app(standalone_mode=False)
        if code == STOPPED:  # newer versions of typer turn the interruption into a code themselves
            _say(SAID_STOPPED)
    except UserError as e:
        _say(str(e))
        code = 2
    except (typer.Abort, KeyboardInterrupt):
        _say(SAID_STOPPED)
        code = STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except Exception as e:
        if _is_usage_error(e):
            e.show(sys.stderr)  # type: ignore[attr-defined]
            sys.exit(2)
        if os.environ.get("CROSSCUT_DEBUG"):
            raise
        if said := _of_the_machine(e):
            _say(said)
            sys.exit(2)
        _say(f"crosscut failed, which is our fault: {type(e).__name__}: {e}")
        _say("Set CROSSCUT_DEBUG=1 to see where, and please report it.")
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _of_the_machine(error: Exception) -> str:
    """What is said of an error whose reason is the machine or a place in it; empty for a fault of ours."""
    from crosscut.base.files import what_is_wrong

    if isinstance(error, MemoryError):
        return "the memory of this machine is not enough for what was asked; ask for less at once"
    why = what_is_wrong(error)
    where = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
    return f"{where}{why}; nothing was written" if why else ""


def _is_usage_error(error: Exception) -> bool:
    """Whether typer says that the command was misspelt; its exceptions are click's or its own copy of
    them."""
    return any(c.__name__ == "ClickException" for c in type(error).__mro__)


def _say(text: str) -> None:
    for line in text.splitlines():
        sys.stderr.write(f"crosscut: {line}\n")


if __name__ == "__main__":
    main()
