"""Large tables: the same numbers as the plain formulas, in a few times the memory of the table itself."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.economy import measured, random_table

from crosscut.base.errors import UserError
from crosscut.studies.economy.ario import IndustryResponse, ario_days, recovering
from crosscut.studies.economy.propagation import (
    downstream,
    inputs_per_output,
    sales_per_output,
    upstream,
)
from crosscut.studies.economy.pymrio_folder import saved_table
from crosscut.studies.economy.table import EconomyTable

SAME = 1e-10


def random_economy(seed, regions=4, products=5):
    """An economy with sectors that buy nothing, sell nothing, or make nothing."""
    rng = np.random.default_rng(seed)
    n = regions * products
    z = rng.lognormal(0, 2, (n, n)) * (rng.random((n, n)) < 0.7)
    y = rng.lognormal(2, 1, (n, 2)) * z.sum(axis=1).mean()
    z[3], z[:, 3], y[3] = 0.0, 0.0, 0.0
    names = tuple((f"R{r}", f"P{p}") for r in range(regions) for p in range(products))
    return EconomyTable(names, z, y, z.sum(axis=1) + y.sum(axis=1))


def held(coefficient, x, lost):
    """The equation as it is written down."""
    hit = lost > 0
    out = np.where(hit, lost * x, 0.0)
    free = np.flatnonzero(~hit)
    pull = coefficient[np.ix_(free, np.flatnonzero(hit))] @ out[hit]
    inner = coefficient[np.ix_(free, free)]
    out[free] = np.linalg.inv(np.eye(len(inner)) - inner) @ pull
    return out


def days_of_whole_matrices(table, lost, b, missing):
    """ARIO with a matrix for every step, as the equations are printed."""
    x0, z = table.x / b.days_a_year, table.z / b.days_a_year
    final, n = table.y.sum(axis=1) / b.days_a_year, len(table.x)
    same = (table.product_of[:, None] == np.arange(table.product_of.max() + 1)).T.astype(float)
    per_unit = np.divide(same @ z, x0, out=np.zeros((len(same), n)), where=x0 > 0)
    stock, orders, overtime = b.inventory_days * per_unit * x0, z, np.full(n, b.overtime_base)
    most = np.where(missing > 0, 1.0 - missing, np.inf)
    output, unmet = [], []
    for day, gone in enumerate(lost):
        demand = orders.sum(axis=1) + final
        capacity = np.minimum(overtime * (1.0 - gone), most[day])
        wanted = np.minimum(demand, capacity * x0)
        goal = b.inventory_days * per_unit * wanted
        enough = np.divide(stock, b.psi * goal, out=np.ones_like(stock), where=goal > 0)
        made = wanted * np.clip(enough.min(axis=0), 0.0, 1.0)
        served = np.divide(made, demand, out=np.ones(n), where=demand > 0)
        used = per_unit * made
        stock = stock + same @ (orders * served[:, None]) - used
        bought = z * capacity[:, None] if b.alternative else z
        total = same @ bought
        asked = used + np.maximum(goal - stock, 0.0) / b.restoration_days
        share = np.divide(asked, total, out=np.zeros_like(asked), where=total > 0)
        orders = bought * share[table.product_of]
        ahead = orders.sum(axis=1) + final
        scarcity = 1.0 - np.divide(made, ahead, out=np.ones(n), where=ahead > 0)
        up, back = (b.overtime_most - overtime) * scarcity, b.overtime_base - overtime
        overtime = overtime + np.where(scarcity > 0, up, back) / b.overtime_days
        output.append(np.where(x0 > 0, made / np.where(x0 > 0, x0, 1.0), 1.0))
        unmet.append(final * (1.0 - served))
    return np.array(output), np.array(unmet)


@pytest.mark.parametrize("seed", range(4))
def test_one_step_is_the_equation(seed):
    table = random_economy(seed)
    lost = np.zeros((len(table.x), 3))
    lost[[1, 7]] = (0.0, 0.2, 0.4)
    lost[12] = (0.1, 0.1, 0.3)  # the low end hits fewer industries than the others
    for loss, coefficient in (
        (upstream, inputs_per_output(table)),
        (downstream, sales_per_output(table).T),
    ):
        together = loss(table, lost)
        for k in range(3):
            expected = held(coefficient, table.x, lost[:, k])
            np.testing.assert_allclose(together[:, k], expected, rtol=SAME, atol=SAME * table.x.max())
            np.testing.assert_allclose(
                loss(table, lost[:, k]), expected, rtol=SAME, atol=SAME * table.x.max()
            )


@pytest.mark.parametrize("alternative", [True, False])
def test_day_by_day_is_the_equations(alternative):
    table, b = random_economy(7), IndustryResponse(alternative=alternative)
    share = np.zeros(len(table.x))
    share[[1, 7]] = (0.3, 0.9)
    gone = recovering(share, duration=40, recovery=20, days=120)
    seen = []
    found = ario_days(table, 0.5 * gone, b, gone, lambda done, total: seen.append((done, total)))
    output, unmet = days_of_whole_matrices(table, 0.5 * gone, b, gone)
    np.testing.assert_allclose(found.output, output, rtol=SAME, atol=SAME)
    np.testing.assert_allclose(found.unmet, unmet, rtol=SAME, atol=SAME * table.x.max())
    assert found.output.min() < 0.5, "the shock is felt"
    assert (seen[0], seen[-1]) == ((1, 120), (120, 120))


def lines_of(folder):
    return (folder / "Z.txt").read_text().splitlines()


def test_numbers_are_read_to_the_last_digit_whichever_way_a_line_goes(tmp_path):
    """A quoted label sends a line the slow way; exponents, signs and blanks around a number are numbers."""
    folder = tmp_path / "io"
    random_table(folder, 12, 3)
    plain = saved_table(folder)
    lines = lines_of(folder)
    cells = [line.split("\t") for line in lines]
    assert plain.z.tolist() == [[float(c) for c in r[2:]] for r in cells[3:]]
    cells[4][1] = f'"{cells[4][1]}"'
    cells[5][2] = f" {float(cells[5][2]):.17e} "
    (folder / "Z.txt").write_text("\n".join("\t".join(r) for r in cells) + "\n")
    again = saved_table(folder)
    assert again.industries == plain.industries
    assert again.z.tolist() == plain.z.tolist()
    seen = []
    saved_table(folder, lambda done, total: seen.append((done, total)))
    assert seen == [], "no news of a small table"


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("x", "'x' is not a number"),
        ("1\t2", "13 figures"),
        ("", "a figure is missing"),
        ("1,5", "'1,5' is not a number"),
    ],
)
def test_a_cell_that_is_wrong_is_named_by_its_line(tmp_path, cell, says):
    folder = tmp_path / "io"
    random_table(folder, 12, 3)
    cells = [line.split("\t") for line in lines_of(folder)]
    cells[6][5] = cell
    cells.insert(3, [])  # an empty line counts as a line of the file
    (folder / "Z.txt").write_text("\n".join("\t".join(r) for r in cells) + "\n")
    with pytest.raises(UserError) as error:
        saved_table(folder)
    assert says in str(error.value)
    assert "Z.txt:8" in str(error.value) or cell == ""


@pytest.mark.soak
def test_a_table_of_the_size_of_exiobase_fits_into_three_gigabytes(tmp_path):
    random_table(tmp_path / "io", 7987, 49)
    _, _, memory = measured(tmp_path / "io", days=False)
    assert memory < 3.0
