"""Figures and notebooks: what is drawn is what the tables hold; kinds without a figure say which have one."""

import pytest

from crosscut.app import api
from crosscut.base.errors import UserError
from tests.output.sample import sample_result


def axes_of(document, table=None):
    pytest.importorskip("matplotlib")
    (axes,) = document.plot(table).axes
    return axes


def test_a_run_shows_every_headline_price_before_and_after():
    document = sample_result()
    shown = [r for r in document.rows("prices") if r["headline"] and r["base"] and r["median"] is not None]
    axes = axes_of(document)
    *_, before, after = axes.lines
    assert list(before.get_xdata()) == [1.0] * len(shown)
    assert list(after.get_xdata()) == pytest.approx([r["median"] / r["base"] for r in shown])
    assert len(axes.get_yticklabels()) == len(shown) > 0


def test_a_stress_run_shows_the_loss_that_is_exceeded():
    document = api.stress("tungsten", "Japan", draws=20)
    rows = [r for r in document.rows("stress_exceedance") if r["usd"] is not None]
    axes = axes_of(document)
    assert list(axes.lines[0].get_xdata()) == [r["usd"] for r in rows]
    assert list(axes.lines[0].get_ydata()) == [r["chance"] for r in rows]
    assert "USD" in axes.get_xlabel()


def test_an_outlook_shows_the_path_of_the_headline_price():
    document = api.outlook("kazakhstan", to=2025, draws=1)
    axes = axes_of(document)
    assert [line.get_label() for line in axes.lines] == list(
        dict.fromkeys(r["case"] for r in document.rows("outlook_prices"))
    )
    assert list(axes.lines[0].get_xdata()) == [2024, 2025]


def test_a_kind_without_a_figure_names_those_that_have_one():
    with pytest.raises(UserError, match=r"kind world has no figure.*run, outlook, stress"):
        api.world_report("tin").plot()
    with pytest.raises(UserError, match="no figure of 'flows'"):
        sample_result().plot("flows")


def test_without_matplotlib_the_error_says_how_to_get_it(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(UserError, match="matplotlib is not installed"):
        sample_result().plot()
