"""Selection: which episodes are scored, and which teach.

Tests: tests/studies/backtest/test_selection.py
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crosscut.base.errors import Problem, UserError, suggestion
from crosscut.ledger.store.ledger import Ledger
from crosscut.studies.backtest.cases import case_of
from crosscut.studies.backtest.episode import Episode
from crosscut.studies.backtest.folder import bundled_folder, read_episodes
from crosscut.studies.backtest.market_classes import CLASSES

LATER = "later"  # folder of the second set, within that of the first


@dataclass(frozen=True, eq=False)
class ChosenEpisodes:
    """`tested`: what is scored; `teaching`: what parameters are learned from, None where it is the same;
    `notes`: what was not scored, by name, and why."""

    tested: tuple[Episode, ...]
    teaching: tuple[Episode, ...] | None
    notes: tuple[str, ...]


def selected(
    ledger: Ledger, folder: Path | None, *, later: bool, frozen: bool, without: Sequence[str]
) -> ChosenEpisodes:
    """The episodes that are asked for.

    Parameters
    ----------
    ledger
        What is known.
    folder
        Episodes of the user's own; None for the bundled ones.
    later
        The second bundled set instead of the first.
    frozen
        Parameters of the first bundled set, not of the episodes that are scored.
    without
        Episodes, minerals or market classes that are neither scored nor taught from.

    Raises
    ------
    UserError
        For what cannot be read, for a name in `without` that is no episode, mineral or class, and where
        nothing is left.
    """
    found = read_episodes(ledger, bundled_folder() / LATER if later else folder)
    notes = [f"Not scored: {key}. {'; '.join(map(str, problems))}." for key, problems in found.lost]
    kept = list(found.episodes)
    for name in without:
        gone = {e.inputs.id for e in kept if is_named(name, e)}
        if not any(is_named(name, e) for e in found.episodes):
            known = [
                w for e in found.episodes for w in (e.inputs.id, re.split(r" \(|,", e.inputs.mineral)[0])
            ]
            raise UserError(
                Problem(
                    f"no episode, mineral, market class or kind {name!r}",
                    "",
                    suggestion(name, [*known, *CLASSES]),
                )
            )
        kept = [e for e in kept if e.inputs.id not in gone]
        notes.append(f"Left out as asked ({name}): {', '.join(sorted(gone)) or 'nothing more'}.")
    teaching = None
    if frozen:
        teaching = read_episodes(ledger).episodes
        taught = {e.inputs.id for e in teaching}
        seen = [e.inputs.id for e in kept if e.inputs.id in taught]
        kept = [e for e in kept if e.inputs.id not in taught]
        if seen:
            notes.append(f"Not scored, because the frozen parameters were fitted on them: {', '.join(seen)}.")
    if not kept:
        raise UserError(Problem("no episode is left to score", "; ".join(notes), "at least one"))
    return ChosenEpisodes(tuple(kept), teaching, tuple(notes))


def is_named(name: str, episode: Episode) -> bool:
    """Whether a name means an episode: its id, kind, words of its mineral, or the market class of its price.

    Case, hyphens and underscores do not matter: `rare-earths` is rare earths.
    """
    wanted = _plain(name)
    words = re.sub(r"[^a-z0-9 ]", " ", _plain(episode.inputs.mineral)).split()
    names = (episode.inputs.id, episode.inputs.kind, case_of(episode.inputs).price_class)
    return wanted in map(_plain, names) or f" {wanted} " in f" {' '.join(words)} "


def _plain(text: str) -> str:
    return re.sub(r"[-_\s]+", " ", text.strip().lower())
