"""Model: the market as one member among its rivals.

Tests: tests/studies/backtest/test_compared.py
"""

from __future__ import annotations

from crosscut.studies.backtest.fit.leave_one_out import Folds
from crosscut.studies.backtest.score.lessons import Lessons
from crosscut.studies.backtest.score.mixture import Mixture
from crosscut.studies.backtest.score.quantities import AT_HOME, TRADE, Quantity
from crosscut.studies.backtest.score.rivals import Centre, Member, RuleWithErrors

MODEL = "crosscut"


class MarketPrice:
    """The market's price of the year, whatever is asked of it: mean, end, peak or month.

    Parameters
    ----------
    evidence
        What came of the quantity.
    folds
        The fits.
    track
        A or B.
    """

    name = MODEL

    def __init__(self, evidence: Lessons, folds: Folds, track: str) -> None:
        self._evidence, self._folds, self._track = evidence, folds, track
        self._inside = evidence.quantity in AT_HOME
        self._found: dict[tuple[str, frozenset[str]], Mixture | None] = {}

    def predicted(self, key: str, left_out: frozenset[str]) -> list[Mixture] | None:
        """The same distribution for each observation of an episode; None where no market cleared."""
        which = (key, left_out | {key})
        if which not in self._found:
            folds = self._folds if key in self._folds.cases else self._folds.teacher
            self._found[which] = folds.price(key, self._track, left_out | {key}, self._inside)
        found = self._found[which]
        return None if found is None else [found] * len(self._evidence.seen[key])


def model(evidence: Lessons, folds: Folds, track: str) -> Member:
    """The market as a member for a quantity: of prices its own distribution, of trade its figures with the
    errors that it made elsewhere."""
    if evidence.quantity not in TRADE:
        return MarketPrice(evidence, folds, track)
    return RuleWithErrors(MODEL, evidence, _traded(evidence, folds, track))


def _traded(evidence: Lessons, folds: Folds, track: str) -> Centre:
    def centre(key: str, left_out: frozenset[str]) -> list[float]:
        whose = folds if key in folds.cases else folds.teacher
        found = whose.trade(key, track, left_out)
        if evidence.quantity is Quantity.FLOW:
            return [0.0 if found is None else found.flow]
        base = {m.importer: m.tonnes for m in evidence.episodes[key].inputs.imports}
        return [1.0 if found is None else found.tonnes[o.key] / base[o.key] for o in evidence.seen[key]]

    return centre
