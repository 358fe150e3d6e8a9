"""Waiting, phasing and abandoning on the draws of a project."""

from dataclasses import replace

import numpy as np
import pytest
import yaml

from crosscut.base.bundled import bundled_text
from crosscut.finance.answers.valuation import valuation
from crosscut.inputs.project.loader import project_from_text, project_source
from crosscut.studies.project.build import project_of
from crosscut.studies.project.choices import _half, choices, real_prices
from crosscut.studies.project.ensemble import middle_terms
from crosscut.studies.project.sampling import Draws
from tests.ledgers import BUNDLED


def without_doubt(**prices):
    """The example with every range closed and no swings, so that nothing is learnt by waiting."""
    data = yaml.safe_load(bundled_text("projects", "example-mine.yaml"))

    def closed(node):
        if isinstance(node, dict):
            if "mid" in node:
                return node["mid"]
            return {k: closed(v) for k, v in node.items()}
        return [closed(v) for v in node] if isinstance(node, list) else node

    data = closed(data)
    data["prices"] = prices
    data["finance"]["loans"] = []
    return project_from_text(BUNDLED, yaml.safe_dump(data), "x.yaml")


def test_the_prices_of_choices_are_those_of_the_draws():
    source = project_source(BUNDLED, "example-mine")
    p = project_of(source, Draws(1, range(30)))
    found = real_prices(source, range(30), 1, len(p.years) + 5, None)
    np.testing.assert_allclose(found[: len(p.years)], p.apt / p.index, rtol=1e-12)
    assert found.shape == (len(p.years) + 5, 30)


def test_where_nothing_is_learnt_the_choice_is_the_best_fixed_date():
    """A price that jumps in three years and is sure to: wait until capital meets it; by hand, the best of
    the fixed dates."""
    rising = {y: 150.0 if y < 2033 else 500.0 for y in range(2028, 2062)}
    source = without_doubt(apt={"by_year": rising})
    wait = next(c for c in choices(source, (), 1, 200) if c.id == "wait")
    assert wait.found.value == pytest.approx(wait.found.fixed.max(), rel=1e-9)
    best = int(wait.found.fixed.argmax())
    assert (wait.found.when == best).all()
    v = valuation(project_of(source))
    assert wait.committed == pytest.approx(float(v.real_worth(v.after_tax)[0]), rel=1e-9)


def test_a_mine_that_is_sure_to_earn_is_never_abandoned_and_one_sure_to_lose_at_once():
    rich = next(c for c in choices(without_doubt(apt=900), (), 1, 200) if c.id == "abandon")
    assert rich.gain == pytest.approx(0.0, abs=1e-3)
    poor = next(c for c in choices(without_doubt(apt=40), (), 1, 200) if c.id == "abandon")
    assert (poor.found.when == 0).all()
    assert poor.gain > 0


def test_half_a_project_makes_half():
    p = project_of(project_source(BUNDLED, "example-mine"))
    whole, half = valuation(replace(p, finance=replace(p.finance, loans=())), ()), valuation(_half(p), ())
    assert half.operations.schedule.sold.sum() == pytest.approx(whole.operations.schedule.sold.sum() / 2)
    assert half.operations.initial_capital.sum() == pytest.approx(
        0.5**0.6 * whole.operations.initial_capital.sum()
    )


def test_a_running_mine_can_only_be_abandoned_and_few_draws_say_nothing():
    source = project_source(BUNDLED, "boguty")
    assert [c.id for c in choices(source, middle_terms(source), 1, 100)] == ["abandon"]
    assert choices(source, middle_terms(source), 1, 50) == ()


def test_a_choice_is_worth_no_less_than_none_but_for_sampling():
    source = project_source(BUNDLED, "north-katpar")
    for c in choices(source, middle_terms(source), 1, 400):
        if c.id != "phase":  # two halves cost more than one whole
            assert c.gain > -3 * c.found.error
