"""A coarse model for tests of what must hold whatever the grid: the same code, a tenth of the solves."""

import numpy as np
import pytest

from crosscut.studies.backtest.fit import pricing_fit, surfaces, trading_fit


@pytest.fixture
def coarse(monkeypatch):
    grids = {"ELASTICITY": [0.3, 0.7], "PRECAUTION": [0.0, 0.2], "CUSHION": [0.0, 0.5]}
    for name, values in grids.items():
        for module in (surfaces, pricing_fit):
            monkeypatch.setattr(module, name, np.array(values))
    monkeypatch.setattr(trading_fit, "CANDIDATES", 4)
    trading_fit.candidates.cache_clear()
    yield
    trading_fit.candidates.cache_clear()
