"""Ownership: who stands behind a mine, and how much of the world's output each country controls, by a named
rule.

`controlling_country(facility)` names the country behind one facility, `controlled_output(mineral, year,
rule)` sums mine output by it, the unknown share first. `RULES` says what each rule counts; results of two
rules never add.
"""

from __future__ import annotations

from crosscut.ledger.ownership.control import Control, controlling_country
from crosscut.ledger.ownership.controlled import RULES, ControlledOutput, controlled_output

__all__ = ["RULES", "Control", "ControlledOutput", "controlled_output", "controlling_country"]
