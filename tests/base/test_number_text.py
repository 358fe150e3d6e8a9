"""One rule of rounding: half away from zero, for screens, prose and the report page."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from crosscut.base.number_text import amount, fixed, money, percent, significant
from tests.paths import ROOT

FORMAT = ROOT / "page" / "src" / "lib" / "format.ts"
TIES = [0.305, 0.345, 0.125, 0.285, 0.0125, 12.25, 2.675, 1.005, 0.045, 1234.5, 10.05, 99.95, 0.0995, 0.00125]


def test_a_number_half_way_is_rounded_away_from_zero() -> None:
    assert [percent(x) for x in (0.305, -0.305, 0.0125)] == ["31 %", "−31 %", "1.3 %"]
    assert [fixed(x, 2) for x in (2.675, -2.675, -0.001)] == ["2.68", "-2.68", "0.00"]
    assert [money(x) for x in (12.5, 0.125, 999.5)] == ["13", "0.13", "1,000"]
    assert [amount(x) for x in (12.25, 999.5, 99_950.0, -0.004_55)] == ["12.3", "1,000", "100,000", "−0.0046"]


def test_rounding_keeps_the_order_of_amounts() -> None:
    values = np.sort(np.random.default_rng(1).lognormal(0, 4, 2_000))
    for digits in (1, 2, 3):
        rounded = [significant(float(x), digits) for x in values]
        assert rounded == sorted(rounded)


def test_the_page_rounds_by_formats_that_do_the_same() -> None:
    """What rounds in format.ts is `Intl`, never `toFixed` or `toPrecision`, which go by the binary number."""
    for path in (FORMAT, FORMAT.parent / "stress.ts"):
        assert not re.search(r"toFixed|toPrecision", path.read_text(encoding="utf-8"))


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node")
def test_node_writes_the_same_numbers(tmp_path: Path) -> None:
    """The functions of format.ts, types taken off, against ours."""
    source = FORMAT.read_text(encoding="utf-8")
    script = re.sub(r"^import .*$", "", source, flags=re.M).replace("export ", "")
    script = script[: script.index('/** "410 to 690"')]
    script = re.sub(r"(\w+): (?:Maybe(?: \| undefined)?|string|number)\b", r"\1", script)
    script = re.sub(r"\): (?:string|number) {", ") {", script)
    script = re.sub(r", as: \(x: Maybe \| undefined\) => string|, as\b[^=]*=> string", ", as", script)
    values = [*TIES, *np.random.default_rng(2).lognormal(-1, 3, 300).tolist()]
    values += [-x for x in values]
    script += f"\nconsole.log(JSON.stringify({json.dumps(values)}.map((x) => [amount(x), percent(x)])))"
    path = tmp_path / "format.mjs"
    path.write_text(script, encoding="utf-8")
    shown = subprocess.run(["node", str(path)], capture_output=True, text=True, check=False)
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout) == [[amount(x), percent(x)] for x in values]
