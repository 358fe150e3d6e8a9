"""A backtest is the same to the last digit in every process.

Python lays out sets of words anew in each process. A sum over such a set adds in another order each time, and
rounds differently; that error reached the weights of the candidates, and from there every figure of trade.
"""

import os
import subprocess
import sys

import pytest

from tests.paths import ROOT
from tests.studies.backtest.folders import written_folder

SUM = """
from crosscut.studies.backtest.score.scores import gap_fill_distance
names = [chr(65 + k) + chr(65 + m) for k in range(7) for m in range(7)]
print(repr(gap_fill_distance(
    {n: 1 / (3 + k) for k, n in enumerate(names)}, {n: 1 / (7 + 3 * k) for k, n in enumerate(names[::2])})))
"""
FOLDER = """
import sys
from crosscut.app import api
print(api.backtest(episodes=sys.argv[1]).to_json().split('"tables"', 1)[1])
"""


def printed(code, *words, seed):
    """What a fresh process prints, its sets laid out by `seed`."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    got = subprocess.run(
        [sys.executable, "-c", code, *words],
        env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    return got.stdout


def test_a_score_does_not_depend_on_how_sets_are_laid_out():
    assert len({printed(SUM, seed=s) for s in range(6)}) == 1


@pytest.mark.soak
def test_a_backtest_does_not_depend_on_how_sets_are_laid_out(tmp_path):
    folder = written_folder(tmp_path / "two", ("NI_IDN_2014", "FE_IND_2010"))
    assert len({printed(FOLDER, str(folder), seed=s) for s in (1, 2)}) == 1
