"""What the reference data are asked with: what is in use, newer figures, what they change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from annotated_types import Interval

from crosscut.base.errors import Problem
from crosscut.studies.request import NameOrFile, Names, Request, Whole, argument, option

Source = Annotated[str, argument("A source of `crosscut data status`, e.g. baci.", "SOURCE")]


class DataStatusRequest(Request):
    """What is in use of every dataset, how old it is, and what was pulled.

    Returns
    -------
    dict
        folder, version, datasets, sources; with `check` its files are read whole.
    """

    question = "data status"
    source: Annotated[str | None, argument("Only this source.", "SOURCE")] = None
    check: Annotated[
        bool, option("--check", "Read every accepted file and compare its totals.", position=True)
    ] = False


class DataPullRequest(Request):
    """Fetches a source and stages it, or every source that needs no key; nothing is used until accepted.

    Returns
    -------
    list of dict
        source, version, whether it was accepted, and the `difference` it would make.

    Raises
    ------
    Partly
        Where some could not be had; `done` holds those that came.
    """

    question = "data pull"
    source: Annotated[str | None, argument("One source; without it all that need no key.", "SOURCE")] = None
    origin: Annotated[NameOrFile, option("--from", "A file at hand, or another address.")] = ""
    release: Annotated[str, option("--release", "Release, e.g. 202601 (baci).")] = ""
    codes: Annotated[
        tuple[str, ...],
        option("--codes", "HS codes, separated by commas (baci, comtrade).", commas=True),
    ] = ()
    years: Annotated[
        tuple[Annotated[Whole, Interval(ge=1960, le=2100)], ...],
        option("--years", "Years, e.g. 2022,2023 (comtrade).", commas=True, expected="e.g. 2022,2023"),
    ] = ()
    accept: Annotated[bool, option("--accept", "Take the figures at once, without a look.")] = False

    def mistakes(self, name: Names) -> Iterator[Problem]:
        """What is said of one source needs its name."""
        if self.source is None and (self.origin or self.release or self.codes or self.years):
            yield Problem("an option for one source", "data pull", "the source's name, e.g. baci")


class DataDiffRequest(Request):
    """What the staged version of a source changes in the figures, and in the headline prices of a scenario.

    Returns
    -------
    dict
        Rows, totals and largest changes by dataset, and `headline`: prices solved on both.
    """

    question = "data diff"
    source: Source
    draws: Annotated[
        Whole,
        Interval(ge=0, le=1000),
        option("--draws", "Futures solved on each side; 0 compares figures only.", position=True),
    ] = 10
    scenario: Annotated[NameOrFile, option("--scenario", "The scenario compared.", position=True)] = (
        "china-controls-2025"
    )


class DataAcceptRequest(Request):
    """Puts the staged version of a source into use, for every process that starts from now on.

    Returns
    -------
    dict
        source, version, read_by (which answers change), and facts: how many facts of each mineral it became,
        for the sources that become facts.
    """

    question = "data accept"
    source: Source


class DataRevertRequest(Request):
    """Takes the version in use out of use: back to the one before it, or to the bundled figures.

    Returns
    -------
    dict
        source, version (None: the bundled figures).
    """

    question = "data revert"
    source: Source


class DataVersionRequest(Request):
    """One hash over the reference data in use: the bundled copy's, or one over what was pulled and accepted.

    Returns
    -------
    str
        The hash.
    """

    question = "data version"
